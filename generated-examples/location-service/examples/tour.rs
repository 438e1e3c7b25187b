//! A tour: the client generated from `specs/location.json` talks to a server on loopback, then a mock takes its place.

use std::sync::Arc;

use apigen_runtime::FromJson;
use axum::Router;
use axum::routing::get;
use location_service::location::{self, Address, MockAddresses, MockClient, UserForm, addresses};

/// What the service code holds: it does not know whether the API is real.
async fn city(api: Arc<dyn location::Api>, ip: &str) -> Result<Option<String>, apigen_runtime::AnyError> {
    let found = api.addresses().get(addresses::GetParams::new().ip(ip)).await?;
    Ok(found.into_iter().next().and_then(|address| address.city))
}

struct AlwaysRome;

impl MockAddresses for AlwaysRome {
    async fn get(&self, _: addresses::GetParams) -> addresses::GetResult {
        Ok(vec![Address { city: Some("Rome".to_owned()), ..Address::default() }])
    }
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "it shows what happens")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let json = |body: &'static str| get(move || async move { ([("content-type", "application/json")], body) });
    let server = Router::new().route("/addresses", json(r#"[{"city": "Paris", "precision": "CI"}]"#));
    tokio::spawn(async move { axum::serve(listener, server).await });

    let client = location::Client::builder(&url).api_key("demo").timeout(std::time::Duration::from_secs(5)).build()?;
    println!("over HTTP:  {:?}", city(Arc::new(client.clone()), "5.10.147.255").await?);
    println!(
        "undeclared: {}",
        client.timezones().get().await.map_or_else(|error| error.to_string(), |_| String::new())
    );

    let mock = MockClient::new().with_addresses(AlwaysRome);
    println!("mocked:     {:?}", city(Arc::new(mock), "5.10.147.255").await?);

    let violations =
        UserForm::from_json(r#"{"email": "a", "role": 7}"#).map_or_else(|v| v.to_string(), |_| String::new());
    println!("validated:  {violations}");
    Ok(())
}
