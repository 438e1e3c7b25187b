//! The query of a list.

use std::cmp::Ordering;

use percent_encoding::percent_decode_str;

use super::item::Fields;
use super::text::{compare, is, lower};

/// The query of a list: filters, order and page.
#[derive(Default)]
pub(super) struct ListQuery {
    filters: Vec<(String, Vec<String>)>,
    sort: Vec<Key>,
    offset: usize,
    limit: Option<usize>,
}

impl ListQuery {
    /// Parses a query; parameters that are not a page, an order or one of `fields` are ignored.
    pub(super) fn read(query: &str, fields: &[&str]) -> ListQuery {
        let mut wanted = ListQuery::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let decoded = |text| percent_decode_str(text).decode_utf8_lossy().into_owned();
            wanted.add(decoded(name), decoded(value), fields);
        }
        wanted
    }

    fn add(&mut self, name: String, value: String, fields: &[&str]) {
        match name.as_str() {
            "limit" => self.limit = value.parse().ok(),
            "offset" => self.offset = value.parse().unwrap_or(0),
            "sort" => self.sort.extend(value.split(',').map(Key::read)),
            _ if fields.contains(&name.as_str()) => match self.filters.iter_mut().find(|(field, _)| *field == name) {
                Some((_, values)) => values.push(value),
                None => self.filters.push((name, vec![value])),
            },
            _ => {}
        }
    }

    /// Returns the page of matching items, in order; equal ones in the order of their creation.
    pub(super) fn select<'a>(&self, items: impl Iterator<Item = &'a Fields>) -> Vec<&'a Fields> {
        let passes = |fields: &Fields, (name, values): &(String, Vec<String>)| {
            fields.get(name).is_some_and(|own| values.iter().any(|value| is(own, value)))
        };
        let mut items: Vec<&Fields> =
            items.filter(|fields| self.filters.iter().all(|filter| passes(fields, filter))).collect();
        items.sort_by(|a, b| self.order(a, b));
        items.into_iter().skip(self.offset).take(self.limit.unwrap_or(usize::MAX)).collect()
    }

    fn order(&self, a: &Fields, b: &Fields) -> Ordering {
        self.sort.iter().map(|key| key.order(a, b)).fold(Ordering::Equal, Ordering::then)
    }
}

#[derive(Debug, PartialEq)]
struct Key {
    field: String,
    reversed: bool,
    folded: bool,
}

impl Key {
    /// Parses `name`, `-name`, `+name`, `name:desc`, `name desc`, and the same with `lower(name)`.
    fn read(text: &str) -> Key {
        let text = text.trim();
        let (mut reversed, mut name) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        if let Some((rest, direction)) = name.rsplit_once([':', ' ']) {
            match direction.to_ascii_lowercase().as_str() {
                "desc" => (reversed, name) = (!reversed, rest.trim_end()),
                "asc" => name = rest.trim_end(),
                _ => {}
            }
        }
        let inner = ["lower(", "upper("].into_iter().find_map(|call| name.strip_prefix(call)?.strip_suffix(')'));
        Key { field: inner.unwrap_or(name).trim().to_owned(), reversed, folded: inner.is_some() }
    }

    fn order(&self, a: &Fields, b: &Fields) -> Ordering {
        let value = |fields: &Fields| {
            fields.get(&self.field).map(|value| if self.folded { lower(value) } else { value.clone() })
        };
        let order = compare(value(a).as_deref(), value(b).as_deref());
        if self.reversed { order.reverse() } else { order }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_read_as_apis_write_them() {
        for (text, field, reversed, folded) in [
            ("name", "name", false, false),
            (" -created_at", "created_at", true, false),
            ("+name", "name", false, false),
            ("name:desc", "name", true, false),
            ("name ASC", "name", false, false),
            ("-lower(name)", "name", true, true),
            ("lower(name) desc", "name", true, true),
            ("a:b", "a:b", false, false),
        ] {
            assert_eq!(Key::read(text), Key { field: field.to_owned(), reversed, folded }, "{text}");
        }
    }

    #[test]
    fn lists_are_filtered_sorted_and_paged() {
        let items: Vec<Fields> = [
            r#"{"n":1,"name":"b","tags":["x"]}"#,
            r#"{"n":2,"name":"B","tags":["x","y"]}"#,
            r#"{"n":10,"name":"a"}"#,
            r#"{"n":3}"#,
        ]
        .iter()
        .map(|json| serde_json::from_str(json).unwrap())
        .collect();
        for (query, expected) in [
            ("", "1 2 10 3"),
            ("sort=-n", "10 3 2 1"),
            ("sort=name", "2 10 1 3"),
            ("sort=lower(name),-n", "10 2 1 3"),
            ("sort=-name", "3 1 10 2"),
            ("n=2&n=10", "2 10"),
            ("tags=y", "2"),
            ("tags=x&n=1", "1"),
            ("name=", ""),
            ("other=1&limit=2&offset=1", "2 10"),
            ("offset=9", ""),
            ("limit=0", ""),
            ("limit=-1&offset=-1", "1 2 10 3"),
        ] {
            let page = ListQuery::read(query, &["n", "name", "tags"]).select(items.iter());
            let found: Vec<&str> = page.iter().map(|fields| fields["n"].get()).collect();
            assert_eq!(found.join(" "), expected, "{query}");
        }
    }
}
