//! Each form of response that a spec can declare, as received over the socket.

use std::collections::BTreeMap;

use apigen_runtime::{Call, Error, Response, client::{DeclaredError, FromHeaders, FromResponse}};

use super::socket;
use super::wire::{Client, Color, Leaf, Shape, answers};

/// Makes a call that receives this status, these headers and this body.
async fn answered<T, E>(
    status: &str,
    headers: &str,
    body: &str,
    call: impl for<'a> Fn(&'a dyn answers_api::Answers) -> Call<'a, T, E>,
) -> Result<Response<T>, Error<E>>
where
    T: FromResponse,
    E: DeclaredError,
{
    let length = if status.starts_with("204") { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    let (address, requests) =
        socket::answering(&format!("HTTP/1.1 {status}\r\n{length}{headers}connection: close\r\n\r\n{body}"));
    let client = Client::builder(format!("http://{address}"), "acme").build().unwrap();
    let result = call(client.answers()).with_response().await;
    assert_eq!(requests.try_iter().count(), 1);
    result
}

/// The trait under another name than the module of its operations.
mod answers_api {
    pub use super::super::wire::Answers;
}

const LEAF: &str = r#"{"label":"x"}"#;

fn leaf() -> Leaf {
    Leaf { label: "x".to_owned(), weight: None }
}

#[tokio::test]
async fn one_type_and_its_headers() {
    let response = answered("200 OK", "x-count: 7\r\nx-colors: red\r\nx-colors: new\r\n", LEAF, |api| api.get_one())
        .await
        .unwrap();
    let headers = answers::GetOneHeaders::from_headers(response.headers()).unwrap();
    assert_eq!((headers.x_count.as_str(), headers.x_colors), ("7", vec![Color::Red, Color::Unknown("new".into())]));
    assert_eq!((response.status().as_u16(), &*response), (200, &leaf()));
    let response = answered("200 OK", "x-colors: red\r\n", LEAF, |api| api.get_one()).await.unwrap();
    assert!(answers::GetOneHeaders::from_headers(response.headers()).unwrap_err().to_string().contains("X-Count"));
}

#[tokio::test]
async fn declared_errors() {
    let error = answered("404 Not Found", "", "whatever", |api| api.get_one()).await.unwrap_err();
    assert_eq!(error.declared(), Some(&answers::GetOneError::NotFound));
    let error = answered("409 Conflict", "x-id: 1\r\n", &format!("[{LEAF}]"), |api| api.get_one()).await.unwrap_err();
    assert_eq!(error.headers()["x-id"], "1");
    assert_eq!(error.into_declared().unwrap(), answers::GetOneError::Conflict(vec![leaf()]));
    let error = answered("409 Conflict", "", LEAF, |api| api.get_one()).await.unwrap_err();
    assert!(error.is_decode() && error.declared().is_none(), "{error}");
    let error = answered("500 Oops", "", LEAF, |api| api.get_one()).await.unwrap_err();
    assert!(error.is_undeclared_status() && error.into_declared().is_err());
}

#[tokio::test]
async fn a_type_or_nothing() {
    assert_eq!(answered("200 OK", "", LEAF, |api| api.get_maybe()).await.unwrap().into_inner(), Some(leaf()));
    let nothing = answered("203 Non-Authoritative Information", "", "", |api| api.get_maybe()).await.unwrap();
    assert_eq!((nothing.status().as_u16(), nothing.into_inner()), (203, None));
}

#[tokio::test]
async fn several_types() {
    let several = async |status, body| answered(status, "", body, |api| api.get_several()).await.unwrap().into_inner();
    assert_eq!(several("200 OK", LEAF).await, answers::GetSeveralOutput::Ok(leaf()));
    assert_eq!(several("201 Created", "\"text\"").await, answers::GetSeveralOutput::Created("text".to_owned()));
    assert_eq!(several("202 Accepted", "").await, answers::GetSeveralOutput::Accepted);
    assert!(answered("201 Created", "", LEAF, |api| api.get_several()).await.unwrap_err().is_decode());
}

#[tokio::test]
async fn every_other_status() {
    let error = answered("500 Oops", "", LEAF, |api| api.get_default()).await.unwrap_err();
    assert_eq!(error.into_declared().unwrap(), answers::GetDefaultError::Default(500, leaf()));
    // An undeclared success status is not a success.
    let error = answered("206 Partial Content", "", LEAF, |api| api.get_default()).await.unwrap_err();
    assert_eq!(error.into_declared().unwrap(), answers::GetDefaultError::Default(206, leaf()));
    assert_eq!(answered("206 Partial Content", "", LEAF, |api| api.get_only()).await.unwrap().into_inner(), leaf());
    let error = answered("400 Bad Request", "", LEAF, |api| api.get_only()).await.unwrap_err();
    assert_eq!(error.into_declared().unwrap(), answers::GetOnlyError::Default(400, leaf()));
}

#[tokio::test]
async fn collections_and_unions() {
    let map = answered("200 OK", "", r#"{"a":["red"],"b":[]}"#, |api| api.get_map()).await.unwrap().into_inner();
    assert_eq!(map, BTreeMap::from([("a".to_owned(), vec![Color::Red]), ("b".to_owned(), vec![])]));
    let shape =
        answered("200 OK", "", r#"{"kind":"leaf","label":"x"}"#, |api| api.get_shape()).await.unwrap().into_inner();
    assert_eq!(shape, Shape::Leaf(leaf()));
    let error = answered("200 OK", "", "{\n \"a\": [\"red\", 7]}", |api| api.get_map()).await.unwrap_err();
    let violation = &error.violations().unwrap().as_slice()[0];
    assert_eq!((violation.pointer.as_str(), violation.line, violation.column), ("/a/1", 2, 15));
}
