//! The members of unions as they are on the wire.

use apigen_model::api::{Api, Id, Member, Type, Union};

/// The key of the value of a member that is not an object.
pub(super) const VALUE: &str = "value";

/// Returns the member that a text identifies: a discriminator value, or, in a union without a discriminator, a key.
/// Members of a nested union are members of the outer one too.
pub(super) fn member<'a>(api: &'a Api, union: Id<Union>, tag: &str) -> Option<&'a Member> {
    let tagged = api.unions[union].discriminator.is_some();
    let own = |member: &&Member| {
        let is_nested = tagged && matches!(member.ty, Type::Union(_));
        member.discriminator_value == tag && !is_nested
    };
    let members = &api.unions[union].members;
    members.iter().find(own).or_else(|| {
        members.iter().find_map(|member| match member.ty {
            Type::Union(nested) => self::member(api, nested, tag),
            _ => None,
        })
    })
}

/// Returns all members that are on the wire, including those of nested unions.
pub(super) fn members(api: &Api, union: Id<Union>) -> Vec<&Member> {
    let mut found = Vec::new();
    for member in &api.unions[union].members {
        match member.ty {
            Type::Union(nested) => found.extend(members(api, nested)),
            _ => found.push(member),
        }
    }
    found
}
