//! What responses say about deprecated operations: the headers `Deprecation` and `Sunset`.

use apigen_model::api::{Attribute, Operation, Resource};
use http::{HeaderMap, HeaderName, HeaderValue};

/// The headers of a deprecated operation; none for all others.
#[derive(Debug, Clone, Default)]
pub(super) struct Lifecycle {
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// Reads what the spec says: `deprecation`, and the attribute `sunset` with a `date`.
pub(super) fn lifecycle((resource, operation): (&Resource, &Operation)) -> Lifecycle {
    let mut headers = Vec::new();
    if operation.deprecation.is_some() || resource.deprecation.is_some() {
        // A spec does not say since when, so this is the form without a date.
        headers.push((HeaderName::from_static("deprecation"), HeaderValue::from_static("true")));
    }
    let sunset = date(&operation.attributes).or_else(|| date(&resource.attributes)).and_then(http_date);
    let sunset = sunset.and_then(|date| HeaderValue::from_str(&date).ok());
    headers.extend(sunset.map(|date| (HeaderName::from_static("sunset"), date)));
    Lifecycle { headers }
}

impl Lifecycle {
    pub(super) fn add(&self, headers: &mut HeaderMap) {
        headers.extend(self.headers.iter().cloned());
    }
}

fn date(attributes: &[Attribute]) -> Option<&str> {
    let own = attributes.iter().find(|attribute| attribute.name == "sunset")?;
    own.value.get("date")?.as_str()
}

/// Converts `2026-12-31` to `Thu, 31 Dec 2026 00:00:00 GMT` (RFC 9110, 5.6.7).
fn http_date(date: &str) -> Option<String> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    let mut parts = date.get(..10)?.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let name = MONTHS.get(usize::try_from(month - 1).ok()?)?;
    // Sakamoto's method: January and February count as months of the year before.
    let shift = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4][usize::try_from(month - 1).ok()?];
    let before = if month < 3 { year - 1 } else { year };
    let weekday = (before + before / 4 - before / 100 + before / 400 + shift + day).rem_euclid(7);
    let weekday = DAYS.get(usize::try_from(weekday).ok()?)?;
    (1..=31).contains(&day).then(|| format!("{weekday}, {day:02} {name} {year:04} 00:00:00 GMT"))
}

#[cfg(test)]
mod tests {
    use super::http_date;

    #[test]
    fn dates_are_those_of_http() {
        for (date, expected) in [
            ("2026-12-31", Some("Thu, 31 Dec 2026 00:00:00 GMT")),
            ("2024-02-29", Some("Thu, 29 Feb 2024 00:00:00 GMT")),
            ("2000-01-01T00:00:00Z", Some("Sat, 01 Jan 2000 00:00:00 GMT")),
            ("2026-13-01", None),
            ("2026-01-40", None),
            ("soon", None),
        ] {
            assert_eq!(http_date(date).as_deref(), expected, "{date}");
        }
    }
}
