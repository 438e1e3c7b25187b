//! Calls of a generated client, each with the expected request.
#![cfg(test)]

mod answers;
mod socket;
mod wire;

use std::collections::BTreeMap;
use std::sync::mpsc::Receiver;

use apigen_runtime::{AnyError, Call, client::{Auth, DeclaredError, FromResponse}, codegen::literal};
use wire::{Client, Color, Leaf, Shape, Tree, body_values, form_values, header_values, query_values};

struct Wire {
    address: String,
    requests: Receiver<String>,
    client: Client,
}

impl Wire {
    fn new() -> Wire {
        let (address, requests) = socket::start();
        let client = Client::builder(format!("http://{address}"), "acme").build().unwrap();
        Wire { address, requests, client }
    }

    /// Returns the request of a call, without the headers that every request has.
    async fn sent<T: FromResponse, E: DeclaredError>(&self, call: Call<'_, T, E>) -> String {
        call.await.unwrap();
        let text = self.requests.recv().unwrap();
        let always = [
            "x-tenant: acme\r\n",
            "x-source: spec\r\n",
            "x-apidoc-version: 0.0.1\r\n",
            "x-apidoc-version-major: 0\r\n",
            "accept: application/json\r\n",
            "user-agent: apigen/",
        ];
        always.iter().for_each(|header| assert!(text.contains(header), "{header} is not in {text}"));
        let host = format!("host: {}\r\n", self.address);
        assert!(text.contains(&host), "{text}");
        let kept = |line: &&str| !always.contains(line) && *line != host && !line.starts_with("user-agent: ");
        let text: String = text.split_inclusive('\n').filter(kept).collect();
        text.strip_suffix("\r\n\r\n").unwrap_or(&text).replace("\r\n", "\n")
    }
}

/// Rows of `call => text`.
macro_rules! rows {
    ($wire:ident; $($call:expr => $text:expr,)*) => {$(
        assert_eq!($wire.sent($call).await, $text, "{}", stringify!($call));
    )*};
}

const UUID: &str = "6513270e-269e-4d37-b2a7-4de452e6b438";

fn leaf(label: &str) -> Leaf {
    Leaf { label: label.to_owned(), weight: None }
}

#[tokio::test]
async fn paths() {
    let wire = Wire::new();
    let api = wire.client.path_values();
    rows! { wire;
        api.get_boolean_by_value(true) => "GET /path/boolean/true HTTP/1.1",
        api.get_integer_by_value(-7) => "GET /path/integer/-7 HTTP/1.1",
        api.get_long_by_value(i64::MIN) => "GET /path/long/-9223372036854775808 HTTP/1.1",
        api.get_double_by_value(0.1) => "GET /path/double/0.1 HTTP/1.1",
        api.get_double_by_value(1e21) => "GET /path/double/1000000000000000000000 HTTP/1.1",
        api.get_decimal_by_value(literal::decimal("10.50")) => "GET /path/decimal/10.50 HTTP/1.1",
        api.get_uuid_by_value(literal::uuid(UUID)) => "GET /path/uuid/6513270e-269e-4d37-b2a7-4de452e6b438 HTTP/1.1",
        api.get_date_by_value(literal::date("2024-02-29")) => "GET /path/date/2024-02-29 HTTP/1.1",
        api.get_time_by_value(literal::date_time("2024-02-29T01:02:03.004+02:00")) => "GET /path/time/2024-02-28T23:02:03.004Z HTTP/1.1",
        api.get_color_by_value(&Color::Red) => "GET /path/color/red HTTP/1.1",
        api.get_color_by_value(&Color::DarkBlue) => "GET /path/color/dark%20blue%2F+ HTTP/1.1",
        api.get_string_by_value("plain-._~!$&'()*+,;=:@") => "GET /path/string/plain-._~!$&'()*+,;=:@ HTTP/1.1",
        api.get_string_by_value("a b/c?d#e%f") => "GET /path/string/a%20b%2Fc%3Fd%23e%25f HTTP/1.1",
        api.get_string_by_value("ü🦀\"<>[]{}|\\^`") => "GET /path/string/%C3%BC%F0%9F%A6%80%22%3C%3E%5B%5D%7B%7D%7C%5C%5E%60 HTTP/1.1",
        api.get_string_by_value("a\n\0") => "GET /path/string/a%0A%00 HTTP/1.1",
        api.get_string_by_value("%2F") => "GET /path/string/%252F HTTP/1.1",
        api.get_string_by_value("...") => "GET /path/string/... HTTP/1.1",
        api.get_file_by_value_csv("q1/2024") => "GET /path/file/q1%2F2024.csv HTTP/1.1",
        api.get_file_by_value_csv("a.b") => "GET /path/file/a.b.csv HTTP/1.1",
        api.get_two_by_first_and_second("x", "y z") => "GET /path/two/x/y%20z HTTP/1.1",
        api.get_key_by_value("every") => "GET /path/key/every HTTP/1.1",
        api.get_key_and_all() => "GET /path/key/all HTTP/1.1",
        api.get_key_by_value_csv("all") => "GET /path/key/all.csv HTTP/1.1",
    }
    // A server would take these for other operations.
    for (value, reached) in [("all", "/path/key/all"), ("a.csv", "/path/key/:value.csv")] {
        let error = api.get_key_by_value(value).await.unwrap_err();
        assert!(error.is_invalid_request() && error.to_string().contains(reached), "{value:?}: {error}");
    }
    for value in ["", ".", ".."] {
        let error = api.get_string_by_value(value).await.unwrap_err();
        assert!(error.is_invalid_request() && error.to_string().contains("value"), "{value:?}: {error}");
    }
    assert!(wire.requests.try_recv().is_err(), "nothing was sent");
}

