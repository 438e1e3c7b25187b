//! Runs the service: `LOCATION_URL` says where the location service is, `PORT` where to listen.

use std::sync::Arc;

use location_service::{location, router};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::var("LOCATION_URL").unwrap_or_else(|_| location::Client::BASE_URL.to_owned());
    let port: u16 = std::env::var("PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(8080);
    let client = location::Client::builder(url).build()?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    axum::serve(listener, router(Arc::new(client))).await?;
    Ok(())
}
