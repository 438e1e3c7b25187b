//! Reads typed values, and validates values of a program by reading what was written.

use super::mode::{MAX_DEPTH, Mode};
use super::reader::{Problem, Reader};
use super::violation::{Code, Violations};
use super::wording::{QUOTED, shorten};
use super::writer::{ToJson, Writer};

/// A type that is read from JSON.
///
/// Reading validates: there is no second pass, so what is decoded and what is valid cannot differ.
pub trait FromJson: Sized + 'static {
    /// Reads the next value. `None` means that a violation was recorded in `r`; the reader is positioned after the
    /// value in either case.
    fn read(r: &mut Reader<'_>) -> Option<Self>;

    /// Reads JSON text, [strictly](Mode::strict).
    ///
    /// # Errors
    /// Returns all violations.
    fn from_json(json: impl AsRef<[u8]>) -> Result<Self, Violations> {
        decode(json.as_ref(), &Mode::strict())
    }

    /// Reads JSON text, as strictly as `mode` requires.
    ///
    /// # Errors
    /// Returns all violations.
    fn from_json_with(json: impl AsRef<[u8]>, mode: &Mode) -> Result<Self, Violations> {
        decode(json.as_ref(), mode)
    }

    /// Checks a value that a program has built: whether its JSON would be accepted [strictly](Mode::strict). Its
    /// numbers, texts and lists may exceed their limits, its doubles may be NaN or infinite, and it may be nested too
    /// deeply.
    ///
    /// # Errors
    /// Returns all violations.
    fn validate(&self) -> Result<(), Violations>
    where
        Self: ToJson,
    {
        let mut writer = Writer::new();
        self.write(&mut writer);
        let mut reader = writer.reader(&Mode::strict());
        let value = Self::read(&mut reader);
        reader.outcome(value).map(drop)
    }
}

fn decode<T: FromJson>(json: &[u8], mode: &Mode) -> Result<T, Violations> {
    let mut reader = Reader::new(json, mode);
    let value = T::read(&mut reader);
    reader.outcome(value)
}

impl Reader<'_> {
    /// Reads a value of type `T`. `None` means that a violation was recorded.
    #[inline]
    pub fn get<T: FromJson>(&mut self) -> Option<T> {
        T::read(self)
    }

    /// Reads a value of type `A` and converts it by `make`: for types that accept only some texts or numbers.
    /// `expected` names what is accepted, for people: `a currency such as EUR`. A value that cannot be converted is a
    /// violation.
    pub fn get_as<A: FromJson, T>(&mut self, expected: &str, make: impl FnOnce(A) -> Option<T>) -> Option<T> {
        let (_, offset) = self.start_at();
        let made = make(A::read(self)?);
        if made.is_none() {
            let literal = shorten(&self.scan.text[offset..self.scan.at], QUOTED);
            let text = format!("expected {expected}, found {literal}");
            self.report(offset, Problem::new(Code::Format, expected, literal, text));
        }
        made
    }
}

/// Returns the JSON of a value, or why JSON cannot express it.
pub(crate) fn encode(value: &dyn ToJson) -> Result<String, String> {
    let mut writer = Writer::new();
    value.write(&mut writer);
    writer.finish()
}

impl Writer {
    /// Returns the written text, if JSON can express all of it. Errors name doubles that are NaN or infinite, each with
    /// its path, or say that it is nested more deeply than readers accept.
    pub(crate) fn finish(self) -> Result<String, String> {
        if self.deepest > MAX_DEPTH {
            return Err(format!("it has more than {MAX_DEPTH} levels of arrays and objects"));
        }
        if let Some(lost) = self.lost {
            return Err(format!("it has {lost} where any JSON is allowed, which would be read as something else"));
        }
        if self.not_finite.is_empty() {
            return Ok(self.out);
        }
        if self.not_finite_sensitive {
            return Err("a sensitive number is NaN or infinite".to_owned());
        }
        let mut reader = self.reader(&Mode::lenient().max_depth(usize::MAX).max_violations(3));
        let value = reader.value();
        let violations = reader.outcome(value).err().into_iter().flatten().map(|violation| violation.message);
        Err(violations.collect::<Vec<_>>().join("; "))
    }

    /// Reads what was written; words for NaN and infinities are violations.
    pub(crate) fn reader(&self, mode: &Mode) -> Reader<'_> {
        let mut reader = Reader::new(self.out.as_bytes(), mode);
        reader.made = true;
        reader
    }
}
