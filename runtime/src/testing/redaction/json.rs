//! Writes JSON again, compact and with pseudonyms in place of sensitive values.
//!
//! The walk follows the declared types. Unlike the reader, it also covers JSON that violates the spec: what a type does not
//! declare is left out, and a scalar in place of an object is hidden, since it may be the object as text.

use super::finder::Finder;
use super::redactor::{Redactor, Replaced, without_userinfo};
use crate::json::{Mode, Scanner, ToJson};
use crate::testing::pseudonym::Limits;
use crate::validate::MessageLocation;
use crate::validate::schema::{Model, ParameterDefinition, Primitive, Schema, Type, Union};

/// The maximum nesting of arrays and objects, as in validators. Deeper JSON counts as unreadable.
const DEPTH: usize = 128;

/// What the spec declares for a value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Declared<'t> {
    Type(&'t Type),
    /// `{"value": x}`, the form of some members of unions.
    Value(&'t Type),
    /// All form parameters, as an object.
    Form(&'t [ParameterDefinition]),
    /// Any JSON; keys are data.
    Anything,
}

/// The place of a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'t> {
    pub(super) declared: Declared<'t>,
    pub(super) sensitive: bool,
    pub(super) limits: Limits,
}

impl<'t> Place<'t> {
    pub(super) fn of(declared: Declared<'t>) -> Self {
        Place { declared, sensitive: false, limits: (None, None) }
    }

    /// Returns the place of an element. One value may stand for a list of it, and the other way around.
    fn element(self) -> Self {
        match self.declared {
            Declared::Type(Type::List(inner)) => {
                Place { declared: Declared::Type(inner), limits: (None, None), ..self }
            }
            _ => self,
        }
    }

    fn scalar(mut self) -> Self {
        while matches!(self.declared, Declared::Type(Type::List(_))) {
            self = self.element();
        }
        self
    }

    /// Returns true if a text or number here must not be shown.
    fn is_hidden(&self) -> bool {
        let structured =
            |ty: &Type| matches!(ty, Type::Model(_) | Type::Union(_) | Type::Map(_) | Type::Primitive(Primitive::Unit));
        self.sensitive
            || match self.declared {
                Declared::Type(ty) => structured(ty),
                Declared::Value(_) | Declared::Form(_) => true,
                Declared::Anything => false,
            }
    }

    pub(super) fn ty(&self) -> Option<&'t Type> {
        match self.declared {
            Declared::Type(ty) => Some(ty),
            _ => None,
        }
    }
}

