//! Paginated lists.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use crate::support::*;
use apigen_runtime::{
    Call, Error, Operation,
    client::{HttpClient, Page, PageParameter, TransportError, items, pages},
    codegen::Request,
    http::StatusCode,
};
use apigen_runtime::{bytes::Bytes, client::transport_fn};

/// Parameters as in generated code.
#[derive(Debug, Clone, Default)]
struct Params {
    limit: Option<i64>,
    offset: Option<i32>,
}

impl Page for Params {
    fn limit(&self) -> &dyn PageParameter {
        &self.limit
    }

    fn offset(&mut self) -> &mut dyn PageParameter {
        &mut self.offset
    }
}

/// A list on a server, and the requested offsets.
#[derive(Clone)]
struct Service {
    list: Vec<String>,
    offsets: Arc<Mutex<Vec<i32>>>,
}

impl Service {
    fn new(count: usize) -> Service {
        Service { list: (0..count).map(|number| format!("n{number}")).collect(), offsets: Arc::default() }
    }

    fn get(&self, params: Params) -> Call<'_, Vec<String>, Infallible> {
        let (from, limit) = (params.offset.unwrap_or(0), params.limit.unwrap_or(3));
        self.offsets.lock().unwrap().push(from);
        Call::ready(Ok(self.list.iter().skip(from as usize).take(limit as usize).cloned().collect()))
    }

    fn asked(&self) -> Vec<i32> {
        self.offsets.lock().unwrap().clone()
    }
}

fn limit(limit: i64) -> Params {
    Params { limit: Some(limit), offset: None }
}

async fn sizes(service: &Service, params: Params) -> Vec<usize> {
    let mut pages = pages(params, |params| service.get(params));
    let mut sizes = Vec::new();
    while let Some(page) = pages.next().await {
        sizes.push(page.unwrap().len());
    }
    assert!(pages.next().await.is_none(), "stays at its end");
    sizes
}

#[tokio::test]
async fn ends_with_a_short_page() {
    let service = Service::new(5);
    assert_eq!(sizes(&service, limit(2)).await, [2, 2, 1]);
    assert_eq!(service.asked(), [0, 2, 4]);
}

#[tokio::test]
async fn ends_with_an_empty_page() {
    let service = Service::new(4);
    assert_eq!(sizes(&service, limit(2)).await, [2, 2]);
    assert_eq!(service.asked(), [0, 2, 4]);
    assert!(sizes(&Service::new(0), limit(2)).await.is_empty());
    assert!(sizes(&Service::new(3), limit(0)).await.is_empty());
}

#[tokio::test]
async fn without_a_limit_only_an_empty_page_ends_it() {
    let service = Service::new(4);
    assert_eq!(sizes(&service, Params::default()).await, [3, 1]);
    assert_eq!(service.asked(), [0, 3, 4]);
}

#[tokio::test]
async fn the_limit_of_the_spec() {
    #[derive(Clone)]
    struct Preset(Params);
    impl Page for Preset {
        const DEFAULT_LIMIT: Option<i64> = Some(3);
        fn limit(&self) -> &dyn PageParameter {
            self.0.limit()
        }
        fn offset(&mut self) -> &mut dyn PageParameter {
            self.0.offset()
        }
    }
    let service = Service::new(4);
    let mut pages = pages(Preset(Params::default()), |params| service.get(params.0));
    while pages.next().await.is_some() {}
    assert_eq!(service.asked(), [0, 3]);
}

#[tokio::test]
async fn begins_at_the_offset_given() {
    let service = Service::new(5);
    assert_eq!(sizes(&service, Params { limit: Some(2), offset: Some(3) }).await, [2]);
    assert_eq!(service.asked(), [3, 5]);
}

