//! A service whose answers are slow, large, or never come.

use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use apigen_runtime::codec::{Field, FromJson, Reader, opt};
use apigen_runtime::{
    Answer, BoxFuture, CallOf, Context, Endpoint, Object, Operation, OperationInfo, RequestReader, ResponseInfo,
    Router, Serve, Served,
};

pub const ECHO: &str = "/echo";

pub const SLOW: Duration = Duration::from_millis(400);

/// More than what sockets hold.
pub const LARGE: usize = 12 << 20;

struct Client;

impl Served for Client {
    type Api = dyn Fn() + Send + Sync;
    const ENDPOINTS: &'static [Endpoint] = &[];
}

/// What all operations answer with: a text.
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

            fn call<'a>(&'a self, _: &'a <Client as Served>::Api) -> CallOf<'a, Self> {
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

pub fn router() -> Router {
    let api = Arc::new(());
    Router::new()
        .operation(&api, |&(), _: Context, o: Echo| -> BoxFuture<'_, Answer<Echo>> {
            Box::pin(async move { Ok(o.0.into()) })
        })
        .operation(&api, |&(), _: Context, o: Slow| -> BoxFuture<'_, Answer<Slow>> {
            Box::pin(async move {
                tokio::time::sleep(SLOW).await;
                Ok(o.0.into())
            })
        })
        .operation(&api, |&(), _: Context, _: Hang| -> BoxFuture<'_, Answer<Hang>> { Box::pin(pending()) })
        .operation(&api, |&(), _: Context, _: Large| -> BoxFuture<'_, Answer<Large>> {
            Box::pin(async move { Ok("x".repeat(LARGE).into()) })
        })
        .operation(&api, |&(), _: Context, o: Many| -> BoxFuture<'_, Answer<Many>> {
            Box::pin(async move { Ok(o.0.len().to_string().into()) })
        })
        .operation(&api, |&(), _: Context, o: Form| -> BoxFuture<'_, Answer<Form>> {
            Box::pin(async move { Ok(o.0.len().to_string().into()) })
        })
}
