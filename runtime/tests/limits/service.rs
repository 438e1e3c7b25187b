//! A service whose responses are slow, large, or never arrive.

use std::convert::Infallible;
use std::future::{pending, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use apigen_runtime::codegen::{Field, FromJson, Reader, opt};
use apigen_runtime::{
    CallOf, Object, Operation, OperationInfo,
    client::{BoxFuture, ResponseInfo},
    codegen::{Endpoint, RequestReader, Serve, Served},
    server::{Context, HandlerResult, Reply, Router},
};

pub const ECHO: &str = "/echo";

pub const SLOW: Duration = Duration::from_millis(700);

/// More than sockets buffer.
pub const LARGE: usize = 12 << 20;

struct Client;

impl Served for Client {
    const ENDPOINTS: &'static [Endpoint] = &[];
}

/// All operations return text.
macro_rules! operation {
    ($name:ident($type:ty), $path:literal, $read:expr) => {
        #[allow(dead_code, reason = "some answer whatever they get")]
        struct $name($type);

        impl Operation for $name {
            type Client = Client;
            type Output = String;
            type Error = Infallible;
            const INFO: &'static OperationInfo =
                &OperationInfo::new(stringify!($name), "POST", $path, &[ResponseInfo::success(200)]);
        }

        impl Serve for $name {
            fn read(r: &mut RequestReader<'_>) -> Option<Self> {
                let read: fn(&mut RequestReader<'_>) -> Option<$type> = $read;
                read(r).map($name)
            }

            fn call<'a>(&'a self, _: &'a Client) -> CallOf<'a, Self> {
                unreachable!("nothing is called")
            }
        }
    };
}

operation!(Echo(String), "/echo", |r| r.body());
operation!(Slow(String), "/slow", |r| r.body());
operation!(Hang(String), "/hang", |r| r.body());
operation!(Large(String), "/large", |r| r.body());
operation!(Many(Vec<Wide>), "/wide", |r| r.body());
operation!(Form(Object), "/form", |r| r.required().form("f"));

/// A model of which `{}` is a value.
#[expect(dead_code, reason = "only their size counts")]
struct Wide([Option<String>; 50]);

impl FromJson for Wide {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        const FIELDS: &[Field] = &[opt("a")];
        let mut object = r.model("wide", FIELDS)?;
        while r.next(&mut object).is_some() {
            r.get::<String>()?;
        }
        r.end(object)?;
        Some(Wide([const { None }; 50]))
    }
}

/// Counts the calls of handlers.
#[derive(Default)]
pub struct Api(AtomicUsize);

impl Api {
    /// Waits until this number of requests has reached a handler.
    pub fn wait_for(&self, requests: usize) {
        let begin = Instant::now();
        while self.0.load(Ordering::SeqCst) < requests {
            assert!(begin.elapsed() < Duration::from_secs(20));
            thread::sleep(Duration::from_millis(2));
        }
    }

    fn answer<O: Operation>(
        &self,
        answer: impl Future<Output = String> + Send + 'static,
    ) -> BoxFuture<'_, HandlerResult<O>>
    where
        Reply<O::Output>: From<String>,
    {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move { Ok(Reply::from(answer.await)) })
    }
}

pub fn router(api: &Arc<Api>) -> Router {
    Router::new()
        .operation(api, |api: &Api, _: Context, o: Echo| api.answer::<Echo>(ready(o.0)))
        .operation(api, |api: &Api, _: Context, o: Slow| {
            api.answer::<Slow>(async {
                tokio::time::sleep(SLOW).await;
                o.0
            })
        })
        .operation(api, |api: &Api, _: Context, _: Hang| api.answer::<Hang>(pending()))
        .operation(api, |api: &Api, _: Context, _: Large| api.answer::<Large>(ready("x".repeat(LARGE))))
        .operation(api, |api: &Api, _: Context, o: Many| api.answer::<Many>(ready(o.0.len().to_string())))
        .operation(api, |api: &Api, _: Context, o: Form| api.answer::<Form>(ready(o.0.len().to_string())))
}
