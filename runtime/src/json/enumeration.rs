//! Reads enums: decides whether a value is known, and reports one that is not.

use std::borrow::Cow;

use super::kind::Kind;
use super::name_index::{Derived, NameIndex};
use super::reader::{Problem, Reader};
use super::violation::Code;
use super::wording::{QUOTED, closest, shorten};

/// The values of an enum.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct EnumTable {
    name: &'static str,
    values: &'static [(&'static str, &'static str)],
    wires: NameIndex,
    /// All names and texts in lower case with the positions of their values, sorted; created on first use by coercion.
    folded: Derived<Vec<(String, usize)>>,
}

impl EnumTable {
    /// Creates the table of an enum. `name` is its name in the spec, `values` are name and wire text of each value, in
    /// declared order.
    pub const fn new(name: &'static str, values: &'static [(&'static str, &'static str)]) -> Self {
        EnumTable { name, values, wires: NameIndex::new(), folded: Derived::new() }
    }

    /// Returns name and wire text of each value.
    #[cfg(feature = "testing")]
    pub(crate) fn values(&self) -> &'static [(&'static str, &'static str)] {
        self.values
    }

    /// Returns true if the text is that of a value.
    #[cfg(feature = "testing")]
    pub(crate) fn has(&self, text: &str) -> bool {
        self.find(text).is_some()
    }

    pub(crate) fn wire(&self, index: usize) -> Option<&'static str> {
        self.values.get(index).map(|(_, wire)| *wire)
    }

    fn choices(&self) -> String {
        choices(self.values.iter().map(|(_, wire)| *wire))
    }

    fn find(&self, text: &str) -> Option<usize> {
        self.wires.find(self.values.len(), |index| self.values[index].1, text)
    }

    /// Finds a value for coercion: by name or wire text, ignoring case and surrounding white space (behaviour 3.5).
    fn loose(&self, text: &str) -> Option<usize> {
        let text = text.trim();
        self.find(text).or_else(|| {
            let folded = self.folded.0.get_or_init(|| {
                let values = self.values.iter().enumerate();
                let texts = values.flat_map(|(index, (name, wire))| [(name, index), (wire, index)]);
                let mut folded: Vec<(String, usize)> =
                    texts.map(|(text, index)| (text.to_lowercase(), index)).collect();
                folded.sort();
                folded
            });
            let text = text.to_lowercase();
            let first = folded.get(folded.partition_point(|(other, _)| *other < text))?;
            (first.0 == text).then_some(first.1)
        })
    }
}

impl Reader<'_> {
    /// Reads a value of an enum: its index in the table, or, if the mode keeps them, an undeclared text.
    pub fn enumeration(&mut self, table: &'static EnumTable) -> Option<Result<usize, String>> {
        let (byte, at) = self.start_at();
        #[cfg(feature = "testing")]
        self.mark_part(super::field::Mark { at, what: super::field::Marked::Choice(table.values) });
        let text = match byte {
            b'"' => syntax!(self.string())?,
            _ if self.mode.coerce => Cow::Owned(self.coerced_text(table.name)?),
            _ => return self.mismatch(Kind::String, &format!("{}: one of {}", table.name, table.choices())),
        };
        self.limits = None;
        let loose = || if self.mode.coerce { table.loose(&text) } else { None };
        if let Some(index) = table.find(&text).or_else(loose) {
            return Some(Ok(index));
        }
        if self.mode.unknown_kept {
            self.unknown_values += 1;
            self.keeps_text(&text);
            return Some(Err(text.into_owned()));
        }
        self.no_value(table, &text, at);
        None
    }

    #[cold]
    fn no_value(&mut self, table: &EnumTable, text: &str, at: usize) {
        let choices = table.choices();
        let quoted = shorten(&format!("{text:?}"), QUOTED);
        let sentence = format!("{quoted} is not a valid {}, expected one of {choices}", table.name);
        let mut problem = Problem::new(Code::Enum, choices, quoted, sentence);
        let meant = table.loose(text).and_then(|index| table.wire(index));
        let near = || closest(text, table.values.iter().map(|(_, wire)| *wire));
        problem.suggestion = meant.or_else(near).map(str::to_owned);
        self.report(at, problem);
    }
}

/// Lists all valid texts, or the first 20 and a count.
pub(crate) fn choices<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    const SHOWN: usize = 20;
    let quoted: Vec<String> = texts.map(|text| format!("{text:?}")).collect();
    let shown = quoted.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if quoted.len() > SHOWN { format!("{shown} … ({} in all)", quoted.len()) } else { shown }
}
