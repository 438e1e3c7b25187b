//! Defaults: text that must fit a type (format reference, 12.1).

use std::cmp::Ordering;
use std::collections::HashMap;

use super::scope::{Meaning, Scope};
use super::service::{Enum as Enumeration, Kind};
use crate::api::{Enum, Id, Literal, Primitive};
use crate::diagnostic::count;
use crate::source::json::{Node, Value, parse};
use crate::source::number;
use crate::vocabulary::type_text::Wrapper;

/// Returns true if a text can be the value of a header as it is.
pub fn is_visible(text: &str) -> bool {
    text.chars().all(|c| c == ' ' || c.is_ascii_graphic())
}

/// Converts the default of a list header to JSON, if it is written as headers write lists: `a, b`. For an enum, the
/// text on the wire stands for the value.
pub fn header_list(scope: &Scope<'_>, ty: &str, text: &str) -> Option<String> {
    let (parsed, _) = scope.parse(ty)?;
    if parsed.wrappers != [Wrapper::List] || text.trim_start().starts_with('[') {
        return None;
    }
    let name = |element: &str| match (scope.sent(parsed.base, element), scope.parse(parsed.base)) {
        (Some(index), Some((_, Meaning::Declared(target)))) => {
            scope.units[target.unit].service.enums[target.index].values[index].common.name.value.clone()
        }
        _ => element.to_owned(),
    };
    let elements = text.split(',').map(str::trim).filter(|element| !element.is_empty());
    Some(serde_json::Value::from(elements.map(name).collect::<Vec<_>>()).to_string())
}

/// Returns the id of an enum by unit and index; the checker has no ids yet.
pub type EnumId<'a> = dyn Fn(usize, usize) -> Option<Id<Enum>> + 'a;

/// Parses the text of a default for a type with these collections around a name of this meaning.
///
/// # Errors
/// Returns what is wrong, in the words of the reference.
pub fn literal(
    scope: &Scope<'_>,
    wrappers: &[Wrapper],
    meaning: Meaning,
    text: &str,
    enum_id: &EnumId<'_>,
) -> Result<Literal, String> {
    let Some((outer, inner)) = wrappers.split_first() else { return single(scope, meaning, text, enum_id) };
    let node = parse(text).map_err(|_| format!("default[{text}] is not json"))?;
    let element = |node: &Node| {
        let text = node.text().map_or_else(|| node.compact(), str::to_owned);
        literal(scope, inner, meaning, &text, enum_id)
    };
    match (outer, &node.value) {
        (Wrapper::List, Value::Array(items)) => Ok(Literal::List(gather(items.iter().map(element))?)),
        (Wrapper::List, _) => Err(format!("default[{text}] is not a JSON Array")),
        (Wrapper::Map, Value::Object(members)) => {
            let values = gather(members.iter().map(|m| element(&m.node)))?;
            // Of members with the same key the last one wins.
            let last: HashMap<&str, usize> = members.iter().enumerate().map(|(i, m)| (m.key.as_str(), i)).collect();
            let entries = members.iter().zip(values).enumerate();
            let entries = entries.filter(|(index, (m, _))| last.get(m.key.as_str()) == Some(index));
            Ok(Literal::Map(entries.map(|(_, (m, value))| (m.key.clone(), value)).collect()))
        }
        (Wrapper::Map, _) => Err(format!("default[{text}] is not a JSON Object")),
    }
}

fn gather(results: impl Iterator<Item = Result<Literal, String>>) -> Result<Vec<Literal>, String> {
    let (mut values, mut faults) = (Vec::new(), Vec::new());
    results.for_each(|result| match result {
        Ok(value) => values.push(value),
        Err(fault) => faults.push(fault),
    });
    match faults.is_empty() {
        true => Ok(values),
        false => Err(some_of(faults.iter().map(String::as_str), 3)),
    }
}

fn single(scope: &Scope<'_>, meaning: Meaning, text: &str, enum_id: &EnumId<'_>) -> Result<Literal, String> {
    match meaning {
        Meaning::Primitive(ty) => primitive(ty, text).ok_or_else(|| {
            let verb = if is_beyond(ty, text) { "does not fit into" } else { "is not" };
            format!("default[{text}] {verb} {}", word(ty))
        }),
        Meaning::Declared(target) if target.kind == Kind::Enum => {
            match (scope.value(target, text), enum_id(target.unit, target.index)) {
                (Some(position), Some(id)) => Ok(Literal::Enum(id, position)),
                // Only whether the value fits matters here.
                (Some(_), None) => Ok(Literal::Boolean(true)),
                (None, _) => {
                    let Enumeration { common, values } = &scope.units[target.unit].service.enums[target.index];
                    let valid = some_of(values.iter().map(|v| v.common.name.value.as_str()), 20);
                    Err(format!("default[{text}] is not valid for enum[{}]; valid are: {valid}", common.name.value))
                }
            }
        }
        Meaning::Declared(target) => {
            let kind = if target.kind == Kind::Union { "union" } else { "model" };
            let name = &scope.common(target).name.value;
            Err(format!("default[{text}] is not valid for {kind}[{name}]: defaults of {kind}s are unsupported"))
        }
        Meaning::Missing | Meaning::Unknown => Err(format!("default[{text}] cannot be checked: its type is not known")),
    }
}

