//! Determines the fields that hold a link, so that rustc can traverse every type within its recursion limit.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::components;
use super::{Node, Recursion, base, direct};
use apigen_model::api::{Api, Id, Model, Type};
use apigen_model::behaviour::is_option;

/// The maximum depth for rustc. Its limit is 128; the rest is for what users wrap around values.
const DEEPEST: u32 = 96;
/// The maximum depth within types that refer to one another, which leaves room for the types that these refer to.
const DEEPEST_CIRCLE: u32 = 72;
/// The maximum depth of nested reads that rustc compiles by default, out of its 128: a link does not end a call.
const MAX_CALLS: u32 = 96;
/// The approximate maximum number of steps; of larger cycles only a part is examined.
const MAX_STEPS: usize = 20_000_000;

/// The fields that hold a link, `apigen_runtime::Link`.
///
/// To prove that a type can move between threads, rustc visits all its fields, depth first, and visits each type once.
/// The path can be a chain as long as the largest cycle of types, and each list, map or box on it counts several times.
/// A link ends the path.
#[derive(Debug)]
pub struct Depth {
    linked: BTreeSet<(usize, usize)>,
    pub recursion_limit: Option<usize>,
}

impl Depth {
    /// Analyses every model and union. The fields of an imported service do not depend on its importers.
    pub fn new(api: &Api, recursion: &Recursion) -> Self {
        let mut graph = Graph::new(api, recursion);
        let calls = graph.edges.len() + 128;
        let recursion_limit = graph.is_read_deep().then(|| calls.next_power_of_two());
        let (components, inner) = graph.open_circles();
        graph.shorten(&components, &inner);
        let linked = graph.edges.iter().enumerate().flat_map(|(from, edges)| {
            let cut = edges.iter().filter(|edge| edge.cut);
            cut.filter_map(move |edge| edge.field.map(|field| (from, field)))
        });
        Self { linked: linked.collect(), recursion_limit }
    }

    /// Returns true if field `index` of `model` holds a link.
    pub fn linked(&self, model: Id<Model>, index: usize) -> bool {
        self.linked.contains(&(model.index(), index))
    }
}

struct Graph {
    edges: Vec<Vec<Edge>>,
}

#[derive(Debug, Clone, Copy)]
struct Edge {
    to: usize,
    /// The increase of rustc's depth along this edge.
    weight: u32,
    /// The field that could hold a link; unions hold their members in place.
    field: Option<usize>,
    cut: bool,
}

impl Graph {
    fn new(api: &Api, recursion: &Recursion) -> Self {
        let edge = |ty: &Type, weight: u32, field: Option<usize>| {
            let to = direct(base(ty))?.index(api);
            Some(Edge { to, weight: weight + layers(ty), field, cut: false })
        };
        let edges = Node::all(api).map(|node| match node {
            _ if api.replaced.contains_key(&node.ty()) => Vec::new(),
            Node::Model(id) => {
                let fields = api.models[id].fields.iter().enumerate();
                let weight = |field, index| {
                    1 + u32::from(is_option(field)) + if recursion.boxed(api, id, index) { 2 } else { 0 }
                };
                fields.filter_map(|(index, field)| edge(&field.ty, weight(field, index), Some(index))).collect()
            }
            Node::Union(id) => api.unions[id].members.iter().filter_map(|member| edge(&member.ty, 1, None)).collect(),
        });
        Self { edges: edges.collect() }
    }

    /// Returns true if rustc holds more than [`MAX_CALLS`] types at once while it compiles how some type is read: depth
    /// first, starting with any.
    fn is_read_deep(&self) -> bool {
        let nodes = self.edges.len();
        let steps = nodes * self.edges.iter().map(|edges| edges.len() + 1).sum::<usize>();
        let parts = |node: usize| self.edges[node].iter().map(|edge| (edge.to, 1));
        let mut seen = Seen::new(nodes);
        let mut starts = (0..nodes).step_by(steps.div_ceil(MAX_STEPS).max(1));
        starts.any(|start| seen.walk(start, parts) >= MAX_CALLS)
    }

    fn open(&self, node: usize) -> impl DoubleEndedIterator<Item = &Edge> {
        self.edges[node].iter().filter(|edge| !edge.cut)
    }

    /// Cuts cycles until none is too deep. Returns the component of each node, and the depth of each component.
    fn open_circles(&mut self) -> (Vec<usize>, Vec<u32>) {
        let mut seen = Seen::new(self.edges.len());
        loop {
            let targets: Vec<Vec<usize>> =
                (0..self.edges.len()).map(|node| self.open(node).map(|edge| edge.to).collect()).collect();
            let component = components(&targets);
            let mut members: Vec<Vec<usize>> = Vec::new();
            members.resize(component.iter().max().map_or(0, |last| *last + 1), Vec::new());
            component.iter().enumerate().for_each(|(node, number)| members[*number].push(node));
            let depths: Vec<u32> = members.iter().map(|members| self.depth(members, &component, &mut seen)).collect();
            let deep = members.iter().zip(&depths).filter(|(_, depth)| **depth > DEEPEST_CIRCLE);
            let cut = deep.fold(false, |cut, (members, _)| self.cut_hubs(members, &component) || cut);
            if !cut {
                return (component, depths);
            }
        }
    }