#[tokio::test]
async fn queries() {
    let wire = Wire::new();
    let api = wire.client.query_values();
    let get =
        |set: fn(query_values::GetParams) -> query_values::GetParams| api.get(set(query_values::GetParams::new()));
    rows! { wire;
        get(|p| p) => "GET /query HTTP/1.1",
        get(|p| p.boolean(false)) => "GET /query?boolean=false HTTP/1.1",
        get(|p| p.integer(i32::MIN)) => "GET /query?integer=-2147483648 HTTP/1.1",
        get(|p| p.long(i64::MAX)) => "GET /query?long=9223372036854775807 HTTP/1.1",
        get(|p| p.double(-2.5e-7)) => "GET /query?double=-0.00000025 HTTP/1.1",
        get(|p| p.decimal(literal::decimal("79228162514264337593543950335"))) => "GET /query?decimal=79228162514264337593543950335 HTTP/1.1",
        get(|p| p.string("a b+c&d=e%f/ü;'~")) => "GET /query?string=a%20b%2Bc%26d%3De%25f%2F%C3%BC%3B%27~ HTTP/1.1",
        get(|p| p.string("")) => "GET /query?string= HTTP/1.1",
        get(|p| p.uuid(literal::uuid(UUID))) => "GET /query?uuid=6513270e-269e-4d37-b2a7-4de452e6b438 HTTP/1.1",
        get(|p| p.date(literal::date("0001-01-01"))) => "GET /query?date=0001-01-01 HTTP/1.1",
        get(|p| p.time(literal::date_time("2024-01-01T00:00:00Z"))) => "GET /query?time=2024-01-01T00%3A00%3A00Z HTTP/1.1",
        get(|p| p.color(Color::DarkBlue)) => "GET /query?color=dark%20blue%2F%2B HTTP/1.1",
        get(|p| p.booleans([true, false])) => "GET /query?booleans=true&booleans=false HTTP/1.1",
        get(|p| p.integers([1, 2])) => "GET /query?integers=1&integers=2 HTTP/1.1",
        get(|p| p.longs([1])) => "GET /query?longs=1 HTTP/1.1",
        get(|p| p.doubles([0.5, 2.0])) => "GET /query?doubles=0.5&doubles=2 HTTP/1.1",
        get(|p| p.decimals([literal::decimal("1.0"), literal::decimal("1.00")])) => "GET /query?decimals=1.0&decimals=1.00 HTTP/1.1",
        get(|p| p.strings(["a,b", "", "c"])) => "GET /query?strings=a%2Cb&strings=&strings=c HTTP/1.1",
        get(|p| p.uuids([literal::uuid(UUID)])) => "GET /query?uuids=6513270e-269e-4d37-b2a7-4de452e6b438 HTTP/1.1",
        get(|p| p.dates([literal::date("2024-02-29")])) => "GET /query?dates=2024-02-29 HTTP/1.1",
        get(|p| p.times([literal::date_time("2024-01-01T00:00:00.5Z")])) => "GET /query?times=2024-01-01T00%3A00%3A00.5Z HTTP/1.1",
        get(|p| p.colors([Color::Red, Color::Unknown("new".into())])) => "GET /query?colors=red&colors=new HTTP/1.1",
        get(|p| p.colors([])) => "GET /query HTTP/1.1",
        api.get_defaults(Default::default()) => "GET /query/defaults?text=a%20b&limit=25&color=red&on=true&until=9999-12-31T23%3A59%3A59Z&rate=0.1234567890123456789012345678 HTTP/1.1",
        api.get_defaults(query_values::GetDefaultsParams::new().limit(1).on(false)) => "GET /query/defaults?text=a%20b&limit=1&color=red&on=false&until=9999-12-31T23%3A59%3A59Z&rate=0.1234567890123456789012345678 HTTP/1.1",
        api.get_required("x", &[3, 2, 1]) => "GET /query/required?q=x&ids=3&ids=2&ids=1 HTTP/1.1",
        api.get_required("x", &[]) => "GET /query/required?q=x HTTP/1.1",
        api.delete(query_values::DeleteParams::new().reason("old")) => "DELETE /query?reason=old HTTP/1.1",
        api.head() => "HEAD /query HTTP/1.1",
        api.options() => "OPTIONS /query HTTP/1.1",
    }
    let error = api.get_required("x", &[1, 2, 3, 4]).await.unwrap_err();
    assert!(error.is_invalid_request(), "{error}");
}