/// Formats the first of many names, and the number of the others.
pub fn some_of<'a>(mut names: impl ExactSizeIterator<Item = &'a str>, most: usize) -> String {
    let first = names.by_ref().take(most).collect::<Vec<_>>().join(", ");
    match names.len() {
        0 => first,
        others => format!("{first} and {}", count(others, "other")),
    }
}

fn word(ty: Primitive) -> String {
    match (ty, ty.name()) {
        (Primitive::Boolean, _) => "a boolean; valid are: true, false".to_owned(),
        (Primitive::Json, _) => "a json value".to_owned(),
        (Primitive::Integer | Primitive::Object, name) => format!("an {name}"),
        (_, name) => format!("a {name}"),
    }
}

fn primitive(ty: Primitive, text: &str) -> Option<Literal> {
    Some(match ty {
        Primitive::Boolean => Literal::Boolean(text.parse().ok()?),
        Primitive::Integer => Literal::Integer(i64::from(text.parse::<i32>().ok()?)),
        Primitive::Long => Literal::Integer(text.parse().ok()?),
        Primitive::Double => Literal::Double(double(text)?),
        Primitive::Decimal => Literal::Decimal(decimal(text)?),
        Primitive::String => Literal::String(text.to_owned()),
        Primitive::Uuid => Literal::Uuid(uuid(text)?),
        Primitive::Date => Literal::Date(date(text)?),
        Primitive::DateTime => Literal::DateTime(date_time(text)?),
        Primitive::Object => {
            matches!(parse(text).ok()?.value, Value::Object(_)).then(|| Literal::Object(text.to_owned()))?
        }
        Primitive::Json => parse(text).ok().map(|_| Literal::Json(text.to_owned()))?,
        Primitive::Unit => return None,
    })
}

/// Returns true if the text is a number that is out of the type's range.
fn is_beyond(ty: Primitive, text: &str) -> bool {
    match ty {
        Primitive::Integer | Primitive::Long => {
            let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        }
        Primitive::Double | Primitive::Decimal => is_number(text),
        _ => false,
    }
}

/// Returns true for digits with optional sign, point and exponent.
fn is_number(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || "+-.eE".contains(c)) && text.parse::<f64>().is_ok()
}

/// Parses a double that JSON can express: finite, and zero only if written as zero.
fn double(text: &str) -> Option<f64> {
    let value: f64 = Some(text).filter(|text| is_number(text))?.parse().ok()?;
    let lost = value == 0.0 && number::compare(text, 0).is_none_or(Ordering::is_ne);
    (value.is_finite() && !lost).then_some(value)
}

/// Parses a number that the Rust type holds exactly: 96 bits, and at most 28 digits after the point.
fn decimal(text: &str) -> Option<String> {
    (is_number(text) && number::is_decimal(text)).then(|| text.trim_start_matches('+').to_owned())
}

fn uuid(text: &str) -> Option<String> {
    let lengths = [8, 4, 4, 4, 12];
    let groups: Vec<&str> = text.split('-').collect();
    let fits = groups.len() == lengths.len()
        && groups.iter().zip(lengths).all(|(group, length)| {
            group.len() <= length && !group.is_empty() && group.chars().all(|c| c.is_ascii_hexdigit())
        });
    // Shorter groups are accepted, as in Java, and padded.
    let padded = groups.iter().zip(lengths).map(|(group, length)| format!("{:0>length$}", group.to_ascii_lowercase()));
    fits.then(|| padded.collect::<Vec<_>>().join("-"))
}

