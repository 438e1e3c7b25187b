//! Generates JSON text by the tables.

use apigen_model::api::Primitive;
use apigen_runtime::codegen::{Sample, Sampler};
use apigen_runtime::{Decimal, FromJson, ToJson, Uuid};

use super::calendar::{instant, write_day, write_instant};
use super::dictionary::KEYS;
use super::plausible::{self, Subject};
use super::tables::{Field, Form, Member, Node, Slot, Tables, Tag, Value};

/// Deeper values are `null`: no reader accepts them.
pub const DEEPEST: usize = 120;
/// After these many bytes, values are `null`: required fields alone can double the size with every level.
const LARGEST: usize = 4 << 20;

/// A field whose value is known from the request.
#[derive(Debug)]
pub struct Echoed<'k> {
    /// Positions of a model, and of a field in it.
    pub model: usize,
    pub field: usize,
    /// The position of a field in the model that is the field's value.
    pub inner: Option<usize>,
    /// The values as JSON text, in turn for the elements of a list; at least one.
    pub values: &'k [&'k str],
}

/// Where a value is, as far as known values matter.
#[derive(Debug, Clone, Copy)]
pub enum Level {
    /// The whole value, or an element of the list that it is.
    Whole,
    /// The value of a field of the whole.
    Inside {
        model: usize,
        field: usize,
    },
    Deeper,
}

/// Generates one value.
pub struct Maker<'a> {
    tables: &'a Tables,
    s: Sampler,
    out: String,
    subject: Subject,
    nesting: usize,
    echoes: &'a [Echoed<'a>],
    /// The position in the list that the value is.
    element: usize,
    /// The maximum number of elements of that list.
    most: Option<i64>,
    /// Whether to write plausible texts, not only random ones.
    plausible: bool,
}

impl<'a> Maker<'a> {
    pub fn new(tables: &'a Tables, mut s: Sampler) -> Self {
        let subject = Subject(s.bits());
        let (out, echoes) = (String::new(), &[][..]);
        Self { tables, s, out, subject, nesting: 0, echoes, element: 0, most: None, plausible: true }
    }

