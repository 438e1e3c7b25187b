//! Unions: variants and wire forms.

use super::attributes::item_attributes;
use super::context::Context;
use super::items::{Member, RustType, Union, Wire};
use super::symbols::UnionSymbols;
use super::type_override::Subject;
use apigen_model::api::{self, Id, Type};
use apigen_model::behaviour::{Node, union_tags};

pub fn union(cx: &Context<'_>, id: Id<api::Union>) -> Union {
    let union = &cx.api.unions[id];
    let scope = cx.models(union.service);
    let UnionSymbols { name, members: names, unknown, .. } = &cx.symbols[id];
    let tagged = union.discriminator.is_some();
    // Two types of the spec can be one type in Rust, if the user replaces them.
    let rust: Vec<RustType> = union.members.iter().map(|member| scope.owned(&member.ty)).collect();
    let is_only = |ty: &RustType| rust.iter().filter(|other| *other == ty).count() == 1;
    let members = union.members.iter().zip(names).zip(&rust).map(|((member, name), ty)| Member {
        attributes: item_attributes(member.description.as_deref(), member.deprecation.as_ref()),
        name: name.clone(),
        ty: ty.clone(),
        wire: wire(&member.ty, tagged),
        value: member.discriminator_value.clone(),
        from: is_only(ty),
    });
    let total = cx.derives.total(cx.api, Node::Union(id));
    let derived = &["Debug", "Clone", "PartialEq", "Eq", "Hash"][..if total { 5 } else { 3 }];
    Union {
        attributes: item_attributes(union.description.as_deref(), union.deprecation.as_ref()),
        derives: cx.extras.derives(&Subject {
            ty: Type::Union(id),
            derived,
            implemented: &["From"],
            defaults: false,
            total,
        }),
        members: members.collect(),
        discriminator: union.discriminator.clone(),
        tags: union_tags(cx.api, id),
        default: union.members.iter().position(|m| m.default),
        unknown: unknown.clone(),
        spec_name: union.name.clone(),
        path: cx.child(union.service).path(union.service, name),
        name: name.clone(),
    }
}

/// Returns the wire form of a member (format reference, 10.2).
fn wire(ty: &Type, tagged: bool) -> Wire {
    match (ty, tagged) {
        (Type::Union(_), _) => Wire::Nested,
        (Type::Model(_), true) => Wire::Tagged,
        (_, true) => Wire::TaggedValue,
        (Type::Primitive(_), false) => Wire::KeyedValue,
        (_, false) => Wire::Keyed,
    }
}
