//! The smallest value of each type: what it contains, and whether it can be generated without outside help.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use super::{Finite, Node, direct, holders, in_place, is_option};
use crate::api::{Api, Id, Role, Service, Type};

/// The smallest values of all types.
#[derive(Debug)]
pub struct SmallestValues<'a> {
    api: &'a Api,
    finite: Finite,
    /// Whether each node needs a value of a type that is not generated here, by its index.
    foreign: OnceCell<Vec<bool>>,
}

impl<'a> SmallestValues<'a> {
    /// Computes how deep the smallest value of each type is.
    pub fn new(api: &'a Api) -> Self {
        Self { api, finite: Finite::new(api), foreign: OnceCell::new() }
    }

    /// Returns true if a type has a finite value.
    pub fn exists(&self, ty: &Type) -> bool {
        self.finite.known(self.api, ty)
    }

    /// Returns the member that a union's smallest value has.
    pub fn member(&self, union: Id<crate::api::Union>) -> Option<usize> {
        self.finite.member(self.api, union)
    }

    /// Returns true if the smallest value of a type contains no replaced type, and none that is generated elsewhere.
    pub fn is_inventable(&self, ty: &Type) -> bool {
        let foreign =
            self.foreign.get_or_init(|| holders(self.api, |node| self.is_foreign(node), |node| self.parts(node)));
        !self.is_replaced(ty) && self.exists(ty) && direct(ty).is_none_or(|node| !foreign[node.index(self.api)])
    }

    /// Returns these nodes, and everything that their smallest values contain in place.
    pub fn held(&self, mut work: Vec<Node>) -> BTreeSet<Node> {
        let mut found = BTreeSet::new();
        while let Some(node) = work.pop() {
            if !self.is_replaced(&node.ty()) && found.insert(node) {
                work.extend(self.parts(node));
            }
        }
        found
    }

    fn is_replaced(&self, ty: &Type) -> bool {
        self.api.replaced.contains_key(ty)
    }

    /// Returns what the smallest value of a type contains in place.
    fn parts(&self, node: Node) -> Vec<Node> {
        let parts: Vec<Node> = match node {
            _ if self.is_replaced(&node.ty()) => return Vec::new(),
            Node::Model(id) => {
                let needed = self.api.models[id].fields.iter().filter(|field| !is_option(field));
                needed.filter_map(|field| direct(in_place(field))).collect()
            }
            Node::Union(id) => {
                let member = self.member(id).map(|index| &self.api.unions[id].members[index].ty);
                member.and_then(direct).into_iter().collect()
            }
        };
        parts.into_iter().filter(|part| !self.is_replaced(&part.ty())).collect()
    }

    /// Returns true if a type is generated elsewhere, or contains a replaced one.
    fn is_foreign(&self, node: Node) -> bool {
        let is_elsewhere = |service: Id<Service>| matches!(self.api.services[service].role, Role::External(_));
        match node {
            _ if self.is_replaced(&node.ty()) => false,
            Node::Model(id) => {
                let model = &self.api.models[id];
                let mut needed = model.fields.iter().filter(|field| !is_option(field));
                is_elsewhere(model.service) || needed.any(|field| self.is_replaced(&field.ty))
            }
            Node::Union(id) => {
                let union = &self.api.unions[id];
                is_elsewhere(union.service) || union.members.iter().any(|member| self.is_replaced(&member.ty))
            }
        }
    }
}
