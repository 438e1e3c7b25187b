//! Whether each type has a finite value, and how deep the smallest one is; used by mocks.

use super::{Node, direct, in_place, is_option};
use crate::api::{Api, Field, Id, Primitive, Type, Union};
use crate::behaviour::limits::{possible, within};

/// The depth of the smallest value of each model and union; `None` if every value would be infinite.
#[derive(Debug)]
pub struct Finite {
    rank: Vec<Option<u32>>,
    valid: bool,
}

/// What every value of a type contains: no node, or one; `None` if the type has no value.
type Held = Option<Option<Node>>;

impl Finite {
    /// Ranks values regardless of limits.
    pub fn new(api: &Api) -> Self {
        Self::ranked(api, false)
    }

    /// Ranks the values that a validator accepts: within all limits; an enum without values has none.
    pub fn valid(api: &Api) -> Self {
        Self::ranked(api, true)
    }

    /// Works in rounds: a model has a value once its required fields have one, a union once a member has one. Linear.
    fn ranked(api: &Api, valid: bool) -> Self {
        let mut finite = Self { rank: Vec::new(), valid };
        let nodes: Vec<Node> = Node::all(api).collect();
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
        // The number of parts that need a value before the node has one; `None` if it never has one.
        let mut missing = vec![Some(0_usize); nodes.len()];
        for (index, node) in nodes.iter().enumerate() {
            // The user's type has a smallest value of its own.
            if api.replaced.contains_key(&node.ty()) {
                continue;
            }
            let parts = finite.parts(api, *node);
            missing[index] = match node {
                Node::Model(_) if parts.contains(&None) => None,
                Node::Model(_) => Some(parts.iter().filter(|part| matches!(part, Some(Some(_)))).count()),
                Node::Union(_) => Some(usize::from(!parts.contains(&Some(None)))),
            };
            parts.into_iter().flatten().flatten().for_each(|to| users[to.index(api)].push(index));
        }
        finite.rank = rounds(&users, missing);
        finite
    }

    /// Returns true if this type has a finite value.
    pub fn known(&self, api: &Api, ty: &Type) -> bool {
        self.known_part(api, self.held(api, ty))
    }

    /// Returns true if a field can hold a finite value.
    pub fn fits(&self, api: &Api, field: &Field) -> bool {
        self.known_part(api, self.field(api, field))
    }

    /// Returns the member of a union's smallest value: the first of those that need the least depth.
    pub fn member(&self, api: &Api, union: Id<Union>) -> Option<usize> {
        let depth = |ty: &Type| match self.held(api, ty)? {
            None => Some(0),
            Some(node) => self.rank[node.index(api)].map(|rank| rank + 1),
        };
        let ranks = api.unions[union].members.iter().enumerate();
        ranks.filter_map(|(i, member)| depth(&member.ty).map(|rank| (rank, i))).min().map(|(_, i)| i)
    }

    fn known_part(&self, api: &Api, held: Held) -> bool {
        held.is_some_and(|node| node.is_none_or(|node| self.rank[node.index(api)].is_some()))
    }

    /// Returns the parts of a node: its value needs all of them (model) or one of them (union).
    fn parts(&self, api: &Api, node: Node) -> Vec<Held> {
        match node {
            Node::Model(id) => {
                let needed = api.models[id].fields.iter().filter(|field| self.needed(field));
                needed.map(|field| self.field(api, field)).collect()
            }
            Node::Union(id) => api.unions[id].members.iter().map(|member| self.held(api, &member.ty)).collect(),
        }
    }

    fn needed(&self, field: &Field) -> bool {
        if !self.valid {
            return field.required;
        }
        let preset = field.default.as_ref().is_some_and(|value| within(field, value));
        !is_option(field) && !preset && field.ty != Type::Primitive(Primitive::Unit)
    }

    fn field(&self, api: &Api, field: &Field) -> Held {
        if self.valid && !possible(&field.ty, field.minimum, field.maximum) {
            return None;
        }
        self.held(api, in_place(field))
    }

    fn held(&self, api: &Api, ty: &Type) -> Held {
        match ty {
            replaced if api.replaced.contains_key(replaced) && direct(replaced).is_none() => Some(None),
            Type::Enum(id) if self.valid && api.enums[*id].values.is_empty() => None,
            other => Some(direct(other)),
        }
    }
}

/// Returns the round in which each node gets a value, if it ever does.
fn rounds(users: &[Vec<usize>], mut missing: Vec<Option<usize>>) -> Vec<Option<u32>> {
    let mut rank = vec![None; missing.len()];
    let mut found: Vec<usize> = (0..missing.len()).filter(|index| missing[*index] == Some(0)).collect();
    for round in 0.. {
        if found.is_empty() {
            break;
        }
        found.iter().for_each(|index| rank[*index] = Some(round));
        let mut next = Vec::new();
        for user in found.iter().flat_map(|index| &users[*index]) {
            if let Some(count @ 1..) = &mut missing[*user] {
                *count -= 1;
                next.extend((*count == 0).then_some(*user));
            }
        }
        found = next;
    }
    rank
}