#[tokio::test]
async fn items_one_by_one_and_pages_only_when_needed() {
    let service = Service::new(5);
    let mut items = items(limit(2), |params| service.get(params));
    assert!(service.asked().is_empty());
    let mut seen = Vec::new();
    for asked in [1, 1, 2, 2, 3] {
        seen.push(items.next().await.unwrap().unwrap());
        assert_eq!(service.asked().len(), asked);
    }
    assert!(items.next().await.is_none() && items.next().await.is_none());
    assert_eq!(seen, service.list);
}

#[tokio::test]
async fn a_server_that_ignores_the_offset() {
    let transport =
        transport_fn(async |_: http::Request<Bytes>| Ok(http::Response::new(Bytes::from_static(b"[\"a\", \"b\"]"))));
    let client = builder("http://x.org").transport(transport).build().unwrap();
    let mut items = items(limit(2), |params: Params| {
        client.call::<List>(Request::new(List::INFO).query("limit", &params.limit).query("offset", &params.offset))
    });
    assert_eq!(items.next().await.unwrap().unwrap(), "a");
    assert_eq!(items.next().await.unwrap().unwrap(), "b");
    let error = items.next().await.unwrap().unwrap_err();
    assert!(error.is_repeated_page() && !error.is_retryable());
    assert_eq!(
        error.to_string(),
        "users.list (GET /users): the page at offset 2 is the same as the one before it: does the server ignore `offset`?"
    );
    assert!(items.next().await.is_none());
}

#[tokio::test]
async fn a_server_that_ignores_offset_and_limit() {
    let mut pages = pages(limit(1), |_| -> Call<'_, Vec<i64>, Infallible> { Call::ready(Ok(vec![1, 2, 3])) });
    assert_eq!(pages.next().await.unwrap().unwrap(), [1, 2, 3]);
    assert!(pages.next().await.unwrap().unwrap_err().is_repeated_page());
}

#[tokio::test]
async fn an_error_ends_it() {
    let mut calls = 0;
    let mut items = items(limit(1), |_| -> Call<'_, Vec<i64>, Infallible> {
        calls += 1;
        let result = match calls {
            1 => Ok(vec![1]),
            2 => Err(Error::transport(TransportError::broken("reset"))),
            _ => Err(Error::undeclared_status(StatusCode::BAD_GATEWAY, "")),
        };
        Call::ready(result)
    });
    assert_eq!(items.next().await.unwrap().unwrap(), 1);
    assert!(items.next().await.unwrap().unwrap_err().is_transport());
    assert!(items.next().await.is_none());
    drop(items);
    assert_eq!(calls, 2);
}

#[tokio::test]
async fn offsets_beyond_their_type() {
    let service = Service { list: vec![String::new(); 3], ..Service::new(0) };
    let mut params = limit(1);
    params.offset().set(i64::MAX);
    assert_eq!(params.offset, Some(i32::MAX));
    let mut pages = pages(params, |_| service.get(Params::default()));
    assert_eq!(pages.next().await.unwrap().unwrap().len(), 3);
    assert!(pages.next().await.unwrap().is_err());
}

#[cfg(feature = "stream")]
#[tokio::test]
async fn both_are_streams() {
    use futures_core::Stream;
    use std::pin::Pin;

    async fn count(mut stream: impl Stream<Item = Result<impl Sized, Error<Infallible>>> + Unpin) -> usize {
        let mut count = 0;
        while let Some(item) = std::future::poll_fn(|cx| Pin::new(&mut stream).poll_next(cx)).await {
            assert!(item.is_ok());
            count += 1;
        }
        count
    }
    let service = Service::new(5);
    assert_eq!(count(pages(limit(2), |params| service.get(params))).await, 3);
    assert_eq!(count(items(limit(2), |params| service.get(params))).await, 5);
}

#[test]
fn can_be_sent_to_another_thread() {
    fn send<T: Send>(_: &T) {}
    fn check(client: &HttpClient) {
        send(&items(Params::default(), |_| client.call::<List>(Request::new(List::INFO))));
    }
    let _ = check;
}
