//! Reads JSON by the tables of a [`Schema`].

use std::collections::BTreeMap;

use super::define::{Primitive, Type};
use super::text::{date, date_time, object};
use super::{Model, Schema, Union};
use crate::json::{Decimal, FromJson, Mode, Reader, ToJson, UnknownFields, Uuid, Violations, keep_last};

/// Is told what values have, for coverage. Indexes are positions in the lists of the
/// [`Service`](super::Service) that a [`Schema`] was built from.
pub trait Seen {
    /// A value of a model has this field.
    fn field(&self, model: usize, field: usize);
    /// A value of an enum is this one.
    fn value(&self, enumeration: usize, value: usize);
    /// A value of a union is this member.
    fn member(&self, union: usize, member: usize);
}

impl Schema {
    /// Checks JSON text against a type.
    ///
    /// # Errors
    /// Returns all violations.
    pub fn validate(&self, ty: &Type, json: impl AsRef<[u8]>, mode: &Mode) -> Result<(), Violations> {
        self.outcome(ty, json.as_ref(), mode, false).map(drop)
    }

    /// Checks JSON text against a type, and returns the accepted JSON: in coerce mode the converted text, which every
    /// strict reader accepts. `null` fields are omitted; undeclared fields are kept, unless the mode rejects them.
    ///
    /// # Errors
    /// Returns all violations.
    pub fn accept(&self, ty: &Type, json: impl AsRef<[u8]>, mode: &Mode) -> Result<String, Violations> {
        self.outcome(ty, json.as_ref(), mode, true)
    }

    fn outcome(&self, ty: &Type, json: &[u8], mode: &Mode, print: bool) -> Result<String, Violations> {
        let mut reader = Reader::new(json, mode);
        let text = Reading { schema: self, print, seen: None }.get(&mut reader, ty);
        reader.outcome(text)
    }

    /// Reads the next value; `None` means that a violation was recorded.
    pub(crate) fn check(&self, r: &mut Reader<'_>, ty: &Type) -> Option<()> {
        self.check_seen(r, ty, None)
    }

    /// Reads the next value, and tells `seen` what it has.
    pub(super) fn check_seen(&self, r: &mut Reader<'_>, ty: &Type, seen: Option<&dyn Seen>) -> Option<()> {
        Reading { schema: self, print: false, seen }.get(r, ty).map(drop)
    }

    /// Reads the next value and returns its accepted JSON; `None` means that a violation was recorded.
    pub(super) fn text(&self, r: &mut Reader<'_>, ty: &Type) -> Option<String> {
        Reading { schema: self, print: true, seen: None }.get(r, ty)
    }
}

/// Reads values and, if `print` is set, writes them again; otherwise all text is empty and costs nothing.
#[derive(Clone, Copy)]
struct Reading<'s> {
    schema: &'s Schema,
    print: bool,
    seen: Option<&'s dyn Seen>,
}

