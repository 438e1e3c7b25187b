//! Lint: types that no operation can reach.

use std::collections::{BTreeMap, BTreeSet};

use super::Linter;
use super::rule::UNUSED_TYPE;
use crate::api::{self, Type};
use crate::behaviour::base;
use crate::parse::scope::Target;
use crate::parse::service::Kind;

/// A declared type: its kind and its position in the model's arena.
type Key = (Kind, usize);

fn key(ty: &Type) -> Option<Key> {
    match base(ty) {
        Type::Enum(id) => Some((Kind::Enum, id.index())),
        Type::Model(id) => Some((Kind::Model, id.index())),
        Type::Union(id) => Some((Kind::Union, id.index())),
        _ => None,
    }
}

/// The types that each type uses, by kind and position.
struct Graph {
    uses: [Vec<Vec<Key>>; 4],
}

impl Graph {
    fn new(api: &api::Api) -> Self {
        let promised = |interfaces: &[api::Id<api::Interface>]| -> Vec<Key> {
            interfaces.iter().map(|id| (Kind::Interface, id.index())).collect()
        };
        let fields = |fields: &[api::Field]| fields.iter().filter_map(|f| key(&f.ty)).collect::<Vec<Key>>();
        let models = api.models.iter().map(|(_, m)| [fields(&m.fields), promised(&m.interfaces)].concat());
        let unions = api.unions.iter().map(|(_, u)| {
            let members = u.members.iter().filter_map(|m| key(&m.ty)).collect::<Vec<Key>>();
            [members, promised(&u.interfaces)].concat()
        });
        let interfaces = api.interfaces.iter().map(|(_, i)| fields(&i.fields));
        let enums = vec![Vec::new(); api.enums.len()];
        Self { uses: [enums, models.collect(), unions.collect(), interfaces.collect()] }
    }

    fn uses(&self, (kind, index): Key) -> &[Key] {
        &self.uses[kind as usize][index]
    }

    /// Adds everything that is reachable from these types to `seen`.
    fn reach(&self, mut todo: Vec<Key>, seen: &mut BTreeSet<Key>) {
        while let Some(next) = todo.pop() {
            if seen.insert(next) {
                todo.extend_from_slice(self.uses(next));
            }
        }
    }

    /// Returns everything that is reachable from these types, users before the types they use; of types that use each
    /// other, one comes before all that only they use. This is reverse postorder.
    fn users_first(&self, from: &[Key]) -> Vec<Key> {
        let (mut entered, mut left) = (BTreeSet::new(), Vec::new());
        for start in from {
            let mut stack = vec![(*start, false)];
            while let Some((key, leaving)) = stack.pop() {
                if leaving {
                    left.push(key);
                } else if entered.insert(key) {
                    stack.push((key, true));
                    stack.extend(self.uses(key).iter().map(|used| (*used, false)));
                }
            }
        }
        left.reverse();
        left
    }
}

impl Linter<'_> {
    /// Reports unused types, except those that only other unused ones use. A service without operations declares types
    /// for others, so nothing is reported; the same holds if most of its types are unused.
    pub fn unused_types(&mut self) {
        if self.own.resources.is_empty() {
            return;
        }
        let graph = Graph::new(self.api);
        let mut seen = BTreeSet::new();
        graph.reach(self.roots(), &mut seen);
        let declared = self.declared();
        let unused: Vec<Key> = declared.iter().filter(|key| !seen.contains(key)).copied().collect();
        // A service that mostly declares types for others may have an operation as well, such as a health check.
        if unused.len() * 2 > declared.len() {
            return;
        }
        let declarations = self.declarations();
        let positions: BTreeMap<Key, usize> = declared.iter().enumerate().map(|(index, key)| (*key, index)).collect();
        for key in graph.users_first(&unused) {
            let Some((word, common)) = positions.get(&key).map(|index| declarations[*index]) else { continue };
            if seen.contains(&key) {
                continue;
            }
            graph.reach(vec![key], &mut seen);
            let message = format!("no operation uses the {word} `{}`", common.name.value);
            let help = "remove it, or use it";
            self.add(&UNUSED_TYPE, common.name.at, &[&common.attributes], message, help);
        }
    }

    /// Returns the keys of [`Linter::declarations`].
    fn declared(&self) -> Vec<Key> {
        let of_kind = |kind| (0..).map_while(move |index| declared_key(self.own, kind, index));
        Kind::ALL.into_iter().flat_map(of_kind).collect()
    }

    /// Returns the types used by the operations and headers of all requested services, and those that resources are
    /// named after.
    fn roots(&self) -> Vec<Key> {
        let services = || self.api.services.iter().map(|(_, service)| service);
        let operations = || services().flat_map(|s| &s.resources).flat_map(|r| &r.operations);
        let parameters = operations().flat_map(|o| &o.parameters).map(|p| &p.ty);
        let bodies = operations().filter_map(|o| o.body.as_ref()).map(|b| &b.ty);
        let responses = || operations().flat_map(|o| &o.responses);
        let headers = services().flat_map(|s| &s.headers).chain(responses().flat_map(|r| &r.headers)).map(|h| &h.ty);
        let types = parameters.chain(bodies).chain(responses().map(|r| &r.ty)).chain(headers);
        let named = self.service.resources.iter().filter_map(|r| self.scope.resource_type(&r.common.name.value));
        let named = named.filter_map(|Target { unit, kind, index }| {
            declared_key(&self.api.services[*self.services.get(unit)?], kind, index)
        });
        types.filter_map(key).chain(named).collect()
    }
}

/// Returns the key of a declaration by its position in its service.
fn declared_key(service: &api::Service, kind: Kind, index: usize) -> Option<Key> {
    let position = match kind {
        Kind::Enum => service.enums.get(index)?.index(),
        Kind::Model => service.models.get(index)?.index(),
        Kind::Union => service.unions.get(index)?.index(),
        Kind::Interface => service.interfaces.get(index)?.index(),
    };
    Some((kind, position))
}
