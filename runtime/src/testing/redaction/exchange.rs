//! Redacts an exchange as a whole: a value that is sensitive in one place is replaced in all others.

use std::fmt;

use http::{Request, Response};

use super::finder::Finder;
use super::message::{Messages, RedactedMessage};
use super::redactor::{Redactor, Replaced, without_userinfo};
use crate::validate::schema::{Operation, Schema};

/// An exchange without sensitive values.
pub struct RedactedExchange<'r> {
    /// Path and query.
    pub target: String,
    /// The request.
    pub request: RedactedMessage,
    /// The response, if there was one.
    pub response: Option<RedactedMessage>,
    /// JSON pointers to what was replaced, in a record `{"target": …, "request": {"headers": …, "json": …}, "response": …}`. A
    /// body that was withheld is listed as `/request/body` or `/response/body`.
    pub pointers: Vec<String>,
    redactor: &'r Redactor,
    finder: Finder,
}

impl Redactor {
    /// Redacts an exchange; `operation` is the one that the request is for, if there is one. Bodies must be decoded
    /// (`Content-Encoding`).
    pub fn exchange<B: AsRef<[u8]>, C: AsRef<[u8]>>(
        &self,
        schema: &Schema,
        operation: Option<&Operation>,
        request: &Request<B>,
        response: Option<&Response<C>>,
    ) -> RedactedExchange<'_> {
        let mut messages = Messages { redactor: self, schema, operation, replaced: Replaced::default() };
        let mut target = messages.target(request.uri());
        let mut request = messages.request(request);
        let mut response = response.map(|response| messages.response(response));
        let finder = Finder::new(&messages.replaced.values);
        if !finder.is_empty() {
            messages.clean_text(&finder, &mut target, ["/target", ""]);
            messages.clean(&finder, &mut request, "/request");
            response.iter_mut().for_each(|response| messages.clean(&finder, response, "/response"));
        }
        let mut pointers = messages.replaced.pointers;
        pointers.sort();
        pointers.dedup();
        let (request, response) = (request.message, response.map(|response| response.message));
        RedactedExchange { target, request, response, pointers, redactor: self, finder }
    }
}

impl RedactedExchange<'_> {
    /// Returns another text about this exchange, such as the message of a violation, without its sensitive values.
    pub fn text(&self, text: &str) -> String {
        let text = self.finder.replace(text).unwrap_or_else(|| text.to_owned());
        without_userinfo(self.redactor, &text, &mut Replaced::default()).unwrap_or(text)
    }
}

impl fmt::Debug for RedactedExchange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the finder, which has the sensitive values.
        let RedactedExchange { target, request, response, pointers, .. } = self;
        f.debug_struct("RedactedExchange")
            .field("target", target)
            .field("request", request)
            .field("response", response)
            .field("pointers", pointers)
            .finish_non_exhaustive()
    }
}
