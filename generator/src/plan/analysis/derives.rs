//! Determines the standard traits that a type can derive.

use super::{Node, base, direct};
use apigen_model::api::{Api, Primitive, Type};
use apigen_model::graph::mark;

/// Whether each model and union can be `Eq` and `Hash`; `Debug`, `Clone` and `PartialEq` always apply.
#[derive(Debug)]
pub struct Derives {
    partial: Vec<bool>,
}

impl Derives {
    /// Analyses all types. A type is total unless it contains, at any depth, a floating-point number, free JSON, or an
    /// unknown type that the user chose.
    pub fn new(api: &Api) -> Self {
        let nodes: Vec<Node> = Node::all(api).collect();
        let (mut users, mut work) = (vec![Vec::new(); nodes.len()], Vec::new());
        for (index, node) in nodes.iter().enumerate() {
            for part in node.parts(api).into_iter().map(base) {
                match part {
                    replaced if api.replaced.contains_key(replaced) => work.push(index),
                    Type::Primitive(Primitive::Double | Primitive::Json | Primitive::Object) => work.push(index),
                    other => direct(other).iter().for_each(|to| users[to.index(api)].push(index)),
                }
            }
        }
        let mut partial = vec![false; nodes.len()];
        mark(&users, work, &mut partial);
        Self { partial }
    }

    /// Returns true if `==` on this node is total, so that `Eq` and `Hash` can be derived.
    pub(crate) fn total(&self, api: &Api, node: Node) -> bool {
        !self.partial[node.index(api)]
    }
}
