//! `apigen environments`.

use std::fmt::{self, Write as _};
use std::io::Read;
use std::process::ExitCode;
use std::time::Duration;

use apigen_build::Error;
use apigen_testing::environment::{CredentialSource, Environments, Refusal, Target};
use clap::Args;
use serde_json::Value;
use ureq::Agent;
use ureq::http::HeaderMap;
use ureq::tls::{RootCerts, TlsConfig};

use super::output::{complain, print};
use super::target::TargetArguments;

/// Larger responses say nothing about an environment.
const LARGEST: u64 = 64 << 10;

const TIME_LIMIT: Duration = Duration::from_secs(10);

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    target: TargetArguments,
}

/// Lists the environments; or, if one is named, asks its server what it is. The exit code is 1 if that contradicts the
/// declaration.
pub fn environments(arguments: &Arguments) -> Result<ExitCode, Error> {
    if !arguments.target.is_given() {
        return Ok(print(&list(&Environments::from_file(&arguments.target.config)?)));
    }
    let target = arguments.target.open("environments", None)?;
    let (headers, body) = version(&target)?;
    Ok(match said(&target, &headers, &body) {
        Ok(text) => print(&text),
        Err(refusal) => {
            let finding = refusal.finding().map(|finding| finding.to_string());
            complain(|_| finding.unwrap_or_else(|| format!("error: {refusal}")));
            ExitCode::FAILURE
        }
    })
}

fn list(environments: &Environments) -> String {
    let mut text = String::new();
    for own in environments.declared() {
        let _ = writeln!(text, "{}: {} {}", own.name(), own.kind(), own.url().unwrap_or("(each service has its URL)"));
        sources(&mut text, "  ", own.credentials());
        for (name, url, credentials) in own.services() {
            let _ = writeln!(text, "  {name}: {}", url.or(own.url()).unwrap_or_default());
            sources(&mut text, "    ", credentials);
        }
    }
    if text.is_empty() { "no environments are declared\n".to_owned() } else { text }
}

fn sources(text: &mut String, indent: &str, credentials: &[CredentialSource]) {
    for source in credentials {
        let missing = if source.is_readable() { "" } else { ", which cannot be read now" };
        let _ = writeln!(text, "{indent}{source}{missing}");
    }
}

/// Asks a server what it is, without credentials. The body is empty if the server does not know.
fn version(target: &Target) -> Result<(HeaderMap, Vec<u8>), Error> {
    let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .proxy(None)
        // Another server would speak for this one.
        .max_redirects(0)
        .http_status_as_error(false)
        .user_agent(concat!("apigen/", env!("CARGO_PKG_VERSION")))
        .timeout_global(Some(TIME_LIMIT))
        .build();
    let failed = |error: &dyn fmt::Display| Error::usage(format!("no response from {}: {error}", target.url()));
    let response = Agent::new_with_config(config).get(target.version_url()).call().map_err(|error| failed(&error))?;
    let (head, body) = response.into_parts();
    let mut bytes = Vec::new();
    if head.status.is_success() {
        body.into_reader().take(LARGEST).read_to_end(&mut bytes).map_err(|error| failed(&error))?;
    }
    Ok((head.headers, bytes))
}

/// Returns what a server says of itself.
fn said(target: &Target, headers: &HeaderMap, body: &[u8]) -> Result<String, Refusal> {
    target.check_response(headers)?;
    target.check_version(body)?;
    let version: Value = serde_json::from_slice(body).unwrap_or_default();
    let header = headers.get("x-apigen-environment").map(|value| String::from_utf8_lossy(value.as_bytes()));
    let environment = header.as_deref().or_else(|| version["environment"].as_str());
    let said = environment.map_or("does not say what it is".to_owned(), |said| format!("says that it is {said:?}"));
    let mut text = format!("{}: {} {said}\n", target.environment().name(), target.url());
    for service in version["services"].as_array().into_iter().flatten() {
        let part = |name: &str| service[name].as_str().unwrap_or("?");
        let _ = writeln!(text, "  {:?} {:?}", part("name"), part("version"));
    }
    Ok(text)
}
