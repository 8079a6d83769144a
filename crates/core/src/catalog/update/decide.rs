//! The decision about an update as one function, and the published table that is made from it.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};

use super::{
    InstalledVersion, NewestVersion, NothingReason, OsVersion, RefuseReason, UpdateDecision, UpdateFacts,
    UpdateHold, UpdateMode, UpdateRules, UserSwitch, VersionId,
    opening::{is_open, next_opening},
};
use crate::catalog::AppKind;

/// Decides whether a new version of an app is pushed to a device now.
///
/// `zone` is the device's time zone, `None` while it is not known; it matters only if there are update windows. `now`
/// is UTC. The checks run in this order, and the first that stops the update decides: the mode with the app's flag or
/// the user's switch; the versions; the operating system; the batch; the windows. So nothing is pushed while updates
/// are off, and a held update is pushed by the first call after its reason is gone.
///
/// With the default cadences a custom app's version is pushed at most 24 hours after it was published, a public app's
/// at most 7 days after and not before its batch, unless a window delays it.
///
/// Sources: MaaS360 documents the three modes, the weekly batch and the day for custom apps; the windows and the
/// minimum operating system follow other products.
///
/// ```
/// use chrono::{DateTime, TimeDelta, Utc};
/// use mdm_vpp_core::catalog::*;
///
/// let midnight = DateTime::UNIX_EPOCH;
/// let published_at = midnight + TimeDelta::hours(10);
/// let facts = UpdateFacts {
///     app_kind: AppKind::Custom,
///     update_automatically: true,
///     user_switch: UserSwitch::NotChosen,
///     installed: InstalledVersion::Installed { version: VersionId::new(1) },
///     newest: Some(NewestVersion { version: VersionId::new(2), published_at, minimum_os: Some("17.0".into()) }),
///     device_os: Some("26.1".into()),
/// };
/// let decide = |now| decide_update(&UpdateRules::default(), &facts, None::<&Utc>, now);
///
/// let batch_at = midnight + TimeDelta::hours(24);
/// let held = UpdateDecision::Hold { reason: UpdateHold::AwaitsBatch, until: Some(batch_at) };
/// assert_eq!(decide(published_at), held);
/// assert_eq!(decide(batch_at), UpdateDecision::Push { version: VersionId::new(2), batch_at });
/// ```
#[must_use]
pub fn decide_update<Tz: TimeZone>(
    rules: &UpdateRules,
    facts: &UpdateFacts,
    zone: Option<&Tz>,
    now: DateTime<Utc>,
) -> UpdateDecision {
    push(rules, facts, zone, now).unwrap_or_else(|stopped| stopped)
}

/// The push, or as an error the decision that stops it.
fn push<Tz: TimeZone>(
    rules: &UpdateRules,
    facts: &UpdateFacts,
    zone: Option<&Tz>,
    now: DateTime<Utc>,
) -> Result<UpdateDecision, UpdateDecision> {
    if let Some(reason) = switched_off(rules.mode, facts) {
        return Err(UpdateDecision::Nothing { reason });
    }
    let newest = newer(facts)?;
    check_os(newest, facts)?;
    let batch_at = check_batch(rules, facts, newest, now)?;
    check_windows(rules, zone, now)?;
    Ok(UpdateDecision::Push { version: newest.version, batch_at })
}

/// The reason for which updates are off for this app and device, if they are.
const fn switched_off(mode: UpdateMode, facts: &UpdateFacts) -> Option<NothingReason> {
    match mode {
        UpdateMode::Disabled => Some(NothingReason::UpdatesDisabled),
        UpdateMode::Administrator if facts.update_automatically => None,
        UpdateMode::Administrator => Some(NothingReason::AppFlagOff),
        UpdateMode::EndUser => match facts.user_switch {
            UserSwitch::On => None,
            UserSwitch::Off => Some(NothingReason::UserSwitchedOff),
            UserSwitch::NotChosen => Some(NothingReason::UserDidNotChoose),
            UserSwitch::NoUser => Some(NothingReason::NoUser),
        },
    }
}

const fn hold(reason: UpdateHold) -> UpdateDecision {
    UpdateDecision::Hold { reason, until: None }
}

/// The store's version if it is later than the device's; otherwise the decision that follows.
fn newer(facts: &UpdateFacts) -> Result<&NewestVersion, UpdateDecision> {
    let nothing = |reason| UpdateDecision::Nothing { reason };
    let installed: Option<VersionId> = match facts.installed {
        InstalledVersion::NotInstalled => return Err(nothing(NothingReason::NotInstalled)),
        InstalledVersion::Unknown => None,
        InstalledVersion::Installed { version } => Some(version),
    };
    // The store's version is asked first: without it, what the device has decides nothing.
    let newest = facts.newest.as_ref().ok_or_else(|| hold(UpdateHold::NewestVersionUnknown))?;
    let installed = installed.ok_or_else(|| hold(UpdateHold::InstalledVersionUnknown))?;
    if installed == newest.version {
        return Err(nothing(NothingReason::AlreadyNewest));
    }
    if installed > newest.version {
        return Err(hold(UpdateHold::InstalledIsNewer { installed, newest: newest.version }));
    }
    Ok(newest)
}

