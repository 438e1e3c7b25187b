//! The content of bodies, without the encoding in which they are sent.

use std::io::Read as _;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use http::HeaderMap;
use http::header::CONTENT_ENCODING;

/// Returns the content of a body.
///
/// # Errors
/// Returns why it cannot be checked: an unknown encoding, a wrong one, or more than `limit` bytes of content.
pub(super) fn decoded(headers: &HeaderMap, body: &Bytes, limit: usize) -> Result<Bytes, &'static str> {
    let mut codings =
        super::headers::tokens(headers, &CONTENT_ENCODING).filter(|c| !c.eq_ignore_ascii_case("identity"));
    match (codings.next(), codings.next()) {
        (None, _) => Ok(body.clone()),
        _ if body.is_empty() => Ok(body.clone()),
        (Some(coding), None) if coding.eq_ignore_ascii_case("gzip") || coding.eq_ignore_ascii_case("x-gzip") => {
            gunzipped(body, limit)
        }
        _ => Err("the content encoding is not gzip"),
    }
}

fn gunzipped(body: &[u8], limit: usize) -> Result<Bytes, &'static str> {
    let mut content = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    // What is read is bounded, however much is packed.
    match MultiGzDecoder::new(body).take(most).read_to_end(&mut content) {
        Ok(size) if size > limit => Err("the body is larger than the limit when it is unpacked"),
        Ok(_) => Ok(content.into()),
        Err(_) => Err("the body is not gzip, as its headers say"),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(content: &[u8]) -> Bytes {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap().into()
    }

    fn content(coding: &str, body: &Bytes) -> Result<Bytes, &'static str> {
        let headers = HeaderMap::from_iter([(CONTENT_ENCODING, coding.parse().unwrap())]);
        decoded(&headers, body, 1000)
    }

    #[test]
    fn content_is_unpacked_within_the_limit() {
        let text = Bytes::from_static(br#"{"a":1}"#);
        let bomb = gzip(&vec![b' '; 50_000_000]);
        assert!(bomb.len() < 60_000);
        assert_eq!(content("GZip", &gzip(&text)), Ok(text.clone()));
        assert_eq!(content("identity", &text), Ok(text.clone()));
        assert_eq!(content("gzip", &gzip(&[b'x'; 1000])).unwrap().len(), 1000);
        for (coding, body) in [
            ("gzip", gzip(&[b'x'; 1001])),
            ("gzip", bomb),
            ("gzip", text.clone()),
            ("gzip", gzip(&text).slice(..12)),
            ("br", text.clone()),
            ("gzip, gzip", gzip(&gzip(&text))),
        ] {
            assert!(content(coding, &body).is_err(), "{coding} {}", body.len());
        }
        assert_eq!(content("gzip", &Bytes::new()), Ok(Bytes::new()), "a response to HEAD");
    }
}
