//! The header `Retry-After` (RFC 9110, section 10.2.3).

use std::time::{Duration, SystemTime};

use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderName};
use httpdate::parse_http_date;

/// How long the server asks to wait. A date is compared with the server's own clock if it sent that; one that is past is
/// no wait at all.
pub(super) fn read(headers: &HeaderMap) -> Option<Duration> {
    let text = text(headers, RETRY_AFTER)?;
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().map(Duration::from_secs);
    }
    let date = parse_http_date(text).ok()?;
    let now = self::text(headers, DATE).and_then(|text| parse_http_date(text).ok()).unwrap_or_else(SystemTime::now);
    Some(date.duration_since(now).unwrap_or_default())
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(retry_after: &str, date: Option<&str>) -> HeaderMap {
        let mut headers = HeaderMap::from_iter([(RETRY_AFTER, retry_after.parse().unwrap())]);
        headers.extend(date.map(|date| (DATE, date.parse().unwrap())));
        headers
    }

    #[test]
    fn both_forms() {
        let date = Some("Sun, 06 Nov 1994 08:49:37 GMT");
        let cases = [
            ("0", Some(0)),
            ("120", Some(120)),
            ("Sun, 06 Nov 1994 08:49:40 GMT", Some(3)),
            ("Sunday, 06-Nov-94 08:50:37 GMT", Some(60)),
            ("Sun Nov  6 09:49:37 1994", Some(3600)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("", None),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("99999999999999999999999", None),
        ];
        for (text, seconds) in cases {
            assert_eq!(read(&headers(text, date)), seconds.map(Duration::from_secs), "{text}");
        }
        assert_eq!(read(&HeaderMap::new()), None);
    }

    #[test]
    fn without_the_clock_of_the_server() {
        let soon = SystemTime::now() + Duration::from_secs(100);
        let wait = read(&headers(&httpdate::fmt_http_date(soon), None)).unwrap();
        assert!(wait <= Duration::from_secs(100) && wait > Duration::from_secs(60), "{wait:?}");
    }
}