#[tokio::test]
async fn headers() {
    let wire = Wire::new();
    let api = wire.client.header_values();
    let get =
        |set: fn(header_values::GetParams) -> header_values::GetParams| api.get(set(header_values::GetParams::new()));
    let line = |header: &str| format!("GET /header HTTP/1.1\n{header}");
    rows! { wire;
        get(|p| p.x_boolean(true)) => line("x-boolean: true"),
        get(|p| p.x_integer(5)) => line("x-integer: 5"),
        get(|p| p.x_long(-5)) => line("x-long: -5"),
        get(|p| p.x_double(1.5)) => line("x-double: 1.5"),
        get(|p| p.x_decimal(literal::decimal("0.10"))) => line("x-decimal: 0.10"),
        get(|p| p.x_string("a, b; \"c\"")) => line("x-string: a, b; \"c\""),
        get(|p| p.x_string("ü")) => line("x-string: ü"),
        get(|p| p.x_uuid(literal::uuid(UUID))) => line("x-uuid: 6513270e-269e-4d37-b2a7-4de452e6b438"),
        get(|p| p.x_date(literal::date("2024-02-29"))) => line("x-date: 2024-02-29"),
        get(|p| p.x_time(literal::date_time("2024-01-01T00:00:00Z"))) => line("x-time: 2024-01-01T00:00:00Z"),
        get(|p| p.x_color(Color::DarkBlue)) => line("x-color: dark blue/+"),
        get(|p| p.x_booleans([true, false])) => line("x-booleans: true\nx-booleans: false"),
        get(|p| p.x_integers([1, 2])) => line("x-integers: 1\nx-integers: 2"),
        get(|p| p.x_longs([1])) => line("x-longs: 1"),
        get(|p| p.x_doubles([0.5])) => line("x-doubles: 0.5"),
        get(|p| p.x_decimals([literal::decimal("1.0")])) => line("x-decimals: 1.0"),
        get(|p| p.x_strings(["a", "b"])) => line("x-strings: a\nx-strings: b"),
        get(|p| p.x_uuids([literal::uuid(UUID)])) => line("x-uuids: 6513270e-269e-4d37-b2a7-4de452e6b438"),
        get(|p| p.x_dates([literal::date("2024-02-29")])) => line("x-dates: 2024-02-29"),
        get(|p| p.x_times([literal::date_time("2024-01-01T00:00:00Z")])) => line("x-times: 2024-01-01T00:00:00Z"),
        get(|p| p.x_colors([Color::Red])) => line("x-colors: red"),
        get(|p| p) => "GET /header HTTP/1.1",
    }
    let error = get(|p| p.x_string("a\r\nX-Evil: 1")).await.unwrap_err();
    assert!(error.is_invalid_request(), "{error}");
}

/// Returns a request with a body.
fn with(line: &str, content_type: &str, body: &str) -> String {
    format!("{line} HTTP/1.1\ncontent-type: {content_type}\ncontent-length: {}\n\n{body}", body.len())
}

