//! Bodies that come in pieces.

use std::future::poll_fn;
use std::pin::pin;

use bytes::{Buf, Bytes, BytesMut};
use http_body::Body;

use super::transport::BoxError;

/// The whole body. `None` if it is larger than the limit: then reading ends there.
pub(crate) async fn collect<B: Body<Error: Into<BoxError>>>(body: B, limit: usize) -> Result<Option<Bytes>, BoxError> {
    if body.size_hint().lower() > limit as u64 {
        return Ok(None);
    }
    let mut body = pin!(body);
    let mut whole = Bytes::new();
    while let Some(frame) = poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
        let Ok(mut data) = frame.map_err(Into::into)?.into_data() else { continue };
        let size = data.remaining();
        if whole.len().saturating_add(size) > limit {
            return Ok(None);
        }
        // `Bytes` give themselves without a copy, and most bodies are one piece.
        let piece = data.copy_to_bytes(size);
        whole = if whole.is_empty() { piece } else { append(whole, &piece) };
    }
    Ok(Some(whole))
}

fn append(whole: Bytes, piece: &[u8]) -> Bytes {
    let mut buffer = BytesMut::from(whole);
    buffer.extend_from_slice(piece);
    buffer.freeze()
}
