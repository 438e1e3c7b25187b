//! Checks of enums, interfaces, models and their fields.

use crate::diagnostic::Diagnostic;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use super::Checker;
use crate::api::Primitive;
use crate::api::limit::compare_double;
use crate::parse::default;
use crate::parse::scope::Meaning;
use crate::parse::service::Kind;
use crate::parse::service::{Annotation, Common, Enum, Field, Model, Text, Union};
use crate::source::json::Span;
use crate::source::number;
use crate::vocabulary::suggestions;
use crate::vocabulary::type_text::Wrapper;

/// Where a type is used, which limits the allowed types (format reference, 6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Fields, bodies, responses, form parameters: any type.
    Body,
    /// Query and header parameters: types that fit into a URL, and lists of them.
    Query,
    /// Path parameters: types that fit into a URL.
    Path,
}

impl<'a> Checker<'a> {
    /// Checks all types except unions.
    pub fn types(&mut self) {
        let service = self.service;
        let names = |commons: Vec<&'_ Common>| commons.into_iter().map(|c| c.name.clone()).collect::<Vec<Text>>();
        let sections = [
            ("Interface", names(service.interfaces.iter().map(|i| &i.common).collect())),
            ("Model", names(service.models.iter().map(|m| &m.common).collect())),
            ("Enum", names(service.enums.iter().map(|e| &e.common).collect())),
            ("Union", names(service.unions.iter().map(|u| &u.common).collect())),
        ];
        for (kind, names) in &sections {
            for name in names {
                self.name("E020", &format!("{kind}[{}] ", name.value), name, false);
            }
            let names: Vec<&Text> = names.iter().collect();
            self.duplicates("E022", &names, |name| format!("{kind}[{name}] appears more than once"));
        }
        self.clashes(&sections);
        service.interfaces.iter().for_each(|i| self.model("Interface", i));
        service.models.iter().for_each(|m| self.model("Model", m));
        service.models.iter().enumerate().for_each(|(index, model)| self.promises(index, model));
        service.enums.iter().for_each(|e| self.enumeration(e));
    }

    /// Reports a name that is used for two kinds of types.
    fn clashes(&mut self, sections: &[(&str, Vec<Text>)]) {
        let mut seen: HashMap<String, &str> = HashMap::new();
        let listing = |u: &&Union| u.interfaces.iter().any(|i| i.value == u.common.name.value);
        let lists_itself = self.service.unions.iter().filter(listing).map(|u| u.common.name.value.as_str()).collect();
        for (kind, names) in sections {
            for name in names {
                let Some(other) = seen.insert(name.value.trim().to_lowercase(), kind).filter(|other| other != kind)
                else {
                    continue;
                };
                if (other, *kind) == ("Interface", "Union") {
                    self.union_named_like_interface(name, &lists_itself);
                    continue;
                }
                let article = |kind: &str| if kind.starts_with('M') || kind.starts_with('U') { "a" } else { "an" };
                let message = format!(
                    "Name[{}] cannot be used as the name of both {} {} and {} {} type",
                    name.value,
                    article(other),
                    other.to_lowercase(),
                    article(kind),
                    kind.to_lowercase()
                );
                self.push(Diagnostic::error("E023", name.at, message));
            }
        }
    }

    fn union_named_like_interface(&mut self, name: &Text, lists_itself: &HashSet<&str>) {
        let interface = self.scope.interface(&name.value).is_some_and(|target| target.unit == self.scope.unit);
        if interface && !lists_itself.contains(name.value.as_str()) {
            let message = format!(
                "'{0}' is both a union and an interface: union[{0}] must list it in its interfaces",
                name.value
            );
            self.push(Diagnostic::error("E023", name.at, message));
        }
    }