#[tokio::test]
async fn forms() {
    let wire = Wire::new();
    let api = wire.client.form_values();
    let post =
        |set: fn(form_values::PostParams) -> form_values::PostParams| api.post(set(form_values::PostParams::new()));
    let form = |body: &str| with("POST /form", "application/x-www-form-urlencoded", body);
    rows! { wire;
        post(|p| p.boolean(true)) => form("boolean=true"),
        post(|p| p.integer(-1)) => form("integer=-1"),
        post(|p| p.long(i64::MAX)) => form("long=9223372036854775807"),
        post(|p| p.double(0.5)) => form("double=0.5"),
        post(|p| p.decimal(literal::decimal("1.10"))) => form("decimal=1.10"),
        post(|p| p.string("a b+c&d=é\n~*")) => form("string=a+b%2Bc%26d%3D%C3%A9%0A%7E*"),
        post(|p| p.string("")) => form("string="),
        post(|p| p.string("null")) => form("string=null"),
        post(|p| p.uuid(literal::uuid(UUID))) => form("uuid=6513270e-269e-4d37-b2a7-4de452e6b438"),
        post(|p| p.date(literal::date("2024-02-29"))) => form("date=2024-02-29"),
        post(|p| p.time(literal::date_time("2024-01-01T00:00:00Z"))) => form("time=2024-01-01T00%3A00%3A00Z"),
        post(|p| p.color(Color::DarkBlue)) => form("color=dark+blue%2F%2B"),
        post(|p| p.booleans([true, false])) => form("booleans%5B0%5D=true&booleans%5B1%5D=false"),
        post(|p| p.integers([1])) => form("integers%5B0%5D=1"),
        post(|p| p.longs([1])) => form("longs%5B0%5D=1"),
        post(|p| p.doubles([1.5])) => form("doubles%5B0%5D=1.5"),
        post(|p| p.decimals([literal::decimal("1.0")])) => form("decimals%5B0%5D=1.0"),
        post(|p| p.strings(["a", "b"])) => form("strings%5B0%5D=a&strings%5B1%5D=b"),
        post(|p| p.uuids([literal::uuid(UUID)])) => form("uuids%5B0%5D=6513270e-269e-4d37-b2a7-4de452e6b438"),
        post(|p| p.dates([literal::date("2024-02-29")])) => form("dates%5B0%5D=2024-02-29"),
        post(|p| p.times([literal::date_time("2024-01-01T00:00:00Z")])) => form("times%5B0%5D=2024-01-01T00%3A00%3A00Z"),
        post(|p| p.colors([Color::Red])) => form("colors%5B0%5D=red"),
        post(|p| p.tree(Tree { root: Some(leaf("x")), leaves: Some(vec![leaf("y"), leaf("z")]), ..Tree::new("t") }))
            => form("tree%5Bleaves%5D%5B0%5D%5Blabel%5D=y&tree%5Bleaves%5D%5B1%5D%5Blabel%5D=z&tree%5Bname%5D=t&tree%5Broot%5D%5Blabel%5D=x"),
        post(|p| p.leaves([leaf("a")])) => form("leaves%5B0%5D%5Blabel%5D=a"),
        post(|p| p.any(serde_json::json!([1, { "b": true }]))) => form("any%5B0%5D=1&any%5B1%5D%5Bb%5D=true"),
        post(|p| p.bag(serde_json::Map::from_iter([("k".to_owned(), 1.into())]))) => form("bag%5Bk%5D=1"),
        post(|p| p.counts(BTreeMap::from([("a b".to_owned(), 2)]))) => form("counts%5Ba+b%5D=2"),
        post(|p| p.shape(Shape::Leaf(leaf("l")))) => form("shape%5Bkind%5D=leaf&shape%5Blabel%5D=l"),
        post(|p| p) => "POST /form HTTP/1.1\ncontent-type: application/x-www-form-urlencoded\ncontent-length: 0",
        api.put_required("n", form_values::PutRequiredParams::new()) => with("PUT /form/required", "application/x-www-form-urlencoded", "name=n&size=3"),
    }
}

