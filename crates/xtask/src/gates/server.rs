//! The programs of PostgreSQL, which tests need. On Debian root gets them by itself; nobody else does, and no test is
//! left out for want of them.

use std::{fs, process::Command};

use postgres_for_tests::Programs;

use crate::{error::TaskError, report::Violation, say};

const PACKAGE: &str = "postgresql";

/// What to do about the programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// They are there.
    Ready,
    /// Install them.
    Install,
    /// Say what is missing.
    Tell,
}

/// Sees to it that the programs are there.
pub(super) fn provide() -> Result<Vec<Violation>, TaskError> {
    let is_debian = || fs::exists("/etc/debian_version").unwrap_or_default();
    match way(Programs::find().is_ok(), is_debian, is_root) {
        Way::Ready => Ok(Vec::new()),
        Way::Tell => Ok(missing()),
        Way::Install => {
            say::to_stderr(
                "PostgreSQL is not installed: installing Debian's package `postgresql` for the tests",
            )?;
            let _ = runs(&["update"]);
            let installed = runs(&["install", "--yes", "--no-install-recommends", PACKAGE]);
            Ok(if installed && Programs::find().is_ok() { Vec::new() } else { missing() })
        }
    }
}

fn way(found: bool, is_debian: impl Fn() -> bool, is_root: impl Fn() -> bool) -> Way {
    if found {
        Way::Ready
    } else if is_debian() && is_root() {
        Way::Install
    } else {
        Way::Tell
    }
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == "0")
}

/// Whether a call of Debian's installer succeeds. It asks nothing.
fn runs(arguments: &[&str]) -> bool {
    let mut command = Command::new("apt-get");
    command.arg("--quiet").args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    command.status().is_ok_and(|status| status.success())
}

fn missing() -> Vec<Violation> {
    vec![Violation::new(
        "tests",
        "need a PostgreSQL server, and `initdb` and `postgres` are neither in the PATH nor where Debian puts them",
        "install PostgreSQL (on Debian the package `postgresql`; as root there, this command does)",
    )]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_root_on_debian_installs_and_only_what_is_missing() {
        let (yes, no) = (|| true, || false);
        assert_eq!(way(true, yes, yes), Way::Ready);
        assert_eq!(way(false, yes, yes), Way::Install);
        assert_eq!(way(false, yes, no), Way::Tell);
        assert_eq!(way(false, no, yes), Way::Tell);
    }

    #[test]
    fn who_has_to_install_it_is_told_what() {
        let told = missing().iter().map(ToString::to_string).collect::<String>();
        assert!(told.contains("`postgresql`"), "{told}");
    }
}
