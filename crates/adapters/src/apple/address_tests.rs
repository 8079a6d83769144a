//! Which addresses may see a secret, as a table.

use url::Url;

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
