//! Which types have values that must not be shown.

use std::collections::{BTreeSet, HashMap};

use super::{Node, SensitiveAnnotations, base, direct};
use crate::api::{Api, Id, Model, Type};

/// Whether each model and union holds, in any depth, a field whose annotations say that it is sensitive.
#[derive(Debug)]
pub struct SensitiveTypes {
    marked: Vec<bool>,
    /// The models of each name, in all services.
    named: HashMap<String, Vec<Id<Model>>>,
}

impl SensitiveTypes {
    /// What holds a marked type is marked too.
    pub fn new(api: &Api, annotations: &SensitiveAnnotations) -> Self {
        let nodes: Vec<Node> = Node::all(api).collect();
        let mut holders = vec![Vec::new(); nodes.len()];
        for (index, node) in nodes.iter().enumerate() {
            for part in node.parts(api).into_iter().filter_map(|part| direct(base(part))) {
                holders[part.index(api)].push(index);
            }
        }
        let has_field = |node: &Node| match node {
            Node::Model(id) => {
                api.models[*id].fields.iter().flat_map(|f| &f.annotations).any(|mark| annotations.is_sensitive(mark))
            }
            Node::Union(_) => false,
        };
        let mut marked: Vec<bool> = nodes.iter().map(has_field).collect();
        let mut work: Vec<usize> = (0..nodes.len()).filter(|index| marked[*index]).collect();
        while let Some(index) = work.pop() {
            for &holder in &holders[index] {
                if !std::mem::replace(&mut marked[holder], true) {
                    work.push(holder);
                }
            }
        }
        let mut named: HashMap<String, Vec<Id<Model>>> = HashMap::new();
        api.models.iter().for_each(|(id, model)| named.entry(model.name.clone()).or_default().push(id));
        Self { marked, named }
    }

    /// The names of all marked fields that values of these types have, in any depth.
    pub fn fields<'a>(&self, api: &'a Api, annotations: &SensitiveAnnotations, types: Vec<Type>) -> BTreeSet<&'a str> {
        let (mut names, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let mut work: Vec<Node> = types.iter().filter_map(|ty| direct(base(ty))).collect();
        while let Some(node) = work.pop() {
            let index = node.index(api);
            if !self.marked[index] || !seen.insert(index) {
                continue;
            }
            if let Node::Model(id) = node {
                let marked =
                    api.models[id].fields.iter().filter(|f| f.annotations.iter().any(|a| annotations.is_sensitive(a)));
                names.extend(marked.map(|field| field.name.as_str()));
            }
            work.extend(node.parts(api).into_iter().filter_map(|part| direct(base(part))));
        }
        names
    }

    /// The models of this name.
    pub fn models(&self, name: &str) -> &[Id<Model>] {
        self.named.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether values of this type have parts that must not be shown.
    pub fn holds(&self, api: &Api, ty: &Type) -> bool {
        direct(base(ty)).is_some_and(|node| self.marked[node.index(api)])
    }
}
