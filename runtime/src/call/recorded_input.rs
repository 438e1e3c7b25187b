//! The input of a call, in the extensions of its request, for recording and replaying.

use super::response_slot::ReadBody;
use crate::json::{Mark, ToJson, Writer};

/// The input of a call before it was encoded for HTTP, and a reader of its responses.
#[derive(Clone, Default)]
pub(crate) struct RecordedInput {
    pub(crate) path: Vec<(String, String)>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Option<RecordedJson>,
    pub(crate) form: Option<Vec<(String, RecordedJson)>>,
    /// Names of sensitive parameters.
    pub(crate) sensitive: &'static [&'static str],
    pub(crate) read: Option<ReadBody>,
    /// The caller's name for this example.
    pub(crate) example: Option<String>,
}

/// JSON text, with the positions of its sensitive values.
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
