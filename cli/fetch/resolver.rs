//! Resolves names, and returns only addresses that may be connected to. The connection uses exactly these, so a name
//! that resolves differently the second time gains nothing.

use std::error::Error as StdError;
use std::fmt;

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::fetch_policy::FetchPolicy;
use super::location::plain_host;

/// The system's resolver, filtered by our policy.
#[derive(Debug)]
pub struct Guard {
    inner: DefaultResolver,
    policy: FetchPolicy,
}

impl Guard {
    pub fn new(policy: FetchPolicy) -> Self {
        Self { inner: DefaultResolver::default(), policy }
    }
}

/// The error if every address of a host was refused.
#[derive(Debug)]
pub struct Refused(pub String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Refused {}

impl Resolver for Guard {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        let host = plain_host(uri.host().unwrap_or_default());
        let secure = uri.scheme_str() == Some("https");
        let mut kept = self.empty();
        let mut refusal = None;
        for address in found.iter() {
            match self.policy.refusal(secure, &host, address.ip()) {
                None => kept.push(*address),
                Some(why) => refusal = Some(why),
            }
        }
        match refusal {
            Some(why) if kept.is_empty() => Err(Error::Other(Box::new(Refused(why)))),
            _ => Ok(kept),
        }
    }
}
