//! What the keys of a form or a query string nest: `a[b][0]=1` (behaviour, section 4).

use std::collections::BTreeMap;
use std::fmt;

use crate::json::guess;
use crate::{ToJson, Value, Writer};

/// The largest index of a list, and how deep keys may nest.
const LARGEST: usize = 1000;
const DEEPEST: usize = 64;

/// A value whose type nobody knows yet. An empty text counts as nothing where values meet.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tree {
    Text(String),
    List(Vec<Tree>),
    Object(BTreeMap<String, Tree>),
}

/// Why a key cannot be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TreeError {
    Index,
    Depth,
}

impl fmt::Display for TreeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TreeError::Index => write!(f, "an index of at most {LARGEST}"),
            TreeError::Depth => write!(f, "at most {DEEPEST} pairs of brackets"),
        }
    }
}

enum Step<'k> {
    Name(&'k str),
    Index(usize),
    Append,
}

impl Tree {
    /// The tree of all pairs: an object by the first part of each key.
    pub(crate) fn new<'p>(
        pairs: impl Iterator<Item = (&'p str, &'p str)>,
    ) -> Result<BTreeMap<String, Tree>, TreeError> {
        let mut by_key: BTreeMap<&str, Vec<Tree>> = BTreeMap::new();
        for (key, value) in pairs {
            by_key.entry(key).or_default().push(Tree::Text(value.to_owned()));
        }
        let mut root = BTreeMap::new();
        for (key, mut values) in by_key {
            let value = if values.len() == 1 { values.remove(0) } else { Tree::List(values) };
            let (base, steps) = steps(key)?;
            let value = steps.into_iter().rev().fold(value, wrap);
            merge_into(&mut root, base.to_owned(), value);
        }
        Ok(root)
    }

    fn nothing() -> Tree {
        Tree::Text(String::new())
    }

    pub(crate) fn is_blank(&self) -> bool {
        matches!(self, Tree::Text(text) if text.is_empty())
    }

    /// Whether any text in it is empty.
    pub(crate) fn has_blanks(&self) -> bool {
        match self {
            Tree::Text(text) => text.is_empty(),
            Tree::List(items) => items.iter().any(Tree::has_blanks),
            Tree::Object(fields) => fields.values().any(Tree::has_blanks),
        }
    }

    /// The later value on top of this one.
    fn merge(self, later: Tree) -> Tree {
        match (self, later) {
            (Tree::Object(mut fields), Tree::Object(more)) => {
                more.into_iter().for_each(|(key, value)| merge_into(&mut fields, key, value));
                Tree::Object(fields)
            }
            (Tree::List(items), Tree::List(more)) => Tree::List(by_position(items, more)),
            (_, later) => later,
        }
    }

    /// As JSON: every scalar a text, or `null` where it is empty and `nulls` says so.
    pub(crate) fn write(&self, w: &mut Writer, nulls: bool) {
        match self {
            Tree::Text(text) if nulls && text.is_empty() => w.raw("null"),
            Tree::Text(text) => w.string(text),
            Tree::List(items) => {
                let items: Vec<Shown<'_>> = items.iter().map(|item| Shown(item, nulls)).collect();
                w.array(items.iter().map(|item| item as &dyn ToJson));
            }
            Tree::Object(fields) => {
                let fields: Vec<_> = fields.iter().map(|(key, value)| (key.as_str(), Shown(value, nulls))).collect();
                w.map(fields.iter().map(|(key, value)| (*key, value as &dyn ToJson)));
            }
        }
    }

    /// With the types that the texts look like.
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

/// Positions are merged one by one: what is there stays, two objects become one.
fn by_position(items: Vec<Tree>, more: Vec<Tree>) -> Vec<Tree> {
    let mut more = more.into_iter();
    let mut merged: Vec<Tree> = items
        .into_iter()
        .map(|item| match (item, more.next()) {
            (item, None) => item,
            (item @ Tree::Object(_), Some(later @ Tree::Object(_))) => item.merge(later),
            (item, Some(later)) if item.is_blank() => later,
            (item, Some(_)) => item,
        })
        .collect();
    merged.extend(more);
    merged
}

fn merge_into(fields: &mut BTreeMap<String, Tree>, key: String, later: Tree) {
    let merged = match fields.remove(&key) {
        Some(earlier) => earlier.merge(later),
        None => later,
    };
    fields.insert(key, merged);
}

fn wrap(value: Tree, step: Step<'_>) -> Tree {
    match step {
        Step::Name(name) => Tree::Object(BTreeMap::from([(name.to_owned(), value)])),
        Step::Append if matches!(value, Tree::List(_)) => value,
        Step::Append => Tree::List(vec![value]),
        Step::Index(index) => {
            let mut items = vec![Tree::nothing(); index];
            items.push(value);
            Tree::List(items)
        }
    }
}

/// The first part of a key, and its brackets. Those that do not close at the end, or have nothing before them, are text.
fn steps(key: &str) -> Result<(&str, Vec<Step<'_>>), TreeError> {
    let (mut base, mut steps) = (key, Vec::new());
    while let Some(open) = base.ends_with(']').then(|| base.rfind('[')).flatten().filter(|open| *open > 0) {
        let inner = &base[open + 1..base.len() - 1];
        steps.push(match inner {
            "" => Step::Append,
            digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                Step::Index(digits.parse().ok().filter(|index| *index <= LARGEST).ok_or(TreeError::Index)?)
            }
            name => Step::Name(name),
        });
        if steps.len() > DEEPEST {
            return Err(TreeError::Depth);
        }
        base = &base[..open];
    }
    steps.reverse();
    Ok((base, steps))
}
