//! The schemes and addresses that may be used.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::address;
use super::location::Location;

/// The policy, set by the user; documents cannot change it.
#[derive(Debug, Clone, Default)]
pub struct FetchPolicy {
    /// Hosts with private addresses that may be contacted, in the form of [`super::location::plain_host`].
    pub hosts: BTreeSet<String>,
    /// Whether plain `http` may be used for hosts on loopback.
    pub http: bool,
}

impl FetchPolicy {
    /// Returns the location to fetch an import from. Old documents have `http` URIs of servers that use `https` today,
    /// so they are fetched over `https`.
    pub fn admit(&self, mut location: Location) -> Result<Location, String> {
        if !location.secure && location.port.is_none() && !is_loopback(&location.host) {
            location.secure = true;
        }
        self.check(location)
    }

    /// Returns the location itself, if its scheme is allowed.
    pub fn check(&self, location: Location) -> Result<Location, String> {
        match (location.secure, is_loopback(&location.host)) {
            (true, _) => Ok(location),
            (false, true) if self.http => Ok(location),
            (false, true) => Err(format!("{location} is plain http; --allow-http permits it for this computer")),
            (false, false) => Err(format!("{location} is plain http, where anyone could change the response")),
        }
    }

    /// Returns the reason not to connect to an address that this host resolved to, if any.
    pub fn refusal(&self, secure: bool, host: &str, address: IpAddr) -> Option<String> {
        if !secure && !address.is_loopback() {
            return Some(format!("{host} is at {address}, and plain http is only for this computer"));
        }
        let class = address::class(address)?;
        if self.hosts.contains(host) {
            return None;
        }
        let named = if host == address.to_string() { host.to_owned() } else { format!("{host} is at {address},") };
        let verb = if host == address.to_string() { " is " } else { " " };
        Some(format!("{named}{verb}{class} address; if you trust this host, pass --allow-host {host}"))
    }

    /// Returns true if a host may receive the token: API Builder's own servers, and hosts allowed by name.
    pub fn may_know_token(&self, host: &str) -> bool {
        host == "apibuilder.io" || host.ends_with(".apibuilder.io") || self.hosts.contains(host)
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(hosts: &[&str], http: bool) -> FetchPolicy {
        FetchPolicy { hosts: hosts.iter().map(|host| (*host).to_owned()).collect(), http }
    }

    #[test]
    fn schemes() {
        let admit = |http, text: &str| policy(&[], http).admit(Location::parse(text).unwrap()).map(|l| l.uri());
        assert_eq!(admit(false, "http://www.example.com/x"), Ok("https://www.example.com/x".to_owned()));
        assert!(admit(true, "http://www.example.com:8080/x").is_err());
        assert!(admit(false, "http://localhost/x").is_err());
        assert_eq!(admit(true, "http://localhost/x"), Ok("http://localhost/x".to_owned()));
        assert!(policy(&[], true).check(Location::parse("http://www.example.com/x").unwrap()).is_err());
    }

    #[test]
    fn addresses() {
        let private: IpAddr = "10.0.0.1".parse().unwrap();
        let public: IpAddr = "1.1.1.1".parse().unwrap();
        assert!(policy(&[], false).refusal(true, "a", private).unwrap().contains("a private address"));
        assert!(policy(&["b"], false).refusal(true, "a", private).is_some(), "only the host that was named");
        assert_eq!(policy(&["a"], false).refusal(true, "a", private), None);
        assert_eq!(policy(&[], false).refusal(true, "a", public), None);
        assert!(policy(&["localhost"], true).refusal(false, "localhost", public).is_some());
    }

    #[test]
    fn the_token_stays_where_it_belongs() {
        let policy = policy(&["api.acme.example"], false);
        for (host, expected) in
            [("app.apibuilder.io", true), ("evilapibuilder.io", false), ("api.acme.example", true), ("other", false)]
        {
            assert_eq!(policy.may_know_token(host), expected, "{host}");
        }
    }
}
