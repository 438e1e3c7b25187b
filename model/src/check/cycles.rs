//! Nested unions: cycles (format reference, 10.1), depth and number of members.

use std::collections::{HashMap, VecDeque};

use super::Checker;
use crate::graph::components;
use crate::parse::default::some_of;
use crate::parse::service::Union;

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Nesting {
    /// Whether it, or a union in it, contains itself.
    pub cyclic: bool,
    /// The depth of nesting, counting itself.
    pub depth: usize,
    /// The number of members, including those of nested unions.
    pub members: usize,
}

impl Checker<'_> {
    /// Returns what each union contains, by its index. Unions that contain each other are reported once, at the first.
    pub(super) fn nesting(&mut self) -> Vec<Nesting> {
        let unions = &self.service.unions;
        let inner = |union: &Union| union.types.iter().filter_map(|member| self.nested_index(&member.ty)).collect();
        let inner: Vec<Vec<usize>> = unions.iter().map(inner).collect();
        let mut nesting = vec![Nesting::default(); unions.len()];
        // Contained unions come before those that contain them.
        for component in components(&inner) {
            let Some(start) = component.iter().copied().min() else { continue };
            if component.len() == 1 && !inner[start].contains(&start) {
                let parts = inner[start].iter().map(|part| nesting[*part]);
                let all = Nesting { members: unions[start].types.len(), ..Nesting::default() };
                nesting[start] = parts.fold(all, |all, part| Nesting {
                    cyclic: all.cyclic || part.cyclic,
                    depth: all.depth.max(part.depth),
                    members: all.members.saturating_add(part.members),
                });
                nesting[start].depth += 1;
                continue;
            }
            component.iter().for_each(|index| nesting[*index].cyclic = true);
            let path = circle(&inner, start);
            let names: Vec<&str> = path.iter().map(|index| unions[*index].common.name.value.as_str()).collect();
            let name = &unions[start].common.name;
            let around = match names.len() {
                ..=20 => names.join("->"),
                _ => some_of(names.into_iter(), 20),
            };
            let message = format!("Union[{}] cannot contain itself: {around}", name.value);
            let help = "remove one of these from the types, or make it a model with a field of this type";
            self.error("E038", name.at, message, Some(help));
        }
        nesting
    }
}

/// Returns the shortest cycle through a node.
fn circle(targets: &[Vec<usize>], start: usize) -> Vec<usize> {
    let (mut from, mut queue) = (HashMap::new(), VecDeque::from([start]));
    while let Some(at) = queue.pop_front() {
        for target in &targets[at] {
            from.entry(*target).or_insert_with(|| {
                queue.push_back(*target);
                at
            });
        }
        if from.contains_key(&start) {
            break;
        }
    }
    let mut path = vec![start];
    while let Some(node) = path.last().and_then(|node| from.get(node)).filter(|node| **node != start) {
        path.push(*node);
    }
    path.push(start);
    path.reverse();
    path
}

#[cfg(test)]
mod tests {
    use crate::{Inputs, Source, check};

    #[test]
    fn a_union_of_one_that_contains_itself_is_not_followed() {
        let text = r#"{ "name": "Cycles", "models": { "leaf": { "fields": [] } }, "unions": {
            "ring": { "types": [{ "type": "ring" }, { "type": "leaf" }] },
            "outer": { "types": [{ "type": "ring" }] },
            "above": { "types": [{ "type": "leaf" }, { "type": "outer" }] }
        } }"#;
        let source = Source { name: "api.json".to_owned(), text: text.to_owned(), path: None };
        let report = check(Inputs { specs: vec![source], ..Inputs::default() });
        let codes: Vec<&str> = report.diagnostics().iter().map(|diagnostic| diagnostic.code).collect();
        assert_eq!(codes, ["E038"], "{report}");
    }
}
