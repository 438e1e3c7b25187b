//! The smallest value of each type, for mocks.

use super::{Node, direct};
use crate::ir::{Api, Id, Type, Union};

/// How deep the smallest value of each model and union is; `None` if every value would be infinite.
#[derive(Debug)]
pub struct Finite {
    rank: Vec<Option<u32>>,
}

impl Finite {
    /// Rounds of a fixed point: a model has a value once its required fields have one, a union once a member has one.
    pub fn new(api: &Api) -> Self {
        let nodes: Vec<Node> = Node::all(api).collect();
        let mut finite = Self { rank: vec![None; nodes.len()] };
        for round in 0.. {
            let found: Vec<usize> = nodes
                .iter()
                .enumerate()
                .filter(|(index, node)| finite.rank[*index].is_none() && finite.has_value(api, **node))
                .map(|(index, _)| index)
                .collect();
            if found.is_empty() {
                return finite;
            }
            for index in found {
                finite.rank[index] = Some(round);
            }
        }
        finite
    }

    fn has_value(&self, api: &Api, node: Node) -> bool {
        match node {
            // The user's type has a smallest value of its own.
            _ if api.replaced.contains_key(&node.ty()) => true,
            Node::Model(id) => api.models[id].fields.iter().filter(|f| f.required).all(|f| self.known(api, &f.ty)),
            Node::Union(id) => api.unions[id].members.iter().any(|m| self.known(api, &m.ty)),
        }
    }

    /// Whether a finite value of this type exists.
    pub fn known(&self, api: &Api, ty: &Type) -> bool {
        direct(ty).is_none_or(|node| self.rank[node.index(api)].is_some())
    }

    /// The member that the smallest value of a union has: the first of those that need the least depth.
    pub fn member(&self, api: &Api, union: Id<Union>) -> Option<usize> {
        let depth = |ty: &Type| match direct(ty) {
            None => Some(0),
            Some(node) => self.rank[node.index(api)].map(|rank| rank + 1),
        };
        let ranks = api.unions[union].members.iter().enumerate();
        ranks.filter_map(|(i, member)| depth(&member.ty).map(|rank| (rank, i))).min().map(|(_, i)| i)
    }
}
