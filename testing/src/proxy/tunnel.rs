//! Connections that have changed to another protocol: bytes are passed in both directions, and closed one by one.

use std::sync::Arc;

use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::sync::OwnedSemaphorePermit;

/// Connects both sides until both have closed their direction; holds the place of the connection.
pub(super) fn spawn(client: OnUpgrade, server: OnUpgrade, place: Arc<OwnedSemaphorePermit>) {
    tokio::spawn(async move {
        let _place = place;
        // Either fails if the connection ends first; there is nobody left to tell.
        let (Ok(client), Ok(server)) = (client.await, server.await) else { return };
        let (mut client, mut server) = (TokioIo::new(client), TokioIo::new(server));
        drop(tokio::io::copy_bidirectional(&mut client, &mut server).await);
    });
}
