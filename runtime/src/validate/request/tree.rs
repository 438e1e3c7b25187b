//! Trees of nested keys of a form or a query string: `a[b][0]=1` (behaviour, section 4).

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;

use crate::json::{ToJson, Value, Writer, guess};

/// The maximum index of a list, and the maximum nesting of keys.
const LARGEST: usize = 1000;
const DEEPEST: usize = 64;

/// The maximum number of values that the pairs of a message may create, including skipped indexes: `a[1000]=x` creates
/// 1001.
pub(crate) const MAX_VALUES: usize = 100_000;

/// A value without a known type. Merging replaces empty text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tree {
    Text(String),
    List(Vec<Tree>),
    Object(BTreeMap<String, Tree>),
}

/// Why a query string cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum QueryError {
    /// A key, or the value of this key, is not percent-encoded UTF-8.
    Encoding(String),
    /// The index of a list is over 1000.
    Index,
    /// Brackets nest deeper than 64.
    Depth,
    /// There are more than 10 000 pairs.
    TooMany,
    /// The pairs create more than 100 000 values, including skipped indexes: `a[1000]=x` creates 1001.
    Values,
}

impl QueryError {
    /// Returns what was expected.
    pub(crate) fn expected(&self) -> String {
        match self {
            QueryError::Encoding(_) => "percent-encoded UTF-8".to_owned(),
            QueryError::Index => format!("an index of at most {LARGEST}"),
            QueryError::Depth => format!("at most {DEEPEST} pairs of brackets"),
            QueryError::TooMany => "at most 10000 pairs".to_owned(),
            QueryError::Values => format!("at most {MAX_VALUES} values, those that indexes leave out included"),
        }
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            QueryError::Encoding(key) => write!(f, "`{key}` is not percent-encoded UTF-8"),
            QueryError::TooMany => f.write_str("there are more than 10000 pairs"),
            other => write!(f, "expected {}", other.expected()),
        }
    }
}

impl std::error::Error for QueryError {}

/// The content of a pair of brackets.
#[derive(Debug, Clone, Copy)]
enum Step<'k> {
    Name(&'k str),
    Index(usize),
}

/// Deducts from the number of values that may still be created.
fn spend(left: &Cell<usize>, count: usize) -> Result<(), QueryError> {
    left.set(left.get().checked_sub(count).ok_or(QueryError::Values)?);
    Ok(())
}

impl Tree {
    /// Returns the tree of all pairs: an object by the first part of each key. The values that it creates are deducted
    /// from `left`, which all trees of a message share.
    pub(crate) fn new<'p>(
        pairs: impl Iterator<Item = (&'p str, &'p str)>,
        left: &Cell<usize>,
    ) -> Result<BTreeMap<String, Tree>, QueryError> {
        let mut by_key: BTreeMap<&str, Vec<Tree>> = BTreeMap::new();
        for (key, value) in pairs {
            by_key.entry(key).or_default().push(Tree::Text(value.to_owned()));
        }
        let mut root = BTreeMap::new();
        for (key, mut values) in by_key {
            spend(left, values.len())?;
            let value = if values.len() == 1 { values.remove(0) } else { Tree::List(values) };
            let (base, steps) = steps(key, matches!(value, Tree::List(_)))?;
            put(&mut root, base, &steps, value, left)?;
        }
        Ok(root)
    }

    fn nothing() -> Tree {
        Tree::Text(String::new())
    }

    /// Returns true if any text in it is empty.
    pub(crate) fn has_blanks(&self) -> bool {
        match self {
            Tree::Text(text) => text.is_empty(),
            Tree::List(items) => items.iter().any(Tree::has_blanks),
            Tree::Object(fields) => fields.values().any(Tree::has_blanks),
        }
    }

    /// Inserts a value at the given steps. Existing values stay, except for empty text and values of another kind.
    fn merge(&mut self, steps: &[Step<'_>], value: Tree, left: &Cell<usize>) -> Result<(), QueryError> {
        match (&mut *self, steps, value) {
            (Tree::Object(fields), [Step::Name(name), rest @ ..], value) => put(fields, name, rest, value, left)?,
            (Tree::List(items), [Step::Index(index), rest @ ..], value) => {
                put_at(items, *index, rest, value, left)?;
            }
            (Tree::List(items), [], Tree::List(more)) => {
                more.into_iter().enumerate().try_for_each(|(index, value)| put_at(items, index, &[], value, left))?;
            }
            (_, steps, value) => *self = made(steps, value, left)?,
        }
        Ok(())
    }

    /// Writes JSON: every scalar as text, or as `null` if it is empty and `nulls` is true.
    pub(crate) fn write(&self, w: &mut Writer, nulls: bool) {
        match self {
            Tree::Text(text) if nulls && text.is_empty() => w.raw("null"),
            Tree::Text(text) => w.string(text),
            Tree::List(items) => w.array(items.iter().map(|item| Shown(item, nulls))),
            Tree::Object(fields) => w.map(fields.iter().map(|(key, value)| (key, Shown(value, nulls)))),
        }
    }

    pub(crate) fn guessed(self) -> Value {
        match self {
            Tree::Text(text) => guess(text),
            Tree::List(items) => items.into_iter().map(Tree::guessed).collect(),
            Tree::Object(fields) => fields.into_iter().map(|(key, value)| (key, value.guessed())).collect(),
        }
    }
}

struct Shown<'t>(&'t Tree, bool);

impl ToJson for Shown<'_> {
    fn write(&self, w: &mut Writer) {
        self.0.write(w, self.1);
    }
}

