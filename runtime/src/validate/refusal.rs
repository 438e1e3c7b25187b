//! The server's own messages, in the body that the operation declares.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

use super::violation::MessageViolation;
use crate::json::{Code, ToJson, Writer};
use crate::operation::OperationInfo;

/// A declared response that can hold the server's own messages: that a request violates the spec, or that a handler
/// failed.
///
/// The template is JSON with placeholders: `<code>`, `<message>`, `<messages>`, `<pointer>`, `<status>`, `<own>`, and
/// `<each>…</each>` around the element of a list with one per violation. A number after a name is the maximum length:
/// `<message 200>`. A template that begins with `<made-up>` has generated values for required parts without a meaning
/// to the server, and is the last resort; `<header x-total 0>` is the value of a required header. Generated code has one template for each form that an operation declares.
///
/// ```
/// # use apigen_runtime::codegen::Refusal;
/// const REFUSALS: &[Refusal] = &[Refusal::new(&[422], r#"[<each>{"code":<code>,"message":<message>}</each>]"#)];
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Refusal {
    /// Empty for `default`.
    statuses: &'static [u16],
    template: &'static str,
}

impl Refusal {
    /// Creates the template of responses with these statuses.
    pub const fn new(statuses: &'static [u16], template: &'static str) -> Refusal {
        Refusal { statuses, template }
    }

    /// Creates the template of the response `default`.
    pub const fn others(template: &'static str) -> Refusal {
        Refusal { statuses: &[], template }
    }
}

/// The declared responses of an operation, for the server's own messages.
#[derive(Clone, Copy)]
pub(crate) struct Declared<'d> {
    pub(crate) info: &'static OperationInfo,
    pub(crate) refusals: &'static [Refusal],
    pub(crate) accepts: &'d dyn Fn(u16, &[u8]) -> bool,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Own {
    pub(crate) messages: Vec<String>,
    /// The violations of an invalid request, one per message; otherwise empty.
    pub(crate) violations: Vec<MessageViolation>,
}

/// How well a response can hold a message, best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// Its declared body says what is wrong.
    Tells,
    /// Its declared body can only say that something is wrong.
    Holds,
    /// It declares no body, so ours violates nothing.
    Free,
    /// Neither the status nor `default` is declared.
    Undeclared,
    /// Its declared body can only be empty.
    Empty,
    /// Its declared body says what is wrong, and has generated values.
    MadeUpTells,
    /// Its declared body has generated values, and does not say what is wrong.
    MadeUp,
    /// Its declared body cannot be built.
    Unfit,
}

impl Declared<'_> {
    /// Returns the response to a request that violates the spec.
    pub(crate) fn invalid(&self, own: &Own) -> Answer {
        let fits = own.invalid_statuses().iter().map(|status| self.answer(*status, own));
        fits.min_by_key(|(fit, _)| *fit).map_or_else(|| Answer::plain(422, own), |(_, answer)| answer)
    }

    /// Returns the response with this status.
    pub(crate) fn other(&self, status: u16, own: &Own) -> Answer {
        self.answer(status, own).1
    }

    fn answer(&self, status: u16, own: &Own) -> (Fit, Answer) {
        let plain = |fit| (fit, Answer::plain(status, own));
        let Some((response, _)) = self.info.response(status) else { return plain(Fit::Undeclared) };
        let bodyless = response.unit || self.info.is_head();
        if bodyless && response.headers.iter().all(|header| !header.required) {
            return plain(Fit::Free);
        }
        let mut refusals = self.refusals.iter();
        let found = match response.status {
            Some(status) => refusals.find(|refusal| refusal.statuses.contains(&status)),
            None => refusals.find(|refusal| refusal.statuses.is_empty()),
        };
        let Some(refusal) = found else { return plain(Fit::Unfit) };
        let headers = refusal.headers();
        let body = if bodyless { own.body() } else { Bytes::from(fill(refusal.template, status, own)) };
        let fits = MessageViolation::of_headers(response, &headers).is_empty() && (self.accepts)(status, &body);
        if fits { (refusal.fit(), Answer { status, headers, body }) } else { plain(Fit::Unfit) }
    }
}

/// A response with the server's own messages.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The declared headers that are required, with generated values.
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    fn plain(status: u16, own: &Own) -> Answer {
        Answer { status, headers: HeaderMap::new(), body: own.body() }
    }

    /// Converts to an HTTP response; a status that HTTP does not have becomes a 500.
    pub(crate) fn into_response(self) -> Response<Bytes> {
        let mut response = Response::new(self.body);
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        *response.headers_mut() = self.headers;
        response.headers_mut().entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
        response
    }
}

