use apigen_runtime::testing::{RecordMode, Recorder};
use apigen_runtime::{Call, Error, Response, bytes::Bytes, client::{DeclaredError, FromResponse, TransportError, ValidationPolicy, transport_fn}};

use super::answering;
use super::notes::{Client, Notes, notes};

fn client(url: &str) -> Client {
    Client::builder(url).timeout(std::time::Duration::from_secs(10)).build().unwrap()
}

/// Returns the result of a call with this response.
async fn answered<T: FromResponse, E: DeclaredError>(
    response: &str,
    call: impl for<'a> FnOnce(&'a dyn Notes) -> Call<'a, T, E>,
) -> Result<Response<T>, Error<E>> {
    let (url, _requests) = answering(response);
    let client = client(&url);
    call(client.notes()).with_response().await
}

fn response(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Connection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

#[tokio::test]
async fn a_variable_ends_at_the_first_dot() {
    let (url, requests) = answering(&response("200 OK", "", r#"{"id":"7","text":""}"#));
    let first = || requests.recv().unwrap().lines().next().unwrap().to_owned();
    let client = client(&url);
    let notes = client.notes();
    notes.get_by_id_format("a.b", "json").await.unwrap();
    assert_eq!(first(), "GET /notes/a.b.:format?format=json HTTP/1.1");
    notes.get_report_id().await.unwrap();
    assert_eq!(first(), "GET /notes/report.:id HTTP/1.1");
    notes.get_by_id(":x").await.unwrap();
    assert_eq!(first(), "GET /notes/:x HTTP/1.1");
}

/// The length is that of the body that `GET` would have.
#[tokio::test]
async fn the_body_of_head_is_not_awaited() {
    let head = |status: &str| {
        format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nX-Size: 9\r\nContent-Length: 400\r\n\r\n")
    };
    let found: Response<()> = answered(&head("200 OK"), |notes| notes.head_by_id("7")).await.unwrap();
    assert_eq!((found.status().as_u16(), found.headers()["x-size"].as_bytes()), (200, &b"9"[..]));
    let error = answered(&head("404 Not Found"), |notes| notes.head_by_id("7")).await.unwrap_err();
    assert_eq!(error.into_declared().unwrap(), notes::HeadByIdError::NotFound);
    let error = answered(&head("418 Teapot"), |notes| notes.head_by_id("7")).await.unwrap_err();
    assert_eq!(error.into_declared().unwrap(), notes::HeadByIdError::Default(418));
}

#[tokio::test]
async fn a_transport_cannot_give_a_body_to_head() {
    for validation in [ValidationPolicy::Off, ValidationPolicy::Report, ValidationPolicy::Reject] {
        let talkative = transport_fn(async |_| Ok::<_, TransportError>(http::Response::new(Bytes::from("not JSON"))));
        let builder = Client::builder("http://localhost").transport(talkative).max_response_bytes(3);
        let client = builder.validate(validation).build().unwrap();
        client.notes().head_by_id("7").await.unwrap();
    }
}

#[tokio::test]
async fn a_string_may_come_as_text() {
    let get = async |headers: &str, body: &str| {
        answered(&response("200 OK", headers, body), |notes| notes.get_by_id_csv("7")).await.map(Response::into_inner)
    };
    for (headers, body, text) in [
        ("Content-Type: text/csv; charset=utf-8\r\n", "a;\"b\"\r\n1;ü\n", "a;\"b\"\r\n1;ü\n"),
        ("Content-Type: text/plain\r\n", "\"quoted\"", "\"quoted\""),
        ("Content-Type: Text/Plain; charset=\"US-ASCII\"\r\n", "null", "null"),
        ("Content-Type: text/plain\r\n", "", ""),
        ("Content-Type: text/plain\r\n", " \n", " \n"),
        ("Content-Type: application/json\r\n", "\"a\\n\"", "a\n"),
        ("Content-Type: application/vnd.note+json\r\n", "\"a\"", "a"),
        ("Content-Type: text/json\r\n", "\"a\"", "a"),
        ("", "\"a\"", "a"),
    ] {
        assert_eq!(get(headers, body).await.unwrap(), text, "{headers}{body}");
    }
    for (headers, body, said) in [
        (
            "Content-Type: text/plain; charset=ISO-8859-1\r\n",
            "a",
            "expected text in UTF-8, found the charset ISO-8859-1",
        ),
        ("Content-Type: application/json\r\n", "a;b", "invalid JSON"),
        ("Content-Type: application/xml\r\n", "<a/>", "invalid JSON"),
        ("", "a;b", "invalid JSON"),
    ] {
        let error = get(headers, body).await.unwrap_err();
        assert!(error.is_decode(), "{error}");
        assert!(error.violations().unwrap().to_string().contains(said), "{headers}{body}: {error}");
    }
    let missing = response("404 Not Found", "Content-Type: text/plain\r\n", "no such note");
    let error = answered(&missing, |notes| notes.get_by_id_csv("7")).await.unwrap_err();
    assert_eq!(error.into_declared().unwrap(), notes::GetByIdCsvError::NotFound("no such note".to_owned()));
}

/// Servers that send everything as `text/plain` are common.
#[tokio::test]
async fn everything_else_is_json_whatever_it_is_called() {
    for content_type in ["text/plain", "text/html; charset=latin1", "application/octet-stream", "x"] {
        let headers = format!("Content-Type: {content_type}\r\n");
        let note =
            answered(&response("200 OK", &headers, r#"{"id":"7","text":"t"}"#), |notes| notes.get_by_id("7")).await;
        assert_eq!(note.unwrap().id, "7", "{content_type}");
        let conflict = response("409 Conflict", &headers, r#"{"code":"c"}"#);
        let error = answered(&conflict, |notes| notes.get_by_id_csv("7")).await.unwrap_err();
        assert!(matches!(error.into_declared(), Ok(notes::GetByIdCsvError::Conflict(_))), "{content_type}");
    }
}

#[tokio::test]
async fn text_is_asked_for_where_it_is_read() {
    let (url, requests) = answering(&response("200 OK", "", "\"\""));
    let accepted = || {
        let request = requests.recv().unwrap();
        request.lines().find_map(|line| line.strip_prefix("accept: ")).unwrap().to_owned()
    };
    let client = client(&url);
    client.notes().get_by_id_csv("7").await.unwrap();
    assert_eq!(accepted(), "application/json, text/*;q=0.9");
    client.notes().get_by_id_csv("7").header("Accept", "text/csv").await.unwrap();
    assert_eq!(accepted(), "text/csv");
    drop(client.notes().get_by_id("7").await);
    assert_eq!(accepted(), "application/json");
}

/// Files hold JSON, regardless of the content type.
#[tokio::test]
async fn text_and_head_are_recorded_and_replayed() {
    let folder = std::env::temp_dir().join(format!("apigen-http-{}", std::process::id()));
    let server = transport_fn(async |request: http::Request<Bytes>| {
        let csv = http::Response::builder().header("Content-Type", "text/csv").header("X-Size", "9");
        let body = if request.method() == "HEAD" { "never read" } else { "\"a\";b\n" };
        Ok::<_, TransportError>(csv.body(Bytes::from(body)).unwrap())
    });
    let recorder = || Recorder::new(&folder, RecordMode::Record, server.clone());
    for keep in [false, true] {
        let record = if keep { recorder().keep_header("Content-Type") } else { recorder() };
        let recording = Client::builder("http://localhost").transport(record).build().unwrap();
        let replaying = Client::builder("http://localhost").transport(Recorder::replay(&folder)).build().unwrap();
        for client in [recording, replaying] {
            assert_eq!(client.notes().get_by_id_csv("7").await.unwrap(), "\"a\";b\n");
            let head = client.notes().head_by_id("7").with_response().await.unwrap();
            assert_eq!(head.headers()["x-size"], "9");
        }
    }
    let files = std::fs::read_dir(folder.join(if cfg!(windows) { "get/notes/%3Aid.csv" } else { "get/notes/:id.csv" }))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut bodies = files.filter(|file| file.to_str().unwrap().ends_with(".response.json"));
    assert_eq!(std::fs::read_to_string(bodies.next().unwrap()).unwrap().trim(), r#""\"a\";b\n""#);
    std::fs::remove_dir_all(folder).unwrap();
}
