//! Reads the conditions of a rule, and checks that requests can meet them.

use apigen_model::api::{Api, Field, Id, Literal, Location, Model, Parameter, Primitive, Type, Union};
use apigen_model::behaviour::{has_elements, must_be_given};
use apigen_model::source::json::{Member, Node, Span, Value, parse};
use apigen_runtime::Mode;
use apigen_runtime::validate::MessageLocation;
use apigen_runtime::validate::schema::{Schema, utc};

use super::matcher::{Conditions, Matcher};
use super::operations::Target;
use super::problems::{CONDITION, FORM, LIMIT, Problems, place};
use super::union::{self, VALUE};
use crate::lower::ty;

/// The key of the body's condition.
const BODY: &str = "body";

const LOCATIONS: [(&str, Location, MessageLocation); 4] = [
    ("path", Location::Path, MessageLocation::Path),
    ("query", Location::Query, MessageLocation::Query),
    ("header", Location::Header, MessageLocation::Header),
    ("form", Location::Form, MessageLocation::Form),
];

/// The values that all conditions of a text may have, counting each type of a union that is tried.
pub(super) const MAX_VALUES: usize = 500_000;

/// Reads conditions.
pub(super) struct ConditionReader<'c> {
    pub(super) api: &'c Api,
    pub(super) schema: &'c Schema,
    pub(super) problems: &'c mut Problems,
    /// The values that may still be read.
    pub(super) values_left: &'c mut usize,
}