/// The members that an object may have.
enum Members<'t> {
    /// The fields of a model, and the discriminators of the unions around it.
    Model(&'t Model, &'t [&'t str]),
    /// The key `value`, and discriminators.
    Value(&'t Type, &'t [&'t str]),
    /// The key of a union's member.
    Only(&'t str, Declared<'t>),
    Form(&'t [ParameterDefinition]),
    /// Keys are data.
    Entries(Declared<'t>),
    Nothing,
}

/// What the spec says about a key.
enum Key<'t> {
    Declared(Place<'t>),
    /// The discriminator of a union, by its position.
    Discriminator(usize),
    /// The key is data itself.
    Entry(Place<'t>),
    Undeclared,
}

/// Writes a JSON text again.
pub(super) struct JsonWalk<'a, 'j> {
    redactor: &'a Redactor,
    schema: &'a Schema,
    /// In the second pass: what to replace in texts that are not sensitive themselves.
    finder: Option<&'a Finder>,
    /// Whether the text may have URLs, with a user and password to replace.
    urls: bool,
    scan: Scanner<'j>,
    out: String,
    pointer: String,
    replaced: &'a mut Replaced,
}

impl<'a, 'j> JsonWalk<'a, 'j> {
    /// Returns the text with pseudonyms, or with a finder, after the first pass, with pseudonyms inside other texts too;
    /// `None` if it is not JSON. Pointers begin with `root`.
    pub(super) fn run(
        (redactor, schema): (&'a Redactor, &'a Schema),
        finder: Option<&'a Finder>,
        json: &'j str,
        place: Place<'_>,
        root: &str,
        replaced: &'a mut Replaced,
    ) -> Option<String> {
        let (out, pointer) = (String::with_capacity(json.len()), root.to_owned());
        // Escapes may hide the sign.
        let urls = redactor.enabled && (memchr::memchr2(b'@', b'\\', json.as_bytes()).is_some());
        let mut walk = JsonWalk { redactor, schema, finder, urls, scan: Scanner::new(json), out, pointer, replaced };
        walk.value(place, DEPTH)?;
        walk.scan.space();
        (walk.scan.at == json.len()).then_some(walk.out)
    }

    fn value(&mut self, place: Place<'_>, depth: usize) -> Option<()> {
        let byte = self.scan.space();
        let (source, from) = (self.scan.text, self.scan.at);
        match byte {
            b'{' => return self.object(place, depth.checked_sub(1)?),
            b'[' => return self.list(place, depth.checked_sub(1)?),
            b'"' => {
                let text = self.scan.string().ok()?;
                self.text(place.scalar(), &source[from..self.scan.at], &text);
            }
            b't' | b'f' => {
                self.scan.word(if byte == b't' { "true" } else { "false" }).ok()?;
                let word = &source[from..self.scan.at];
                let hidden = place.scalar().is_hidden();
                // A constant: any other rule would reveal which of the two values it is.
                self.out.push_str(if hidden { "false" } else { word });
                self.note(hidden);
            }
            b'n' => {
                self.scan.word("null").ok()?;
                self.out.push_str("null");
            }
            _ => {
                let digits = self.scan.number().ok()?.text;
                self.number(place.scalar(), digits);
            }
        }
        Some(())
    }

    fn quote(&mut self, text: &str) {
        self.out.push_str(&text.to_json());
    }

    /// Notes that the value at the pointer was replaced.
    fn note(&mut self, replaced: bool) {
        if replaced && self.finder.is_none() {
            self.replaced.pointers.push(self.pointer.clone());
        }
    }

    fn number(&mut self, place: Place<'_>, digits: &str) {
        if !place.is_hidden() || self.finder.is_some() {
            return self.out.push_str(digits);
        }
        let pseudonym = self.redactor.names.number(digits, place.limits).to_string();
        self.out.push_str(&pseudonym);
        self.replaced.values.push((digits.to_owned(), pseudonym));
        self.note(true);
    }

    /// Writes a text; `raw` has its quotes and escapes.
    fn text(&mut self, place: Place<'_>, raw: &str, text: &str) {
        match (place.is_hidden(), self.finder) {
            (true, None) => {
                let mode = Mode::strict();
                let pseudonym = self.redactor.text(self.schema, place.ty(), text, place.limits, &mode);
                self.quote(&pseudonym);
                if !self.is_choice(place, text) {
                    self.replaced.values.push((text.to_owned(), pseudonym));
                }
                self.note(true);
            }
            (true, Some(_)) => self.out.push_str(raw),
            (false, None) if !self.urls => self.out.push_str(raw),
            (false, None) => match without_userinfo(self.redactor, text, self.replaced) {
                Some(changed) => {
                    self.quote(&changed);
                    self.note(true);
                }
                None => self.out.push_str(raw),
            },
            (false, Some(finder)) => match self.cleaned(finder, place, text) {
                Some(changed) => {
                    self.quote(&changed);
                    self.replaced.pointers.push(self.pointer.clone());
                }
                None => self.out.push_str(raw),
            },
        }
    }

    fn is_choice(&self, place: Place<'_>, text: &str) -> bool {
        let Some(Type::Enum(index)) = place.ty() else { return false };
        self.schema.enums.get(*index).is_some_and(|table| table.has(text))
    }

    /// Returns a text without the sensitive values inside it, of the same type and within its limits.
    fn cleaned(&self, finder: &Finder, place: Place<'_>, text: &str) -> Option<String> {
        if self.is_choice(place, text) {
            return None;
        }
        let changed = finder.replace(text)?;
        let of_form = matches!(place.ty(), Some(Type::Primitive(p)) if !matches!(p, Primitive::String | Primitive::Json | Primitive::Object));
        let size = i64::try_from(changed.chars().count()).unwrap_or(i64::MAX);
        let (min, max) = place.limits;
        match of_form || min.is_some_and(|min| size < min) || max.is_some_and(|max| size > max) {
            true => Some(self.redactor.text(self.schema, place.ty(), text, place.limits, &Mode::strict())),
            false => Some(changed),
        }
    }

    fn list(&mut self, place: Place<'_>, depth: usize) -> Option<()> {
        let (place, end) = (place.element(), self.pointer.len());
        self.scan.at += 1;
        self.out.push('[');
        let mut index = 0_usize;
        while self.scan.more(b']', index == 0).ok()? {
            if index > 0 {
                self.out.push(',');
            }
            self.pointer.push('/');
            self.pointer.push_str(itoa::Buffer::new().format(index));
            self.value(place, depth)?;
            self.pointer.truncate(end);
            index += 1;
        }
        self.out.push(']');
        Some(())
    }

    fn object(&mut self, place: Place<'_>, depth: usize) -> Option<()> {
        let (schema, place) = (self.schema, place.scalar());
        let members = match place.declared {
            Declared::Anything | Declared::Type(Type::Primitive(Primitive::Json | Primitive::Object)) => {
                Members::Entries(Declared::Anything)
            }
            Declared::Form(parameters) => Members::Form(parameters),
            Declared::Value(ty) => Members::Value(ty, &[]),
            Declared::Type(Type::Map(inner)) => Members::Entries(Declared::Type(inner)),
            Declared::Type(Type::Model(index)) => Members::Model(schema.models.get(*index)?, &[]),
            Declared::Type(Type::Union(index)) => return self.union(schema.unions.get(*index)?, &[], place, depth),
            Declared::Type(_) => Members::Nothing,
        };
        self.members(&members, place.sensitive, depth)
    }

    /// Writes an object that is a member of a union; `tags` are the discriminators of the unions around it.
    fn union(&mut self, union: &Union, tags: &[&str], place: Place<'_>, depth: usize) -> Option<()> {
        let count = union.members.len();
        let Some(discriminator) = union.table.discriminator else {
            let Some((name, arm)) = self.member_key(union, depth) else {
                return self.members(&Members::Nothing, place.sensitive, depth);
            };
            let member = union.members.get(if arm < count { arm } else { arm - count })?;
            return match &member.ty {
                Type::Union(inner) if arm < count => self.union(self.schema.unions.get(*inner)?, tags, place, depth),
                ty @ Type::Primitive(_) => {
                    self.members(&Members::Only(name, Declared::Value(ty)), place.sensitive, depth)
                }
                ty => self.members(&Members::Only(name, Declared::Type(ty)), place.sensitive, depth),
            };
        };
        let arm = match self.discriminator(discriminator, depth) {
            Some(text) => union.table.find(&text).map(|(_, arm)| arm),
            None => union.table.default_arm(),
        };
        let Some(member) = arm.and_then(|arm| union.members.get(arm)) else {
            return self.members(&Members::Nothing, place.sensitive, depth);
        };
        let tags = [tags, &[discriminator]].concat();
        match &member.ty {
            Type::Union(inner) => self.union(self.schema.unions.get(*inner)?, &tags, place, depth),
            Type::Model(index) => {
                self.members(&Members::Model(self.schema.models.get(*index)?, &tags), place.sensitive, depth)
            }
            ty => self.members(&Members::Value(ty, &tags), place.sensitive, depth),
        }
    }

    /// Returns the text of the discriminator of the object that begins here.
    fn discriminator(&self, key: &str, depth: usize) -> Option<String> {
        self.ahead(depth, |name, scan| if name == key { Some(scan.string().ok()?.into_owned()) } else { None })
    }

    /// Returns the first key of the object that names a member of the union, with its arm.
    fn member_key(&self, union: &Union, depth: usize) -> Option<(&'static str, usize)> {
        self.ahead(depth, |name, _| union.table.find(name))
    }

    /// Looks at the members of the object that begins here, until `found` returns something for a key. The scanner that it
    /// gets is at the value.
    fn ahead<T>(&self, depth: usize, found: impl Fn(&str, &mut Scanner<'j>) -> Option<T>) -> Option<T> {
        let (mut scan, mut first) = (self.scan, true);
        scan.at += 1;
        while scan.more(b'}', std::mem::take(&mut first)).ok()? {
            let key = scan.string().ok()?;
            scan.colon().ok()?;
            let mut value = scan;
            if let Some(found) = found(&key, &mut value) {
                return Some(found);
            }
            scan.skip(depth).ok()?;
        }
        None
    }

    fn members(&mut self, members: &Members<'_>, sensitive: bool, depth: usize) -> Option<()> {
        let end = self.pointer.len();
        self.scan.at += 1;
        self.out.push('{');
        let (mut first, mut written, mut tags) = (true, false, Vec::new());
        let source = self.scan.text;
        while self.scan.more(b'}', std::mem::take(&mut first)).ok()? {
            let from = self.scan.at;
            let key = self.scan.string().ok()?;
            let raw = &source[from..self.scan.at];
            self.scan.colon().ok()?;
            let (place, is_data) = match self.key(members, &key) {
                Key::Declared(place) => (Some(place), false),
                // The first one chose the member; a second one may be any text.
                Key::Discriminator(index) if !tags.contains(&index) => {
                    tags.push(index);
                    (None, false)
                }
                Key::Discriminator(_) => {
                    self.scan.skip(depth).ok()?;
                    continue;
                }
                Key::Entry(place) => (Some(place), true),
                Key::Undeclared if self.redactor.keep_undeclared => (Some(Place::of(Declared::Anything)), true),
                Key::Undeclared => {
                    self.scan.skip(depth).ok()?;
                    continue;
                }
            };
            if std::mem::replace(&mut written, true) {
                self.out.push(',');
            }
            let hidden = self.redactor.hides(&key) || (is_data && self.redactor.looks_sensitive(&key));
            self.write_key(raw, &key, is_data && sensitive);
            self.out.push(':');
            match place {
                Some(place) => {
                    let place = Place { sensitive: place.sensitive | sensitive | hidden, ..place };
                    self.value(place, depth)?;
                }
                None => {
                    let from = self.scan.at;
                    self.scan.skip(depth).ok()?;
                    let raw = &source[from..self.scan.at];
                    // Anything but a text was not found, and the member is the default.
                    self.out.push_str(if raw.starts_with('"') { raw } else { "null" });
                }
            }
            self.pointer.truncate(end);
        }
        self.out.push('}');
        Some(())
    }

    /// Writes a key and appends it to the pointer.
    fn write_key(&mut self, raw: &str, key: &str, hidden: bool) {
        let shown = match self.finder {
            None if hidden => {
                let pseudonym = self.redactor.names.text(key, (None, None));
                self.replaced.values.push((key.to_owned(), pseudonym.clone()));
                Some(pseudonym)
            }
            None => None,
            Some(finder) => finder.replace(key),
        };
        match &shown {
            Some(shown) => self.quote(shown),
            None => self.out.push_str(raw),
        }
        let key = shown.as_deref().unwrap_or(key);
        self.pointer.push('/');
        match key.contains(['~', '/']) {
            true => self.pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
            false => self.pointer.push_str(key),
        }
    }

    fn key<'t>(&self, members: &Members<'t>, key: &str) -> Key<'t> {
        match members {
            Members::Model(model, tags) => match model.fields.iter().position(|field| field.name == key) {
                Some(index) => {
                    let (field, Some(ty)) = (&model.fields[index], model.types.get(index)) else {
                        return Key::Undeclared;
                    };
                    Key::Declared(Place {
                        declared: Declared::Type(ty),
                        sensitive: field.sensitive,
                        limits: (field.min, field.max),
                    })
                }
                None => discriminator(tags, key),
            },
            Members::Value(ty, _) if key == "value" => Key::Declared(Place::of(Declared::Type(ty))),
            Members::Value(_, tags) => discriminator(tags, key),
            Members::Only(name, declared) if *name == key => Key::Declared(Place::of(*declared)),
            Members::Form(parameters) => match form_parameter(parameters, key) {
                Some(own) => Key::Declared(Place {
                    declared: Declared::Type(&own.ty),
                    sensitive: own.sensitive,
                    limits: (own.minimum, own.maximum),
                }),
                None => Key::Undeclared,
            },
            Members::Entries(declared) => Key::Entry(Place::of(*declared)),
            Members::Only(..) | Members::Nothing => Key::Undeclared,
        }
    }
}

fn discriminator<'t>(tags: &[&str], key: &str) -> Key<'t> {
    tags.iter().position(|tag| *tag == key).map_or(Key::Undeclared, Key::Discriminator)
}

pub(super) fn form_parameter<'t>(parameters: &'t [ParameterDefinition], name: &str) -> Option<&'t ParameterDefinition> {
    parameters.iter().find(|own| own.location == MessageLocation::Form && own.name == name)
}
