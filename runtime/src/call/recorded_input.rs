//! What a call is about, in the extensions of its request: what recording and replaying go by.

use crate::json::{Mark, Reader, ToJson, Writer};

/// Reads the body of a response with this status, a success or not; `false` if nothing was read.
pub(crate) type ReadBody = fn(bool, u16, &mut Reader<'_>) -> bool;

/// The input of a call before it became HTTP, and the types of its answers.
#[derive(Clone, Default)]
pub(crate) struct RecordedInput {
    pub(crate) path: Vec<(String, String)>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Option<RecordedJson>,
    pub(crate) form: Option<Vec<(String, RecordedJson)>>,
    /// Names of parameters whose values must not be shown.
    pub(crate) sensitive: &'static [&'static str],
    pub(crate) read: Option<ReadBody>,
    /// What the caller calls this example.
    pub(crate) example: Option<String>,
}

/// A JSON text, and where in it the values are that must not be shown.
#[derive(Clone, Default)]
pub(crate) struct RecordedJson {
    pub(crate) json: String,
    pub(crate) marks: Vec<Mark>,
}

impl RecordedJson {
    pub(crate) fn of(value: &dyn ToJson) -> RecordedJson {
        let mut writer = Writer::new();
        value.write(&mut writer);
        let (json, marks) = writer.into_parts();
        RecordedJson { json, marks }
    }
}