impl ConditionReader<'_> {
    /// Reads the value of the key `when`.
    pub(super) fn conditions(&mut self, node: &Node, target: &Target<'_>) -> Conditions {
        let mut conditions = Conditions::default();
        if !matches!(node.value, Value::Object(_)) {
            let help = "for example `when = { id = 1 }`".to_owned();
            let message = format!("`when` takes names of parameters with their values, found {}", node.kind());
            self.problems.add(FORM, place(node), message, Some(help));
            return conditions;
        }
        let parameters = &target.operation.parameters;
        for member in node.members() {
            let location = LOCATIONS.into_iter().find(|(name, location, _)| {
                let is_there = parameters.iter().any(|parameter| parameter.location == *location);
                *name == member.key && is_there && matches!(member.node.value, Value::Object(_))
            });
            match (location, &target.operation.body) {
                (Some(location), _) => {
                    let inner = member.node.members().iter();
                    let read = inner.filter_map(|inner| self.parameter(target, Some(location), inner));
                    conditions.parameters.extend(read);
                }
                (None, Some(body)) if member.key == BODY => {
                    conditions.body = self.part(BODY, &body.ty, true, &member.node);
                }
                (None, _) => conditions.parameters.extend(self.parameter(target, None, member)),
            }
        }
        conditions
    }

    fn parameter(
        &mut self,
        target: &Target<'_>,
        within: Option<(&str, Location, MessageLocation)>,
        member: &Member,
    ) -> Option<(MessageLocation, String, Matcher)> {
        let all = target.operation.parameters.iter();
        let mut all = all.filter(|parameter| within.is_none_or(|(_, location, _)| parameter.location == location));
        let exact = all.clone().find(|parameter| parameter.name == member.key);
        let is_header = |parameter: &&Parameter| {
            parameter.location == Location::Header && parameter.name.eq_ignore_ascii_case(&member.key)
        };
        let Some(parameter) = exact.or_else(|| all.find(is_header)) else {
            self.unknown(target, within, member);
            return None;
        };
        let (_, _, location) = LOCATIONS.into_iter().find(|(_, own, _)| *own == parameter.location)?;
        let is_list = matches!(parameter.ty, Type::List(_));
        // Clients send nothing for an empty list.
        let required = must_be_given(parameter) && !is_list;
        let matcher = self.part(&parameter.name, &parameter.ty, required, &member.node)?;
        let is_empty = is_list && !has_elements(parameter.default.as_ref()) && member.node.items().is_empty();
        let matcher = match is_empty {
            true => Matcher::OrAbsent(Box::new(Matcher::List(Vec::new()))),
            false => matcher,
        };
        self.check_limits(&parameter.name, (&parameter.ty, parameter.minimum, parameter.maximum), &member.node);
        self.check_sendable(parameter, &member.node);
        Some((location, parameter.name.clone(), or_absent(self.api, parameter.default.as_ref(), matcher)))
    }

    fn unknown(
        &mut self,
        target: &Target<'_>,
        within: Option<(&str, Location, MessageLocation)>,
        Member { key, key_span, .. }: &Member,
    ) {
        let parameters = target.operation.parameters.iter();
        let parameters = parameters.filter(|own| within.is_none_or(|(_, location, _)| own.location == location));
        let mut names: Vec<&str> = parameters.map(|parameter| parameter.name.as_str()).collect();
        let body = target.operation.body.as_ref().filter(|_| within.is_none());
        names.extend(body.map(|_| BODY));
        let is_field = body.is_some_and(|body| match base(&body.ty) {
            Type::Model(model) => self.api.models[*model].fields.iter().any(|field| field.name == *key),
            _ => false,
        });
        let help = match is_field {
            true => Some(format!("this is a field of the body: write `body = {{ {key} = … }}`")),
            false => self.problems.suggestion(key, &names, "conditions can be on"),
        };
        let kind = within.map(|(name, ..)| format!("{name} ")).unwrap_or_default();
        let message = format!("`{}` has no {kind}parameter `{key}`", target.id);
        self.problems.add(CONDITION, *key_span, message, help.or_else(|| Some("it has none".to_owned())));
    }

    /// Reads the condition on a parameter, a field or the body.
    fn part(&mut self, name: &str, of: &Type, required: bool, node: &Node) -> Option<Matcher> {
        if required && matches!(node.value, Value::Null) && *of != Type::Primitive(Primitive::Json) {
            let message = format!("this rule never matches: `{name}` is required, so it is never absent");
            self.problems.add(CONDITION, node.span, message, None);
            return None;
        }
        self.value(name, of, node)
    }

    /// Reads the condition on a value; `name` is that of its parameter or field, for messages.
    fn value(&mut self, name: &str, of: &Type, node: &Node) -> Option<Matcher> {
        let Some(left) = self.values_left.checked_sub(1) else {
            let message = format!("the conditions have more than {MAX_VALUES} values");
            self.problems.add(LIMIT, place(node), message, None);
            return None;
        };
        *self.values_left = left;
        match (of, &node.value) {
            (_, Value::Null) => Some(Matcher::Absent),
            (Type::Model(model), Value::Object(members)) => self.fields(*model, members, None).map(Matcher::Object),
            (Type::Union(union), Value::Object(members)) => self.union(*union, node, members),
            (Type::Map(inner), Value::Object(members)) => {
                let members = members.iter().map(|own| Some((own.key.clone(), self.value(name, inner, &own.node)?)));
                members.collect::<Option<_>>().map(Matcher::Object)
            }
            (Type::List(inner), Value::Array(items)) => {
                items.iter().map(|item| self.value(name, inner, item)).collect::<Option<_>>().map(Matcher::List)
            }
            _ => self.leaf(name, of, node),
        }
    }

    /// Reads a value that is compared as a whole.
    fn leaf(&mut self, name: &str, of: &Type, node: &Node) -> Option<Matcher> {
        let accepted = match self.schema.accept(&ty(of), node.compact(), &Mode::strict()) {
            Ok(accepted) => accepted,
            Err(violations) => {
                let message = violations.as_slice().first().map(|violation| violation.message.clone());
                let message = format!("`{name}`: {}", message.unwrap_or_default());
                self.problems.add(CONDITION, place(node), message, None);
                return None;
            }
        };
        let accepted = parse(&accepted).ok()?;
        match (of, accepted.text()) {
            (Type::Primitive(Primitive::DateTime), Some(text)) => utc(text).map(Matcher::Instant),
            _ => Some(Matcher::exactly(&accepted)),
        }
    }

    /// Reads conditions on fields, except for the discriminator of a union.
    fn fields(
        &mut self,
        model: Id<Model>,
        members: &[Member],
        discriminator: Option<&str>,
    ) -> Option<Vec<(String, Matcher)>> {
        let model = &self.api.models[model];
        let mut complete = true;
        let mut matchers = Vec::new();
        for member in members.iter().filter(|member| Some(member.key.as_str()) != discriminator) {
            let matcher = match model.fields.iter().find(|field| field.name == member.key) {
                Some(field) => self.field(field, &member.node),
                None => {
                    let names: Vec<&str> = model.fields.iter().map(|field| field.name.as_str()).collect();
                    let help = self.problems.suggestion(&member.key, &names, "its fields");
                    let message = format!("`{}` has no field `{}`", model.name, member.key);
                    self.problems.add(CONDITION, member.key_span, message, help);
                    None
                }
            };
            complete &= matcher.is_some();
            matchers.extend(matcher.map(|matcher| (member.key.clone(), matcher)));
        }
        complete.then_some(matchers)
    }

    fn field(&mut self, field: &Field, node: &Node) -> Option<Matcher> {
        let matcher = self.part(&field.name, &field.ty, field.required, node)?;
        self.check_limits(&field.name, (&field.ty, field.minimum, field.maximum), node);
        Some(or_absent(self.api, field.default.as_ref(), matcher))
    }

    fn union(&mut self, id: Id<Union>, node: &Node, members: &[Member]) -> Option<Matcher> {
        let api = self.api;
        let Some(key) = &api.unions[id].discriminator else { return self.keyed(id, node, members) };
        let Some(discriminator) = node.get(key) else { return self.any(id, node, members) };
        let Some(tag) = discriminator.node.text() else {
            return self.leaf(key, &Type::Primitive(Primitive::String), &discriminator.node);
        };
        let Some(member) = union::member(api, id, tag) else {
            self.no_member(id, discriminator.node.span, tag);
            return None;
        };
        let mut matchers = match &member.ty {
            Type::Model(model) => self.fields(*model, members, Some(key))?,
            _ => self.wrapped(&member.ty, key, members)?,
        };
        let tagged = Matcher::Text(tag.to_owned());
        // The reader accepts the default member without its discriminator.
        let is_default = api.unions[id].members.iter().any(|own| own.default && own.discriminator_value == tag);
        let tagged = if is_default { Matcher::OrAbsent(Box::new(tagged)) } else { tagged };
        matchers.insert(0, (key.clone(), tagged));
        Some(Matcher::Object(matchers))
    }

    /// Reads a member that is not a model: an object with its discriminator and its value.
    fn wrapped(&mut self, of: &Type, discriminator: &str, members: &[Member]) -> Option<Vec<(String, Matcher)>> {
        let mut matchers = Vec::new();
        for member in members.iter().filter(|member| member.key != discriminator) {
            if member.key != VALUE {
                let message = format!("unknown field `{}`", member.key);
                let help = format!("the value of this type of the union is under `{VALUE}`");
                self.problems.add(CONDITION, member.key_span, message, Some(help));
                return None;
            }
            matchers.push((VALUE.to_owned(), self.value(VALUE, of, &member.node)?));
        }
        Some(matchers)
    }

    /// Reads an object without a discriminator: it may be of any type that has these fields.
    fn any(&mut self, id: Id<Union>, node: &Node, members: &[Member]) -> Option<Matcher> {
        let api = self.api;
        let models = union::members(api, id).into_iter().filter_map(|member| match member.ty {
            Type::Model(model) => Some(model),
            _ => None,
        });
        let has_all = |model: &Id<Model>| {
            let fields = &api.models[*model].fields;
            members.iter().all(|member| fields.iter().any(|field| field.name == member.key))
        };
        let models: Vec<Id<Model>> = models.filter(has_all).collect();
        if let [model] = models.as_slice() {
            return self.fields(*model, members, None).map(Matcher::Object);
        }
        let mut several = Vec::new();
        for model in models {
            let trial = self.problems.begin_trial();
            let matchers = self.fields(model, members, None);
            if self.problems.end_trial(trial) {
                several.extend(matchers.map(Matcher::Object));
            }
        }
        if several.is_empty() {
            let key = api.unions[id].discriminator.as_deref().unwrap_or_default();
            let message = format!("no type of the union `{}` fits this object", api.unions[id].name);
            let help = format!("`{key}` says which type is meant");
            self.problems.add(CONDITION, place(node), message, Some(help));
            return None;
        }
        Some(Matcher::Any(several))
    }

    /// Reads the only key of an object, which names the type.
    fn keyed(&mut self, id: Id<Union>, node: &Node, members: &[Member]) -> Option<Matcher> {
        let [only] = members else {
            let message = format!("a value of the union `{}` is an object with one key", self.api.unions[id].name);
            self.problems.add(CONDITION, place(node), message, None);
            return None;
        };
        let Some(member) = union::member(self.api, id, &only.key) else {
            self.no_member(id, only.key_span, &only.key);
            return None;
        };
        let value = match (&member.ty, &only.node.value) {
            (Type::Primitive(_), Value::Object(members)) => Matcher::Object(self.wrapped(&member.ty, "", members)?),
            (ty, _) => self.value(&only.key, ty, &only.node)?,
        };
        Some(Matcher::Object(vec![(only.key.clone(), value)]))
    }

    fn no_member(&mut self, id: Id<Union>, at: Span, tag: &str) {
        let members = union::members(self.api, id).into_iter();
        let tags: Vec<&str> = members.map(|member| member.discriminator_value.as_str()).collect();
        let message = format!("the union `{}` has no type `{tag}`", self.api.unions[id].name);
        let help = self.problems.suggestion(tag, &tags, "its types");
        self.problems.add(CONDITION, at, message, help);
    }

    /// Reports a value beyond its limits: such a request is refused before rules are asked.
    fn check_limits(&mut self, name: &str, (of, minimum, maximum): (&Type, Option<i64>, Option<i64>), node: &Node) {
        let literal = match (of, &node.value) {
            (Type::List(_), Value::Array(items)) => Literal::List(vec![Literal::Boolean(true); items.len()]),
            (Type::Primitive(Primitive::String), Value::String(text)) => Literal::String(text.clone()),
            (Type::Primitive(_), Value::Number(text)) => Literal::Decimal(text.clone()),
            _ => return,
        };
        let least = minimum.filter(|limit| literal.compare(*limit).is_some_and(|order| order.is_lt()));
        let most = maximum.filter(|limit| literal.compare(*limit).is_some_and(|order| order.is_gt()));
        let limit = least.map(|limit| ("at least", limit)).or(most.map(|limit| ("at most", limit)));
        let Some((side, limit)) = limit else { return };
        let plural = if limit == 1 { "" } else { "s" };
        let allowed = match literal {
            Literal::List(_) => format!("has {side} {limit} element{plural}"),
            Literal::String(_) => format!("has {side} {limit} character{plural}"),
            _ => format!("is {side} {limit}"),
        };
        self.problems.add(CONDITION, place(node), format!("this rule never matches: `{name}` {allowed}"), None);
    }

    /// Reports texts that cannot arrive at their location.
    fn check_sendable(&mut self, parameter: &Parameter, node: &Node) {
        let Some(text) = node.text() else { return };
        let is_lost = match parameter.location {
            Location::Path => text.is_empty(),
            Location::Header => text.trim() != text || text.contains(|c: char| c.is_ascii_control()),
            Location::Query | Location::Form => false,
        };
        if is_lost {
            let at = if parameter.location == Location::Path { "a path" } else { "a header" };
            let message = format!("this rule never matches: {at} cannot have this value");
            self.problems.add(CONDITION, node.span, message, None);
        }
    }
}

