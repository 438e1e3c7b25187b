//! The smallest value of each type, for mocks.

use super::{Node, direct};
use crate::ir::{Api, Id, Type, Union};

/// How deep the smallest value of each model and union is; `None` if every value would be infinite.
#[derive(Debug)]
pub struct Finite {
    rank: Vec<Option<u32>>,
}

impl Finite {
    /// In rounds: a model has a value once its required fields have one, a union once a member has one. Linear.
    pub fn new(api: &Api) -> Self {
        let nodes: Vec<Node> = Node::all(api).collect();
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
        // How many parts must still get a value before the node has one.
        let mut missing = vec![0_usize; nodes.len()];
        for (index, node) in nodes.iter().enumerate() {
            let needed = needed(api, *node);
            missing[index] = match node {
                // The user's type has a smallest value of its own.
                _ if api.replaced.contains_key(&node.ty()) => 0,
                Node::Model(_) => needed.len(),
                Node::Union(id) => usize::from(api.unions[*id].members.iter().all(|m| direct(&m.ty).is_some())),
            };
            needed.into_iter().for_each(|to| users[to].push(index));
        }
        let mut rank = vec![None; nodes.len()];
        let mut found: Vec<usize> = (0..nodes.len()).filter(|index| missing[*index] == 0).collect();
        for round in 0.. {
            if found.is_empty() {
                break;
            }
            found.iter().for_each(|index| rank[*index] = Some(round));
            let mut next = Vec::new();
            for user in found.iter().flat_map(|index| &users[*index]) {
                if missing[*user] > 0 {
                    missing[*user] -= 1;
                    next.extend((missing[*user] == 0).then_some(*user));
                }
            }
            found = next;
        }
        Self { rank }
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

/// The models and unions that the value of a node needs one of, or each of.
fn needed(api: &Api, node: Node) -> Vec<usize> {
    let index = |ty: &Type| direct(ty).map(|to| to.index(api));
    match node {
        Node::Model(id) => api.models[id].fields.iter().filter(|f| f.required).filter_map(|f| index(&f.ty)).collect(),
        Node::Union(id) => api.unions[id].members.iter().filter_map(|m| index(&m.ty)).collect(),
    }
}
