//! What generated types implement.

use super::mode::Mode;
use super::reader::Reader;
use super::violation::Violations;
use super::writer::Writer;

/// A type that is read from JSON.
///
/// Reading validates: there is no second pass, so what is decoded and what is valid cannot differ.
pub trait FromJson: Sized + 'static {
    /// Reads the next value. `None` means that a violation was recorded in `r`; the reader then stands behind the value all the same.
    fn read(r: &mut Reader<'_>) -> Option<Self>;

    /// Reads a JSON text, [strictly](Mode::strict).
    ///
    /// # Errors
    /// Everything that is wrong with it.
    fn from_json(json: impl AsRef<[u8]>) -> Result<Self, Violations> {
        decode(json.as_ref(), &Mode::strict())
    }

    /// Reads a JSON text, as strictly as `mode` says.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    fn from_json_with(json: impl AsRef<[u8]>, mode: &Mode) -> Result<Self, Violations> {
        decode(json.as_ref(), mode)
    }

    /// Checks a value that was made by code and not read, whose numbers, texts and lists may be beyond their limits, whose doubles may
    /// be NaN or infinite, and which may be nested too deeply: whether its JSON would be accepted [strictly](Mode::strict).
    ///
    /// # Errors
    /// Everything that is wrong with it.
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

/// A type that is written as JSON.
pub trait ToJson {
    /// Writes the value.
    fn write(&self, w: &mut Writer);

    /// Whether a field with this value is left out: an `Option` that is `None`.
    fn is_absent(&self) -> bool {
        false
    }

    /// Whether a field of this type may be left out: an `Option`, be it `None` or not.
    fn is_optional(&self) -> bool {
        false
    }

    /// The value as JSON text. JSON has no NaN and no infinity: they become `null`, and so do arrays and objects inside of 512 others,
    /// which no reader accepts. [`FromJson::validate`] finds them, and no client or server sends them, nor anything that is nested more
    /// than 128 deep.
    fn to_json(&self) -> String {
        let mut writer = Writer::new();
        self.write(&mut writer);
        writer.into_string()
    }
}