/// Returns the type of the elements of lists and maps.
fn base(of: &Type) -> &Type {
    match of {
        Type::List(inner) | Type::Map(inner) => base(inner),
        _ => of,
    }
}

/// A request without the value matches too, if the value is the default.
fn or_absent(api: &Api, default: Option<&Literal>, matcher: Matcher) -> Matcher {
    let is_default = default.is_some_and(|default| matcher.matches(Some(&node(api, default))));
    if is_default { Matcher::OrAbsent(Box::new(matcher)) } else { matcher }
}

/// Returns a default as JSON.
fn node(api: &Api, literal: &Literal) -> Node {
    let json = |text: &str| parse(text).map_or(Value::Null, |node| node.value);
    let value = match literal {
        Literal::Boolean(value) => Value::Bool(*value),
        Literal::Integer(value) => Value::Number(value.to_string()),
        Literal::Double(value) => Value::Number(value.to_string()),
        Literal::Decimal(text) => Value::Number(text.trim_start_matches('+').to_owned()),
        Literal::String(text) | Literal::Uuid(text) | Literal::Date(text) | Literal::DateTime(text) => {
            Value::String(text.clone())
        }
        Literal::Enum(id, index) => {
            let value = api.enums[*id].values.get(*index).map(|value| value.wire.clone());
            Value::String(value.unwrap_or_default())
        }
        Literal::Object(text) | Literal::Json(text) => json(text),
        Literal::List(items) => Value::Array(items.iter().map(|item| node(api, item)).collect()),
        Literal::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| Member {
                key: key.clone(),
                key_span: Span::default(),
                node: node(api, value),
            });
            Value::Object(entries.collect())
        }
    };
    value.into()
}