impl Refusal {
    fn headers(&self) -> HeaderMap {
        let header = |text: &'static str| {
            let (name, value) = text.split_once('>')?.0.split_once(' ')?;
            Some((HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_str(value).ok()?))
        };
        self.template.split("<header ").skip(1).filter_map(header).collect()
    }

    fn fit(&self) -> Fit {
        let tells = ["<message", "<own"].iter().any(|name| self.template.contains(name));
        match (self.template, tells, self.template.starts_with("<made-up>")) {
            ("[]" | "{}", ..) => Fit::Empty,
            (_, true, true) => Fit::MadeUpTells,
            (_, false, true) => Fit::MadeUp,
            (_, true, false) => Fit::Tells,
            (_, false, false) => Fit::Holds,
        }
    }
}

impl Own {
    pub(crate) fn message(message: &str) -> Own {
        Own { messages: vec![message.to_owned()], violations: Vec::new() }
    }

    /// Creates a message for each violation in a request.
    pub(crate) fn violations(violations: &[MessageViolation]) -> Own {
        Own { messages: violations.iter().map(ToString::to_string).collect(), violations: violations.to_vec() }
    }

    /// Returns the default body: `{"code": "generic_error", "messages": ["…"]}`, as in API Builder's common types.
    pub(crate) fn body(&self) -> Bytes {
        let violations = Some(&self.violations).filter(|violations| !violations.is_empty());
        let mut writer = Writer::new();
        writer.object(&[("code", &"generic_error"), ("messages", &self.messages), ("violations", &violations)]);
        Bytes::from(writer.into_string())
    }

    /// Returns the candidate statuses for a request that violates the spec, in order of preference: 415 if the
    /// operation does not accept the content type of the body, else 422 or 400.
    pub(crate) fn invalid_statuses(&self) -> &'static [u16] {
        let unsupported = self.violations.iter().any(|one| one.violation.code == Code::ContentType);
        if unsupported { &[415] } else { &[422, 400] }
    }

    /// Splits into one per message.
    fn each(&self) -> impl Iterator<Item = Own> {
        self.messages.iter().enumerate().map(|(index, message)| Own {
            messages: vec![message.clone()],
            violations: self.violations.get(index).cloned().into_iter().collect(),
        })
    }
}

/// Fills the placeholders of a template. Literal text contains no `<`, which is escaped.
fn fill(template: &str, status: u16, own: &Own) -> String {
    let (mut text, mut rest) = (String::new(), template);
    let first = own.violations.first().map(|first| &first.violation);
    while let Some((before, behind)) = rest.split_once('<') {
        text.push_str(before);
        let Some((placeholder, after)) = behind.split_once('>') else { break };
        rest = after;
        let (name, most) = match placeholder.split_once(' ') {
            Some((name, most)) => (name, most.parse().unwrap_or(usize::MAX)),
            None => (placeholder, usize::MAX),
        };
        match name {
            "each" => {
                let (element, after) = element(after);
                let elements: Vec<String> = own.each().take(most).map(|one| fill(element, status, &one)).collect();
                text.push_str(&elements.join(","));
                rest = after;
            }
            "code" => text.push_str(&first.map_or("generic_error", |first| first.code.as_str()).to_json()),
            "message" => text.push_str(&shortened(&own.messages.join("; "), most).to_json()),
            "messages" => text.push_str(&own.messages[..own.messages.len().min(most)].to_json()),
            "pointer" => text.push_str(&first.map_or("", |first| &first.pointer).to_json()),
            "status" => text.push_str(&status.to_string()),
            "own" => text.push_str(&String::from_utf8_lossy(&own.body())),
            // A marker, which leaves no text; or a placeholder of another version, with which the result is not JSON
            // and is rejected.
            _ => {}
        }
    }
    text.push_str(rest);
    text
}

/// Splits at the end of a list's element, which may contain lists.
fn element(text: &str) -> (&str, &str) {
    let mut depth = 0;
    for (at, _) in text.match_indices('<') {
        match (&text[at..], depth) {
            (tag, _) if tag.starts_with("<each") => depth += 1,
            (tag, 0) if tag.starts_with("</each>") => return (&text[..at], &tag["</each>".len()..]),
            (tag, _) if tag.starts_with("</each>") => depth -= 1,
            _ => {}
        }
    }
    (text, "")
}