#[tokio::test]
async fn bodies() {
    let wire = Wire::new();
    let api = wire.client.body_values();
    let json = |line: &str, body: &str| with(line, "application/json; charset=UTF-8", body);
    let tree = Tree {
        tags: Some(BTreeMap::from([("k".to_owned(), "\"ü".to_owned())])),
        color: Some(Color::DarkBlue),
        ..Tree::new("t")
    };
    let weights = BTreeMap::from([("a".to_owned(), literal::decimal("1.50"))]);
    let object = serde_json::Map::from_iter([("z".to_owned(), 1.into())]);
    let value = serde_json::json!([null, 1.5]);
    rows! { wire;
        api.post_model(&tree) => json("POST /body/model", r#"{"name":"t","tags":{"k":"\"ü"},"color":"dark blue/+"}"#),
        api.put_models(&[leaf("a"), Leaf { weight: Some(literal::decimal("0.30")), ..leaf("b") }])
            => json("PUT /body/models", r#"[{"label":"a"},{"label":"b","weight":0.30}]"#),
        api.put_models(&[]) => json("PUT /body/models", "[]"),
        api.patch_map(&weights) => json("PATCH /body/map", r#"{"a":1.50}"#),
        api.delete_union(&Shape::Leaf(leaf("x"))) => json("DELETE /body/union", r#"{"kind":"leaf","label":"x"}"#),
        api.delete_union(&Shape::String("s".into())) => json("DELETE /body/union", r#"{"kind":"string","value":"s"}"#),
        api.post_enum(&Color::Red) => json("POST /body/enum", "\"red\""),
        api.post_boolean(true) => json("POST /body/boolean", "true"),
        api.post_integer(-1) => json("POST /body/integer", "-1"),
        api.post_long(i64::MIN) => json("POST /body/long", "-9223372036854775808"),
        api.post_double(1.0) => json("POST /body/double", "1.0"),
        api.post_decimal(literal::decimal("1.10")) => json("POST /body/decimal", "1.10"),
        api.post_string("a\u{1}") => json("POST /body/string", r#""a\u0001""#),
        api.post_uuid(literal::uuid(UUID)) => json("POST /body/uuid", "\"6513270e-269e-4d37-b2a7-4de452e6b438\""),
        api.post_date(literal::date("2024-02-29")) => json("POST /body/date", "\"2024-02-29\""),
        api.post_time(literal::date_time("2024-01-01T00:00:00Z")) => json("POST /body/time", "\"2024-01-01T00:00:00Z\""),
        api.post_object(&object) => json("POST /body/object", r#"{"z":1}"#),
        api.post_json(&value) => json("POST /body/json", "[null,1.5]"),
        api.post_mixed_by_id(7, &leaf("m"), body_values::PostMixedByIdParams::new().dry(true))
            => json("POST /body/mixed/7?dry=true", r#"{"label":"m"}"#),
        api.post_nothing() => "POST /body/nothing HTTP/1.1\ncontent-length: 0",
    }
}

/// The call's own headers override parameters, those override the client's, those the spec's, those ours.
#[tokio::test]
async fn precedence() -> Result<(), AnyError> {
    let wire = Wire::new();
    let address = &wire.address;
    let builder = || Client::builder(format!("http://{address}"), "acme");
    let all = |text: &str, name: &str| -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.strip_prefix(&format!("{name}: ")));
        lines.map(str::to_owned).collect()
    };
    let client = builder()
        .header("X-Source", "client")
        .header("Accept", "text/json")
        .header("X-Tenant", "client")
        .build()
        .unwrap();
    client.path_values().get_integer_by_value(1).await?;
    let text = wire.requests.recv().unwrap();
    assert_eq!(
        (all(&text, "x-source"), all(&text, "accept"), all(&text, "x-tenant")),
        (vec!["client".to_owned()], vec!["text/json".to_owned()], vec!["client".to_owned()])
    );
    client.path_values().get_integer_by_value(1).header("x-source", "call").header("User-Agent", "me").await?;
    let text = wire.requests.recv().unwrap();
    assert_eq!((all(&text, "x-source"), all(&text, "user-agent")), (vec!["call".to_owned()], vec!["me".to_owned()]));
    let client = builder().header("X-String", "client").api_key("key").build().unwrap();
    client.header_values().get(header_values::GetParams::new().x_string("parameter")).await?;
    let text = wire.requests.recv().unwrap();
    assert_eq!(
        (all(&text, "x-string"), all(&text, "authorization")),
        (vec!["parameter".to_owned()], vec!["Basic a2V5Og==".to_owned()])
    );
    client
        .header_values()
        .get(header_values::GetParams::new().x_string("parameter"))
        .header("X-String", "call")
        .await?;
    assert_eq!(all(&wire.requests.recv().unwrap(), "x-string"), ["call"]);
    let client = builder().auth(Auth::bearer("token")).build().unwrap();
    client.path_values().get_integer_by_value(1).header("Authorization", "mine").await?;
    assert_eq!(all(&wire.requests.recv().unwrap(), "authorization"), ["mine"]);
    client.path_values().get_integer_by_value(1).await?;
    assert_eq!(all(&wire.requests.recv().unwrap(), "authorization"), ["Bearer token"]);
    Ok(())
}
