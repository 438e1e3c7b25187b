//! The header `Retry-After` (RFC 9110, section 10.2.3).

use std::time::{Duration, SystemTime};

use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue};
use httpdate::parse_http_date;

/// The longest wait that is told. It is a hundred years, which can still be added to any time of a clock.
pub(super) const LONGEST: Duration = Duration::from_secs(100 * 365 * 86_400);

/// Returns how long the server asks to wait; of several values, the longest.
///
/// A date is compared with the server's own clock if it sent that; one that is past is no wait at all. What is neither a date nor a
/// number of seconds that can be counted (`1e9`, `-1`, a year of five digits) is [`LONGEST`], not nothing: the server does want a
/// wait, and an early attempt is what it asks not to get.
pub(super) fn read(headers: &HeaderMap) -> Option<Duration> {
    headers
        .get_all(RETRY_AFTER)
        .iter()
        .filter(|value| !value.as_bytes().trim_ascii().is_empty())
        .map(|value| wait(value, headers))
        .max()
}

fn wait(value: &HeaderValue, headers: &HeaderMap) -> Duration {
    let Ok(text) = value.to_str().map(str::trim) else { return LONGEST };
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().map_or(LONGEST, Duration::from_secs).min(LONGEST);
    }
    let Ok(date) = parse_http_date(text) else { return LONGEST };
    let own = headers.get(DATE).and_then(|text| parse_http_date(text.to_str().ok()?.trim()).ok());
    date.duration_since(own.unwrap_or_else(SystemTime::now)).unwrap_or_default().min(LONGEST)
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
            (" ", None),
        ];
        for (text, seconds) in cases {
            assert_eq!(read(&headers(text, date)), seconds.map(Duration::from_secs), "{text}");
        }
        assert_eq!(read(&HeaderMap::new()), None);
    }

    #[test]
    fn what_cannot_be_counted_is_very_long() {
        for text in [
            "99999999999999999999999",
            "18446744073709551615",
            "1e9",
            "-1",
            "+5",
            "1.5",
            "0x10",
            "5 minutes",
            "soon",
            "é",
            "Fri, 31 Dec 9999 23:59:59 GMT",
            "Fri, 31 Dec 99999 23:59:59 GMT",
            "Sun, 99 Nov 1994 08:49:40 GMT",
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_bytes(text.as_bytes()).unwrap());
            assert_eq!(read(&headers), Some(LONGEST), "{text}");
        }
        assert!(
            std::time::Instant::now().checked_add(LONGEST).is_some()
                && SystemTime::now().checked_add(LONGEST).is_some()
        );
    }

    #[test]
    fn the_longest_of_several_counts() {
        let mut several = headers("1", None);
        several.append(RETRY_AFTER, HeaderValue::from_static("7"));
        several.append(RETRY_AFTER, HeaderValue::from_static(""));
        assert_eq!(read(&several), Some(Duration::from_secs(7)));
    }

    #[test]
    fn without_the_clock_of_the_server() {
        let soon = SystemTime::now() + Duration::from_secs(100);
        let wait = read(&headers(&httpdate::fmt_http_date(soon), None)).unwrap();
        assert!(wait <= Duration::from_secs(100) && wait > Duration::from_secs(60), "{wait:?}");
    }
}
