//! The header `Retry-After` (RFC 9110, section 10.2.3).

use std::time::Duration;

use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderName};
use jiff::Timestamp;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

/// The three notations of a date in HTTP, of which the last two are obsolete (RFC 9110, section 5.6.7).
const FORMATS: [&str; 3] = ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];

/// How long the server asks to wait. A date is compared with the server's own clock if it sent that; one that is past is
/// no wait at all.
pub(super) fn read(headers: &HeaderMap) -> Option<Duration> {
    let text = text(headers, RETRY_AFTER)?;
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().map(Duration::from_secs);
    }
    let now = self::text(headers, DATE).and_then(date).unwrap_or_else(Timestamp::now);
    let wait = date(text)?.duration_since(now);
    Some(Duration::try_from(wait).unwrap_or_default())
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn date(text: &str) -> Option<Timestamp> {
    let parsed = FORMATS.iter().find_map(|format| strtime::parse(format, text).ok()?.to_datetime().ok())?;
    parsed.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
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
        let soon = Timestamp::now() + jiff::SignedDuration::from_secs(100);
        let wait = read(&headers(&soon.strftime(FORMATS[0]).to_string(), None)).unwrap();
        assert!(wait <= Duration::from_secs(100) && wait > Duration::from_secs(60), "{wait:?}");
    }
}
