//! Where secrets may go.

use url::{Host, Url};

use crate::http::is_loopback;

/// The only domain of Apple that a content token is sent to.
const APPLE: &str = "apple.com";

/// Decides whether an address may see a content token (our choice).
///
/// Allowed are `https` hosts equal to or under `apple.com`, and exactly the scheme, host and port that the embedder
/// configured. Plain `http` goes to loopback alone, and to loopback at all only when the configured address is
/// loopback itself: a service config from outside cannot make this machine talk to itself.
#[derive(Debug, Clone)]
pub(crate) struct AddressRules {
    base: Url,
}

impl AddressRules {
    /// The rules around a configured address.
    pub(crate) fn around(base: &Url) -> Result<Self, &'static str> {
        let rules = Self { base: base.clone() };
        rules.check(base)?;
        Ok(rules)
    }

    /// Whether a secret may go there; if not, which rule forbids it.
    pub(crate) fn check(&self, url: &Url) -> Result<(), &'static str> {
        if !matches!(url.scheme(), "https" | "http") {
            return Err("only https is allowed");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("it holds a user name or a password");
        }
        let loopback = is_loopback(url);
        if url.scheme() == "http" && !loopback {
            return Err("plain http is allowed to this machine only");
        }
        if same_origin(url, &self.base) || loopback && is_loopback(&self.base) {
            return Ok(());
        }
        match url.host() {
            Some(Host::Domain(domain)) if is_apple(domain) => Ok(()),
            Some(Host::Domain(_)) => Err("it is neither under apple.com nor the configured address"),
            _ => Err("it is an IP address and not the configured one"),
        }
    }
}

/// Whether two addresses have one scheme, host and port.
pub(crate) fn same_origin(one: &Url, other: &Url) -> bool {
    one.scheme() == other.scheme()
        && one.host() == other.host()
        && one.port_or_known_default() == other.port_or_known_default()
}

/// An address for an error text: without query, fragment, user name and password.
pub(crate) fn shown(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let text = format!("{}://{}{port}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path());
    text.chars().take(200).collect()
}

/// Equal to `apple.com`, or under it at a boundary of labels. The parser gave the domain in lower case.
fn is_apple(domain: &str) -> bool {
    domain.strip_suffix(APPLE).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
#[path = "address_tests.rs"]
mod tests;
