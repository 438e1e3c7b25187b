use std::convert::Infallible;

use super::operation::OperationInfo;
use crate::{ToJson, Writer};

/// The JSON of a response, or what JSON cannot express of it.
pub type ResponseBody = Result<String, String>;

/// What can be written as a response: the other direction of [`FromResponse`](crate::FromResponse).
pub trait ToResponse {
    /// Its status, and the JSON of the body, if it has one; `None` if no status that the operation declares fits.
    fn to_response(&self, info: &OperationInfo) -> Option<(u16, Option<ResponseBody>)>;
}

/// A success, with the first status that the operation declares for a body, or for none.
impl<T: ToJson> ToResponse for T {
    fn to_response(&self, info: &OperationInfo) -> Option<(u16, Option<ResponseBody>)> {
        let successes = || info.responses.iter().filter(|response| response.success);
        let fits = successes().find(|response| response.unit == self.is_absent());
        let response = fits.or(successes().next())?;
        // `default` stands for any success.
        let status = response.status.unwrap_or(200);
        Some((status, (!response.unit && !self.is_absent()).then(|| json(self))))
    }
}

impl ToResponse for Infallible {
    fn to_response(&self, _info: &OperationInfo) -> Option<(u16, Option<ResponseBody>)> {
        match *self {}
    }
}

/// A response with a body.
pub fn content(status: u16, body: &impl ToJson) -> Option<(u16, Option<ResponseBody>)> {
    Some((status, Some(json(body))))
}

/// A response without one.
pub fn no_content(status: u16) -> Option<(u16, Option<ResponseBody>)> {
    Some((status, None))
}

fn json(body: &dyn ToJson) -> ResponseBody {
    let mut writer = Writer::new();
    body.write(&mut writer);
    writer.finish()
}
