//! Exchanges of the generated client of `specs/location.json`, recorded and replayed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use apigen_runtime::testing::{RecordMode, Recorder};
use apigen_runtime::{
    AnyError,
    bytes::Bytes,
    client::{FromHeaders, Transport, transport_fn},
    codegen::literal,
    http::StatusCode,
};
use location::{Client, Role, User, UserForm, country_defaults, users};

const GUID: &str = "6513270e-269e-4d37-b2a7-4de452e6b438";
const USER: &str = r#"{"guid":"6513270e-269e-4d37-b2a7-4de452e6b438","email":"jo@example.com","name":"Josephine Doe","role":"editor","created_at":"2026-03-04T05:06:07Z","settings":{"owner":"Josephine Doe <jo@example.com>"},"home":{"streets":["1 Hidden Lane"],"city":"Paris","latitude":48.850,"precision":"CI"}}"#;
/// Texts that must not be in any file.
const SECRETS: &[&str] = &["jo@example.com", "Josephine", "Hidden Lane", "hunter2", "c2VjcmV0", "secret", "session=1"];

/// A folder that is removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("apigen-replay-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Returns every file below, with its text.
    fn files(&self) -> Vec<(String, String)> {
        fn walk(root: &Path, folder: &Path, out: &mut Vec<(String, String)>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(root, &path, out);
                } else {
                    let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                    out.push((name, fs::read_to_string(&path).unwrap()));
                }
            }
        }
        let mut out = Vec::new();
        walk(&self.0, &self.0, &mut out);
        out.sort();
        out
    }

    fn names(&self) -> Vec<String> {
        self.files().into_iter().map(|(name, _)| name).collect()
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap_or_else(|_| panic!("no {name} among {:?}", self.names()))
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Creates a transport that responds to everything with this, and counts.
fn server(status: u16, body: &str) -> (impl Transport, Arc<AtomicUsize>) {
    let (body, count) = (body.to_owned(), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&count);
    let transport = transport_fn(move |_| {
        let number = counted.fetch_add(1, Ordering::Relaxed);
        let mut response = http::Response::new(Bytes::from(body.clone()));
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        for (name, value) in [("x-total-count", "1"), ("x-roles", "reader, editor"), ("set-cookie", "session=1")] {
            response.headers_mut().append(name, value.parse().unwrap());
        }
        response.headers_mut().append("date", number.to_string().parse().unwrap());
        async { Ok(response) }
    });
    (transport, count)
}

fn client(transport: impl Transport) -> Client {
    Client::builder(Client::BASE_URL).api_key("secret").transport(transport).build().unwrap()
}

fn recording(folder: &Folder, status: u16, body: &str) -> Client {
    client(Recorder::new(&folder.0, RecordMode::Record, server(status, body).0))
}

fn replaying(folder: &Folder) -> Client {
    client(Recorder::replay(&folder.0))
}

fn form() -> UserForm {
    UserForm { name: Some("Somebody".to_owned()), ..UserForm::new("jo@example.com") }
}

fn told<T: std::fmt::Debug, E: Into<AnyError>>(result: Result<T, E>) -> String {
    let error: AnyError = result.unwrap_err().into();
    error.to_string()
}

#[tokio::test]
async fn what_was_recorded_is_replayed() {
    let folder = Folder::new("roundtrip");
    let list = format!("[{USER}]");
    let params = || users::GetParams::new().email("jo@example.com").role(Role::Editor);
    let real = recording(&folder, 200, &list).users().get(params()).with_response().await.unwrap();
    let played = replaying(&folder).users().get(params()).with_response().await.unwrap();
    assert_eq!(real[0].email, "jo@example.com");
    assert_eq!(played.headers().get("x-total-count").unwrap(), "1");
    assert_eq!(users::GetHeaders::from_headers(played.headers()).unwrap().x_roles, [Role::Reader, Role::Editor]);
    let expected = User {
        email: played[0].email.clone(),
        name: played[0].name.clone(),
        home: played[0].home.clone(),
        settings: played[0].settings.clone(),
        ..real[0].clone()
    };
    assert_eq!(played[0], expected, "all but what is sensitive is the same");
    assert!(played[0].email.starts_with("redacted-") && played[0].name.as_ref().unwrap().starts_with("redacted-"));

    let real = recording(&folder, 404, "").users().get_by_guid(literal::uuid(GUID)).await.unwrap_err();
    let played = replaying(&folder).users().get_by_guid(literal::uuid(GUID)).await.unwrap_err();
    assert_eq!(played.declared(), real.declared());
    assert_eq!(played.declared(), Some(&users::GetByGuidError::NotFound));

    let defaults = r#"[{"country":"FRA","currency":"EUR","languages":["fr"],"measurement_system":"metric","names":{},"vat":20.00}]"#;
    let params = country_defaults::GetParams::new;
    let real = recording(&folder, 200, defaults).country_defaults().get(params()).await.unwrap();
    let played = replaying(&folder).country_defaults().get(params()).await.unwrap();
    assert_eq!(played, real);
    assert_eq!(played[0].vat.unwrap().to_string(), "20.00", "every digit is kept");
}

#[tokio::test]
async fn files_are_laid_out_by_operation() {
    let folder = Folder::new("layout");
    let client = |status, body: &str| {
        client(Recorder::new(&folder.0, RecordMode::Record, server(status, body).0).named("simple"))
    };
    client(200, USER).users().get_by_guid(literal::uuid(GUID)).await.unwrap();
    client(200, USER).users().put_by_guid(literal::uuid(GUID), &form()).example("renamed").await.unwrap();
    client(204, "").users().delete_by_guid(literal::uuid(GUID)).await.unwrap();
    assert_eq!(
        folder.names(),
        [
            "delete/users/:guid/simple.meta.json",
            "get/users/:guid/simple.meta.json",
            "get/users/:guid/simple.response.json",
            "put/users/:guid/renamed.meta.json",
            "put/users/:guid/renamed.request.json",
            "put/users/:guid/renamed.response.json",
        ]
    );
    let email = folder.text("put/users/:guid/renamed.request.json");
    assert_eq!(
        email,
        "{\n  \"email\": \"redacted-d1a90d2bdd31\",\n  \"name\": \"Somebody\",\n  \"role\": \"reader\"\n}\n"
    );
    let meta = format!(
        "{{\n  \"operation\": \"users.get_by_guid\",\n  \"status\": 200,\n  \"path\": {{\n    \"guid\": \"{GUID}\"\n  }},\n  \"query\": {{}}\n}}\n"
    );
    assert_eq!(folder.text("get/users/:guid/simple.meta.json"), meta);
}

#[tokio::test]
async fn no_secret_is_in_any_file() {
    let folder = Folder::new("secrets");
    let list = format!("[{USER}]");
    recording(&folder, 200, &list).users().get(users::GetParams::new().email("jo@example.com")).await.unwrap();
    recording(&folder, 201, USER).users().post(&form(), users::PostParams::new()).await.unwrap();
    let taken = r#"[{"code":"taken","message":"jo@example.com is taken"}]"#;
    let other = UserForm { name: None, ..form() };
    recording(&folder, 409, taken).users().post(&other, users::PostParams::new()).await.unwrap_err();
    let params = users::PostAuthenticateParams::new().scopes(["all"]);
    let client = recording(&folder, 200, USER);
    client.users().post_authenticate("jo@example.com", "hunter2", params.clone()).await.unwrap();
    for (name, text) in folder.files() {
        for secret in SECRETS {
            assert!(!text.contains(secret), "{secret} is in {name}:\n{text}");
        }
    }
    // The same value has the same pseudonym everywhere.
    let played =
        replaying(&folder).users().post_authenticate("jo@example.com", "hunter2", params.clone()).await.unwrap();
    assert!(folder.files().iter().filter(|(_, text)| text.contains(&played.email)).count() >= 7);
    let wrong = replaying(&folder).users().post_authenticate("jo@example.com", "hunter3", params).await;
    let message = told(wrong);
    assert!(message.contains("body/password: recorded \"redacted-") && !message.contains("hunter"), "{message}");
    let error = replaying(&folder).users().post(&other, users::PostParams::new()).await.unwrap_err();
    assert!(error.to_string().contains(&format!("{} is taken", played.email)), "{error}");
    // A replayed value can be sent.
    let again = UserForm { email: played.email.clone(), ..form() };
    assert_eq!(replaying(&folder).users().post(&again, users::PostParams::new()).await.unwrap().email, played.email);
    // Without the key, values cannot be guessed.
    let keyed = Folder::new("keyed");
    let recorder = Recorder::new(&keyed.0, RecordMode::Record, server(201, USER).0).key("k");
    client_post(recorder).await;
    assert!(keyed.files().iter().all(|(_, text)| !text.contains(&played.email)));
    client_post(Recorder::replay(&keyed.0).key("k")).await;
}

async fn client_post(recorder: Recorder) {
    client(recorder).users().post(&form(), users::PostParams::new()).await.unwrap();
}

#[tokio::test]
async fn recording_again_changes_no_byte() {
    let folder = Folder::new("stable");
    let record = async |body: &str| {
        let client = recording(&folder, 201, body);
        client.users().post(&form(), users::PostParams::new().x_request_id(body.len().to_string())).await.unwrap();
    };
    record(USER).await;
    let before = folder.files();
    record(USER).await;
    assert_eq!(folder.files(), before);
    // Order of keys, white space, spelling of numbers: the same exchange.
    let guid = format!(r#""guid":"{GUID}","#);
    let same = USER.replace(&guid, " ").replace(r#""latitude":48.850"#, r#""latitude" : 4885e-2"#);
    record(&format!(r#"{}, "guid":"{GUID}"}}"#, same.strip_suffix('}').unwrap())).await;
    assert_eq!(folder.files(), before);
    record(&USER.replace("editor", "admin")).await;
    assert_ne!(folder.files(), before);
    assert_eq!(folder.names().len(), before.len(), "in place of the older one");
}

#[tokio::test]
async fn what_breaks_the_spec_is_refused() {
    let folder = Folder::new("refused");
    let cases = [
        (418, "[]", "declares no status 418"),
        (200, "[{}]", "required field \"guid\""),
        (200, "<html>", "invalid JSON"),
        (200, &format!("[{}]", USER.replace("Paris", "")), "at least 1 character"),
        (200, &format!("[{}]", USER.replace("jo@example.com", "jo")), "at least 3 characters"),
        (200, &format!("[{}]", USER.replace("editor", "owner")), "owner"),
    ];
    for (status, body, expected) in cases {
        let message = told(recording(&folder, status, body).users().get(users::GetParams::new()).await);
        assert!(message.contains("not recorded") && message.contains(expected), "{message}");
        assert_eq!(folder.names(), Vec::<String>::new());
        let played = Folder::new("refused-replay");
        played.write("get/users/x.response.json", body);
        played.write("get/users/x.meta.json", &format!("{{\"status\": {status}}}"));
        let message = told(replaying(&played).users().get(users::GetParams::new()).await);
        assert!(message.contains("x violates the spec") && message.contains(expected), "{message}");
    }
    // Responses that a client may retry are left to it.
    let error = recording(&folder, 503, "").users().post(&form(), users::PostParams::new()).await.unwrap_err();
    assert!(error.is_undeclared_status() && folder.names().is_empty(), "{error}");
    let lenient =
        Recorder::new(&folder.0, RecordMode::Record, server(200, &USER.replace("editor", "owner")).0).lenient();
    assert!(client(lenient).users().get_by_guid(literal::uuid(GUID)).await.is_ok());
    assert_eq!(folder.names().len(), 2);
}

#[tokio::test]
async fn modes() {
    let folder = Folder::new("modes");
    let (transport, count) = server(200, USER);
    let transport = Arc::new(transport);
    let get = async |mode| {
        let client = client(Recorder::new(&folder.0, mode, Arc::clone(&transport)));
        client.users().get_by_guid(literal::uuid(GUID)).await.is_ok()
    };
    assert!(!get(RecordMode::Replay).await);
    assert_eq!(count.load(Ordering::Relaxed), 0);
    assert!(get(RecordMode::ReplayOrRecord).await && get(RecordMode::ReplayOrRecord).await);
    assert!(get(RecordMode::Replay).await);
    assert_eq!(count.load(Ordering::Relaxed), 1);
    assert!(get(RecordMode::Record).await);
    assert_eq!(count.load(Ordering::Relaxed), 2);
    let bad = client(Recorder::replay(&folder.0)).users().get_by_guid(literal::uuid(GUID)).example("../x").await;
    assert!(told(bad).contains("cannot be the name of an example"));
}

#[tokio::test]
async fn input_is_compared_by_meaning() {
    let folder = Folder::new("meaning");
    folder.write("get/users/x.response.json", "[]");
    folder.write("get/users/x.meta.json", r#"{"query": {"sort": "-created_at", "offset": "0", "limit": "25"}}"#);
    assert!(replaying(&folder).users().get(users::GetParams::new()).await.is_ok());
    assert!(replaying(&folder).users().get(users::GetParams::new().limit(3)).await.is_err());
    // By hand, without a meta file: any input. Files that are more specific about their input take precedence.
    folder.write("get/users/by_hand.response.json", &format!("[{USER}]"));
    assert_eq!(replaying(&folder).users().get(users::GetParams::new().limit(3)).await.unwrap().len(), 1);
    assert_eq!(replaying(&folder).users().get(users::GetParams::new()).await.unwrap().len(), 0);
    assert_eq!(replaying(&folder).users().get(users::GetParams::new()).example("by_hand").await.unwrap().len(), 1);
    // The body by value: white space, order of keys, plain values in place of pseudonyms.
    folder.write("post/users/x.response.json", USER);
    folder.write(
        "post/users/x.request.json",
        r#"{"role" : "reader", "name": "Some\u0062ody", "email": "jo@example.com" }"#,
    );
    assert!(replaying(&folder).users().post(&form(), users::PostParams::new()).await.is_ok());
    // A folder for one value of a variable takes precedence.
    folder.write("get/users/:guid/x.response.json", USER);
    folder.write(&format!("get/users/{GUID}/x.response.json"), &USER.replace("editor", "admin"));
    let guid = literal::uuid(GUID);
    assert_eq!(replaying(&folder).users().get_by_guid(guid).await.unwrap().role, Role::Admin);
    let other = literal::uuid("00000000-269e-4d37-b2a7-4de452e6b438");
    assert_eq!(replaying(&folder).users().get_by_guid(other).await.unwrap().role, Role::Editor);
}

#[tokio::test]
async fn a_missing_exchange_is_explained() {
    let folder = Folder::new("missing");
    let root = folder.0.to_str().unwrap().to_owned();
    let expect = |message: String, golden: &str| {
        let golden_path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/replay").join(golden);
        let message = message.replace(&root, "examples") + "\n";
        if std::env::var_os("APIGEN_BLESS").is_some() {
            fs::write(&golden_path, &message).unwrap();
        }
        assert_eq!(message, fs::read_to_string(golden_path).unwrap());
    };
    let put = async |client: Client, form: UserForm| client.users().put_by_guid(literal::uuid(GUID), &form).await;
    expect(told(put(replaying(&folder), form()).await), "none.txt");
    put(recording(&folder, 200, USER), form()).await.unwrap();
    put(recording(&folder, 200, USER), UserForm { role: Role::Admin, ..UserForm::new("x@y.z") }).await.unwrap();
    expect(told(put(replaying(&folder), UserForm { role: Role::Admin, ..form() }).await), "nearest.txt");
}
