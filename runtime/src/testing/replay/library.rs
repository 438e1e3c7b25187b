//! Finds the example for a call, or explains why there is none.

use std::cmp::Reverse;
use std::path::{Path, PathBuf};

use super::check::ReadResponse;
use super::example::{Example, read_all};
use super::folder;
use super::input::Call;
use super::node::Node;
use crate::call::RecordedInput;
use crate::operation::OperationInfo;

/// A call, and the root of the folders that may hold its examples.
pub(super) struct Search<'a> {
    pub(super) root: &'a Path,
    pub(super) info: &'static OperationInfo,
    pub(super) recorded_input: &'a RecordedInput,
    pub(super) call: &'a Call,
    pub(super) read: ReadResponse<'a>,
}

type Compared = (Example, Vec<String>);

impl Search<'_> {
    /// Returns the matching example: of several, the one that specifies most of its input, then the first by name.
    /// Fails if a file cannot be read or is not JSON.
    pub(super) fn find(&self) -> Result<Option<Example>, String> {
        let fitting = self.compared()?.into_iter().filter(|(_, differences)| differences.is_empty());
        // Of equals, the first stays.
        let best = fitting.min_by_key(|(example, _)| Reverse(example.rank()));
        Ok(best.map(|(example, _)| example))
    }

    /// Returns all examples of the operation, limited to the requested name, if any.
    fn compared(&self) -> Result<Vec<Compared>, String> {
        let mut all = Vec::new();
        for folder in folder::candidates(self.root, self.info, &self.recorded_input.path) {
            let wanted =
                |example: &Example| self.recorded_input.example.as_ref().is_none_or(|name| *name == example.name);
            let examples = read_all(&folder, self.info)?.into_iter().filter(wanted);
            all.extend(examples.map(|example| {
                let differences = self.call.differences(&example.expected);
                (example, differences)
            }));
        }
        Ok(all)
    }

    /// Explains why no example was found: the input of the call, and how it differs from the nearest example.
    pub(super) fn missing(&self) -> String {
        let (id, input) = (self.info.id, &self.call.shown);
        let named =
            self.recorded_input.example.as_ref().map_or_else(String::new, |name| format!(" and the name {name:?}"));
        let mut text = format!("no recorded exchange of {id} has this input{named}");
        let body = input.body.as_ref().map_or_else(|| "none".to_owned(), Node::excerpt);
        let (path, query) = (input.path.excerpt(), input.query.excerpt());
        text.push_str(&format!("\n  path: {path}\n  query: {query}\n  body: {body}"));
        let home = folder::home(self.root, self.info);
        text.push_str(&format!("\n  looked in: {}", home.display()));
        let nearest = self.compared().unwrap_or_default().into_iter().min_by_key(|(_, differences)| differences.len());
        match nearest {
            Some((example, differences)) => {
                text.push_str(&format!("\n  nearest: {}, which differs:", example.name));
                differences.iter().for_each(|difference| text.push_str(&format!("\n    {difference}")));
            }
            None => text.push_str("\n  there are none for this operation"),
        }
        text.push_str("\n  RecordMode::ReplayOrRecord records what is missing");
        text
    }

    /// Returns where to record this call: in place of an example with the same input, under its own name, or under one
    /// derived from its input.
    pub(super) fn place(&self, standard: Option<&str>) -> Result<PathBuf, String> {
        let home = folder::home(self.root, self.info);
        if let Some(name) = &self.recorded_input.example {
            return Ok(home.join(name));
        }
        let examples = if home.is_dir() { read_all(&home, self.info)? } else { Vec::new() };
        // Only recorded examples specify all of their input.
        let same = |example: &&Example| {
            let expected = &example.expected;
            expected.path.is_some() && expected.query.is_some() && self.call.differences(expected).is_empty()
        };
        if let Some(example) = examples.iter().find(same) {
            return Ok(example.place.clone());
        }
        let hash = crate::testing::pseudonym::Pseudonyms::short(&self.call.shown.canonical());
        let free = |name: &str| examples.iter().all(|example| example.name != name);
        let name = match standard {
            Some(name) if free(name) => name.to_owned(),
            Some(name) => format!("{name}-{hash}"),
            None if self.call.shown.is_empty() && free("simple") => "simple".to_owned(),
            None => hash,
        };
        Ok(home.join(name))
    }
}
