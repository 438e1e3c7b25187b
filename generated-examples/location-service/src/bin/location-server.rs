//! Runs the location service itself: `LOCATION_PASSWORD` is what users prove to be somebody with, `PORT` where to listen.

use std::net::SocketAddr;

use location_service::location;
use location_service::server::LocationServer;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let password = std::env::var("LOCATION_PASSWORD").unwrap_or_default();
    let port: u16 = std::env::var("PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(8081);
    let router = location::server::router(LocationServer::new(password));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    // Handlers ask who has opened the connection.
    let service = axum::Router::from(router).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).await
}