impl Reading<'_> {
    fn get(self, r: &mut Reader<'_>, ty: &Type) -> Option<String> {
        match ty {
            Type::Primitive(primitive) => self.primitive(r, *primitive),
            Type::Enum(index) => self.enumeration(r, *index),
            Type::Model(index) => self.model(r, *index),
            Type::Union(index) => self.union(r, *index),
            Type::List(inner) => self.list(r, inner),
            Type::Map(inner) => {
                let wrapped = r.mode.coerce && r.open_single();
                let text = self.map(r, inner);
                if wrapped { r.close_single(text) } else { text }
            }
        }
    }

    fn primitive(self, r: &mut Reader<'_>, primitive: Primitive) -> Option<String> {
        match primitive {
            Primitive::Boolean => self.kept(r, bool::read, bool::to_json),
            Primitive::Integer => self.kept(r, i32::read, i32::to_json),
            Primitive::Long => self.kept(r, i64::read, i64::to_json),
            Primitive::Double => self.kept(r, f64::read, f64::to_json),
            Primitive::Decimal => self.kept(r, Decimal::read, Decimal::to_json),
            Primitive::String => r.string().map(|text| self.text(|| text.to_json())),
            Primitive::Uuid => Uuid::read(r).map(|uuid| self.text(|| uuid.to_json())),
            Primitive::Date => r.date(Some).map(|day| self.text(|| date(day))),
            Primitive::DateTime => self.kept(r, |r| r.timestamp(Some), |moment| date_time(*moment)),
            Primitive::Object => self.raw(r, |r| r.json_object().map(drop)),
            Primitive::Json => self.raw(r, |r| r.value().map(drop)),
            Primitive::Unit => r.skip().map(|()| self.text(|| "null".to_owned())),
        }
    }

    /// Keeps text that a strict reader accepts: digits, offsets, escapes. Anything else is written again.
    fn kept<T>(
        self,
        r: &mut Reader<'_>,
        read: impl Fn(&mut Reader<'_>) -> Option<T>,
        write: impl FnOnce(&T) -> String,
    ) -> Option<String> {
        let (_, from) = r.start_at();
        let value = read(r)?;
        Some(self.text(|| {
            // The only element of an array may be in brackets.
            let around = |c: char| c.is_ascii_whitespace() || matches!(c, '[' | ']');
            let own = r.scan.text.get(from..r.scan.at).unwrap_or_default().trim_matches(around);
            let mut strict = Reader::new(own.as_bytes(), &Mode::strict());
            let taken = read(&mut strict).is_some() && strict.finish().is_ok();
            if taken { own.to_owned() } else { write(&value) }
        }))
    }

    /// Keeps the text of a value as received.
    fn raw(self, r: &mut Reader<'_>, read: impl FnOnce(&mut Reader<'_>) -> Option<()>) -> Option<String> {
        let (_, from) = r.start_at();
        read(r)?;
        Some(self.text(|| r.scan.text.get(from..r.scan.at).unwrap_or_default().to_owned()))
    }

    fn note(self, note: impl FnOnce(&dyn Seen)) {
        if let Some(seen) = self.seen {
            note(seen);
        }
    }

    fn text(self, text: impl FnOnce() -> String) -> String {
        if self.print { text() } else { String::new() }
    }

    fn enumeration(self, r: &mut Reader<'_>, index: usize) -> Option<String> {
        let table = self.schema.enums.get(index)?;
        Some(match r.enumeration(table)? {
            Ok(value) => {
                self.note(|seen| seen.value(index, value));
                self.text(|| table.wire(value).unwrap_or_default().to_json())
            }
            Err(unknown) => self.text(|| unknown.to_json()),
        })
    }

    fn list(self, r: &mut Reader<'_>, inner: &Type) -> Option<String> {
        let limits = r.limits.take();
        let mut elements = r.array()?;
        let at = r.scan.at;
        let (mut items, mut read) = (Vec::new(), 0);
        while r.element(&mut elements) {
            if let Some(item) = self.get(r, inner) {
                read += 1;
                items.extend(self.print.then_some(item));
            }
        }
        r.end_array(&elements)?;
        if let Some(field) = limits {
            r.count_within(field, at, elements.count(), "elements")?;
        }
        (read == elements.count()).then(|| self.text(|| format!("[{}]", items.join(","))))
    }

    fn map(self, r: &mut Reader<'_>, inner: &Type) -> Option<String> {
        let mut entries = BTreeMap::new();
        r.entries(|r, key| {
            let at = r.scan.at;
            if entries.insert(key, self.get(r, inner)?).is_some() {
                r.duplicate(at);
            }
            Some(())
        })?;
        Some(self.text(|| object(entries.iter().map(|(key, value)| (key.as_str(), value.as_str())))))
    }

    fn model(self, r: &mut Reader<'_>, number: usize) -> Option<String> {
        let model: &Model = self.schema.models.get(number)?;
        let mut members = r.model(model.name, model.fields)?;
        let mut values: Vec<(usize, String)> = Vec::new();
        let mut complete = true;
        while let Some(index) = r.next(&mut members) {
            let value = model.types.get(index).and_then(|ty| self.get(r, ty));
            // As in generated code, where an optional field is then absent.
            complete &= value.is_some() || !model.fields[index].required;
            if value.is_some() {
                self.note(|seen| seen.field(number, index));
            }
            if let Some(value) = value.filter(|_| self.print) {
                values.push((index, value));
            }
        }
        let keep = self.print && r.mode.unknown_fields == UnknownFields::Keep;
        let unknown = if keep { r.undeclared(&members) } else { Vec::new() };
        r.end(members)?;
        keep_last(&mut values);
        let declared = values.iter().map(|(index, value)| (model.fields[*index].name, value.as_str()));
        let unknown = unknown.iter().map(|(key, value)| (&**key, *value));
        complete.then(|| self.text(|| object(declared.chain(unknown))))
    }

    fn union(self, r: &mut Reader<'_>, number: usize) -> Option<String> {
        let union: &Union = self.schema.unions.get(number)?;
        let Some(arm) = r.union(union.table)? else {
            return r.unknown().map(|unknown| self.text(|| unknown.json().to_owned()));
        };
        let count = union.members.len();
        let index = if arm < count { arm } else { arm - count };
        let member = union.members.get(index)?;
        self.note(|seen| seen.member(number, index));
        let (own, ty) = (member.value.as_str(), &member.ty);
        let mut read = |r: &mut Reader<'_>| self.get(r, ty);
        // An omitted discriminator stays omitted: the object is the default member.
        let is_told = !r.member.name.is_empty();
        match (ty, union.table.discriminator) {
            (Type::Union(_), _) if arm < count => read(r),
            (Type::Union(_), _) => r.keyed_by(&mut read),
            (Type::Model(_), Some(_)) if !is_told => read(r),
            (Type::Model(_), Some(key)) => read(r).map(|text| self.text(|| tagged(key, own, &text))),
            (_, Some(key)) => {
                let value = r.value_by(&mut read)?;
                let tag = own.to_json();
                Some(self.text(|| object([(key, tag.as_str()), ("value", value.as_str())])))
            }
            (Type::Primitive(_), None) => {
                let value = r.keyed_value_by(&mut read)?;
                Some(self.text(|| object([(own, object([("value", value.as_str())]).as_str())])))
            }
            (_, None) => {
                let value = r.keyed_by(&mut read)?;
                Some(self.text(|| object([(own, value.as_str())])))
            }
        }
    }
}

/// Inserts a discriminator at the start of an object.
fn tagged(key: &str, value: &str, object: &str) -> String {
    let rest = object.strip_prefix('{').unwrap_or(object);
    let comma = if rest == "}" { "" } else { "," };
    format!("{{{}:{}{comma}{rest}", key.to_json(), value.to_json())
}
