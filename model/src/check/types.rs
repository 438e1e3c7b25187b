//! Checks of enums, interfaces, models and their fields.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use super::Checker;
use crate::api::Primitive;
use crate::api::limit::compare_double;
use crate::parse::default;
use crate::parse::names::commons;
use crate::parse::scope::Meaning;
use crate::parse::service::{Annotation, Enum, Field, Header, Kind, Model, Text, Union};
use crate::source::number;
use crate::vocabulary::suggestions::near;
use crate::vocabulary::type_text::{TypeText, Wrapper};

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
        let sections =
            [("Interface", Kind::Interface), ("Model", Kind::Model), ("Enum", Kind::Enum), ("Union", Kind::Union)];
        let sections: [(&str, Vec<&Text>); 4] =
            sections.map(|(word, kind)| (word, commons(service, kind).map(|common| &common.name).collect()));
        for (kind, names) in &sections {
            for name in names {
                self.name(&format!("{kind}[{}] ", name.value), name, false);
            }
            self.duplicates(names.iter().copied(), |name| format!("{kind}[{name}] appears more than once"));
        }
        self.clashes(&sections);
        service.interfaces.iter().for_each(|i| self.model("Interface", i));
        service.models.iter().for_each(|m| self.model("Model", m));
        service.models.iter().enumerate().for_each(|(index, model)| self.promises(index, model));
        service.enums.iter().for_each(|e| self.enumeration(e));
    }

    fn clashes(&mut self, sections: &[(&str, Vec<&Text>)]) {
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
                let article = |kind: &str| if kind.starts_with(['M', 'U']) { "a" } else { "an" };
                let one = |kind: &str| format!("{} {}", article(kind), kind.to_lowercase());
                let (name, at, first, second) = (&name.value, name.at, one(other), one(kind));
                let message = format!("Name[{name}] cannot be used as the name of both {first} and {second} type");
                self.error("E023", at, message, None);
            }
        }
    }

    fn union_named_like_interface(&mut self, name: &Text, lists_itself: &HashSet<&str>) {
        let interface = self.scope.interface(&name.value).is_some_and(|target| target.unit == self.scope.unit);
        if interface && !lists_itself.contains(name.value.as_str()) {
            let Text { value: name, at } = name;
            let message =
                format!("'{name}' is both a union and an interface: union[{name}] must list it in its interfaces");
            self.error("E023", *at, message, None);
        }
    }

    fn enumeration(&mut self, e: &Enum) {
        let label = format!("Enum[{}]", e.common.name.value);
        if e.values.is_empty() {
            let help = "use `string` if the values are not known yet";
            self.error("E024", e.common.name.at, format!("{label} needs at least one value"), Some(help));
        }
        for value in &e.values {
            let name = &value.common.name;
            self.name(&format!("{label} value[{}] ", name.value), name, true);
        }
        let message = |name: &str| format!("{label} value[{name}] appears more than once");
        self.duplicates(e.values.iter().map(|v| &v.common.name), message);
        self.duplicates(e.values.iter().map(|v| v.value.as_ref().unwrap_or(&v.common.name)), message);
    }

    fn model(&mut self, kind: &str, model: &Model) {
        let label = format!("{kind}[{}]", model.common.name.value);
        let names = model.fields.iter().map(|f| &f.common.name);
        self.duplicates(names, |name| format!("{label} field[{name}] appears more than once"));
        for field in &model.fields {
            let label = format!("{label} Field[{}] ", field.common.name.value);
            self.name(&label, &field.common.name, false);
            self.field(&label, field);
        }
    }

    fn field(&mut self, label: &str, field: &Field) {
        self.type_in(label, &field.ty, Place::Body);
        if let (Some(low), Some(high)) = (field.minimum, field.maximum)
            && low > high
        {
            self.error("E025", field.common.name.at, format!("{label}minimum[{low}] must be <= maximum[{high}]"), None);
        }
        self.default(label, &field.ty, field.default.as_ref());
        self.default_in_limits(label, field);
        self.duplicates(&field.annotations, |name| format!("{label}Annotation[{name}] appears more than once"));
        for Text { value: name, at } in &field.annotations {
            if self.is_annotation(name) {
                continue;
            }
            let advises = self.scope.advises(self.service.annotations.len());
            let own = self.service.annotations.iter().filter(|_| advises).map(|a| a.name.value.as_str());
            let declare = || format!("declare it at top level: \"annotations\": {{\"{name}\": {{}}}}");
            let help = near(name, &own.collect::<Vec<_>>()).unwrap_or_else(declare);
            let message = format!("{label}annotation[{name}] must be defined in annotations");
            self.error_by_form("E026", *at, message, Some(&help));
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

    /// Checks headers: their types, and that defaults fit these and can be sent in a header. A default may be the text on
    /// the wire of an enum value.
    pub fn headers(&mut self, word: &str, headers: &[Header]) {
        let names = headers.iter().map(|header| &header.common.name);
        self.duplicates(names, |name| format!("{word}[{name}] appears more than once"));
        for header in headers {
            let label = format!("{word}[{}] ", header.common.name.value);
            self.header_type(&label, &header.ty);
            self.header_default(&label, &header.ty, header.default.as_ref());
        }
    }

    fn header_default(&mut self, label: &str, ty: &Text, default: Option<&Text>) {
        let is_sent = |text: &&Text| self.scope.sent(&ty.value, &text.value).is_some();
        if default.filter(is_sent).is_none() {
            let list = default.and_then(|text| {
                let value = default::header_list(self.scope, &ty.value, &text.value)?;
                Some(Text { value, ..text.clone() })
            });
            self.default(label, ty, list.as_ref().or(default));
        }
        if let Some(text) = default.filter(|text| !default::is_visible(&text.value)) {
            let help = "use only visible ASCII characters and spaces";
            let message = format!("{label}default[{}] cannot be sent in a header", text.value);
            self.error_by_form("E027", text.at, message, Some(help));
        }
    }

    /// Checks that a default fits its type. In a published document, one that does not is dropped.
    pub fn default(&mut self, label: &str, ty: &Text, default: Option<&Text>) {
        let Some(text) = default else { return };
        let Some((parsed, meaning)) = self.scope.parse(&ty.value) else { return };
        if matches!(meaning, Meaning::Unknown | Meaning::Missing) {
            return;
        }
        // For an enum of another service any default is accepted; one that matches no value is not used.
        let imported =
            matches!(meaning, Meaning::Declared(target) if target.unit != self.scope.unit && target.kind == Kind::Enum);
        if let Err(fault) = default::literal(self.scope, &parsed.wrappers, meaning, &text.value, &|_, _| None)
            && !imported
            && !(text.value == "null" && meaning == Meaning::Primitive(Primitive::Json))
        {
            let help = self.default_help(parsed.wrappers.first().copied(), meaning, &text.value);
            let left_out = Some("the default is dropped, so callers must pass the value");
            let help = if self.published() { left_out } else { help.as_deref() };
            self.error_by_form("E027", text.at, format!("{label}{fault}"), help);
        }
    }

    /// Returns what a default of this type looks like.
    fn default_help(&self, outer: Option<Wrapper>, meaning: Meaning, text: &str) -> Option<String> {
        let form = match meaning {
            _ if outer == Some(Wrapper::List) => "expected a JSON array of such values: […]",
            _ if outer == Some(Wrapper::Map) => "expected a JSON object of such values: {…}",
            Meaning::Primitive(Primitive::Uuid) => "expected a value such as 6513270e-269e-4d37-b2a7-4de452e6b438",
            Meaning::Primitive(Primitive::Date) => "expected a value such as 2024-05-31",
            Meaning::Primitive(Primitive::DateTime) => "expected a value such as 2024-05-31T12:00:00Z",
            Meaning::Primitive(Primitive::Integer) => "expected a 32-bit integer",
            Meaning::Primitive(Primitive::Long) => "expected a 64-bit integer",
            Meaning::Primitive(Primitive::Double) => {
                "expected 0, or a number with an absolute value between 5e-324 and 1.7976931348623157e308"
            }
            Meaning::Primitive(Primitive::Decimal) => {
                "a decimal has at most 28 decimal places, and without its point it is at most 79228162514264337593543950335"
            }
            Meaning::Declared(target) if target.kind == Kind::Enum => {
                let values = &self.scope.units[target.unit].service.enums[target.index].values;
                if !self.scope.advises(values.len()) {
                    return None;
                }
                let meant = values.iter().find(|v| v.value.as_ref().is_some_and(|wire| wire.value == text))?;
                return Some(format!("write the name of the value: `{}`", meant.common.name.value));
            }
            Meaning::Declared(_) => "make it optional instead: \"required\": false",
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
            let message = format!("{label}default[{}] must be >= minimum[{low}]", text.value);
            self.error_by_form("E028", text.at, message, None);
        }
        if let Some(high) = field.maximum.filter(|high| compare(*high).is_some_and(Ordering::is_gt)) {
            let message = format!("{label}default[{}] must be <= maximum[{high}]", text.value);
            self.error_by_form("E028", text.at, message, None);
        }
    }

    /// Checks that a type exists and is allowed in this place. Returns its parts and the meaning of its name if so.
    pub fn type_in<'t>(&mut self, label: &str, ty: &'t Text, place: Place) -> Option<(TypeText<'t>, Meaning)> {
        let Some((parsed, meaning)) = self.scope.parse(&ty.value) else {
            self.error("E030", ty.at, format!("{label}type[…] has too many brackets"), None);
            return None;
        };
        match meaning {
            Meaning::Unknown => {
                self.type_not_found(label, ty, parsed.base);
                return None;
            }
            Meaning::Declared(target) if target.kind == Kind::Interface => {
                self.interface_as_type(label, ty);
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
            self.error_by_form("E031", ty.at, message, Some(&help));
        }
        Some((parsed, meaning))
    }

    pub fn type_not_found(&mut self, label: &str, ty: &Text, base: &str) {
        let help = self.scope.similar(base).unwrap_or_else(|| match base.contains('.') {
            true => "import the service that declares it".to_owned(),
            false => {
                format!("declare `{base}` in `enums`, `models` or `unions`, or import the service that declares it")
            }
        });
        self.error("E030", ty.at, format!("{label}type[{}] not found", ty.value), Some(&help));
    }

    pub fn interface_as_type(&mut self, label: &str, ty: &Text) {
        let message = format!("{label}type[{}] is an interface and cannot be used as a type", ty.value);
        self.error("E030", ty.at, message, Some("use a concrete model or a union"));
    }

    /// Checks the type of a header: headers are text.
    fn header_type(&mut self, label: &str, ty: &Text) {
        let Some((parsed, meaning)) = self.type_in(label, ty, Place::Body) else { return };
        let lists = matches!(parsed.wrappers.as_slice(), [] | [Wrapper::List]);
        let text = match meaning {
            Meaning::Primitive(primitive) => primitive == Primitive::String,
            Meaning::Declared(target) => target.kind == Kind::Enum,
            Meaning::Missing | Meaning::Unknown => true,
        };
        if !(text && lists) {
            let message = format!("{label}type[{}] is invalid: must be a string, an enum or a list of these", ty.value);
            self.error_by_form("E032", ty.at, message, Some("a header is text: use `string`"));
        }
    }
}

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