/// Parses `yyyy`, `yyyy-MM` or `yyyy-MM-dd`; missing parts are the first. The types of jiff and chrono can hold every
/// such day.
fn date(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |index: usize, digits: usize| match parts.get(index) {
        None => Some(1),
        Some(part) if part.len() == digits && part.chars().all(|c| c.is_ascii_digit()) => part.parse::<u32>().ok(),
        Some(_) => None,
    };
    let (year, month, day) = (number(0, 4)?, number(1, 2)?, number(2, 2)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    (parts.len() <= 3 && (1..=days).contains(&day)).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// Parses an ISO 8601 date-time, or a bare date; without an offset it is UTC. No offset takes it before the year 0 in
/// UTC; if it takes it past the year 9999, the runtime uses its last instant.
fn date_time(text: &str) -> Option<String> {
    let Some((day, time)) = text.split_once('T') else { return Some(format!("{}T00:00:00Z", date(text)?)) };
    let day = date(day)?;
    let offset_at = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, offset) = time.split_at(offset_at);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let mut parts: Vec<&str> = clock.split(':').collect();
    let limits = [24, 60, 60];
    let two = |part: &str, limit: u32| part.len() == 2 && part.parse::<u32>().is_ok_and(|n| n < limit);
    if parts.len() > 3 || !parts.iter().zip(limits).all(|(part, limit)| two(part, limit)) {
        return None;
    }
    if fraction.len() > 9
        || !fraction.chars().all(|c| c.is_ascii_digit())
        || (fraction.is_empty() && time.contains('.'))
    {
        return None;
    }
    parts.resize(3, "00");
    let fraction = if fraction.is_empty() { String::new() } else { format!(".{fraction}") };
    let (clock, offset) = (parts.join(":"), offset_text(offset)?);
    let too_early = day == "0000-01-01" && offset.strip_prefix('+').is_some_and(|east| clock.as_str() < east);
    (!too_early).then(|| format!("{day}T{clock}{fraction}{offset}"))
}

/// Converts `Z`, `+hh:mm`, `+hhmm` or `+hh` to `Z` or `+hh:mm`.
fn offset_text(offset: &str) -> Option<String> {
    let digits: String = offset.chars().skip(1).filter(|c| *c != ':').collect();
    match (offset.chars().next(), digits.len()) {
        (None | Some('Z'), 0) => Some("Z".to_owned()),
        (Some(sign @ ('+' | '-')), 2 | 4) if digits.chars().all(|c| c.is_ascii_digit()) => {
            let (hours, minutes) = (&digits[..2], digits.get(2..4).unwrap_or("00"));
            (hours < "24" && minutes < "60").then(|| format!("{sign}{hours}:{minutes}"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fit_their_types() {
        for (ty, text, fits) in [
            (Primitive::Boolean, "true", true),
            (Primitive::Boolean, "True", false),
            (Primitive::Integer, "2147483648", false),
            (Primitive::Long, "-5", true),
            (Primitive::Long, "1.5", false),
            (Primitive::Double, "1e3", true),
            (Primitive::Double, "1.7976931348623157e308", true),
            (Primitive::Double, "-1.8e308", false),
            (Primitive::Double, "1e400", false),
            (Primitive::Double, "5e-324", true),
            (Primitive::Double, "1e-400", false),
            (Primitive::Double, "0e-400", true),
            (Primitive::Double, "NaN", false),
            (Primitive::Double, "-Infinity", false),
            (Primitive::Double, "abc", false),
            (Primitive::Decimal, "1.50", true),
            (Primitive::Decimal, "79228162514264337593543950335", true),
            (Primitive::Decimal, "79228162514264337593543950336", false),
            (Primitive::Decimal, "-7.9228162514264337593543950335", true),
            (Primitive::Decimal, "0.1234567890123456789012345678", true),
            (Primitive::Decimal, "0.12345678901234567890123456789", false),
            (Primitive::Decimal, "0.10000000000000000000000000000000000000000000000000", true),
            (Primitive::Decimal, "1E+28", true),
            (Primitive::Decimal, "1E+29", false),
            (Primitive::Decimal, "1E-28", true),
            (Primitive::Decimal, "1E-29", false),
            (Primitive::Decimal, "0e99", true),
            (Primitive::Decimal, "1e99999999999", false),
            (Primitive::Decimal, "NaN", false),
            (Primitive::Decimal, "1,5", false),
            (Primitive::Uuid, "6513270e-269e-4d37-b2a7-4de452e6b438", true),
            (Primitive::Uuid, "x", false),
            (Primitive::Date, "2024-02-29", true),
            (Primitive::Date, "2023-02-29", false),
            (Primitive::Date, "2014-01", true),
            (Primitive::DateTime, "2014-04-29T11:56:52.000Z", true),
            (Primitive::DateTime, "2014-04-29", true),
            (Primitive::DateTime, "9999-12-31T23:59:59.999999999Z", true),
            (Primitive::DateTime, "9999-12-31T23:59:59-23:59", true),
            (Primitive::DateTime, "10000-01-01T00:00:00Z", false),
            (Primitive::DateTime, "0001-01-01T00:00:00Z", true),
            (Primitive::DateTime, "0000-01-01T00:59:59+01:00", false),
            (Primitive::DateTime, "0000-01-01T01:00:00+01:00", true),
            (Primitive::DateTime, "-0001-01-01T00:00:00Z", false),
            (Primitive::Date, "9999-12-31", true),
            (Primitive::Date, "0000-01-01", true),
            (Primitive::Date, "-0001-01-01", false),
            (Primitive::DateTime, "2014-04-29T25:00:00Z", false),
            (Primitive::DateTime, "2014-04-29T11:56:52+0200", true),
            (Primitive::Json, "{oops", false),
            (Primitive::Object, "[1]", false),
            (Primitive::Object, "{}", true),
            (Primitive::Unit, "x", false),
        ] {
            assert_eq!(primitive(ty, text).is_some(), fits, "{ty:?} {text}");
        }
    }
}
