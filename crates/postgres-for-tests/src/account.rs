//! The account of a server: PostgreSQL refuses to run as root.

use std::{ffi::OsString, process::Command};

use crate::ServerError;

/// The account that the package of Debian makes.
const POSTGRES: &str = "postgres";

/// Programs that run another one under an account and replace themselves by it, so that signals reach the server.
const WAYS: &[(&str, &[&str])] = &[
    ("setpriv", &["--reuid=postgres", "--regid=postgres", "--init-groups", "--"]),
    ("runuser", &["-u", "postgres", "--"]),
];

/// An account for a server.
pub(crate) struct Account {
    /// The numbers of the account; `None` when it is our own.
    pub(crate) other: Option<(u32, u32)>,
    /// The words before a program that run it under the account.
    before: Vec<OsString>,
}

impl Account {
    /// Our own account, or for root that of PostgreSQL.
    pub(crate) fn find() -> Result<Self, ServerError> {
        if number(&["-u"])? != 0 {
            return Ok(Self { other: None, before: Vec::new() });
        }
        let missing = |missing| ServerError::NoAccount { missing };
        let numbers = (number(&["-u", POSTGRES]), number(&["-g", POSTGRES]));
        let (Ok(user), Ok(group)) = numbers else { return Err(missing("account `postgres`")) };
        let works = |(name, arguments): &&(&str, &[&str])| {
            Command::new(name)
                .args(*arguments)
                .arg("true")
                .output()
                .is_ok_and(|output| output.status.success())
        };
        let (name, arguments) = WAYS.iter().find(works).ok_or_else(|| missing("`setpriv` or `runuser`"))?;
        let before = [*name].into_iter().chain(arguments.iter().copied()).map(OsString::from).collect();
        Ok(Self { other: Some((user, group)), before })
    }

    /// The words of a command that runs a program under the account.
    pub(crate) fn words(&self, program: impl Into<OsString>) -> Vec<OsString> {
        self.before.iter().cloned().chain([program.into()]).collect()
    }

    /// A command that runs a program under the account.
    pub(crate) fn command(&self, program: impl Into<OsString>) -> Command {
        let mut words = self.words(program).into_iter();
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words);
        command
    }
}

/// A number of an account, from `id`.
pub(crate) fn number(arguments: &[&str]) -> Result<u32, ServerError> {
    let failed = |said: String| ServerError::Program { name: "id", said };
    let output = Command::new("id").args(arguments).output().map_err(|error| failed(error.to_string()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().map_err(|_| failed(format!("{arguments:?} has no number")))
}