    /// Returns the depth for rustc within a component, from any starting point; stops as soon as it exceeds the limit.
    fn depth(&self, members: &[usize], component: &[usize], seen: &mut Seen) -> u32 {
        if members.len() < 2 {
            return 0;
        }
        let steps: usize = members.iter().map(|node| self.edges[*node].len() + 1).sum();
        let step = (steps * members.len() * 2).div_ceil(MAX_STEPS);
        let circle = component[members[0]];
        let inside = |node: usize| {
            let edges = self.open(node).filter(move |edge| component[edge.to] == circle);
            edges.map(|edge| (edge.to, edge.weight))
        };
        let mut deepest = 0;
        for start in members.iter().step_by(step) {
            deepest = deepest.max(seen.walk(*start, inside));
            if deepest <= DEEPEST_CIRCLE {
                // Some of rustc's passes take the last field of each type first.
                deepest = deepest.max(seen.walk(*start, |node| inside(node).rev()));
            }
            if deepest > DEEPEST_CIRCLE {
                break;
            }
        }
        deepest
    }

    /// Cuts the fields of the models with the most references within a component. Returns true if there was anything to cut.
    fn cut_hubs(&mut self, members: &[usize], component: &[usize]) -> bool {
        let mut references: BTreeMap<usize, usize> = BTreeMap::new();
        for edge in members.iter().flat_map(|from| self.open(*from).map(move |edge| (*from, edge))) {
            let (from, edge) = edge;
            if edge.to != from && component[edge.to] == component[from] {
                *references.entry(edge.to).or_default() += 1;
            }
        }
        let mut hubs: Vec<(usize, usize)> = references
            .into_iter()
            .filter(|(node, _)| self.edges[*node].iter().any(|edge| edge.field.is_some()))
            .collect();
        hubs.sort_by_key(|(node, count)| (Reverse(*count), *node));
        hubs.truncate((members.len() / 16).max(1));
        let mut any = false;
        for (hub, _) in hubs {
            let circle = component[hub];
            let edges = self.edges[hub].iter_mut();
            for edge in edges.filter(|edge| edge.field.is_some() && edge.to != hub && component[edge.to] == circle) {
                any |= !edge.cut;
                edge.cut = true;
            }
        }
        any
    }

    /// Cuts fields that lead too deep, working up from the ends of all paths. `inner` is the depth of each component.
    fn shorten(&mut self, component: &[usize], inner: &[u32]) {
        let mut nodes: Vec<usize> = (0..self.edges.len()).collect();
        // A component has a greater number than those that it refers to.
        nodes.sort_by_key(|node| component[*node]);
        let mut deepest = inner.to_vec();
        for node in nodes {
            let own = component[node];
            for index in 0..self.edges[node].len() {
                let edge = self.edges[node][index];
                let to = component[edge.to];
                if edge.cut || to == own {
                    continue;
                }
                let depth = inner[own] + edge.weight + deepest[to];
                match depth > DEEPEST && edge.field.is_some() {
                    true => self.edges[node][index].cut = true,
                    false => deepest[own] = deepest[own].max(depth),
                }
            }
        }
    }
}

/// The nodes that a walk has visited.
struct Seen {
    rounds: Vec<u32>,
    round: u32,
}

impl Seen {
    fn new(nodes: usize) -> Self {
        Self { rounds: vec![0; nodes], round: 0 }
    }

    fn first(&mut self, node: usize) -> bool {
        std::mem::replace(&mut self.rounds[node], self.round) != self.round
    }

    /// Walks depth first from a node along weighted edges. Returns the greatest weight of a way that it went.
    fn walk<E: Iterator<Item = (usize, u32)>>(&mut self, start: usize, edges: impl Fn(usize) -> E) -> u32 {
        self.round += 1;
        self.first(start);
        let (mut trail, mut deepest) = (vec![(0, edges(start))], 0);
        while let Some((depth, rest)) = trail.last_mut() {
            let depth = *depth;
            deepest = deepest.max(depth);
            match rest.next() {
                Some((to, weight)) if self.first(to) => trail.push((depth + weight, edges(to))),
                Some(_) => {}
                None => drop(trail.pop()),
            }
        }
        deepest
    }
}

/// Counts the lists and maps around a type: each is several types for rustc.
fn layers(ty: &Type) -> u32 {
    match ty {
        Type::List(inner) | Type::Map(inner) => 3 + layers(inner),
        _ => 0,
    }
}
