//! Determines the fields that must be boxed so that every type has a finite size.

use super::{Node, base, direct};
use apigen_model::api::{Api, Id, Model};

/// The strongly connected components of "holds in place".
///
/// A field is boxed if and only if its model and its type are in one component. Unions never contain themselves, so
/// every cycle passes through a field, and members of unions need no box.
#[derive(Debug)]
pub struct Recursion {
    component: Vec<u32>,
    /// At least one model of each cycle, including cycles through lists and maps.
    entrances: Vec<bool>,
}

impl Recursion {
    /// Analyses every model and union of `api`; linear, and without recursion on the stack (Tarjan's algorithm).
    pub fn new(api: &Api) -> Self {
        let nodes: Vec<Node> = Node::all(api).collect();
        let edges: Vec<Vec<usize>> = nodes
            .iter()
            .map(|node| node.parts(api).into_iter().filter_map(direct).map(|to| to.index(api)).collect())
            .collect();
        Self { component: components(&edges), entrances: entrances(api, &nodes) }
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

/// Finds the models that a depth-first search reaches again while they are open; a union is replaced by the node that
/// leads to it.
fn entrances(api: &Api, nodes: &[Node]) -> Vec<bool> {
    let edges: Vec<Vec<usize>> = nodes
        .iter()
        .map(|node| node.parts(api).into_iter().filter_map(|ty| direct(base(ty))).map(|to| to.index(api)).collect())
        .collect();
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
pub(super) fn components(edges: &[Vec<usize>]) -> Vec<u32> {
    const NONE: u32 = u32::MAX;
    let (mut order, mut low) = (vec![NONE; edges.len()], vec![NONE; edges.len()]);
    let mut component = vec![NONE; edges.len()];
    let (mut stack, mut next, mut count) = (Vec::new(), 0, 0);
    for root in 0..edges.len() {
        if order[root] != NONE {
            continue;
        }
        let mut work = vec![(root, 0)];
        while let Some((node, edge)) = work.pop() {
            if edge == 0 {
                (order[node], low[node]) = (next, next);
                next += 1;
                stack.push(node);
            }
            if let Some(&to) = edges[node].get(edge) {
                work.push((node, edge + 1));
                if order[to] == NONE {
                    work.push((to, 0));
                } else if component[to] == NONE {
                    low[node] = low[node].min(order[to]);
                }
                continue;
            }
            if low[node] == order[node] {
                while let Some(member) = stack.pop() {
                    component[member] = count;
                    if member == node {
                        break;
                    }
                }
                count += 1;
            }
            if let Some(&(parent, _)) = work.last() {
                low[parent] = low[parent].min(low[node]);
            }
        }
    }
    component
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn a_ring_is_one_component_and_a_chain_is_not() {
        let c = components(&[vec![1], vec![2], vec![0, 3], vec![4], vec![]]);
        assert_eq!(c[0], c[1]);
        assert_eq!(c[1], c[2]);
        assert_ne!(c[2], c[3]);
        assert_ne!(c[3], c[4]);
    }

    #[test]
    fn a_long_chain_does_not_use_the_stack() {
        let edges: Vec<Vec<usize>> = (0..200_000).map(|i| if i + 1 < 200_000 { vec![i + 1] } else { vec![] }).collect();
        let c = components(&edges);
        assert_ne!(c[0], c[1]);
    }
}