    /// Sets known values, and the maximum number of elements if the value is a list.
    pub fn echoing(self, echoes: &'a [Echoed<'a>], most: Option<i64>) -> Self {
        Self { echoes, most, ..self }
    }

    /// Writes random letters in place of plausible texts.
    pub fn plain(self, plain: bool) -> Self {
        Self { plausible: !plain, ..self }
    }

    /// Returns whether an optional part is there.
    pub fn present(&mut self) -> bool {
        self.s.present()
    }

    /// Returns the JSON of a whole value.
    pub fn whole(&mut self, slot: &Slot) -> String {
        self.s.descend();
        self.value(slot, Level::Whole);
        self.s.ascend();
        std::mem::take(&mut self.out)
    }

    fn value(&mut self, slot: &Slot, level: Level) {
        if self.nesting >= DEEPEST || self.out.len() > LARGEST {
            return self.out.push_str("null");
        }
        match &slot.node {
            Node::Only(json) => self.out.push_str(json),
            Node::Primitive(primitive) => self.primitive(*primitive, slot),
            Node::Enum(index, by_place) => self.enumeration(*index, by_place.as_deref()),
            Node::Model(index) => self.model(*index, None, level),
            Node::Union(index) => self.union(*index, level),
            Node::List(inner) => self.list(inner, slot, level),
            Node::Map(inner) => self.map(inner),
        }
    }

    fn primitive(&mut self, primitive: Primitive, slot: &Slot) {
        match primitive {
            Primitive::Boolean => self.out.push_str(if bool::sample(&mut self.s) { "true" } else { "false" }),
            Primitive::Integer | Primitive::Long | Primitive::Double | Primitive::Decimal => {
                self.number(primitive, slot);
            }
            Primitive::String => self.text(slot),
            Primitive::Uuid => {
                let uuid = Uuid::sample(&mut self.s);
                self.quoted(|out| out.push_str(uuid.hyphenated().encode_lower(&mut Uuid::encode_buffer())));
            }
            Primitive::Date | Primitive::DateTime => self.instant(primitive, slot),
            Primitive::Object => self.object(),
            Primitive::Json if self.s.below(2) == 0 => self.object(),
            Primitive::Json => self.word(),
            Primitive::Unit => self.out.push_str("null"),
        }
    }

    fn number(&mut self, primitive: Primitive, slot: &Slot) {
        let is_fraction = matches!(primitive, Primitive::Double | Primitive::Decimal);
        if let Some(range) = slot.range.filter(|_| self.plausible) {
            let start = self.out.len();
            plausible::number(&mut self.out, &mut self.s, range, is_fraction);
            if is_within(&self.out[start..], slot.limits) {
                return;
            }
            self.out.truncate(start);
        }
        let s = limited(&mut self.s, slot);
        let json = match primitive {
            Primitive::Integer => i32::sample(s).to_json(),
            Primitive::Long => i64::sample(s).to_json(),
            Primitive::Double => f64::sample(s).to_json(),
            _ => Decimal::sample(s).to_json(),
        };
        self.out.push_str(&json);
    }

    fn text(&mut self, slot: &Slot) {
        self.out.push('"');
        let (subject, (low, high)) = (self.subject, slot.limits);
        let fits = |text: &str| {
            let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
            low.is_none_or(|low| length >= low) && high.is_none_or(|high| length <= high)
        };
        let kind = slot.text.filter(|_| self.plausible);
        let done =
            kind.is_some_and(|kind| plausible::write(&mut self.out, &mut self.s, kind, subject, slot.prefix, fits));
        if !done {
            let text = limited(&mut self.s, slot).text();
            self.out.push_str(&text);
        }
        self.out.push('"');
    }

    fn instant(&mut self, primitive: Primitive, slot: &Slot) {
        let instant = instant(slot.order, self.subject.time());
        self.quoted(|out| match primitive {
            Primitive::Date => write_day(out, instant),
            _ => write_instant(out, instant),
        });
    }

    fn enumeration(&mut self, index: usize, by_place: Option<&[Option<usize>]>) {
        let Some(e) = self.tables.enums.get(index) else { return self.out.push_str("null") };
        let of_place = by_place.and_then(|positions| *positions.get(self.subject.place())?);
        let at = usize::try_from(self.s.below((e.usual.len() as u64).max(1))).unwrap_or(0);
        let position = of_place.or_else(|| e.usual.get(at).copied());
        let value = position.and_then(|position| e.values.get(position));
        self.out.push_str(value.map_or("null", String::as_str));
    }

    /// Writes a model, after the discriminator of a union.
    fn model(&mut self, index: usize, tag: Option<&Tag>, level: Level) {
        let Some(model) = self.tables.models.get(index) else { return self.out.push_str("null") };
        self.nesting += 1;
        self.out.push('{');
        if let Some(tag) = tag {
            self.out.push_str(&tag.key);
            self.out.push_str(&tag.value);
        }
        let mut first = tag.is_none();
        for (position, field) in model.fields.iter().enumerate() {
            if tag.is_none_or(|tag| tag.name != field.name) {
                self.field(field, (index, position), level, &mut first);
            }
        }
        self.out.push('}');
        self.nesting -= 1;
    }

    fn field(&mut self, field: &Field, (model, position): (usize, usize), level: Level, first: &mut bool) {
        self.s.descend();
        let known = self.known(level, model, position).filter(|known| field.takes(known));
        if known.is_some() || ((field.required || self.s.present()) && !matches!(field.value, Value::Nothing)) {
            if !std::mem::take(first) {
                self.out.push(',');
            }
            self.out.push_str(&field.key);
            match (known, &field.value) {
                (Some(json), _) => self.out.push_str(json),
                (None, Value::Literal(json)) => self.out.push_str(json),
                (None, Value::Made(slot)) => {
                    let level = match level {
                        Level::Whole => Level::Inside { model, field: position },
                        Level::Inside { .. } | Level::Deeper => Level::Deeper,
                    };
                    let subject = self.subject;
                    if slot.other_side {
                        self.subject = subject.other_side();
                    }
                    self.value(slot, level);
                    self.subject = subject;
                }
                (None, Value::Nothing) => self.out.push_str("null"),
            }
        }
        self.s.ascend();
    }

    /// Returns the value of a field that is known from the request.
    fn known(&self, level: Level, model: usize, position: usize) -> Option<&'a str> {
        let wanted = match level {
            Level::Whole => (model, position, None),
            Level::Inside { model, field } => (model, field, Some(position)),
            Level::Deeper => return None,
        };
        let echo = self.echoes.iter().find(|echo| (echo.model, echo.field, echo.inner) == wanted)?;
        echo.values.get(self.element % echo.values.len().max(1)).copied()
    }

    fn union(&mut self, index: usize, level: Level) {
        let Some(union) = self.tables.unions.get(index) else { return self.out.push_str("null") };
        let usual = usize::try_from(self.s.below((union.members.len() as u64).max(1))).unwrap_or(0);
        let chosen = self.s.member(usual, union.smallest);
        let Some(Member { slot, form }) = union.members.get(chosen) else { return self.out.push_str("null") };
        self.s.descend();
        self.nesting += 1;
        match (form, &slot.node) {
            (Form::Tagged(tag), Node::Model(model)) => self.model(*model, Some(tag), level),
            (Form::Between(open, close), _) => {
                self.out.push_str(open);
                self.value(slot, level);
                self.out.push_str(close);
            }
            _ => self.value(slot, level),
        }
        self.nesting -= 1;
        self.s.ascend();
    }

    fn list(&mut self, inner: &Slot, slot: &Slot, level: Level) {
        let mut count = limited(&mut self.s, slot).count();
        let is_whole = matches!(level, Level::Whole);
        if let Some(most) = self.most.filter(|_| is_whole) {
            count = count.min(usize::try_from(most).unwrap_or(0));
        }
        self.nesting += 1;
        let subject = self.subject;
        self.out.push('[');
        for element in 0..count {
            if element > 0 {
                self.out.push(',');
            }
            if is_whole {
                self.element = element;
            }
            self.subject = Subject(self.s.bits());
            self.value(inner, level);
        }
        self.out.push(']');
        self.subject = subject;
        self.nesting -= 1;
    }

    fn map(&mut self, inner: &Slot) {
        let count = self.s.count().min(KEYS.len());
        let first = self.s.below(KEYS.len() as u64);
        self.nesting += 1;
        let subject = self.subject;
        self.out.push('{');
        for (index, at) in (first..).take(count).enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            let key = KEYS[usize::try_from(at).unwrap_or(0) % KEYS.len()];
            self.quoted(|out| out.push_str(key));
            self.out.push(':');
            self.subject = Subject(self.s.bits());
            self.value(inner, Level::Deeper);
        }
        self.out.push('}');
        self.subject = subject;
        self.nesting -= 1;
    }

    /// Writes an object with one text.
    fn object(&mut self) {
        self.out.push('{');
        self.word();
        self.out.push(':');
        self.word();
        self.out.push('}');
    }

    fn word(&mut self) {
        let at = usize::try_from(self.s.below(KEYS.len() as u64)).unwrap_or(0);
        self.quoted(|out| out.push_str(KEYS[at]));
    }

    fn quoted(&mut self, write: impl FnOnce(&mut String)) {
        self.out.push('"');
        write(&mut self.out);
        self.out.push('"');
    }
}

