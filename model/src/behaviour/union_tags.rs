//! The texts that identify the members of a union on the wire.

use std::collections::HashSet;

use crate::api::{Api, Id, Type, Union};

/// Returns the texts that identify the members of a union, each once, with the arm of a reader that it selects: the
/// position of the member. The leaves of a nested union select the member that holds it. Without a discriminator, the
/// key of a nested union is read too, by an arm of its own: the number of members plus the position.
pub fn union_tags(api: &Api, id: Id<Union>) -> Vec<(String, usize)> {
    let union = &api.unions[id];
    let (mut tags, mut visited) = (Vec::new(), HashSet::new());
    for (arm, member) in union.members.iter().enumerate() {
        let Type::Union(inner) = member.ty else {
            tags.push((member.discriminator_value.clone(), arm));
            continue;
        };
        leaves(api, inner, &mut visited, &mut |value| tags.push((value.to_owned(), arm)));
        if union.discriminator.is_none() {
            tags.push((member.discriminator_value.clone(), union.members.len() + arm));
        }
    }
    let mut seen = HashSet::new();
    tags.retain(|(value, _)| seen.insert(value.clone()));
    tags
}

/// Passes the texts of members that are not unions to `found`. Each union is visited once, so its texts select the
/// first arm that holds it.
fn leaves(api: &Api, union: Id<Union>, visited: &mut HashSet<Id<Union>>, found: &mut dyn FnMut(&str)) {
    let members = |union: Id<Union>| api.unions[union].members.iter();
    let mut open = if visited.insert(union) { vec![members(union)] } else { Vec::new() };
    while let Some(members_left) = open.last_mut() {
        match members_left.next().map(|member| (&member.ty, member)) {
            None => drop(open.pop()),
            Some((Type::Union(inner), _)) if visited.insert(*inner) => open.push(members(*inner)),
            Some((Type::Union(_), _)) => {}
            Some((_, member)) => found(&member.discriminator_value),
        }
    }
}
