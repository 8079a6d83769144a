//! The second table of `docs/UPDATES.md`: why a version is held, refused or not wanted, by its stable name.

use mdm_vpp_core::catalog::{NothingReason, RefuseReason, UpdateHold, VersionId};

use super::page::table;

const INTRODUCTION: &str = "\
## Why a version is not pushed

A *hold* ends at a known time or when a fact changes. A *refusal* stands until the device's operating system is
updated, and *nothing* means that there is nothing to do. The names are those in JSON.

";

/// Every reason to hold, in the order in which they are declared.
pub(super) fn holds() -> [UpdateHold; 11] {
    let version = VersionId::new(0);
    [
        UpdateHold::AwaitsBatch,
        UpdateHold::OutsideWindow,
        UpdateHold::UnknownTimeZone,
        UpdateHold::NewestVersionUnknown,
        UpdateHold::InstalledVersionUnknown,
        UpdateHold::InstalledIsNewer { installed: version, newest: version },
        UpdateHold::PublishedInTheFuture,
        UpdateHold::OsUnknown,
        UpdateHold::OsNotComparable { device: String::new() },
        UpdateHold::MinimumOsNotComparable { minimum: String::new() },
        UpdateHold::TimeOutOfRange,
    ]
}

/// Every refusal.
pub(super) fn refusals() -> [RefuseReason; 1] {
    [RefuseReason::OsTooOld { device: String::new(), minimum: String::new() }]
}

/// Every reason to do nothing, in the order in which they are declared.
pub(super) const NOTHING: [NothingReason; 7] = [
    NothingReason::UpdatesDisabled,
    NothingReason::AppFlagOff,
    NothingReason::UserSwitchedOff,
    NothingReason::UserDidNotChoose,
    NothingReason::NoUser,
    NothingReason::NotInstalled,
    NothingReason::AlreadyNewest,
];

pub(super) fn section() -> String {
    let line = |verdict: &str, name: &str, words: &str, ends: &str| {
        vec![verdict.to_owned(), format!("`{name}`"), words.to_owned(), ends.to_owned()]
    };
    let held = holds();
    let held = held.iter().map(|reason| line("hold", reason.name(), hold(reason), until(reason)));
    let refused = refusals();
    let refused = refused.iter().map(|reason| line("refusal", reason.name(), refusal(reason), "–"));
    let nothing = NOTHING.iter().map(|reason| line("nothing", reason.name(), nothing(*reason), "–"));
    let rows: Vec<_> = held.chain(refused).chain(nothing).collect();
    format!("{INTRODUCTION}{}", table(&["Verdict", "Name", "Why", "Until"], &rows))
}

const fn hold(reason: &UpdateHold) -> &'static str {
    match reason {
        UpdateHold::AwaitsBatch => "its batch is still to come",
        UpdateHold::OutsideWindow => "no update window is open on the device",
        UpdateHold::UnknownTimeZone => "there are windows, and the device's time zone is not known",
        UpdateHold::NewestVersionUnknown => "the store's newest version is not known",
        UpdateHold::InstalledVersionUnknown => "the device does not say which version it has",
        UpdateHold::InstalledIsNewer { .. } => "the device has a later version than the store",
        UpdateHold::PublishedInTheFuture => "it was published in the future",
        UpdateHold::OsUnknown => "it needs an operating system, and the device does not say which it has",
        UpdateHold::OsNotComparable { .. } => "the device's operating system cannot be compared",
        UpdateHold::MinimumOsNotComparable { .. } => "the operating system that it needs cannot be compared",
        UpdateHold::TimeOutOfRange => "a time lies beyond the calendar",
    }
}

const fn until(reason: &UpdateHold) -> &'static str {
    match reason {
        UpdateHold::AwaitsBatch => "its batch",
        UpdateHold::OutsideWindow => "the next opening",
        UpdateHold::PublishedInTheFuture => "it was published",
        UpdateHold::UnknownTimeZone
        | UpdateHold::NewestVersionUnknown
        | UpdateHold::InstalledVersionUnknown
        | UpdateHold::InstalledIsNewer { .. }
        | UpdateHold::OsUnknown
        | UpdateHold::OsNotComparable { .. }
        | UpdateHold::MinimumOsNotComparable { .. }
        | UpdateHold::TimeOutOfRange => "the fact changes",
    }
}

const fn refusal(reason: &RefuseReason) -> &'static str {
    match reason {
        RefuseReason::OsTooOld { .. } => "the device's operating system is older than it needs",
    }
}

const fn nothing(reason: NothingReason) -> &'static str {
    match reason {
        NothingReason::UpdatesDisabled => "the rule set disables updates",
        NothingReason::AppFlagOff => "administrators decide, and the app's flag is off",
        NothingReason::UserSwitchedOff => "users decide, and this one switched updates off",
        NothingReason::UserDidNotChoose => "users decide, and this one never did",
        NothingReason::NoUser => "users decide, and the device has none",
        NothingReason::NotInstalled => "the app is not on the device",
        NothingReason::AlreadyNewest => "the device has the newest version",
    }
}