    fn enumeration(&mut self, e: &Enum) {
        let label = format!("Enum[{}]", e.common.name.value);
        if e.values.is_empty() {
            let help = Some("use `string` if the values are not known yet".to_owned());
            self.push(
                Diagnostic::error("E024", e.common.name.at, format!("{label} needs at least one value")).help(help),
            );
        }
        for value in &e.values {
            let name = &value.common.name;
            self.name("E020", &format!("{label} value[{}] ", name.value), name, true);
        }
        let names: Vec<&Text> = e.values.iter().map(|v| &v.common.name).collect();
        self.duplicates("E022", &names, |name| format!("{label} value[{name}] appears more than once"));
        let wires: Vec<&Text> = e.values.iter().map(|v| v.value.as_ref().unwrap_or(&v.common.name)).collect();
        self.duplicates("E022", &wires, |name| format!("{label} value[{name}] appears more than once"));
    }

    fn model(&mut self, kind: &str, model: &Model) {
        let label = format!("{kind}[{}]", model.common.name.value);
        let names: Vec<&Text> = model.fields.iter().map(|f| &f.common.name).collect();
        self.duplicates("E022", &names, |name| format!("{label} field[{name}] appears more than once"));
        for field in &model.fields {
            let label = format!("{label} Field[{}] ", field.common.name.value);
            self.name("E020", &label, &field.common.name, false);
            self.field(&label, field);
        }
    }

