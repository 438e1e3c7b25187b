//! Determines the standard traits that a type can derive.

use super::{Node, direct};
use apigen_model::api::{Api, Primitive, Type};

/// Whether each model and union can be `Eq` and `Hash`; `Debug`, `Clone` and `PartialEq` always apply.
#[derive(Debug)]
pub struct Derives {
    total: Vec<bool>,
}

impl Derives {
    /// Analyses all types. A type is total unless it contains, at any depth, a floating-point number, free JSON, or an
    /// unknown type that the user chose.
    pub fn new(api: &Api) -> Self {
        let nodes: Vec<Node> = Node::all(api).collect();
        let mut users = vec![Vec::new(); nodes.len()];
        let mut total = vec![true; nodes.len()];
        let mut work = Vec::new();
        for (index, node) in nodes.iter().enumerate() {
            for part in node.parts(api) {
                match super::base(part) {
                    replaced if api.replaced.contains_key(replaced) => total[index] = false,
                    Type::Primitive(Primitive::Double | Primitive::Json | Primitive::Object) => total[index] = false,
                    other => {
                        if let Some(to) = direct(other) {
                            users[to.index(api)].push(index);
                        }
                    }
                }
            }
            if !total[index] {
                work.push(index);
            }
        }
        while let Some(index) = work.pop() {
            for &user in &users[index] {
                if std::mem::replace(&mut total[user], false) {
                    work.push(user);
                }
            }
        }
        Self { total }
    }

    /// Returns true if `==` on this node is total, so that `Eq` and `Hash` can be derived.
    pub(crate) fn total(&self, api: &Api, node: Node) -> bool {
        self.total[node.index(api)]
    }
}
