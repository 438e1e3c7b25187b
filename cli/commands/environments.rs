//! `apigen environments`.

use std::fmt::Write as _;
use std::io::Read;
use std::process::ExitCode;
use std::time::Duration;

use apigen_build::Error;
use apigen_testing::environment::{CredentialSource, Environments, Refusal, Target};
use clap::Args;
use serde_json::Value;
use ureq::Agent;
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
    match ask(&target)? {
        Ok(said) => Ok(print(&said)),
        Err(refusal) => {
            let finding = refusal.finding().map(|finding| finding.to_string());
            complain(|_| finding.unwrap_or_else(|| format!("error: {refusal}")));
            Ok(ExitCode::FAILURE)
        }
    }
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

/// Asks a server what it is, without credentials.
fn ask(target: &Target) -> Result<Result<String, Refusal>, Error> {
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
    let failed = |error: &dyn std::fmt::Display| Error::usage(format!("no response from {}: {error}", target.url()));
    let response = Agent::new_with_config(config).get(target.version_url()).call().map_err(|error| failed(&error))?;
    let (head, body) = response.into_parts();
    if let Err(refusal) = target.check_response(&head.headers) {
        return Ok(Err(refusal));
    }
    let mut bytes = Vec::new();
    body.into_reader().take(LARGEST).read_to_end(&mut bytes).map_err(|error| failed(&error))?;
    if head.status.is_success()
        && let Err(refusal) = target.check_version(&bytes)
    {
        return Ok(Err(refusal));
    }
    let header = head.headers.get("x-apigen-environment").map(|value| String::from_utf8_lossy(value.as_bytes()));
    let version: Value = Some(bytes)
        .filter(|_| head.status.is_success())
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    let environment = header.as_deref().or_else(|| version["environment"].as_str());
    let said = environment.map_or("does not say what it is".to_owned(), |said| format!("says that it is {said:?}"));
    let mut text = format!("{}: {} {said}\n", target.environment().name(), target.url());
    for service in version["services"].as_array().into_iter().flatten() {
        let part = |name: &str| service[name].as_str().unwrap_or("?");
        let _ = writeln!(text, "  {:?} {:?}", part("name"), part("version"));
    }
    Ok(Ok(text))
}