    /// Checks type, limits, default and annotations.
    fn field(&mut self, label: &str, field: &Field) {
        self.type_in(label, &field.ty, Place::Body);
        if let (Some(low), Some(high)) = (field.minimum, field.maximum)
            && low > high
        {
            self.push(Diagnostic::error(
                "E025",
                field.common.name.at,
                format!("{label}minimum[{low}] must be <= maximum[{high}]"),
            ));
        }
        self.default(label, field);
        self.default_in_limits(label, field);
        let names: Vec<&Text> = field.annotations.iter().collect();
        self.duplicates("E022", &names, |name| format!("{label}Annotation[{name}] appears more than once"));
        for name in names {
            if self.is_annotation(&name.value) {
                continue;
            }
            let own = self.service.annotations.iter().map(|a| a.name.value.as_str());
            let own: Vec<&str> =
                own.take(if self.scope.advises(self.service.annotations.len()) { usize::MAX } else { 0 }).collect();
            let help = match suggestions::closest(&name.value, &own) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("declare it at top level: \"annotations\": {{\"{}\": {{}}}}", name.value),
            };
            let message = format!("{label}annotation[{}] must be defined in annotations", name.value);
            self.push_by_form(Diagnostic::error("E026", name.at, message).help(help));
        }
    }

    fn is_annotation(&self, name: &str) -> bool {
        let known = self.annotations.get_or_init(|| {
            let units = self.scope.units;
            let unit = &units[self.scope.unit];
            let names = |annotations: &'a [Annotation]| annotations.iter().map(|a| a.name.value.as_str());
            let imported = unit.imports.iter().flatten().flat_map(|import| names(&units[*import].service.annotations));
            let listed = unit.service.imports.iter().flat_map(|import| &import.annotations).map(String::as_str);
            names(&self.service.annotations).chain(listed).chain(imported).collect()
        });
        known.contains(name)
    }

    /// Checks that the default of a field or parameter fits its type.
    pub fn default(&mut self, label: &str, field: &Field) {
        self.default_of_type(label, &field.ty, field.default.as_ref());
    }

    /// Checks that the default of a header fits its type and can be sent in a header. It may be the text on the wire of
    /// an enum value.
    pub fn header_default(&mut self, label: &str, ty: &Text, default: Option<&Text>) {
        let is_sent = |text: &&Text| self.scope.sent(&ty.value, &text.value).is_some();
        if default.filter(is_sent).is_none() {
            let list = default.and_then(|text| {
                let value = default::header_list(self.scope, &ty.value, &text.value)?;
                Some(Text { value, ..text.clone() })
            });
            self.default_of_type(label, ty, list.as_ref().or(default));
        }
        if let Some(text) = default.filter(|text| !default::is_visible(&text.value)) {
            let help = "use only visible ASCII characters and spaces".to_owned();
            self.push_by_form(
                Diagnostic::error(
                    "E027",
                    text.at,
                    format!("{label}default[{}] cannot be sent in a header", text.value),
                )
                .help(help),
            );
        }
    }

    /// Checks that a default fits its type. In a published document, one that does not is dropped.
    fn default_of_type(&mut self, label: &str, ty: &Text, default: Option<&Text>) {
        let Some(text) = default else { return };
        let Some((parsed, meaning)) = self.scope.parse(&ty.value) else { return };
        if matches!(meaning, Meaning::Unknown | Meaning::Missing) {
            return;
        }
        // For an enum of another service any default is accepted; one that matches no value is not used.
        let imported =
            matches!(meaning, Meaning::Declared(target) if target.unit != self.scope.unit && target.kind == Kind::Enum);
        if let Err(fault) = default::literal(self.scope, &parsed, meaning, &text.value, &|_, _| None)
            && !imported
            && !(text.value == "null" && meaning == Meaning::Primitive(Primitive::Json))
        {
            let help = self.default_help(parsed.wrappers.first().copied(), meaning, &text.value);
            let left_out = || "the default is dropped, so callers must pass the value".to_owned();
            let help = if self.published() { Some(left_out()) } else { help };
            self.push_by_form(Diagnostic::error("E027", text.at, format!("{label}{fault}")).help(help));
        }
    }

    /// Returns what a default of this type looks like.
    fn default_help(&self, outer: Option<Wrapper>, meaning: Meaning, text: &str) -> Option<String> {
        let form = match (outer, meaning) {
            (Some(Wrapper::List), _) => "expected a JSON array of such values: […]",
            (Some(Wrapper::Map), _) => "expected a JSON object of such values: {…}",
            (None, Meaning::Primitive(Primitive::Uuid)) => {
                "expected a value such as 6513270e-269e-4d37-b2a7-4de452e6b438"
            }
            (None, Meaning::Primitive(Primitive::Date)) => "expected a value such as 2024-05-31",
            (None, Meaning::Primitive(Primitive::DateTime)) => "expected a value such as 2024-05-31T12:00:00Z",
            (None, Meaning::Primitive(Primitive::Integer)) => "expected a 32-bit integer",
            (None, Meaning::Primitive(Primitive::Long)) => "expected a 64-bit integer",
            (None, Meaning::Primitive(Primitive::Double)) => {
                "expected 0, or a number with an absolute value between 5e-324 and 1.7976931348623157e308"
            }
            (None, Meaning::Primitive(Primitive::Decimal)) => {
                "a decimal has at most 28 decimal places, and without its point it is at most 79228162514264337593543950335"
            }
            (None, Meaning::Declared(target)) if target.kind == Kind::Enum => {
                let values = &self.scope.units[target.unit].service.enums[target.index].values;
                if !self.scope.advises(values.len()) {
                    return None;
                }
                let meant = values.iter().find(|v| v.value.as_ref().is_some_and(|wire| wire.value == text))?;
                return Some(format!("write the name of the value: `{}`", meant.common.name.value));
            }
            (None, Meaning::Declared(_)) => "make it optional instead: \"required\": false",
            _ => return None,
        };
        Some(form.to_owned())
    }

    /// Compares a default that looks like a number with the limits, whatever the type.
    fn default_in_limits(&mut self, label: &str, field: &Field) {
        let Some(text) = &field.default else { return };
        let (_, meaning) = self.scope.parse(&field.ty.value).unzip();
        let double = meaning.filter(|meaning| *meaning == Meaning::Primitive(Primitive::Double));
        // For a double, the parsed value is compared.
        let value = double.and_then(|_| text.value.parse().ok()).filter(|value: &f64| value.is_finite());
        let compare = |limit: i64| match value {
            Some(value) => Some(compare_double(value, limit)),
            None => number::compare(&text.value, limit),
        };
        if let Some(low) = field.minimum.filter(|low| compare(*low).is_some_and(Ordering::is_lt)) {
            self.push_by_form(Diagnostic::error(
                "E028",
                text.at,
                format!("{label}default[{}] must be >= minimum[{low}]", text.value),
            ));
        }
        if let Some(high) = field.maximum.filter(|high| compare(*high).is_some_and(Ordering::is_gt)) {
            self.push_by_form(Diagnostic::error(
                "E028",
                text.at,
                format!("{label}default[{}] must be <= maximum[{high}]", text.value),
            ));
        }
    }

    /// Checks that a type exists and is allowed in this place. Returns the meaning of its name if so.
    pub fn type_in(&mut self, label: &str, ty: &Text, place: Place) -> Option<Meaning> {
        let Some((parsed, meaning)) = self.scope.parse(&ty.value) else {
            self.push(Diagnostic::error("E030", ty.at, format!("{label}type[…] has too many brackets")));
            return None;
        };
        match meaning {
            Meaning::Unknown => {
                self.type_not_found(label, ty, parsed.base);
                return None;
            }
            Meaning::Declared(target) if target.kind == Kind::Interface => {
                self.interface_as_type(label, ty.at, &ty.value);
                return None;
            }
            _ => {}
        }
        if place != Place::Body && !in_url(meaning, &parsed.wrappers, place) {
            let where_ = if place == Place::Path { "path" } else { "query and header" };
            let lists = if place == Place::Query { ", or a list of these" } else { "" };
            let help = format!(
                "use an enum or a primitive other than object, json and unit{lists}; send all other data in the body"
            );
            let what = match meaning {
                _ if parsed.wrappers.contains(&Wrapper::Map) => " (maps are not supported there)".to_owned(),
                _ if place == Place::Path && !parsed.wrappers.is_empty() => {
                    " (lists are not supported there)".to_owned()
                }
                _ if parsed.wrappers.len() > 1 => " (lists of lists are not supported there)".to_owned(),
                Meaning::Declared(target) => format!(" ({}s are not supported there)", target.kind.word()),
                _ => String::new(),
            };
            let message = format!("{label}has an invalid type[{}] for {where_} parameters{what}", ty.value);
            self.push_by_form(Diagnostic::error("E031", ty.at, message).help(help));
        }
        Some(meaning)
    }

    /// Reports an unknown type.
    pub fn type_not_found(&mut self, label: &str, ty: &Text, base: &str) {
        let help = self.scope.similar(base).unwrap_or_else(|| match base.contains('.') {
            true => "import the service that declares it".to_owned(),
            false => {
                format!("declare `{base}` in `enums`, `models` or `unions`, or import the service that declares it")
            }
        });
        self.push(Diagnostic::error("E030", ty.at, format!("{label}type[{}] not found", ty.value)).help(help));
    }

    /// Reports an interface that is used as a type.
    pub fn interface_as_type(&mut self, label: &str, at: Span, name: &str) {
        let message = format!("{label}type[{name}] is an interface and cannot be used as a type");
        self.push(Diagnostic::error("E030", at, message).help("use a concrete model or a union".to_owned()));
    }

    /// Checks the type of a header: headers are text.
    pub fn header_type(&mut self, label: &str, ty: &Text) {
        let Some(meaning) = self.type_in(label, ty, Place::Body) else { return };
        let lists = self
            .scope
            .parse(&ty.value)
            .is_some_and(|(parsed, _)| parsed.wrappers.len() <= 1 && !parsed.wrappers.contains(&Wrapper::Map));
        let text = match meaning {
            Meaning::Primitive(primitive) => primitive == Primitive::String,
            Meaning::Declared(target) => target.kind == Kind::Enum,
            Meaning::Missing | Meaning::Unknown => true,
        };
        if !(text && lists) {
            let message = format!("{label}type[{}] is invalid: must be a string, an enum or a list of these", ty.value);
            self.push_by_form(
                Diagnostic::error("E032", ty.at, message).help("a header is text: use `string`".to_owned()),
            );
        }
    }
}

/// Returns true if a type fits into a URL or header.
fn in_url(meaning: Meaning, wrappers: &[Wrapper], place: Place) -> bool {
    let single = match meaning {
        Meaning::Primitive(p) => !matches!(p, Primitive::Object | Primitive::Json | Primitive::Unit),
        Meaning::Declared(target) => target.kind == Kind::Enum,
        Meaning::Missing | Meaning::Unknown => true,
    };
    let shape = match wrappers {
        [] => true,
        [Wrapper::List] => place == Place::Query,
        _ => false,
    };
    single && shape
}
