//! The packages that the core depends on: no async runtime, HTTP, SQL, clock or random numbers.

use super::rules::CORE;
use crate::{gates::tree::Listed, report::Violation};

/// Packages that pure rules must not depend on.
#[rustfmt::skip]
const DENIED: &[&str] = &[
    // Async runtimes.
    "tokio", "async-std", "async-io", "smol", "futures-executor", "mio", "polling",
    // HTTP and TLS.
    "hyper", "hyper-util", "reqwest", "axum", "h2", "h3", "ureq", "isahc", "curl", "http", "rustls", "native-tls",
    "openssl", "openssl-sys", "ring",
    // SQL.
    "rusqlite", "libsqlite3-sys", "sqlx", "sqlx-core", "diesel", "postgres", "tokio-postgres", "sea-orm",
    // Clocks and the time zone of the machine.
    "iana-time-zone", "time", "web-time", "instant", "quanta", "coarsetime", "minstant", "jiff",
    // Random numbers.
    "rand", "rand_core", "getrandom", "fastrand", "oorandom",
];

/// Features of chrono that read the clock.
const CLOCKS: &[&str] = &["clock", "now"];

pub(super) fn check(closure: &[Listed]) -> Vec<Violation> {
    if !closure.iter().any(|package| package.name == CORE) {
        return vec![Violation::new(
            CORE,
            "its packages could not be listed",
            "repair the question to `cargo tree`",
        )];
    }
    closure.iter().flat_map(|package| denied(package).into_iter().chain(clocks(package))).collect()
}

fn denied(package: &Listed) -> Option<Violation> {
    DENIED.contains(&package.name.as_str()).then(|| {
        Violation::new(
            CORE,
            format!("brings along `{} {}`", package.name, package.version),
            "the core has no IO, clock or random numbers: move the code to another crate",
        )
    })
}

fn clocks(package: &Listed) -> Vec<Violation> {
    if package.name != "chrono" {
        return Vec::new();
    }
    let found = package.features.iter().filter(|feature| CLOCKS.contains(&feature.as_str()));
    found
        .map(|feature| {
            Violation::new(
                CORE,
                format!("has chrono with the feature `{feature}`"),
                "time is an argument in the core: switch the feature off",
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gates::tree::parse;

    const SOUND: &str =
        "mdm-vpp-core v0.1.0 (/somewhere)|\nchrono v0.4.45|alloc,serde\nserde v1.0.0|derive\n";

    #[test]
    fn a_pure_closure_passes() {
        assert_eq!(check(&parse(SOUND)), []);
    }

    #[test]
    fn each_denied_package_is_red() {
        for name in DENIED {
            let violations = check(&parse(&format!("{SOUND}{name} v1.0.0|\n")));
            assert_eq!(violations.len(), 1, "{name}");
            assert!(violations[0].what.contains(name), "{}", violations[0]);
        }
    }

    #[test]
    fn a_clock_in_chrono_is_red() {
        for feature in CLOCKS {
            let closure = SOUND.replace("alloc,serde", &format!("alloc,{feature},serde"));
            let violations = check(&parse(&closure));
            assert_eq!(violations.len(), 1, "{feature}");
            assert!(violations[0].what.contains(feature), "{}", violations[0]);
        }
    }

    #[test]
    fn a_closure_of_something_else_is_red() {
        assert_eq!(check(&[]).len(), 1);
        assert_eq!(check(&parse("serde v1.0.0|\n")).len(), 1);
    }
}
