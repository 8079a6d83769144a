//! `docs/UPDATES.md`: when a new version is pushed, asked from the update rules themselves.

use mdm_vpp_core::catalog::{
    AppKind, Cadence, NothingReason, UpdateMode, UpdateRow, UpdateRules, UserSwitch, update_table,
};

use super::{page::table, update_reasons};

const INTRODUCTION: &str = "\
# When a new version of an app is pushed to a device

The checks of an update run in this order, and the first that stops it counts: the mode with the app's flag or the
user's switch; the versions; the operating system; the batch; the windows. So nothing is pushed while updates are off,
whatever else is known, and a held update is pushed as soon as its reason is gone and it is asked about again.

## Who decides

";

const AFTER_MODES: &str = "
A dash means that it does not matter: public and custom apps follow the same rule set, the user's switch is asked only
where users decide, and the app's flag only where the administrator does. A version goes out with the first batch at or
after the time at which it was published.

";

/// A row of the page: `None` where the value of a column does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Merged {
    mode: Option<UpdateMode>,
    flag: Option<bool>,
    switch: Option<UserSwitch>,
    kind: Option<AppKind>,
    stopped_by: Option<NothingReason>,
}

/// Leaves a column out of a row.
type LeaveOut = fn(&mut Merged);

pub(super) fn page() -> String {
    let rows: Vec<_> = merged(&update_table()).iter().map(row).collect();
    let heading = ["Mode", "Update automatically", "User's switch", "App", "A new version"];
    let modes = table(&heading, &rows);
    format!("{INTRODUCTION}{modes}{AFTER_MODES}{}{}", update_reasons::section(), defaults())
}

/// The rows, with those taken together that differ in a column which does not matter.
fn merged(rows: &[UpdateRow]) -> Vec<Merged> {
    let mut merged: Vec<Merged> = rows
        .iter()
        .map(|row| Merged {
            mode: Some(row.mode),
            flag: Some(row.update_automatically),
            switch: Some(row.user_switch),
            kind: Some(row.app_kind),
            stopped_by: row.stopped_by,
        })
        .collect();
    let columns: [(usize, LeaveOut); 4] = [
        (2, |row| row.kind = None),
        (UserSwitch::ALL.len(), |row| row.switch = None),
        (2, |row| row.flag = None),
        (UpdateMode::ALL.len(), |row| row.mode = None),
    ];
    for (values, leave_out) in columns {
        merged = without_column(&merged, values, leave_out);
    }
    merged
}

/// Leaves a column out of the rows that are the same for each of its values.
fn without_column(rows: &[Merged], values: usize, leave_out: LeaveOut) -> Vec<Merged> {
    let left_out = |row: &Merged| {
        let mut row = *row;
        leave_out(&mut row);
        row
    };
    let mut kept: Vec<Merged> = Vec::new();
    for row in rows {
        let shorter = left_out(row);
        let alike = rows.iter().filter(|other| left_out(other) == shorter).count();
        let row = if alike == values { shorter } else { *row };
        if !kept.contains(&row) {
            kept.push(row);
        }
    }
    kept
}

fn row(row: &Merged) -> Vec<String> {
    let or_dash = |text: Option<&'static str>| text.unwrap_or("–").to_owned();
    vec![
        or_dash(row.mode.map(mode)),
        or_dash(row.flag.map(on)),
        or_dash(row.switch.map(switch)),
        or_dash(row.kind.map(kind)),
        row.stopped_by.map_or_else(
            || "is pushed with its batch".into(),
            |reason| format!("is not pushed: `{}`", reason.name()),
        ),
    ]
}

const fn mode(mode: UpdateMode) -> &'static str {
    match mode {
        UpdateMode::Administrator => "administrator",
        UpdateMode::EndUser => "end user",
        UpdateMode::Disabled => "disabled",
    }
}

const fn on(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

const fn switch(switch: UserSwitch) -> &'static str {
    match switch {
        UserSwitch::On => "on",
        UserSwitch::Off => "off",
        UserSwitch::NotChosen => "never chosen",
        UserSwitch::NoUser => "no user",
    }
}

const fn kind(kind: AppKind) -> &'static str {
    match kind {
        AppKind::Public => "public",
        AppKind::Custom => "custom",
    }
}

/// Lists the default rule set.
fn defaults() -> String {
    let rules = UpdateRules::default();
    let windows = match rules.windows.len() {
        0 => "none: at any time".to_owned(),
        windows => windows.to_string(),
    };
    let rows = [
        ("mode", mode(rules.mode).to_owned()),
        ("batches of public apps", cadence(rules.public_cadence)),
        ("batches of custom apps", cadence(rules.custom_cadence)),
        ("a batch goes out at", rules.batches_from.format("%A, %Y-%m-%d %H:%M UTC").to_string()),
        ("windows, in the device's local time", windows),
    ];
    let rows: Vec<Vec<String>> = rows.into_iter().map(|(rule, value)| vec![rule.to_owned(), value]).collect();
    format!("\n## The default rule set\n\n{}", table(&["Rule", "Default"], &rows))
}

fn cadence(cadence: Cadence) -> String {
    match cadence {
        Cadence::AtOnce => "at once".into(),
        Cadence::Batch { every_hours } if every_hours.get() % 24 == 0 && every_hours.get() > 24 => {
            format!("every {} days", every_hours.get() / 24)
        }
        Cadence::Batch { every_hours } => format!("every {every_hours} hours"),
    }
}

#[cfg(test)]
#[path = "updates_tests.rs"]
mod tests;
