//! Templates that fit a server's own error responses into the responses that an operation declares.

use crate::api::{
    Api, Code, Enum, Field, Header, Id, Literal, Member, Model, Operation, Primitive, Response, Type, Union,
};
use crate::behaviour::Outcomes;
use crate::vocabulary::http::is_token;
use crate::vocabulary::names::words;

/// Statuses that a server sends itself: the request is invalid, too large, or of another content type; or the server failed.
const OWN: [u16; 8] = [400, 413, 415, 422, 500, 502, 503, 504];

/// Limits on nested types, and on fields and members in total: larger bodies cannot be filled usefully.
const MAX_DEPTH: usize = 5;
const MAX_PARTS: usize = 500;

/// Longer templates are dropped.
const MAX_BYTES: usize = 2000;

/// The longest and the shortest code of a violation, in characters: "discriminator" and "type".
const LONGEST_CODE: i64 = 13;
const SHORTEST_CODE: i64 = 4;
/// No message is shorter than this.
const SHORTEST_MESSAGE: i64 = 10;
/// Longer lists, maps and strings are not generated.
const MAX_ELEMENTS: i64 = 20;
const MAX_CHARACTERS: i64 = 1000;
/// Headers that the server sets itself, as the connection requires.
const FRAMING: [&str; 4] = ["connection", "content-length", "transfer-encoding", "upgrade"];
/// The prefix of a template with generated values.
const MADE_UP: &str = "<made-up>";

/// The body of some responses, as a template that the runtime fills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The statuses; empty stands for `default`.
    pub statuses: Vec<u16>,
    /// The JSON of the body, with placeholders.
    pub template: String,
}

/// Returns a template for each form of the declared responses that can be filled.
pub fn refusals(api: &Api, operation: &Operation) -> Vec<Refusal> {
    let mut found: Vec<Refusal> = Vec::new();
    for response in Outcomes::new(operation).responses {
        let status = response.code.status();
        if status.is_some_and(|status| !OWN.contains(&status)) {
            continue;
        }
        let Some(body) = body(api, response, false).or_else(|| body(api, response, true)) else { continue };
        let same = found.iter_mut().find(|r| r.template == body.text && !r.statuses.is_empty());
        match (same, status) {
            (Some(same), Some(status)) => same.statuses.push(status),
            _ => found.push(Refusal { statuses: status.into_iter().collect(), template: body.text }),
        }
    }
    found
}

/// Returns true if an operation declares a response to invalid requests, but none that could say what is wrong. A
/// `default` without a body leaves the body to the server.
pub fn is_silent(api: &Api, operation: &Operation) -> bool {
    let is_declared = |response: &&Response| match response.code {
        Code::Status(status) => matches!(status, 400 | 422),
        Code::Default => response.ty != Type::Primitive(Primitive::Unit),
    };
    let mut declared = operation.responses.iter().filter(is_declared).peekable();
    let refusable = operation.body.is_some() || !operation.parameters.is_empty();
    let any = declared.peek().is_some();
    refusable && any && declared.all(|response| body(api, response, false).is_none_or(|body| !body.tells))
}

/// Returns the body of a response, if it can be filled; required headers and unknown values only with `make_up`.
fn body(api: &Api, response: &Response, make_up: bool) -> Option<Body> {
    let mut filler = Filler { api, make_up, open: Vec::new(), parts: 0 };
    let required = response.headers.iter().filter(|header| header.required && is_token(&header.name));
    let headers = required.map(|header| filler.header(header)).collect::<Option<String>>()?;
    let mut body = match &response.ty {
        Type::Primitive(Primitive::Unit) if !headers.is_empty() => Body::plain("")?,
        ty => filler.whole(ty)?,
    };
    if make_up {
        body.text.insert_str(0, &format!("{MADE_UP}{headers}"));
    }
    (body.text.len() <= MAX_BYTES).then_some(body)
}

/// A part of a template.
struct Body {
    text: String,
    /// Whether it has a sentence that says what is wrong.
    tells: bool,
}

impl Body {
    fn telling(text: impl Into<String>) -> Option<Body> {
        Some(Body { text: text.into(), tells: true })
    }

    fn plain(text: impl Into<String>) -> Option<Body> {
        Some(Body { text: text.into(), tells: false })
    }
}

/// The purpose of a field, derived from its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Code,
    Message,
    Pointer,
    Status,
    Other,
}

