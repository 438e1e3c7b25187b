use apigen_runtime::server::{HandlerResult, Context, Reply, Server};

use super::asked;
use super::notes::{Client, MockClient, Note, NoteForm, Place, notes, validator};

const JSON: &str = "Content-Type: application/json\r\n";
const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

fn note(id: &str) -> Note {
    Note { id: id.to_owned(), text: "t".to_owned() }
}

fn serve() -> (MockClient, Server) {
    let mock = MockClient::new();
    let server = mock.serve("127.0.0.1:0").unwrap();
    (mock, server)
}

fn status(head: &str) -> u16 {
    head.split(' ').nth(1).unwrap().parse().unwrap()
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

#[tokio::test]
async fn templates_mean_the_same_to_client_and_server() {
    let (mock, server) = serve();
    let client = Client::builder(server.url()).build().unwrap();
    mock.on::<notes::GetByIdFormat>().returns(note("1"));
    mock.on::<notes::GetReportId>().returns(note("2"));
    mock.on::<notes::GetByIdCsv>().returns("3".to_owned());
    mock.on::<notes::GetById>().returns(note("4"));
    assert_eq!(client.notes().get_by_id_format("a.b", "json").await.unwrap().id, "1");
    assert_eq!(client.notes().get_report_id().await.unwrap().id, "2");
    assert_eq!(client.notes().get_by_id_csv("report").await.unwrap(), "3");
    assert_eq!(client.notes().get_by_id("a.:form").await.unwrap().id, "4");
    let calls = mock.calls::<notes::GetByIdFormat>();
    assert_eq!((calls[0].id.as_str(), calls[0].format.as_str()), ("a.b", "json"));
    let (head, _) = asked(&server.url(), "GET", "/notes/7.json?format=json", "", "");
    assert_eq!(status(&head), 200);
    mock.assert_called::<notes::GetById>(2);
}

#[tokio::test]
async fn get_answers_head_with_the_same_head() {
    let (mock, server) = serve();
    mock.on::<notes::Get>().returns(vec![note("1")]);
    let same = |path: &str, headers: &str| {
        let (get, body) = asked(&server.url(), "GET", path, headers, "");
        let (head, nothing) = asked(&server.url(), "HEAD", path, headers, "");
        assert_eq!(nothing, "", "{path}");
        let comparable = |head: &str| {
            let mut lines: Vec<String> =
                head.lines().filter(|line| !line.starts_with("date: ")).map(str::to_owned).collect();
            lines.sort();
            lines
        };
        assert_eq!(comparable(&head), comparable(&get), "{path}");
        assert_eq!(header(&head, "content-length"), Some(body.len().to_string().as_str()), "{path}");
        status(&head)
    };
    assert_eq!(same("/notes", ""), 200);
    assert_eq!(same("/nowhere", ""), 404);
    assert_eq!(same("/notes/search/x", ""), 404);
    mock.assert_called::<notes::Get>(2);
    let (head, _) = asked(&server.url(), "DELETE", "/notes", "", "");
    assert_eq!((status(&head), header(&head, "allow")), (405, Some("get, head, post")));
}

#[tokio::test]
async fn a_declared_head_answers_itself() {
    let (mock, server) = serve();
    mock.on::<notes::HeadById>().once().returns(());
    let (head, body) = asked(&server.url(), "HEAD", "/notes/7", "", "");
    assert_eq!((status(&head), body.as_str(), header(&head, "content-type")), (200, "", None));
    mock.on::<notes::HeadById>().fails(notes::HeadByIdError::NotFound);
    let client = Client::builder(server.url()).build().unwrap();
    let error = client.notes().head_by_id("7").await.unwrap_err();
    assert_eq!(error.into_declared().unwrap(), notes::HeadByIdError::NotFound);
    mock.assert_called::<notes::HeadById>(2);
    mock.assert_called::<notes::GetById>(0);
    let (head, _) = asked(&server.url(), "DELETE", "/notes/7", "", "");
    assert_eq!(header(&head, "allow"), Some("get, head, put"));
}

#[tokio::test]
async fn responses_to_head_have_no_body_to_check() {
    let request = |method: &str| http::Request::builder().method(method).uri("/notes").body("").unwrap();
    let (get, head) = (validator().request(&request("GET")).unwrap(), validator().request(&request("HEAD")).unwrap());
    assert_eq!((get.method, head.method, head.id), ("GET", "HEAD", "notes.get"));
    assert!(head.get::<notes::Get>().is_some());
    let response = |total: Option<&str>| {
        let builder =
            total.into_iter().fold(http::Response::builder(), |builder, total| builder.header("X-Total", total));
        builder.body("").unwrap()
    };
    validator().response(&head, &response(Some("1"))).unwrap();
    assert!(validator().response(&head, &response(None)).unwrap_err().to_string().contains("X-Total is missing"));
    assert!(validator().response(&get, &response(Some("1"))).is_err());
}

/// A handler that sends too much.
struct Talkative;

impl super::notes::server::Notes for Talkative {
    async fn get(&self, _: Context) -> HandlerResult<notes::Get> {
        Ok(Reply::new(Vec::new()).header("X-Total", 0))
    }

    async fn post(&self, _: Context, form: NoteForm) -> HandlerResult<notes::Post> {
        Ok(Note { id: "1".to_owned(), text: form.text }.into())
    }

    async fn get_by_id(&self, _: Context, id: String) -> HandlerResult<notes::GetById> {
        Ok(note(&id).into())
    }

    async fn head_by_id(&self, _: Context, _: String) -> HandlerResult<notes::HeadById> {
        Ok(Reply::new(()).header("X-Size", 7).header("Content-Length", 40))
    }

    async fn put_by_id(&self, _: Context, id: String, _: NoteForm) -> HandlerResult<notes::PutById> {
        let problem = || super::notes::Problem { code: "c".to_owned() };
        let error = match id.as_str() {
            "ok" => return Ok(Reply::new(()).header("Content-Type", "text/plain").header("Content-Length", 3)),
            "not-modified" => notes::PutByIdError::NotModified,
            other => notes::PutByIdError::Default(other.parse().unwrap(), problem()),
        };
        Err(Reply::new(error).header("Content-Type", "application/json").header("ETag", "\"1\""))?
    }

    async fn get_by_id_format(&self, _: Context, id: String, _: String) -> HandlerResult<notes::GetByIdFormat> {
        Ok(note(&id).into())
    }

    async fn get_report_id(&self, _: Context) -> HandlerResult<notes::GetReportId> {
        Ok(Reply::new(note("report")).header("Content-Length", 3))
    }

    async fn get_by_id_csv(&self, _: Context, id: String) -> HandlerResult<notes::GetByIdCsv> {
        match id.as_str() {
            "json" => Ok("a;\"b\"\n".to_owned().into()),
            "csv" => Ok(Reply::new("a;\"b\"\n".to_owned()).header("Content-Type", "text/csv; charset=utf-8")),
            "none" => {
                Err(Reply::new(notes::GetByIdCsvError::NotFound("gone".to_owned()))
                    .header("Content-Type", "text/plain"))?
            }
            _ => {
                let error = notes::GetByIdCsvError::Conflict(super::notes::Problem { code: "c".to_owned() });
                Err(Reply::new(error).header("Content-Type", "text/plain"))?
            }
        }
    }

    async fn post_search(&self, _: Context, _: String, _: notes::PostSearchParams) -> HandlerResult<notes::PostSearch> {
        Ok(Vec::new().into())
    }

    async fn post_refresh(&self, _: Context) -> HandlerResult<notes::PostRefresh> {
        Ok(().into())
    }
}

fn talkative() -> Server {
    super::notes::server::router(Talkative).serve("127.0.0.1:0").unwrap()
}

#[tokio::test]
async fn some_statuses_have_no_content() {
    let server = talkative();
    for (id, expected) in [("ok", 204), ("not-modified", 304), ("204", 204), ("205", 205), ("304", 304)] {
        let (head, body) = asked(&server.url(), "PUT", &format!("/notes/{id}"), JSON, r#"{"text":""}"#);
        assert_eq!((status(&head), body.as_str()), (expected, ""), "{id}");
        assert_eq!(header(&head, "content-type"), None, "{id}: {head}");
        assert!(header(&head, "content-length").is_none_or(|length| length == "0" && expected == 205), "{id}: {head}");
        assert!(id == "ok" || header(&head, "etag") == Some("\"1\""), "{id}: {head}");
    }
    // Statuses that cannot end an exchange are not sent.
    for id in ["100", "101", "199", "1000"] {
        let (head, body) = asked(&server.url(), "PUT", &format!("/notes/{id}"), JSON, r#"{"text":""}"#);
        assert_eq!(status(&head), 500, "{id}");
        assert!(body.contains(&format!("status {id} cannot be sent")), "{body}");
    }
    let (head, body) = asked(&server.url(), "HEAD", "/notes/7", "", "");
    assert_eq!((status(&head), header(&head, "content-length"), body.as_str()), (200, Some("40"), ""), "{head}");
    // A wrong length would cut the body off.
    let (head, body) = asked(&server.url(), "GET", "/notes/report.id", "", "");
    assert_eq!(header(&head, "content-length"), Some(body.len().to_string().as_str()), "{head}");
    assert!(body.ends_with('}'), "{body}");
}

#[tokio::test]
async fn mocks_send_no_content_either() {
    let (mock, server) = serve();
    let (head, body) = asked(&server.url(), "POST", "/notes/refresh", "", "");
    assert_eq!((status(&head), header(&head, "content-type"), body.as_str()), (204, None, ""), "unset");
    mock.on::<notes::PostRefresh>().status(204, "a body");
    mock.on::<notes::PutById>().status(304, "a body");
    let (head, body) = asked(&server.url(), "POST", "/notes/refresh", "", "");
    assert_eq!((status(&head), header(&head, "content-type"), body.as_str()), (204, None, ""));
    let (head, body) = asked(&server.url(), "PUT", "/notes/7", JSON, r#"{"text":""}"#);
    assert_eq!((status(&head), header(&head, "content-type"), body.as_str()), (304, None, ""));
}

#[tokio::test]
async fn a_string_goes_as_json_unless_the_handler_says_text() {
    let server = talkative();
    let client = Client::builder(server.url()).build().unwrap();
    for (id, content_type, text) in [
        ("json", "application/json", r#""a;\"b\"\n""#),
        ("csv", "text/csv; charset=utf-8", "a;\"b\"\n"),
        ("none", "text/plain", "gone"),
        ("conflict", "text/plain", r#"{"code":"c"}"#),
    ] {
        let (head, body) = asked(&server.url(), "GET", &format!("/notes/{id}.csv"), "", "");
        assert_eq!((header(&head, "content-type"), body.as_str()), (Some(content_type), text));
        let read = client.notes().get_by_id_csv(id).await;
        match id {
            "json" | "csv" => assert_eq!(read.unwrap(), "a;\"b\"\n"),
            _ => assert!(read.unwrap_err().into_declared().is_ok()),
        }
        let request = http::Request::get(format!("/notes/{id}.csv")).body("").unwrap();
        let call = validator().request(&request).unwrap();
        let response = http::Response::builder().status(status(&head)).header("Content-Type", content_type).body(text);
        validator().response(&call, &response.unwrap()).unwrap();
    }
}

#[tokio::test]
async fn bodies_have_a_content_type_that_is_taken() {
    let (mock, server) = serve();
    mock.on::<notes::Post>().returns(note("1"));
    let body = r#"{"text":"t"}"#;
    for content_type in [
        "",
        JSON,
        "Content-Type: application/json; charset=UTF-8\r\n",
        "Content-Type: text/json\r\n",
        "content-type: Application/vnd.note+JSON\r\n",
        "Content-Type: application/octet-stream\r\n",
        "Content-Type:\r\n",
    ] {
        assert_eq!(status(&asked(&server.url(), "POST", "/notes", content_type, body).0), 201, "{content_type}");
    }
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "json",
    ] {
        let line = format!("Content-Type: {content_type}\r\n");
        let (head, answer) = asked(&server.url(), "POST", "/notes", &line, body);
        assert_eq!(status(&head), 415, "{content_type}");
        let said = format!(
            "header Content-Type: expected application/json, found {content_type}; the body looks like JSON: send it with Content-Type: application/json"
        );
        assert!(answer.contains(&said) && answer.contains("\"code\":\"content_type\""), "{answer}");
        // Without a body there is no content type to check.
        assert_eq!(status(&asked(&server.url(), "POST", "/notes", &line, "").0), 422, "{content_type}");
        // This operation does not read its body.
        assert_eq!(status(&asked(&server.url(), "POST", "/notes/refresh", &line, body).0), 204, "{content_type}");
    }
    mock.assert_called::<notes::Post>(7);
}

#[tokio::test]
async fn form_parameters_are_a_form_or_a_json_object() {
    let (mock, server) = serve();
    let asked = |headers: &str, body: &str| {
        let (head, answer) = asked(&server.url(), "POST", "/notes/search", headers, body);
        (status(&head), answer)
    };
    let json = r#"{"text":"a&b","tags":["x","y z"],"limit":3,"since":"2024-02-29","place":{"city":"Łódź","floor":2},"other":1}"#;
    let form = "text=a%26b&tags[]=x&tags[]=y+z&limit=3&since=2024-02-29&place[city]=%C5%81%C3%B3d%C5%BA&place[floor]=2";
    let (json_type, form_type) = (JSON, FORM);
    for (headers, body) in
        [(json_type, json), ("", json), (form_type, form), ("", form), ("Content-Type: application/x+json\r\n", json)]
    {
        let (status, answer) = asked(headers, body);
        assert_eq!(status, 200, "{headers}{body}: {answer}");
    }
    let params = notes::PostSearchParams {
        tags: vec!["x".to_owned(), "y z".to_owned()],
        limit: 3,
        since: Some("2024-02-29".parse().unwrap()),
        place: Some(Place { city: "Łódź".to_owned(), floor: Some(2) }),
    };
    let call = notes::PostSearch { text: "a&b".to_owned(), params };
    mock.assert_calls(&[call.clone(), call.clone(), call.clone(), call.clone(), call]);
    mock.reset();

    assert_eq!(asked(JSON, r#"{"text":"t","tags":null,"limit":null}"#).0, 200);
    mock.assert_calls(&[notes::PostSearch { text: "t".to_owned(), params: notes::PostSearchParams::new() }]);
    mock.reset();

    for (headers, body, expected, said) in [
        (JSON, "", 422, "form parameter text is missing"),
        (JSON, "{}", 422, "form parameter text is missing"),
        (JSON, r#"{"text":null}"#, 422, "form parameter text is missing"),
        (JSON, r#"{"text":7}"#, 422, "form parameter text: expected a string, found a number (7)"),
        (
            JSON,
            r#"{"text":"t","limit":"3"}"#,
            422,
            "form parameter limit: expected an integer (a whole number of 32 bits), found a string",
        ),
        (JSON, r#"{"text":"t","place":{}}"#, 422, "form parameter place.city: the required field"),
        (JSON, r#"["text"]"#, 422, "body: expected an object, found an array"),
        (JSON, r#"{"text":"#, 422, "body: text: invalid JSON"),
        (FORM, json, 415, "the body looks like JSON: send it with Content-Type: application/json"),
        (
            "Content-Type: text/plain\r\n",
            form,
            415,
            "expected application/x-www-form-urlencoded or application/json, found text/plain",
        ),
        ("Content-Type: multipart/form-data; boundary=x\r\n", "--x", 415, "found multipart/form-data"),
    ] {
        let (status, answer) = asked(headers, body);
        assert_eq!(status, expected, "{headers}{body}: {answer}");
        let answer = answer.replace("\\\"", "\"");
        assert!(answer.contains(said), "{headers}{body}: {answer}");
        let once = answer.matches("\"in\":\"header\"").count() + answer.matches("\"in\":\"body\"").count();
        assert!(once <= 1 && (once == 0 || !answer.contains("is missing")), "told once: {answer}");
    }
    mock.assert_no_calls();
}

#[tokio::test]
async fn validators_say_the_same_of_content_types() {
    let post = |content_type: &str| {
        http::Request::post("/notes").header("Content-Type", content_type).body(r#"{"text":"t"}"#).unwrap()
    };
    validator().request(&post("application/json")).unwrap();
    let told = validator().request(&post("text/plain")).unwrap_err().to_string();
    assert!(told.starts_with("header Content-Type: expected application/json, found text/plain"), "{told}");
}
