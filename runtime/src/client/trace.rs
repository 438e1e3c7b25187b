//! Spans with OpenTelemetry's names for HTTP clients. They contain no query string, header or body.

use http::{StatusCode, Uri};
use tracing::Span;
use tracing::field::Empty;

use super::http_client::HttpClient;
use crate::call::Failure;
use crate::operation::OperationInfo;

pub(crate) fn span(client: &HttpClient, info: &'static OperationInfo, side_effects: Option<&str>) -> Span {
    let service = client.service();
    let span = tracing::info_span!(
        target: "apigen_runtime",
        "api_call",
        "otel.name" = Empty,
        "otel.kind" = "client",
        "otel.status_code" = Empty,
        "http.request.method" = info.method,
        "url.template" = info.path,
        "server.address" = Empty,
        "server.port" = Empty,
        "http.response.status_code" = Empty,
        "http.request.resend_count" = Empty,
        "error.type" = Empty,
        "api.operation.id" = info.id,
        "api.service.name" = service.name,
        "api.service.version" = service.version,
        "api.side_effects.reason" = side_effects,
    );
    if !span.is_disabled() {
        span.record("otel.name", format_args!("{} {}", info.method, info.path));
        if let Ok(base) = client.base_url().parse::<Uri>() {
            let port = base.port_u16().unwrap_or(if base.scheme_str() == Some("http") { 80 } else { 443 });
            // OpenTelemetry expects an IPv6 address without its brackets.
            let host = base.host().unwrap_or_default();
            span.record("server.address", host.trim_start_matches('[').trim_end_matches(']'));
            span.record("server.port", port);
        }
    }
    span
}

/// Records the outcome. The error type is the status if that is the reason, else the kind of failure.
pub(crate) fn end(span: &Span, status: Option<StatusCode>, failure: Option<&Failure>, retries: u32) {
    if span.is_disabled() {
        return;
    }
    if let Some(status) = status {
        span.record("http.response.status_code", status.as_u16());
    }
    if retries > 0 {
        span.record("http.request.resend_count", retries);
    }
    if let Some(failure) = failure {
        span.record("otel.status_code", "ERROR");
        match status.filter(|status| status.as_u16() >= 400) {
            Some(status) => span.record("error.type", status.as_str()),
            None => span.record("error.type", failure.kind_name()),
        };
    }
}

pub(crate) fn retry(attempts: u32, delay: std::time::Duration) {
    tracing::debug!(target: "apigen_runtime", attempts, ?delay, "trying again");
}

pub(crate) fn request_violations(info: &OperationInfo, violations: &crate::validate::MessageViolations) {
    for one in violations {
        let (place, name, code) = (one.location.as_str(), one.name.as_str(), one.violation.code.as_str());
        tracing::warn!(target: "apigen_runtime", operation = info.id, place, name, code, "request violates the spec");
    }
}
