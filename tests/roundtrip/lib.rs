//! Input sent by a client arrives unchanged at the handler of a server, or is not sent at all.
#![cfg(test)]

mod deep;
mod random;
mod roundtrip;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::future::ready;
use std::sync::Arc;

use apigen_runtime::{Object, Operation as _, Value, http::Request, client::{FromHeaders, TowerTransport}, codegen::Serve, mock::{Empty, Mockable}, server::{Context, HandlerResult, Reply, Router}};
use random::{Any, Random};
use roundtrip::{Client, Color, Leaf, MockClient, Shape, Tree, trees};

/// Implements `Any` for types whose fields all have random values.
macro_rules! any {
    ($($name:path { $($field:ident),* $(,)? })*) => {$(
        impl Any for $name {
            fn any(r: &mut Random) -> Self {
                $name { $($field: r.get()),* }
            }
        }
    )*};
}

any! {
    Leaf { label, weight }
    trees::GetBooleanByValue { value }
    trees::GetIntegerByValue { value }
    trees::GetLongByValue { value }
    trees::GetDoubleByValue { value }
    trees::GetDecimalByValue { value }
    trees::GetTextByValue { value }
    trees::GetIdByValue { value }
    trees::GetDayByValue { value }
    trees::GetInstantByValue { value }
    trees::GetColorByValue { value }
    trees::GetFileAndOfByNameCsvAndOwner { name, owner }
    trees::GetQuery { required, params }
    trees::GetQueryParams {
        boolean, booleans, integer, integers, long, longs, double, doubles, decimal, decimals, text, texts, id, ids, day, days,
        instant, instants, color, colors, preset, words
    }
    trees::GetHeader { params }
    trees::GetHeaderParams {
        x_boolean, x_booleans, x_integer, x_integers, x_long, x_longs, x_double, x_doubles, x_decimal, x_decimals, x_text, x_texts,
        x_id, x_ids, x_day, x_days, x_instant, x_instants, x_color, x_colors, x_words
    }
    trees::GetHeaderHeaders { x_text, x_texts, x_colors }
    trees::PostForm { required, r#box, params }
    trees::PostFormParams {
        boolean, booleans, integer, integers, long, longs, double, doubles, decimal, decimals, text, texts, id, ids, day, days,
        instant, instants, color, colors, tree, leaves, by_name, anything, bag, shape, preset,
        counts, words
    }
    trees::PostBody { tree }
}

impl Any for Tree {
    fn any(r: &mut Random) -> Tree {
        Tree {
            name: r.get(),
            size: r.get(),
            day: r.get(),
            leaf: r.get(),
            leaves: r.get(),
            texts: r.get(),
            lists: r.get(),
            nested: r.get(),
            shape: r.get(),
            // In an optional field, null means that it is absent.
            anything: r.get::<Option<Value>>().filter(|value| !value.is_null()),
            bag: r.get(),
            children: r.get(),
            default: r.get(),
        }
    }
}

impl Any for Color {
    fn any(r: &mut Random) -> Color {
        r.pick(&[Color::Red, Color::DarkBlue])
    }
}

impl Any for Shape {
    fn any(r: &mut Random) -> Shape {
        if r.get() { Shape::Leaf(r.get()) } else { Shape::String(r.get()) }
    }
}

impl Any for Object {
    fn any(r: &mut Random) -> Object {
        r.get::<BTreeMap<String, Value>>().into_iter().collect()
    }
}

struct Pair {
    mock: MockClient,
    client: Client,
}

impl Pair {
    fn new() -> Pair {
        let mock = MockClient::new();
        let transport = TowerTransport::new(mock.router());
        Pair { client: Client::builder("http://localhost").transport(transport).build().unwrap(), mock }
    }

    /// Returns true if the call was sent; the handler has then received the same input.
    async fn sent<O>(&self, input: O) -> bool
    where
        O: Serve<Client = Client> + Mockable<Client = Client> + PartialEq + Debug,
        O::Output: Debug,
    {
        let result = input.call(&self.client).await;
        let calls = self.mock.calls::<O>();
        self.mock.reset();
        match (calls.as_slice(), result) {
            ([call], _) => assert_eq!(**call, input, "{}", O::INFO.id),
            ([], Err(error)) => assert!(error.is_invalid_request(), "{error}, and not refused by the client: {input:#?}"),
            (calls, result) => panic!("{result:?} after {} calls", calls.len()),
        }
        calls.len() == 1
    }

    /// Returns how many of `rounds` random calls were sent.
    async fn count<O>(&self, rounds: usize) -> usize
    where
        O: Serve<Client = Client> + Mockable<Client = Client> + PartialEq + Debug + Any,
        O::Output: Debug,
    {
        let (mut random, mut sent) = (Random(0x9e37_79b9_7f4a_7c15), 0);
        for _ in 0..rounds {
            sent += usize::from(self.sent::<O>(random.get()).await);
        }
        sent
    }
}

/// Rounds of each operation, of which some are sent, and, if some values cannot be, some are not.
async fn rounds(rounds: usize) {
    let pair = Pair::new();
    macro_rules! all {
        ($($operation:ident: $refuses:literal),* $(,)?) => {$(
            let sent = pair.count::<trees::$operation>(rounds).await;
            assert!(sent > rounds / 40, "only {sent} calls of {} were sent", stringify!($operation));
            assert_eq!(sent < rounds, $refuses, "{sent} calls of {} were sent", stringify!($operation));
        )*};
    }
    all! {
        GetBooleanByValue: false, GetIntegerByValue: false, GetLongByValue: false, GetDoubleByValue: true, GetDecimalByValue: false,
        GetTextByValue: true, GetIdByValue: false, GetDayByValue: false, GetInstantByValue: false, GetColorByValue: false,
        GetFileAndOfByNameCsvAndOwner: true, GetQuery: true, GetHeader: true, PostForm: true, PostBody: true,
    }
}

#[tokio::test]
async fn random_calls() {
    rounds(400).await;
}

#[tokio::test]
#[ignore = "a minute"]
async fn many_random_calls() {
    rounds(100_000).await;
}

/// The other direction: headers of a response.
#[tokio::test]
async fn random_response_headers() {
    let (mut random, mut sent) = (Random(7), 0);
    for _ in 0..400 {
        let headers: trees::GetHeaderHeaders = random.get();
        let answer = headers.clone();
        let router = Router::new().operation(&Arc::new(answer), |headers: &trees::GetHeaderHeaders, _: Context, _: trees::GetHeader| {
            let answer: HandlerResult<trees::GetHeader> = Ok(Reply::new(()).declared(headers.clone()));
            Box::pin(ready(answer))
        });
        let client = Client::builder("http://localhost").transport(TowerTransport::new(router)).build().unwrap();
        match client.trees().get_header(trees::GetHeaderParams::new()).with_response().await {
            Ok(response) => {
                sent += 1;
                assert_eq!(trees::GetHeaderHeaders::from_headers(response.headers()).unwrap(), headers);
            }
            Err(error) => assert_eq!(error.status().unwrap().as_u16(), 500, "{headers:?}: {error}"),
        }
    }
    assert!((100..400).contains(&sent), "{sent}");
}

fn form(params: trees::PostFormParams) -> trees::PostForm {
    trees::PostForm { required: BTreeMap::new(), r#box: Object::new(), params }
}

/// Single values that are sent, and others that are not.
#[tokio::test]
async fn single_values() {
    let pair = Pair::new();
    let map = |key: &str| BTreeMap::from([(key.to_owned(), "v".to_owned())]);
    for key in ["a", "a.b", ".", "-1", "1a", "a b", "é", "&=+%", "0x1", "٣"] {
        assert!(pair.sent(trees::PostForm { required: map(key), ..form(trees::PostFormParams::new()) }).await, "{key}");
    }
    for key in ["", "1", "0", "5000", "007", "a[b]", "]", "[", "a]"] {
        assert!(!pair.sent(trees::PostForm { required: map(key), ..form(trees::PostFormParams::new()) }).await, "{key}");
    }
    let tree = || Tree::new("t", 0.5);
    let sent = async |set: &dyn Fn(trees::PostFormParams) -> trees::PostFormParams| {
        pair.sent(form(set(trees::PostFormParams::new()))).await
    };
    assert!(sent(&|p| p.texts([""])).await);
    assert!(sent(&|p| p.texts(["", "a", ""])).await);
    assert!(sent(&|p| p.text("")).await);
    assert!(sent(&|p| p.texts(vec!["x"; 1001])).await && !sent(&|p| p.texts(vec!["x"; 1002])).await);
    assert!(sent(&|p| p.anything(serde_json::json!({"a": [1, true, "x", ""]}))).await);
    assert!(!sent(&|p| p.anything(serde_json::json!("1"))).await);
    assert!(!sent(&|p| p.bag(Object::new())).await && !sent(&|p| p.anything(Value::Null)).await);
    assert!(!sent(&|p| p.tree(Tree { leaves: Some(Vec::new()), ..tree() })).await);
    assert!(!sent(&|p| p.tree(Tree { nested: Some(vec![vec!["a".to_owned(), "b".to_owned()]]), ..tree() })).await);
    let children = |depth: usize| (0..depth).fold(tree(), |inner, _| Tree { children: Some(vec![inner]), ..tree() });
    assert!(sent(&|p| p.tree(children(31))).await && !sent(&|p| p.tree(children(32))).await);

    let query = async |params, required: &[&str]| {
        let required = required.iter().map(|text| (*text).to_owned()).collect();
        pair.sent(trees::GetQuery { required, params }).await
    };
    let params = trees::GetQueryParams::new;
    assert!(query(params(), &[]).await && query(params(), &[""]).await && query(params().text(""), &["", ""]).await);
    // A URL has 65 534 bytes at most.
    assert!(query(params(), &["x"; 5000]).await && !query(params(), &["x"; 6000]).await);

    let header = async |params| pair.sent(trees::GetHeader { params }).await;
    let params = trees::GetHeaderParams::new;
    for text in ["", "a, b", "\"a\"", "é", "a\tb"] {
        assert!(header(params().x_text(text)).await, "{text:?}");
    }
    for text in [" a", "a\t", "a\nb", "a\rb", "\0", "\u{7f}"] {
        assert!(!header(params().x_text(text)).await, "{text:?}");
    }
    assert!(header(params().x_texts(["a", "\"b\"", "\u{a0}c", "d e"])).await);
    for text in ["", "a,b", "\"a,b\"", " a", "a "] {
        assert!(!header(params().x_texts(["x", text])).await, "{text:?}");
    }
    for text in [".", "..", ""] {
        assert!(!pair.sent(trees::GetTextByValue { value: text.to_owned() }).await, "{text:?}");
    }
    for text in ["...", "a/b", "%2F", "\\", "a.csv", ";", "?", "\0"] {
        assert!(pair.sent(trees::GetTextByValue { value: text.to_owned() }).await, "{text:?}");
    }
}

/// The error names the parameter and the problem.
#[tokio::test]
async fn reasons() {
    let pair = Pair::new();
    let api = pair.client.trees();
    let keys = BTreeMap::from([("17".to_owned(), "v".to_owned())]);
    let error = api.post_form(&keys, &Empty::empty(), trees::PostFormParams::new()).await.unwrap_err().to_string();
    assert!(error.contains("`required`") && error.contains("a position in a list"), "{error}");
    let error = api.get_header(trees::GetHeaderParams::new().x_texts(["a,b"])).await.unwrap_err().to_string();
    assert!(error.contains("`X-texts`") && error.contains("comma"), "{error}");
    let error = api.get_query(&vec!["x".to_owned(); 10_001], trees::GetQueryParams::new()).await.unwrap_err().to_string();
    assert!(error.contains("`required`") && error.contains("10000"), "{error}");
}

#[test]
fn an_absent_list_is_its_default() {
    let query = format!("{}?required=x", trees::GetQuery::INFO.path);
    let header = trees::GetHeader::INFO.path;
    let read = |uri: &str| roundtrip::validator().request(&Request::get(uri).body("").unwrap()).unwrap();
    assert_eq!(read(&query).take::<trees::GetQuery>().unwrap().params.words, ["a", "b"]);
    assert_eq!(read(header).take::<trees::GetHeader>().unwrap().params.x_words, ["a", "b"]);
    assert_eq!(read(&format!("{query}&words=c")).take::<trees::GetQuery>().unwrap().params.words, ["c"]);
}