fn put(
    fields: &mut BTreeMap<String, Tree>,
    name: &str,
    steps: &[Step<'_>],
    value: Tree,
    left: &Cell<usize>,
) -> Result<(), QueryError> {
    match fields.get_mut(name) {
        Some(there) => there.merge(steps, value, left),
        None => {
            fields.insert(name.to_owned(), made(steps, value, left)?);
            Ok(())
        }
    }
}

/// Merges by index: existing values stay, and two objects are merged.
fn put_at(
    items: &mut Vec<Tree>,
    index: usize,
    steps: &[Step<'_>],
    value: Tree,
    left: &Cell<usize>,
) -> Result<(), QueryError> {
    match items.get_mut(index) {
        None => {
            spend(left, index - items.len())?;
            items.resize(index, Tree::nothing());
            items.push(made(steps, value, left)?);
        }
        Some(there @ Tree::Object(_)) if matches!(steps, [Step::Name(_), ..]) => there.merge(steps, value, left)?,
        Some(there) if *there == Tree::nothing() => *there = made(steps, value, left)?,
        Some(_) => {}
    }
    Ok(())
}

/// Wraps a value according to its steps.
fn made(steps: &[Step<'_>], value: Tree, left: &Cell<usize>) -> Result<Tree, QueryError> {
    let size = |step: &Step<'_>| if let Step::Index(index) = step { index + 1 } else { 1 };
    spend(left, steps.iter().map(size).sum())?;
    Ok(steps.iter().rev().fold(value, |value, step| match step {
        Step::Name(name) => Tree::Object(BTreeMap::from([((*name).to_owned(), value)])),
        Step::Index(index) => {
            let mut items = Vec::with_capacity(index + 1);
            items.resize(*index, Tree::nothing());
            items.push(value);
            Tree::List(items)
        }
    }))
}

/// Splits a key into its first part and its brackets. Brackets that do not end the key, or have nothing before them,
/// are text. Empty brackets around a list (`list`) add nothing; all others are index 0.
fn steps(key: &str, mut list: bool) -> Result<(&str, Vec<Step<'_>>), QueryError> {
    let (mut base, mut steps, mut depth) = (key, Vec::new(), 0);
    while let Some(open) = base.ends_with(']').then(|| base.rfind('[')).flatten().filter(|open| *open > 0) {
        let inner = &base[open + 1..base.len() - 1];
        let step = match inner {
            "" if list => None,
            "" => Some(Step::Index(0)),
            digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(Step::Index(digits.parse().ok().filter(|index| *index <= LARGEST).ok_or(QueryError::Index)?))
            }
            name => Some(Step::Name(name)),
        };
        depth += 1;
        if depth > DEEPEST {
            return Err(QueryError::Depth);
        }
        list = !matches!(step, Some(Step::Name(_)));
        steps.extend(step);
        base = &base[..open];
    }
    steps.reverse();
    Ok((base, steps))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(pairs: &[(&str, &str)]) -> Result<Value, QueryError> {
        let tree = Tree::new(pairs.iter().copied(), &Cell::new(MAX_VALUES))?;
        Ok(Tree::Object(tree).guessed())
    }

    #[test]
    fn values_meet_by_name_and_position() {
        for (pairs, json) in [
            (&[("a[0]", "x"), ("a[2]", "z"), ("a[1]", "y")][..], r#"{"a":["x","y","z"]}"#),
            (&[("a[1][b]", "1"), ("a[1][c]", "2"), ("a[0]", "")], r#"{"a":[null,{"b":1,"c":2}]}"#),
            (&[("a[]", "1"), ("a[]", "2"), ("a[0]", "9")], r#"{"a":[9,2]}"#),
            (&[("a", "1"), ("a", "2"), ("a[1]", "9"), ("a[2]", "3")], r#"{"a":[1,2,3]}"#),
            (&[("a[][b]", "1"), ("a[][0]", "x")], r#"{"a":["x"]}"#),
            (&[("a[0]", "1"), ("a[0]", "2")], r#"{"a":[[1,2]]}"#),
            (&[("a[0]", "1"), ("a[b]", "2")], r#"{"a":{"b":2}}"#),
            (&[("a", "1"), ("a[b]", "2"), ("a[b][c]", "3")], r#"{"a":{"b":{"c":3}}}"#),
            (&[("a[0][0]", "1"), ("a[0][1]", "2")], r#"{"a":[[1]]}"#),
        ] {
            assert_eq!(tree(pairs).unwrap().to_string(), json, "{pairs:?}");
        }
    }

    #[test]
    fn all_trees_of_a_message_share_their_values() {
        let full = "[1000]".repeat(64);
        let deep = (format!("a{full}"), format!("b{full}"));
        assert!(tree(&[(&deep.0, "x")]).is_ok());
        assert_eq!(tree(&[(&deep.0, "x"), (&deep.1, "x")]), Err(QueryError::Values));
        let left = Cell::new(MAX_VALUES);
        assert!(Tree::new([(deep.0.as_str(), "x")].into_iter(), &left).is_ok());
        assert_eq!(Tree::new([(deep.1.as_str(), "x")].into_iter(), &left), Err(QueryError::Values));
        // Writing out a whole list is paid for once, not once per index.
        let keys: Vec<String> = (0..=LARGEST).map(|index| format!("a[{index}]")).collect();
        let left = Cell::new(3 * keys.len());
        let list = Tree::new(keys.iter().rev().map(|key| (key.as_str(), "x")), &left).unwrap();
        assert!(matches!(&list["a"], Tree::List(items) if items.len() == 1001));
    }
}
