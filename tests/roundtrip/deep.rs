//! Values that code has nested very deeply, on threads with the usual stack.

use std::fmt::Write;
use std::future::ready;
use std::sync::Arc;

use apigen_runtime::{FromJson, Mode, ToJson, Value, client::TowerTransport, server::{Context, HandlerResult, Reply, Router}};

use super::roundtrip::{Chain, Client, MockClient, Tree, trees};

const DEEP: usize = 100_000;

fn on_a_thread(action: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(2 << 20).spawn(action).unwrap().join().unwrap();
}

/// Returns nested objects.
fn chain(depth: usize) -> Chain {
    (1..depth).fold(Chain::new("end"), |inner, _| Chain { next: Some(Box::new(inner)), ..Chain::new("c") })
}

/// Returns nested objects and lists, two for each level.
fn tree(levels: usize) -> Tree {
    (1..levels).fold(Tree::new("end", 0.5), |inner, _| Tree { children: Some(vec![inner]), ..Tree::new("t", 0.5) })
}

fn value(depth: usize) -> Value {
    (0..depth).fold(Value::from("end"), |inner, _| Value::Array(vec![inner]))
}

/// Such deeply nested values cannot be dropped at once.
trait Dismantled {
    fn dismantle(self);
}

impl Dismantled for Chain {
    fn dismantle(mut self) {
        while let Some(next) = self.next.take() {
            self = *next;
        }
    }
}

impl Dismantled for Tree {
    fn dismantle(mut self) {
        if let Some(value) = self.anything.take() {
            value.dismantle();
        }
        while let Some(next) = self.children.take().and_then(|mut children| children.pop()) {
            self = next;
        }
    }
}

impl Dismantled for Value {
    fn dismantle(mut self) {
        while let Value::Array(mut items) = self {
            self = items.pop().unwrap_or_default();
        }
    }
}

/// Checks all guarantees for values of any depth.
fn is_bounded<T: ToJson + FromJson + serde::Serialize + Dismantled>(value: T) {
    let json = value.to_json();
    assert!(json.contains("null") && json.len() < 60_000, "{} bytes", json.len());
    let violations = value.validate().unwrap_err();
    assert_eq!(violations.as_slice()[0].code.as_str(), "depth", "{violations}");
    let error = serde_json::to_string(&value).unwrap_err().to_string();
    assert!(error.contains("more than 128 levels of arrays and objects"), "{error}");
    assert!(serde_json::to_value(&value).is_err());
    value.dismantle();
}

#[test]
fn encoding_ends() {
    on_a_thread(|| {
        is_bounded(chain(DEEP));
        is_bounded(tree(DEEP));
        is_bounded(Tree { anything: Some(value(DEEP)), ..Tree::new("t", 0.5) });
    });
}

#[test]
fn debug_output_ends() {
    on_a_thread(|| {
        let (deep, wide) = (chain(DEEP), tree(DEEP));
        for text in [format!("{deep:?}"), format!("{deep:#?}"), format!("{wide:?}"), format!("{wide:#?}")] {
            assert!(text.contains('…') && !text.contains("end") && text.len() < 1_000_000, "{} bytes", text.len());
        }
        // The next one is formatted from its beginning, also after an error.
        struct Full;
        impl Write for Full {
            fn write_str(&mut self, _: &str) -> std::fmt::Result {
                Err(std::fmt::Error)
            }
        }
        assert!(write!(Full, "{deep:?}").is_err());
        assert!(format!("{:?}", chain(64)).contains("end"));
        assert!(!format!("{:?}", chain(65)).contains("end"));
        deep.dismantle();
        wide.dismantle();
    });
}

/// What readers accept is sent, and not a level more.
#[test]
fn clients_and_servers_send_what_is_read() {
    on_a_thread(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let client = |router: Router| {
            Client::builder("http://localhost").transport(TowerTransport::new(router)).build().unwrap()
        };
        let mock = MockClient::new();
        let calls = client(mock.router());
        for (depth, sent) in [(127, true), (128, true), (129, false), (600, false), (DEEP, false)] {
            let chain = chain(depth);
            let result = runtime.block_on(async { calls.trees().post_chain(&chain).await });
            let error = result.err().map(|error| error.to_string()).unwrap_or_default();
            assert_eq!(!error.contains("more than 128 levels of arrays and objects"), sent, "{depth}: {error}");
            assert_eq!(mock.calls::<trees::PostChain>().len(), usize::from(sent), "{depth}: {error}");
            mock.reset();
            chain.dismantle();
        }
        for (depth, status) in [(128, 200), (129, 500), (600, 500)] {
            let router = Router::new().operation(&Arc::new(()), move |&(), _: Context, _: trees::PostChain| {
                let answer: HandlerResult<trees::PostChain> = Ok(Reply::new(chain(depth)));
                Box::pin(ready(answer))
            });
            let result = runtime.block_on(async { client(router).trees().post_chain(&chain(1)).await });
            let (known, text) = match result {
                Ok(value) => (200, value.label),
                Err(error) => (error.status().unwrap().as_u16(), error.to_string()),
            };
            assert_eq!(known, status, "{depth}: {text}");
        }
    });
}

/// The guide's guarantee: the deepest value that a reader accepts can be cloned, compared and dropped, in every build.
#[test]
fn what_is_read_can_be_handled() {
    on_a_thread(|| {
        let mode = Mode::strict().max_depth(512);
        let most = chain(512).to_json();
        let read = Chain::from_json_with(&most, &mode).unwrap();
        assert!(read.to_json() == most && read.clone() == read);
        let (tree, value) = (tree(256), value(512));
        let read = Tree::from_json_with(tree.to_json(), &mode).unwrap();
        assert!(read == tree && tree.clone() == tree && value.clone() == value);
        assert_eq!(Value::from_json_with(value.to_json(), &mode).unwrap(), value);
    });
}
