//! Facts that need the whole type graph, each computed once in its own pass.

mod depth;
mod reach;

pub use depth::Depth;
pub use reach::Reach;

use apigen_model::api::{Api, Id, Model, Primitive, Type};
use apigen_model::behaviour::{Node, base, direct, holders};
use apigen_model::graph;

/// The strongly connected components of "holds in place".
///
/// A field is boxed if and only if its model and its type are in one component. Unions never contain themselves, so
/// every cycle passes through a field, and members of unions need no box.
#[derive(Debug)]
pub struct Recursion {
    component: Vec<usize>,
    /// At least one model of each cycle, including cycles through lists and maps.
    entrances: Vec<bool>,
}

impl Recursion {
    /// Analyses every model and union of `api`; linear, and without recursion on the stack.
    pub fn new(api: &Api) -> Self {
        let in_place =
            Node::all(api).map(|node| node.parts(api).into_iter().filter_map(direct).map(|to| to.index(api)));
        let edges: Vec<Vec<usize>> = in_place.map(Iterator::collect).collect();
        Self { component: components(&edges), entrances: entrances(api) }
    }

    /// Returns true if the model is an entrance of its cycles. Every cycle has an entrance, so work done at entrances
    /// bounds all recursion.
    pub fn is_entrance(&self, model: Id<Model>) -> bool {
        self.entrances[model.index()]
    }

    /// Returns true if field `index` of `model` must be boxed.
    pub fn boxed(&self, api: &Api, model: Id<Model>, index: usize) -> bool {
        let to = direct(&api.models[model].fields[index].ty);
        to.is_some_and(|to| self.component[model.index()] == self.component[to.index(api)])
    }
}

/// Finds the models that a depth-first search reaches again while they are open; for a union, what leads to it.
fn entrances(api: &Api) -> Vec<bool> {
    let nodes: Vec<Node> = Node::all(api).collect();
    let edges: Vec<Vec<usize>> = nodes.iter().map(|node| node.inner(api).map(|to| to.index(api)).collect()).collect();
    let is_model = |index: usize| matches!(nodes[index], Node::Model(_));
    let (mut entrances, mut seen, mut open) =
        (vec![false; nodes.len()], vec![false; nodes.len()], vec![false; nodes.len()]);
    for root in 0..nodes.len() {
        let mut work = vec![(root, 0)];
        while let Some((node, edge)) = work.pop() {
            if edge == 0 && std::mem::replace(&mut seen[node], true) {
                continue;
            }
            open[node] = true;
            let Some(&to) = edges[node].get(edge) else {
                open[node] = false;
                continue;
            };
            work.push((node, edge + 1));
            if open[to] {
                entrances[if is_model(to) { to } else { node }] = true;
            } else if !seen[to] {
                work.push((to, 0));
            }
        }
    }
    entrances
}

/// Numbers the strongly connected components; equal numbers mean the same component.
pub(super) fn components(edges: &[Vec<usize>]) -> Vec<usize> {
    let mut component = vec![0; edges.len()];
    for (number, nodes) in graph::components(edges).into_iter().enumerate() {
        nodes.into_iter().for_each(|node| component[node] = number);
    }
    component
}

/// Whether each model and union can be `Eq` and `Hash`; `Debug`, `Clone` and `PartialEq` always apply.
#[derive(Debug)]
pub struct Derives {
    partial: Vec<bool>,
}

impl Derives {
    /// Analyses all types. A type is total unless it contains, at any depth, a floating-point number, free JSON, or an
    /// unknown type that the user chose.
    pub fn new(api: &Api) -> Self {
        let is_partial = |node: Node| {
            node.parts(api).into_iter().map(base).any(|part| match part {
                Type::Primitive(primitive) => {
                    matches!(primitive, Primitive::Double | Primitive::Json | Primitive::Object)
                }
                part => api.replaced.contains_key(part),
            })
        };
        Self { partial: holders(api, is_partial, |node| node.inner(api)) }
    }

    /// Returns true if `==` on this node is total, so that `Eq` and `Hash` can be derived.
    pub(crate) fn total(&self, api: &Api, node: Node) -> bool {
        !self.partial[node.index(api)]
    }
}
