//! Where secrets may go.

use url::{Host, Url};

use crate::http::is_loopback;

/// The only domain of Apple that a content token is sent to.
const APPLE: &str = "apple.com";

/// Decides whether an address may see a content token. The rules are ours: Apple's service config names addresses, and
/// a token that reaches a wrong host opens the location to it.
///
/// Allowed are `https` hosts equal to or under `apple.com`, and exactly the scheme, host and port that the embedder
/// configured. Plain `http` is for loopback alone. Loopback is allowed only when the configured address is loopback
/// itself: otherwise a service config from outside could make this machine send a token to its own services.
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

    /// Whether a token may go there; if not, which rule forbids it.
    pub(crate) fn check(&self, url: &Url) -> Result<(), &'static str> {
        if !matches!(url.scheme(), "https" | "http") {
            return Err("only https is allowed");
        }
        // Such an address may show one host to a reader and lead to another: `https://apple.com@evil.example`.
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
            // An IP address cannot be under apple.com, and a private one would reach a service of the operator's
            // network.
            _ => Err("it is an IP address and not the configured one"),
        }
    }
}

/// Whether two addresses have the same scheme, host and port.
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
mod tests {
    use super::*;

    const BASE: &str = "https://vpp.itunes.apple.com/mdm/v2";

    fn verdict(base: &str, url: &str) -> Result<(), &'static str> {
        let base = Url::parse(base).unwrap();
        AddressRules::around(&base).unwrap().check(&Url::parse(url).unwrap())
    }

    #[test]
    fn https_under_apple_com_is_allowed() {
        for allowed in [
            "https://apple.com/",
            "https://vpp.itunes.apple.com/mdm/v2/assets",
            "https://VPP.iTunes.APPLE.com/mdm/v2/assets",
            "https://uclient-api.itunes.apple.com:443/lookup?version=2",
            "https://uclient-api.itunes.apple.com:8443/lookup",
        ] {
            assert_eq!(verdict(BASE, allowed), Ok(()), "{allowed}");
        }
    }

    #[test]
    fn everything_else_is_refused_by_its_rule() {
        let scheme = Err("only https is allowed");
        let plain = Err("plain http is allowed to this machine only");
        let user = Err("it holds a user name or a password");
        let foreign = Err("it is neither under apple.com nor the configured address");
        let number = Err("it is an IP address and not the configured one");
        for (url, expected) in [
            ("ftp://vpp.itunes.apple.com/", scheme),
            ("file:///etc/passwd", scheme),
            ("javascript:alert(1)", scheme),
            ("http://vpp.itunes.apple.com/mdm/v2/assets", plain),
            ("http://apple.com.evil.org/", plain),
            ("http://127.0.0.1.evil.org/", plain),
            ("http://0.0.0.0/", plain),
            ("https://me:secret@vpp.itunes.apple.com/", user),
            ("https://vpp.itunes.apple.com@evil.org/", user),
            ("https://:secret@vpp.itunes.apple.com/", user),
            ("https://evilapple.com/", foreign),
            ("https://apple.com.evil.org/", foreign),
            ("https://apple.comx/", foreign),
            ("https://apple.com./", foreign),
            ("https://evil.org/apple.com", foreign),
            ("https://evil.org#.apple.com", foreign),
            (r"https://evil.org\.apple.com/", foreign),
            ("https://аpple.com/", foreign), // the first letter is Cyrillic
            ("https://localhost/", foreign),
            ("https://10.0.0.1/", number),
            ("https://192.168.1.1/", number),
            ("https://169.254.169.254/latest/meta-data", number),
            ("https://17.253.144.10/", number),
            ("https://[::1]/", number),
            ("https://[::ffff:10.0.0.1]/", number),
            ("https://2130706433/", number), // 127.0.0.1 as one number
            ("https://0x7f.1/", number),
            ("http://127.0.0.1/", number),
        ] {
            assert_eq!(verdict(BASE, url), expected, "{url}");
        }
    }

    #[test]
    fn the_configured_address_is_allowed_with_its_port_and_no_other() {
        let base = "https://vpp-gateway.example.org:8443/apple";
        assert_eq!(verdict(base, "https://vpp-gateway.example.org:8443/mdm/v2/assets"), Ok(()));
        for other in [
            "https://vpp-gateway.example.org/mdm/v2/assets",
            "https://vpp-gateway.example.org:9443/mdm/v2/assets",
            "https://other.example.org:8443/mdm/v2/assets",
            "http://vpp-gateway.example.org:8443/mdm/v2/assets",
        ] {
            assert!(verdict(base, other).is_err(), "{other}");
        }
        assert_eq!(verdict("https://10.1.2.3/v2", "https://10.1.2.3/v2/assets"), Ok(()));
    }

    #[test]
    fn loopback_is_allowed_when_the_configured_address_is_loopback() {
        let base = "http://127.0.0.1:4000/mdm/v2";
        for allowed in [
            "http://127.0.0.1:4000/x",
            "http://127.0.0.1:5000/lookup",
            "http://localhost:5000/",
            "http://[::1]:1/",
        ] {
            assert_eq!(verdict(base, allowed), Ok(()), "{allowed}");
        }
        assert!(verdict(base, "http://127.0.0.1.nip.example/").is_err());
        assert!(verdict(base, "http://10.0.0.1:4000/x").is_err());
    }

    #[test]
    fn plain_http_cannot_be_configured_for_another_machine() {
        for refused in ["http://vpp.itunes.apple.com/mdm/v2", "http://10.0.0.1/", "ftp://localhost/"] {
            assert!(AddressRules::around(&Url::parse(refused).unwrap()).is_err(), "{refused}");
        }
    }

    #[test]
    fn an_address_is_shown_without_query_and_user() {
        let url = Url::parse("https://me:secret@evil.org:8443/path?itvt=secret#secret").unwrap();
        assert_eq!(shown(&url), "https://evil.org:8443/path");
    }
}
