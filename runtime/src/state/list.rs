//! What the query of a list asks for.

use std::cmp::Ordering;

use percent_encoding::percent_decode_str;

use super::item::Fields;
use super::text::{compare, is};

/// The query of a list: filters, order and page.
#[derive(Default)]
pub(super) struct Wanted {
    /// Fields, each with the values of which the item must have one.
    filters: Vec<(String, Vec<String>)>,
    /// Fields and whether the order is reversed.
    sort: Vec<(String, bool)>,
    offset: usize,
    limit: Option<usize>,
}

impl Wanted {
    /// Reads a query; what is neither a page nor an order nor one of `fields` does not count.
    pub(super) fn read(query: &str, fields: &[&str]) -> Wanted {
        let mut wanted = Wanted::default();
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
            "sort" => self.sort.extend(value.split(',').map(|field| {
                let field = field.trim();
                (field.trim_start_matches(['-', '+']).to_owned(), field.starts_with('-'))
            })),
            _ if fields.contains(&name.as_str()) => match self.filters.iter_mut().find(|(field, _)| *field == name) {
                Some((_, values)) => values.push(value),
                None => self.filters.push((name, vec![value])),
            },
            _ => {}
        }
    }

    /// The page of those that pass, in order; equal ones in the order in which they were created.
    pub(super) fn select<'a>(&self, items: impl Iterator<Item = &'a Fields>) -> Vec<&'a Fields> {
        let mut items: Vec<&Fields> = items.filter(|fields| self.passes(fields)).collect();
        items.sort_by(|a, b| self.order(a, b));
        items.into_iter().skip(self.offset).take(self.limit.unwrap_or(usize::MAX)).collect()
    }

    fn passes(&self, fields: &Fields) -> bool {
        self.filters
            .iter()
            .all(|(name, values)| fields.get(name).is_some_and(|own| values.iter().any(|value| is(own, value))))
    }

    fn order(&self, a: &Fields, b: &Fields) -> Ordering {
        let orders = self.sort.iter().map(|(name, reversed)| {
            let order = compare(a.get(name).map(|value| &**value), b.get(name).map(|value| &**value));
            if *reversed { order.reverse() } else { order }
        });
        orders.fold(Ordering::Equal, Ordering::then)
    }
}
