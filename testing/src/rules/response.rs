//! Reads responses, and checks them against the declared ones.

use std::time::Duration;

use apigen_model::api::{Primitive, Response, Type};
use apigen_model::source::json::{Node, Span, Value};
use apigen_runtime::Mode;
use apigen_runtime::testing::Fault;
use apigen_runtime::validate::{Code, UnknownFields, Violation};

use super::body::{Draft, ResponseBody};
use super::header::HeaderReader;
use super::operations::Target;
use super::problems::{FORM, LIMIT, RESPONSE, place};
use super::reading::Reading;
use super::rule::RuleResponse;
use super::text::has_no_response;
use crate::lower::ty;

/// The number of objects in all bodies of one text that samples fill.
pub(super) const MAX_GAPS: usize = 10_000;

/// The keys of a response, in a rule or in its sequence.
const RESPONSE_KEYS: &[&str] = &["status", "headers", "body", "delay", "fault"];

/// What the responses of a rule share.
#[derive(Clone, Copy)]
pub(super) struct Frame<'t> {
    pub(super) target: &'t Target<'t>,
    pub(super) allow_invalid: bool,
    /// The delay of responses without their own.
    pub(super) delay: Duration,
}

impl Reading<'_, '_> {
    pub(super) fn sequence(&mut self, rule: &Node, node: &Node, frame: Frame<'_>) -> Vec<RuleResponse> {
        for key in ["status", "headers", "body", "fault", "up-to"] {
            let Some(member) = rule.get(key) else { continue };
            let help = match key {
                "up-to" => "the rule ends after the last response of its sequence",
                _ => "write it in the responses of the sequence",
            };
            let message = format!("`{key}` has no effect beside `sequence`");
            self.problems.add(FORM, member.key_span, message, Some(help.to_owned()));
        }
        let help = || Some("for example `sequence = [ { status = 503 }, { status = 200 } ]`".to_owned());
        if node.items().is_empty() {
            let found = if matches!(node.value, Value::Array(_)) { "an empty one" } else { node.kind() };
            let message = format!("`sequence` takes a list of responses, found {found}");
            self.problems.add(FORM, place(node), message, help());
        }
        let mut responses = Vec::new();
        for item in node.items() {
            if !matches!(item.value, Value::Object(_)) {
                let message = format!("a response is an object, found {}", item.kind());
                self.problems.add(FORM, place(item), message, help());
                continue;
            }
            self.check_keys(item, RESPONSE_KEYS, None);
            let delay = item.get("delay").and_then(|member| self.delay(member)).unwrap_or(frame.delay);
            responses.push(self.response(item, Frame { delay, ..frame }));
        }
        responses
    }

    /// Reads the response that an object has beside other keys.
    pub(super) fn response(&mut self, node: &Node, frame: Frame<'_>) -> RuleResponse {
        let Frame { target, allow_invalid, delay } = frame;
        let fault = node.get("fault").and_then(|member| self.fault(member));
        if let Some(fault) = fault.as_ref().filter(|fault| has_no_response(fault)) {
            self.check_unused(node, fault);
        }
        let given = node.get("status").map(|member| self.status(member));
        let known = given.is_none_or(|status| status.is_some());
        let status = given.flatten().unwrap_or_else(|| target.default_status());
        let declared = target.response(status);
        if declared.is_none() && known && !allow_invalid {
            let at = node.get("status").map_or(place(node), |member| member.node.span);
            let help = format!("declared: {}; `allow-invalid = true` responds in any way", target.statuses());
            let message = format!("`{}` declares no response with status {status}", target.id);
            self.problems.add(RESPONSE, at, message, Some(help));
        }
        let headers = node.get("headers").filter(|_| known).map(|member| {
            let schema = self.spec.schema;
            HeaderReader { schema, target, status, declared, allow_invalid }.read(&member.node, self.problems)
        });
        let body = node.get("body").map(|member| &member.node);
        let body = if known { self.body(body, frame, status, declared) } else { ResponseBody::None };
        RuleResponse { status, headers: headers.unwrap_or_default(), body, delay, fault }
    }

    /// Reports what a client cannot receive because of a fault.
    fn check_unused(&mut self, node: &Node, fault: &Fault) {
        let how = if matches!(fault, Fault::Refused | Fault::Broken) { "closes the connection" } else { "never ends" };
        for member in ["status", "headers", "body"].into_iter().filter_map(|key| node.get(key)) {
            let message = format!("`{}` has no effect: the fault {how} before a response", member.key);
            self.problems.add(FORM, member.key_span, message, None);
        }
    }

    fn body(
        &mut self,
        node: Option<&Node>,
        frame: Frame<'_>,
        status: u16,
        declared: Option<&Response>,
    ) -> ResponseBody {
        let Some(node) = node else {
            let declared = declared.filter(|response| response.ty != Type::Primitive(Primitive::Unit));
            return declared.map_or(ResponseBody::None, |response| ResponseBody::Sample(response.ty.clone()));
        };
        if frame.allow_invalid {
            return ResponseBody::Json(node.compact().into());
        }
        let Some(Response { ty: of, .. }) = declared else { return ResponseBody::None };
        if *of == Type::Primitive(Primitive::Unit) {
            let message = format!("`{}` declares no body for status {status}", frame.target.id);
            self.problems.add(RESPONSE, place(node), message, None);
            return ResponseBody::None;
        }
        let draft = Draft::new(self.spec.api, of, node);
        let Some(left) = self.gaps_left.checked_sub(draft.gaps()) else {
            let message = format!("more than {MAX_GAPS} objects lack required fields");
            self.problems.add(LIMIT, place(node), message, Some("write the fields".to_owned()));
            return ResponseBody::None;
        };
        self.gaps_left = left;
        let Some(text) = draft.filled(self.spec.fill) else {
            let message = "required fields are missing, and there is no sample of their type";
            self.problems.add(RESPONSE, place(node), message, Some("write the fields".to_owned()));
            return ResponseBody::None;
        };
        let mode = Mode::strict().unknown_fields(UnknownFields::Refuse);
        if let Err(violations) = self.spec.schema.validate(&ty(of), &text, &mode) {
            for violation in violations {
                let message = format!("body: {}", violation.message);
                self.problems.add(RESPONSE, place_of(node, &violation), message, None);
            }
        }
        draft.body(text)
    }
}

/// Returns the place that a violation is about, or, in what samples have filled, of the object that they filled.
fn place_of(node: &Node, violation: &Violation) -> Span {
    let (mut node, mut key) = (node, None);
    for step in violation.pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        let next = match &node.value {
            Value::Array(items) => {
                step.parse::<usize>().ok().and_then(|index| items.get(index)).map(|item| (item, None))
            }
            _ => node.get(&step).map(|member| (&member.node, Some(member.key_span))),
        };
        let Some(next) = next else { return place(node) };
        (node, key) = next;
    }
    key.filter(|_| violation.code == Code::Unknown).unwrap_or_else(|| place(node))
}
