//! How values are made up for tests: what of them stands in the spec, and what comes from a seed.

use super::limits::{count, possible, within};
use super::{Finite, base, is_option};
use crate::api::{Api, Field, Id, Literal, Primitive, Type, Union};

/// How values of all types are made up.
#[derive(Debug)]
pub struct Samples<'a> {
    api: &'a Api,
    /// Of which types there are values that keep all limits.
    valid: Finite,
}

/// How the value of a field is made up.
#[derive(Debug, PartialEq)]
pub enum FieldSample<'a> {
    /// There is only one value: the field has no content, or nothing is within its limits, so that it is always left out.
    Nothing,
    /// What the spec says: a default, or else an example.
    Literal(&'a Literal),
    /// A value of its type.
    Made {
        /// Least length, number of elements or value.
        minimum: Option<i64>,
        /// Greatest length, number of elements or value.
        maximum: Option<i64>,
        /// How it is made.
        value: TypeSample,
    },
}

/// How a value of a type is made up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeSample {
    /// As its type says.
    Typed,
    /// By the code of the user whose type it is, whatever the seed is.
    Foreign,
    /// Without elements: they would have no value.
    EmptyList,
    /// Without entries.
    EmptyMap,
    /// As many elements as the seed and the limits say.
    List(Box<TypeSample>),
    /// As many entries.
    Map(Box<TypeSample>),
}

/// How the values of a union are made up.
#[derive(Debug, PartialEq, Eq)]
pub struct UnionSample {
    /// The members that have values. The first is made if nobody chooses one.
    pub members: Vec<MemberSample>,
    /// Which of these is made where recursion has to end.
    pub smallest: usize,
}

/// How a member of a union is made up.
#[derive(Debug, PartialEq, Eq)]
pub struct MemberSample {
    /// Its position in the union.
    pub index: usize,
    /// How it is made.
    pub value: TypeSample,
}

impl<'a> Samples<'a> {
    /// Computes which types have values that keep all limits.
    pub fn new(api: &'a Api) -> Self {
        Self { api, valid: Finite::valid(api) }
    }

    /// Whether a finite value of this type is within all limits.
    pub fn exists(&self, ty: &Type) -> bool {
        self.valid.known(self.api, ty)
    }

    /// How the value of a field is made up. A field that is optional is left out if the seed says so, whatever it holds.
    pub fn field(&self, field: &'a Field) -> FieldSample<'a> {
        let option = is_option(field);
        // In an optional field, `null` would mean that nothing is there.
        let is_null = |value: &Literal| option && matches!(value, Literal::Json(text) if text.trim() == "null");
        let written = [&field.default, &field.sample].into_iter().flatten().find(|value| within(field, value));
        match written {
            _ if field.ty == Type::Primitive(Primitive::Unit) => return FieldSample::Nothing,
            Some(value) if !is_null(value) => return FieldSample::Literal(value),
            _ => {}
        }
        let has_value = || possible(&field.ty, field.minimum, field.maximum) && self.valid.fits(self.api, field);
        if option && !has_value() {
            return FieldSample::Nothing;
        }
        let limit = |value: Option<i64>| value.filter(|_| count(&field.ty));
        let (minimum, maximum) = (limit(field.minimum), limit(field.maximum));
        FieldSample::Made { minimum, maximum, value: self.ty(&field.ty) }
    }

    /// How a value of a type is made up.
    pub fn ty(&self, ty: &Type) -> TypeSample {
        let base = base(ty);
        if !self.api.replaced.contains_key(base) && self.exists(base) {
            return TypeSample::Typed;
        }
        match ty {
            Type::List(inner) if !self.exists(inner) => TypeSample::EmptyList,
            Type::Map(inner) if !self.exists(inner) => TypeSample::EmptyMap,
            Type::List(inner) => TypeSample::List(Box::new(self.ty(inner))),
            Type::Map(inner) => TypeSample::Map(Box::new(self.ty(inner))),
            _ => TypeSample::Foreign,
        }
    }

    /// How a union is made up; `None` if no member has a value.
    pub fn union(&self, id: Id<Union>) -> Option<UnionSample> {
        let members = self.api.unions[id].members.iter().enumerate().filter(|(_, member)| self.exists(&member.ty));
        let members = members.map(|(index, member)| MemberSample { index, value: self.ty(&member.ty) });
        let members: Vec<MemberSample> = members.collect();
        let smallest = self.valid.member(self.api, id);
        let smallest = members.iter().position(|member| Some(member.index) == smallest).unwrap_or_default();
        (!members.is_empty()).then_some(UnionSample { members, smallest })
    }
}

impl TypeSample {
    /// Whether the seed has an influence.
    pub fn is_seeded(&self) -> bool {
        !matches!(self, Self::Foreign | Self::EmptyList | Self::EmptyMap)
    }
}

impl UnionSample {
    /// Whether the seed has an influence, or there is something to choose from.
    pub fn is_seeded(&self) -> bool {
        self.members.len() > 1 || self.members.iter().any(|member| member.value.is_seeded())
    }
}