/// Checks the device's operating system against the one that the version needs.
fn check_os(newest: &NewestVersion, facts: &UpdateFacts) -> Result<(), UpdateDecision> {
    let Some(minimum) = &newest.minimum_os else { return Ok(()) };
    let needed: OsVersion =
        minimum.parse().map_err(|_| hold(UpdateHold::MinimumOsNotComparable { minimum: minimum.clone() }))?;
    let device = facts.device_os.as_ref().ok_or_else(|| hold(UpdateHold::OsUnknown))?;
    let present: OsVersion =
        device.parse().map_err(|_| hold(UpdateHold::OsNotComparable { device: device.clone() }))?;
    if present < needed {
        let reason = RefuseReason::OsTooOld { device: device.clone(), minimum: minimum.clone() };
        return Err(UpdateDecision::Refuse { reason });
    }
    Ok(())
}

/// The time of the version's batch if it is due, UTC; otherwise a hold until then.
fn check_batch(
    rules: &UpdateRules,
    facts: &UpdateFacts,
    newest: &NewestVersion,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, UpdateDecision> {
    let until = |reason, until| UpdateDecision::Hold { reason, until: Some(until) };
    if newest.published_at > now {
        return Err(until(UpdateHold::PublishedInTheFuture, newest.published_at));
    }
    let batch = rules.batch_of(facts.app_kind, newest.published_at);
    let batch = batch.ok_or_else(|| hold(UpdateHold::TimeOutOfRange))?;
    if batch > now { Err(until(UpdateHold::AwaitsBatch, batch)) } else { Ok(batch) }
}

/// Checks that an update window is open on the device.
fn check_windows<Tz: TimeZone>(
    rules: &UpdateRules,
    zone: Option<&Tz>,
    now: DateTime<Utc>,
) -> Result<(), UpdateDecision> {
    if rules.windows.is_empty() {
        return Ok(());
    }
    let zone = zone.ok_or_else(|| hold(UpdateHold::UnknownTimeZone))?;
    match is_open(&rules.windows, zone, now) {
        None => Err(hold(UpdateHold::TimeOutOfRange)),
        Some(true) => Ok(()),
        Some(false) => {
            let until = next_opening(&rules.windows, zone, now);
            Err(UpdateDecision::Hold { reason: UpdateHold::OutsideWindow, until })
        }
    }
}

/// A row of the published table of update modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct UpdateRow {
    /// The mode, which says who decides.
    pub mode: UpdateMode,
    /// The app's flag "update automatically".
    pub update_automatically: bool,
    /// The user's switch.
    pub user_switch: UserSwitch,
    /// Public or custom.
    pub app_kind: AppKind,
    /// The reason for which a new version is not pushed; `None` when it is pushed with its batch.
    pub stopped_by: Option<NothingReason>,
}

/// The published table: each mode with each flag, switch and kind of app, for a device that lacks a version whose batch
/// has gone out. It asks [`decide_update`], so it cannot differ from the rules.
#[must_use]
pub fn update_table() -> Vec<UpdateRow> {
    let mut rows = Vec::new();
    for mode in UpdateMode::ALL {
        for update_automatically in [true, false] {
            for user_switch in UserSwitch::ALL {
                for app_kind in [AppKind::Public, AppKind::Custom] {
                    let stopped_by = stopped_by(mode, update_automatically, user_switch, app_kind);
                    rows.push(UpdateRow { mode, update_automatically, user_switch, app_kind, stopped_by });
                }
            }
        }
    }
    rows
}

fn stopped_by(
    mode: UpdateMode,
    update_automatically: bool,
    user_switch: UserSwitch,
    app_kind: AppKind,
) -> Option<NothingReason> {
    let published_at = DateTime::UNIX_EPOCH;
    let facts = UpdateFacts {
        app_kind,
        update_automatically,
        user_switch,
        installed: InstalledVersion::Installed { version: VersionId::new(1) },
        newest: Some(NewestVersion { version: VersionId::new(2), published_at, minimum_os: None }),
        device_os: None,
    };
    let rules = UpdateRules { mode, ..UpdateRules::default() };
    match decide_update(&rules, &facts, None::<&Utc>, published_at + TimeDelta::days(7)) {
        UpdateDecision::Nothing { reason } => Some(reason),
        UpdateDecision::Push { .. } | UpdateDecision::Hold { .. } | UpdateDecision::Refuse { .. } => None,
    }
}
