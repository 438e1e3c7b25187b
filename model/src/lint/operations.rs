//! Lint: responses and bodies that cause problems for clients and servers.

use std::collections::BTreeSet;

use super::Linter;
use super::elements::OperationRef;
use super::rule::{
    BODY_AND_FORM, NO_SUCCESS_RESPONSE, SILENT_REFUSAL, TWO_SUCCESS_TYPES, UNEXPECTED_BODY, UNUSUAL_STATUS,
};
use crate::api::{Location, Method};
use crate::behaviour::refusal::is_silent;
use crate::parse::service::Text;

impl Linter<'_> {
    pub fn operations(&mut self) {
        for operation in self.operation_refs() {
            self.responses(&operation);
            self.body(&operation);
            self.refusal(&operation);
        }
    }

    fn refusal(&mut self, operation: &OperationRef<'_>) {
        if !is_silent(self.api, operation.resolved) {
            return;
        }
        let mut responses = operation.written.responses.iter();
        let found = responses.clone().find(|r| matches!(r.code.value.as_str(), "400" | "422"));
        let default = || responses.find(|r| r.code.value.eq_ignore_ascii_case("default"));
        let Some(response) = found.or_else(default) else { return };
        let (code, ty) = (&response.code.value, &response.ty);
        let message = format!("{operation} cannot describe an invalid request: {code} has the type `{}`", ty.value);
        let help = "declare a model with a code and messages, or a list of models with a code and a message; servers cannot \
                    fill other required fields";
        self.add(&SILENT_REFUSAL, ty.at, &operation.attributes(), message, help);
    }

    fn responses(&mut self, operation: &OperationRef<'_>) {
        let responses = &operation.written.responses;
        let codes: Vec<(u32, &Text)> =
            responses.iter().filter_map(|r| Some((r.code.value.parse().ok()?, &r.code))).collect();
        for (code, text) in codes.iter().filter(|(code, _)| *code > 599) {
            let message = format!("{operation} declares the response code {code}, which is not an HTTP status");
            let help = "use a code from 100 to 599; servers and proxies refuse others";
            self.add(&UNUSUAL_STATUS, text.at, &operation.attributes(), message, help);
        }
        let Some(first) = responses.first() else { return };
        if !codes.iter().any(|(code, _)| (200..400).contains(code)) {
            let message = format!("{operation} declares no success response: clients treat every response as an error");
            let help = "declare a response from 200 to 399; `default` means errors";
            self.add(&NO_SUCCESS_RESPONSE, first.code.at, &operation.attributes(), message, help);
        }
        let mut successes = responses.iter().filter(|r| r.code.value.len() == 3 && r.code.value.starts_with('2'));
        let types: BTreeSet<&str> = successes.clone().map(|r| r.ty.value.as_str()).collect();
        if let (true, Some(second)) = (types.len() > 1, successes.next_back()) {
            let types: Vec<String> = types.iter().map(|ty| format!("`{ty}`")).collect();
            let message = format!("{operation} succeeds with several types: {}", types.join(", "));
            let help = "return one type, or a union; many generators take the first type for all codes";
            self.add(&TWO_SUCCESS_TYPES, second.ty.at, &operation.attributes(), message, help);
        }
    }

    fn body(&mut self, operation: &OperationRef<'_>) {
        let Some(body) = &operation.written.body else { return };
        if !matches!(operation.resolved.method, Method::Post | Method::Put | Method::Patch) {
            let message =
                format!("{operation} has a body, which {} requests do not have", operation.resolved.method.as_str());
            let help = "use parameters, or POST; servers, proxies and caches may drop or refuse such bodies";
            self.add(&UNEXPECTED_BODY, body.ty.at, &operation.attributes(), message, help);
        }
        let forms = operation.resolved.parameters.iter().filter(|p| p.location == Location::Form);
        let forms: Vec<&str> = forms.map(|p| p.name.as_str()).collect();
        let written = operation.written.parameters.iter().find(|p| forms.contains(&p.field.common.name.value.as_str()));
        if let Some(parameter) = written {
            let message = format!("{operation} has a body and form parameters, but a request has one body only");
            let help = "put the parameters into the body's type, or into the query";
            let [of_operation, of_resource] = operation.attributes();
            let attributes = [&parameter.field.common.attributes, of_operation, of_resource];
            let at = parameter.location.as_ref().map_or(parameter.field.common.name.at, |l| l.at);
            self.add(&BODY_AND_FORM, at, &attributes, message, help);
        }
    }
}