impl Field {
    /// Returns true if known JSON is within the limits of the field; its type was compared before.
    fn takes(&self, json: &str) -> bool {
        match self.limits {
            (None, None) => true,
            limits if json.starts_with('"') => {
                let length = String::from_json(json).map_or(0, |text| text.chars().count());
                is_within(&length.to_string(), limits)
            }
            limits => is_within(json, limits),
        }
    }
}

fn limited<'s>(s: &'s mut Sampler, slot: &Slot) -> &'s mut Sampler {
    let (low, high) = slot.limits;
    if let Some(low) = low {
        s.min(low);
    }
    if let Some(high) = high {
        s.max(high);
    }
    s
}

/// Returns true if the text of a number is within limits.
fn is_within(number: &str, (low, high): (Option<i64>, Option<i64>)) -> bool {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let Ok(whole) = whole.parse::<i64>() else { return false };
    let (is_negative, is_whole) = (number.starts_with('-'), fraction.bytes().all(|digit| digit == b'0'));
    // Between two whole numbers, a value is beyond a limit if one of them is.
    let (least, most) = match (is_whole, is_negative) {
        (true, _) => (whole, whole),
        (false, true) => (whole.saturating_sub(1), whole),
        (false, false) => (whole, whole.saturating_add(1)),
    };
    low.is_none_or(|low| least >= low) && high.is_none_or(|high| most <= high)
}
