//! The graph of types that contain others.

use crate::api::{Api, Field, Id, Model, Type, Union};
use crate::graph::mark;

/// A type that can contain others: the nodes of the type graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// A model.
    Model(Id<Model>),
    /// A union.
    Union(Id<Union>),
}

impl Node {
    /// Returns the position in a table of all models followed by all unions.
    pub fn index(self, api: &Api) -> usize {
        match self {
            Self::Model(id) => id.index(),
            Self::Union(id) => api.models.len() + id.index(),
        }
    }

    /// Iterates over all nodes, in the order of [`Node::index`].
    pub fn all(api: &Api) -> impl Iterator<Item = Self> {
        api.models.ids().map(Self::Model).chain(api.unions.ids().map(Self::Union))
    }

    /// Returns the type of the node.
    pub fn ty(self) -> Type {
        match self {
            Self::Model(id) => Type::Model(id),
            Self::Union(id) => Type::Union(id),
        }
    }

    /// Returns the types of its fields or members; none if it is replaced.
    pub fn parts(self, api: &Api) -> Vec<&Type> {
        match self {
            _ if api.replaced.contains_key(&self.ty()) => Vec::new(),
            Self::Model(id) => api.models[id].fields.iter().map(|f| &f.ty).collect(),
            Self::Union(id) => api.unions[id].members.iter().map(|m| &m.ty).collect(),
        }
    }

    /// Returns the nodes among its parts, also inside of lists and maps.
    pub fn inner(self, api: &Api) -> impl Iterator<Item = Self> {
        self.parts(api).into_iter().filter_map(|part| direct(base(part)))
    }
}

/// Returns, by index, whether each node is one of the sought ones, or has one among its `parts`, at any depth.
pub fn holders<P>(api: &Api, is_sought: impl Fn(Node) -> bool, parts: impl Fn(Node) -> P) -> Vec<bool>
where
    P: IntoIterator<Item = Node>,
{
    let nodes: Vec<Node> = Node::all(api).collect();
    let mut users = vec![Vec::new(); nodes.len()];
    for (index, node) in nodes.iter().enumerate() {
        parts(*node).into_iter().for_each(|part| users[part.index(api)].push(index));
    }
    let mut found = vec![false; nodes.len()];
    mark(&users, (0..nodes.len()).filter(|index| is_sought(nodes[*index])).collect(), &mut found);
    found
}

/// Returns the node that a value of this type contains in place, without the indirection of a list or map.
pub fn direct(ty: &Type) -> Option<Node> {
    match ty {
        Type::Model(id) => Some(Node::Model(*id)),
        Type::Union(id) => Some(Node::Union(*id)),
        _ => None,
    }
}

/// Returns the type that every value of a field contains: the element type of a list that must have elements, else its own.
pub fn in_place(field: &Field) -> &Type {
    match &field.ty {
        Type::List(inner) if field.minimum.is_some_and(|low| low > 0) => inner,
        other => other,
    }
}

/// Returns the type inside all lists and maps.
pub fn base(ty: &Type) -> &Type {
    match ty {
        Type::List(inner) | Type::Map(inner) => base(inner),
        other => other,
    }
}
