use std::convert::Infallible;

use super::operation::OperationInfo;
use crate::ToJson;

/// What can be written as a response: the other direction of [`FromResponse`](crate::FromResponse).
pub trait ToResponse {
    /// Its status, and the JSON of the body, if it has one; `None` if no status that the operation declares fits.
    fn to_response(&self, info: &OperationInfo) -> Option<(u16, Option<String>)>;
}

/// A success, with the first status that the operation declares for a body, or for none.
impl<T: ToJson> ToResponse for T {
    fn to_response(&self, info: &OperationInfo) -> Option<(u16, Option<String>)> {
        let successes = || info.responses.iter().filter(|response| response.success);
        let fits = successes().find(|response| response.unit == self.is_absent());
        // `default` stands for any success.
        let status = fits.or(successes().next())?.status.unwrap_or(200);
        Some((status, (!self.is_absent()).then(|| self.to_json())))
    }
}

impl ToResponse for Infallible {
    fn to_response(&self, _info: &OperationInfo) -> Option<(u16, Option<String>)> {
        match *self {}
    }
}

/// A response with a body.
pub fn content(status: u16, body: &impl ToJson) -> Option<(u16, Option<String>)> {
    Some((status, Some(body.to_json())))
}

/// A response without one.
pub fn no_content(status: u16) -> Option<(u16, Option<String>)> {
    Some((status, None))
}