struct Filler<'a> {
    api: &'a Api,
    /// Whether required parts without a known value get a generated one.
    make_up: bool,
    /// The types that contain the one being filled.
    open: Vec<Type>,
    /// The number of fields and members visited.
    parts: usize,
}

impl Filler<'_> {
    /// Returns the placeholder for a required header, whose value a server cannot know: its default, or a generated one.
    fn header(&self, header: &Header) -> Option<String> {
        let name = header.name.to_ascii_lowercase();
        if !self.make_up || FRAMING.contains(&name.as_str()) {
            return None;
        }
        let element = if let Type::List(inner) = &header.ty { inner } else { &header.ty };
        let value = match (&header.default, element) {
            (Some(Literal::String(text)), _) => text.clone(),
            (_, Type::Enum(id)) => self.value(*id)?.1,
            _ if name == "content-type" => "application/json".to_owned(),
            _ => "0".to_owned(),
        };
        let is_plain = value.chars().all(|c| c.is_ascii_graphic() && c != '<' && c != '>');
        (is_plain && !value.is_empty()).then(|| format!("<header {name} {value}>"))
    }

    /// Fills a whole body: it has no name that tells its purpose.
    fn whole(&mut self, ty: &Type) -> Option<Body> {
        match ty {
            Type::Primitive(Primitive::String) => Body::telling("<message>"),
            Type::Primitive(Primitive::Object | Primitive::Json) => Body::telling("<own>"),
            Type::Primitive(Primitive::Integer | Primitive::Long) => Body::plain("<status>"),
            Type::List(inner) => match **inner {
                Type::Primitive(Primitive::String) => Body::telling("<messages>"),
                Type::Primitive(Primitive::Object | Primitive::Json) => Body::telling("[<own>]"),
                // A list whose elements cannot be filled may still be empty.
                _ => self.each(inner, None).or_else(|| Body::plain("[]")),
            },
            _ => self.composed(ty).or_else(|| self.made_up(ty, None, None)),
        }
    }

    /// Fills a list with one element for each violation.
    fn each(&mut self, inner: &Type, most: Option<i64>) -> Option<Body> {
        let Body { text, tells } = self.composed(inner)?;
        Some(Body { text: format!("[<each{}>{text}</each>]", limit(most)), tells })
    }

    fn composed(&mut self, ty: &Type) -> Option<Body> {
        match ty {
            Type::Enum(id) => Body::plain(quoted(&self.value(*id)?.1)),
            Type::Model(id) => self.within(ty, |filler| filler.model(*id, None)),
            Type::Union(id) => self.within(ty, |filler| filler.union(*id)),
            Type::Map(_) => Body::plain("{}"),
            Type::List(_) | Type::Primitive(_) => None,
        }
    }

    /// Fills a type that may contain others; `None` if it is within itself, or too deep.
    fn within(&mut self, ty: &Type, fill: impl FnOnce(&mut Self) -> Option<Body>) -> Option<Body> {
        if self.open.len() >= MAX_DEPTH || self.open.contains(ty) {
            return None;
        }
        self.open.push(ty.clone());
        let body = fill(self);
        self.open.pop();
        body
    }

    /// Counts a field or a member; `None` if there are too many.
    fn part(&mut self) -> Option<()> {
        self.parts += 1;
        (self.parts <= MAX_PARTS).then_some(())
    }

    /// Fills all required fields, and the optional ones that carry information. The discriminator comes first.
    fn model(&mut self, id: Id<Model>, tag: Option<(&str, &str)>) -> Option<Body> {
        let mut fields: Vec<String> =
            tag.iter().map(|(key, value)| format!("{}:{}", quoted(key), quoted(value))).collect();
        let mut tells = false;
        let api = self.api;
        if api.models[id].fields.len() > MAX_PARTS {
            return None;
        }
        let is_sentence = |f: &Field| f.ty == Type::Primitive(Primitive::String) && role(&f.name) == Role::Message;
        let told = api.models[id].fields.iter().any(|field| field.required && is_sentence(field));
        for field in api.models[id].fields.iter().filter(|field| tag.is_none_or(|(key, _)| key != field.name)) {
            self.part()?;
            match self.field(field) {
                // One sentence is enough.
                Some(_) if told && !field.required && is_sentence(field) => {}
                Some(body) => {
                    tells |= body.tells;
                    fields.push(format!("{}:{}", quoted(&field.name), body.text));
                }
                None if field.required => return None,
                None => {}
            }
        }
        Some(Body { text: format!("{{{}}}", fields.join(",")), tells })
    }

    fn field(&mut self, field: &Field) -> Option<Body> {
        let told = self.told(field);
        if told.is_some() || !field.required {
            return told;
        }
        let default = field.default.as_ref().and_then(|default| self.default(default));
        default.or_else(|| self.made_up(&field.ty, field.minimum, field.maximum))
    }

    /// Returns the value that the name of a field calls for, if its type and limits allow it.
    fn told(&mut self, field: &Field) -> Option<Body> {
        let role = role(&field.name);
        let (most, least) = (field.maximum, field.minimum.unwrap_or(0));
        let roomy = most.is_none_or(|most| most >= LONGEST_CODE) && least <= SHORTEST_CODE;
        let is_status = least <= 400 && most.is_none_or(|most| most >= 599);
        match (&field.ty, role) {
            (Type::Primitive(Primitive::String), Role::Message) if least <= SHORTEST_MESSAGE => {
                Body::telling(format!("<message{}>", limit(most)))
            }
            (Type::Primitive(Primitive::Json), Role::Message) => Body::telling("<message>"),
            (Type::Primitive(Primitive::String), Role::Code) if roomy => Body::plain("<code>"),
            (Type::Primitive(Primitive::String), Role::Pointer) if most.is_none() && least <= 0 => {
                Body::plain("<pointer>")
            }
            (Type::Primitive(Primitive::Integer | Primitive::Long), Role::Code | Role::Status) if is_status => {
                Body::plain("<status>")
            }
            (Type::Enum(id), _) => {
                let (fits, wire) = self.value(*id)?;
                let must = field.required && field.default.is_none();
                if fits || must { Body::plain(quoted(&wire)) } else { None }
            }
            (Type::List(inner), _) if least <= 1 => self.list(inner, field, role),
            (Type::Model(_) | Type::Union(_), _) if field.required || role == Role::Message => self.composed(&field.ty),
            (Type::Map(_) | Type::Primitive(Primitive::Object | Primitive::Json), _)
                if field.required && least <= 0 =>
            {
                Body::plain("{}")
            }
            _ => None,
        }
    }

    /// Returns some value of a type within its limits, if values may be generated.
    fn made_up(&mut self, ty: &Type, least: Option<i64>, most: Option<i64>) -> Option<Body> {
        if !self.make_up {
            return None;
        }
        let count = least.unwrap_or(0).max(0);
        let text = match ty {
            Type::Primitive(Primitive::Boolean) => "false".to_owned(),
            Type::Primitive(Primitive::Integer | Primitive::Long | Primitive::Double | Primitive::Decimal) => {
                0.max(least.unwrap_or(0)).min(most.unwrap_or(i64::MAX)).to_string()
            }
            Type::Primitive(Primitive::String) if count <= MAX_CHARACTERS => {
                quoted(&"-".repeat(usize::try_from(count).ok()?))
            }
            Type::Primitive(Primitive::Uuid) => quoted("00000000-0000-0000-0000-000000000000"),
            Type::Primitive(Primitive::Date) => quoted("1970-01-01"),
            Type::Primitive(Primitive::DateTime) => quoted("1970-01-01T00:00:00Z"),
            Type::Primitive(Primitive::Object | Primitive::Json) => "{}".to_owned(),
            Type::List(inner) => format!("[{}]", self.elements(inner, count)?.join(",")),
            Type::Map(inner) => {
                let entries = self.elements(inner, count)?.into_iter().enumerate();
                let entries: Vec<String> = entries.map(|(at, value)| format!("\"{at}\":{value}")).collect();
                format!("{{{}}}", entries.join(","))
            }
            Type::Enum(_) | Type::Model(_) | Type::Union(_) => return self.composed(ty),
            Type::Primitive(Primitive::String | Primitive::Unit) => return None,
        };
        Body::plain(text)
    }

    /// Returns the elements of a list or map that requires `count` of them.
    fn elements(&mut self, inner: &Type, count: i64) -> Option<Vec<String>> {
        if !(1..=MAX_ELEMENTS).contains(&count) {
            return (count == 0).then(Vec::new);
        }
        let element = self.made_up(inner, None, None)?.text;
        Some(vec![element; usize::try_from(count).ok()?])
    }

    fn list(&mut self, inner: &Type, field: &Field, role: Role) -> Option<Body> {
        let most = limit(field.maximum);
        let told = match (inner, role) {
            (Type::Primitive(Primitive::String), Role::Message) => Body::telling(format!("<messages{most}>")),
            (Type::Primitive(Primitive::String), Role::Code) => Body::plain(format!("[<each{most}><code></each>]")),
            (Type::Enum(id), _) if field.required => Body::plain(format!("[{}]", quoted(&self.value(*id)?.1))),
            (Type::Model(_) | Type::Union(_), _) => self.each(inner, field.maximum).filter(|body| body.tells),
            _ => None,
        };
        let may_be_empty = field.required && field.minimum.is_none_or(|least| least <= 0);
        told.or_else(|| if may_be_empty { Body::plain("[]") } else { None })
    }

    /// Returns the enum value that stands for an invalid request, and whether it has that meaning; otherwise the first value.
    fn value(&self, id: Id<Enum>) -> Option<(bool, String)> {
        let values = &self.api.enums[id].values;
        let named = |fits: &dyn Fn(&str) -> bool| values.iter().find(|value| fits(&words(&value.name).join("_")));
        let meant = named(&|name| name == "generic_error")
            .or_else(|| named(&|name| name.starts_with("invalid")))
            .or_else(|| named(&|name| name.starts_with("validation")))
            .or_else(|| named(&|name| name == "bad_request"));
        let value = meant.or(values.first())?;
        Some((meant.is_some(), value.wire.clone()))
    }

    /// Returns the first member that can say what is wrong, or else the first that can be filled.
    fn union(&mut self, id: Id<Union>) -> Option<Body> {
        let union = &self.api.unions[id];
        let mut first = None;
        for member in &union.members {
            self.part()?;
            match self.member(union, member) {
                Some(body) if body.tells => return Some(body),
                body => first = first.or(body),
            }
        }
        first
    }

    fn member(&mut self, union: &Union, member: &Member) -> Option<Body> {
        let (ty, key) = (&member.ty, union.discriminator.as_deref());
        match (ty, key) {
            (Type::Model(id), Some(key)) => {
                return self.within(ty, |filler| filler.model(*id, Some((key, &member.discriminator_value))));
            }
            // The members of the inner union are distinguished by themselves.
            (Type::Union(_), _) => return self.composed(ty),
            _ => {}
        }
        let (own, Body { text, tells }) = (quoted(&member.discriminator_value), self.whole(ty)?);
        let text = match (key, ty) {
            (Some(key), _) => format!("{{{}:{own},\"value\":{text}}}", quoted(key)),
            (None, Type::Primitive(_)) => format!("{{{own}:{{\"value\":{text}}}}}"),
            (None, _) => format!("{{{own}:{text}}}"),
        };
        Some(Body { text, tells })
    }

    /// Returns the default that a sender fills in, if it is simple.
    fn default(&self, default: &Literal) -> Option<Body> {
        match default {
            Literal::Boolean(value) => Body::plain(value.to_string()),
            Literal::Integer(value) => Body::plain(value.to_string()),
            Literal::Decimal(text) => Body::plain(text),
            Literal::String(text) | Literal::Uuid(text) | Literal::Date(text) | Literal::DateTime(text) => {
                Body::plain(quoted(text))
            }
            Literal::Enum(id, index) => Body::plain(quoted(&self.api.enums[*id].values.get(*index)?.wire)),
            Literal::Double(_) | Literal::Object(_) | Literal::Json(_) | Literal::List(_) | Literal::Map(_) => None,
        }
    }
}

/// Formats a maximum length, as the suffix of a placeholder.
fn limit(most: Option<i64>) -> String {
    most.map(|most| format!(" {}", most.max(0))).unwrap_or_default()
}

fn role(name: &str) -> Role {
    let words = words(name);
    match words.last().map(String::as_str) {
        Some("message" | "messages" | "error" | "errors" | "description" | "descriptions" | "detail" | "details")
        | Some("reason" | "reasons" | "violation" | "violations" | "problem" | "problems" | "title" | "text")
        | Some("explanation" | "summary" | "cause" | "msg" | "issues") => Role::Message,
        Some("code" | "codes") => Role::Code,
        Some("pointer" | "field" | "path" | "property" | "attribute" | "parameter" | "param") => Role::Pointer,
        Some("status") => Role::Status,
        _ => Role::Other,
    }
}

/// Quotes a JSON string without `<`, which starts a placeholder.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('<', "\\u003c")
}
