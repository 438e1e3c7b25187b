//! Lint: types without a finite value.

use std::collections::BTreeMap;

use super::Linter;
use super::rule::INFINITE_TYPE;
use crate::api::Type;
use crate::behaviour::{Finite, Node, direct, in_place};
use crate::graph::components;
use crate::parse::service::{Common, Field};

/// A type of this service: its kind, and its fields if it has any.
type Known<'a> = (&'static str, &'a Common, &'a [Field]);

impl<'a> Linter<'a> {
    /// Reports each cycle once, at its first type of this service.
    pub fn infinite(&mut self) {
        let nodes: Vec<Node> = Node::all(self.api).collect();
        let finite = Finite::new(self.api);
        // A type without a finite value requires another one; following these leads into a cycle.
        let next: Vec<Option<(usize, usize)>> = nodes.iter().map(|node| self.needed(&finite, *node)).collect();
        let known = self.known();
        let targets: Vec<Vec<usize>> = next.iter().map(|next| next.iter().map(|(_, to)| *to).collect()).collect();
        // Each node leads to one other at most, so a component is a cycle, in order from where the search came upon it.
        for circle in components(&targets).iter().filter(|circle| circle.len() > 1 || targets[circle[0]] == **circle) {
            self.circle(&known, &nodes, &next, circle);
        }
    }

    /// Returns the part (by its position in [`Node::parts`]) that makes a type infinite, and the node it leads to.
    fn needed(&self, finite: &Finite, node: Node) -> Option<(usize, usize)> {
        let infinite = |ty: &Type| direct(ty).filter(|_| !finite.known(self.api, ty)).map(|node| node.index(self.api));
        infinite(&node.ty())?;
        let part = |(part, ty): (usize, &Type)| infinite(ty).map(|to| (part, to));
        match node {
            Node::Model(id) => {
                let fields = self.api.models[id].fields.iter().enumerate().filter(|(_, field)| field.required);
                fields.map(|(index, field)| (index, in_place(field))).find_map(part)
            }
            Node::Union(_) => node.parts(self.api).into_iter().enumerate().find_map(part),
        }
    }

    fn circle(
        &mut self,
        known: &BTreeMap<usize, Known<'a>>,
        nodes: &[Node],
        next: &[Option<(usize, usize)>],
        circle: &[usize],
    ) {
        let Some(first) = circle.iter().position(|index| known.contains_key(index)) else { return };
        let order = circle[first..].iter().chain(&circle[..first]);
        let names: Vec<String> =
            order.filter_map(|index| Some(self.part_name(nodes[*index], next[*index]?.0))).collect();
        let (Some((word, own, fields)), Some((part, _))) = (known.get(&circle[first]), next[circle[first]]) else {
            return;
        };
        let (name, names) = (&own.name.value, names.join(" → "));
        let message = format!("{word} `{name}` has no finite value: {names} must contain itself");
        let field = fields.get(part);
        let at = field.map_or(own.name.at, |field| field.ty.at);
        let attributes = field.map_or(&[][..], |field| &field.common.attributes);
        let help = "make one of the fields optional, or a list";
        self.add(&INFINITE_TYPE, at, &[&own.attributes, attributes], message, help);
    }

    fn part_name(&self, node: Node, part: usize) -> String {
        match node {
            Node::Model(id) => format!("{}.{}", self.api.models[id].name, self.api.models[id].fields[part].name),
            Node::Union(id) => self.api.unions[id].name.clone(),
        }
    }

    /// Returns the types of this service, by node.
    fn known(&self) -> BTreeMap<usize, Known<'a>> {
        let models = self.service.models.iter().zip(&self.own.models);
        let models =
            models.map(|(m, id)| (Node::Model(*id).index(self.api), ("model", &m.common, m.fields.as_slice())));
        let unions = self.service.unions.iter().zip(&self.own.unions);
        let unions = unions.map(|(u, id)| (Node::Union(*id).index(self.api), ("union", &u.common, [].as_slice())));
        models.chain(unions).collect()
    }
}