/// Truncates to `most` characters.
fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text.chars().take(most.saturating_sub(1)).chain(std::iter::once('…')).take(most).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::violation::MessageLocation;
    use super::*;
    use crate::operation::ResponseInfo;

    fn own(count: usize) -> Own {
        let violations: Vec<MessageViolation> = ["a", "b", "c"]
            .iter()
            .take(count)
            .map(|name| MessageViolation::missing(MessageLocation::Query, name))
            .collect();
        Own::violations(&violations)
    }

    #[test]
    fn templates_are_filled() {
        for (template, count, expected) in [
            (
                r#"{"code":<code>,"message":<message>}"#,
                2,
                r#"{"code":"missing","message":"query parameter a is missing; query parameter b is missing"}"#,
            ),
            (
                r#"[<each>{"at":<pointer>,"m":<message 9>}</each>]"#,
                2,
                r#"[{"at":"/a","m":"query pa…"},{"at":"/b","m":"query pa…"}]"#,
            ),
            (r#"{"status":<status>,"errors":[<each 1><code></each>]}"#, 3, r#"{"status":422,"errors":["missing"]}"#),
            (
                r#"{"code":"bad \u003ccode>","messages":<messages 1>}"#,
                2,
                r#"{"code":"bad \u003ccode>","messages":["query parameter a is missing"]}"#,
            ),
            (
                r#"[<each>{"all":[<each 2><pointer></each>],"m":[]}</each>,<each><code></each>]"#,
                2,
                r#"[{"all":["/a"],"m":[]},{"all":["/b"],"m":[]},"missing","missing"]"#,
            ),
            ("<message 1>", 1, "\"…\""),
            ("<message 0>", 1, "\"\""),
        ] {
            assert_eq!(fill(template, 422, &own(count)), expected);
        }
        let failed = Own::message("The server failed.");
        assert_eq!(
            fill("[<each>{\"code\":<code>,\"at\":<pointer>}</each>]", 500, &failed),
            r#"[{"code":"generic_error","at":""}]"#
        );
        assert_eq!(fill("<own>", 500, &failed), r#"{"code":"generic_error","messages":["The server failed."]}"#);
    }

    /// Which status is taken, and whether its body is the declared one.
    #[test]
    fn the_best_status_is_taken() {
        const TELLS: &str = "<message>";
        let (b422, b400, u422, u400, others) = (
            ResponseInfo::error(422),
            ResponseInfo::error(400),
            ResponseInfo::error(422).unit(),
            ResponseInfo::error(400).unit(),
            ResponseInfo::others(false),
        );
        for (responses, refusals, expected) in [
            (vec![], vec![], (422, false)),
            (vec![b422, b400], vec![Refusal::new(&[422, 400], TELLS)], (422, true)),
            (vec![b422, b400], vec![Refusal::new(&[400], TELLS)], (400, true)),
            (vec![b422, b400], vec![Refusal::new(&[400], TELLS), Refusal::new(&[422], "\"no\"")], (400, true)),
            (vec![b422, b400], vec![Refusal::new(&[422], "\"no\"")], (422, true)),
            (vec![b422], vec![], (400, false)),
            (vec![b400], vec![], (422, false)),
            (vec![b422, b400], vec![], (422, false)),
            (vec![u422], vec![], (422, false)),
            (vec![u422, b400], vec![Refusal::new(&[400], TELLS)], (400, true)),
            (vec![u422, others], vec![Refusal::others(TELLS)], (400, true)),
            (vec![others], vec![Refusal::others(TELLS)], (422, true)),
            (vec![b422], vec![Refusal::new(&[422], "not json")], (400, false)),
            (vec![b422], vec![Refusal::new(&[422], "[]")], (400, false)),
            (vec![b422, u400], vec![Refusal::new(&[422], "[]")], (400, false)),
            (vec![b422], vec![Refusal::new(&[422], "<made-up>\"no\"")], (400, false)),
            (vec![b422, b400], vec![Refusal::new(&[422], "<made-up>\"no\"")], (422, true)),
            (vec![b422, b400], vec![Refusal::new(&[422], "<made-up>\"no\""), Refusal::new(&[400], "[]")], (400, true)),
            (
                vec![b422, b400],
                vec![Refusal::new(&[422], "<made-up>\"no\""), Refusal::new(&[400], "<made-up><message>")],
                (400, true),
            ),
            (vec![b422, b400], vec![Refusal::new(&[422, 400], "[]")], (422, true)),
            (vec![b422, b400], vec![Refusal::new(&[422], "[]"), Refusal::new(&[400], "\"no\"")], (400, true)),
        ] {
            let responses: &'static [ResponseInfo] = Vec::leak(responses);
            let info = Box::leak(Box::new(OperationInfo::new("a.b", "GET", "/a", responses)));
            let is_declared = |body: &[u8]| body.starts_with(b"\"") || body == b"[]";
            let accepts = |_: u16, body: &[u8]| is_declared(body);
            let Answer { status, body, .. } =
                Declared { info, refusals: Vec::leak(refusals), accepts: &accepts }.invalid(&own(1));
            assert_eq!((status, is_declared(&body)), expected, "{responses:?}");
        }
    }
}
