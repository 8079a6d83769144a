//! `docs/TRIGGERS.md`: what each event does to an app and its license.

use mdm_vpp_core::policy::{AppEffect, DepartureCell, Grace, LicenseEffect, ReclaimRules, departure_table};

use super::page::table;

const INTRODUCTION: &str = "\
# What an event does to an app and its license

Each cell says what happens while every setting is off, then what each setting changes when it alone is on. It holds
for licenses that Apple takes back; one that Apple does not take back (a book's) always stays. When distribution to a
target is stopped or a target group is left, nothing happens while another target still gives the app. An app that was
installed without a license has none to give back; the app's column holds for it too.

";

const GRACE: &str = "
\"Later\" is after a grace, 30 minutes by default, so that wiping and enrolling again costs no call; at once if another
claimant waits for the license.
";

pub(super) fn page() -> String {
    let mut rows = Vec::new();
    for row in departure_table() {
        rows.push(vec![
            row.trigger.label().to_owned(),
            cell(&row.app, app),
            cell(&row.device_license, license),
            cell(&row.user_license, license),
        ]);
    }
    let heading = ["Event", "App on the device", "Device license", "User license"];
    format!("{INTRODUCTION}{}{GRACE}{}", table(&heading, &rows), defaults())
}

fn cell<E: Copy>(cell: &DepartureCell<E>, say: fn(E) -> &'static str) -> String {
    let mut text = say(cell.otherwise).to_owned();
    for (setting, effect) in &cell.when {
        text.push_str(&format!("; {} if \"{setting}\"", say(*effect)));
    }
    text
}

fn app(effect: AppEffect) -> &'static str {
    match effect {
        AppEffect::Keep => "stays",
        AppEffect::Remove => "removed by a command",
        AppEffect::RemovedByDevice => "removed by the device itself",
        AppEffect::Gone => "gone already",
    }
}

fn license(effect: LicenseEffect) -> &'static str {
    match effect {
        LicenseEffect::None => "none",
        LicenseEffect::Keep { .. } => "stays",
        LicenseEffect::Revoke { grace: Grace::None } => "given back",
        LicenseEffect::Revoke { grace: Grace::Reenrollment } => "given back later",
        LicenseEffect::BecomeUnlicensed => "given back, the app stays without one",
    }
}

/// Lists the default reclaim rules.
fn defaults() -> String {
    let rules = ReclaimRules::default();
    let days = |days: Option<u16>| days.map_or_else(|| "off".to_owned(), |days| format!("{days} days"));
    let on = |on: bool| if on { "on" } else { "off" }.to_owned();
    let rows = [
        ("device license on wipe", on(rules.device_license_on_wipe)),
        ("user license on wipe", on(rules.user_license_on_wipe)),
        ("device license on control removal", on(rules.device_license_on_control_removal)),
        ("user license on control removal", on(rules.user_license_on_control_removal)),
        ("user removed the app", on(rules.on_user_removed_app)),
        ("unused for N days", days(rules.unused_days)),
        ("user deleted", on(rules.on_user_deleted)),
        ("token's groups left", format!("{:?}", rules.on_token_scope_left).to_lowercase()),
        ("install abandoned for N days", days(rules.abandoned_days)),
    ];
    let rows: Vec<Vec<String>> = rows.into_iter().map(|(rule, value)| vec![rule.to_owned(), value]).collect();
    format!("\n## Default reclaim rules\n\n{}", table(&["Rule", "Default"], &rows))
}

#[cfg(test)]
mod tests {
    use mdm_vpp_core::seats::DepartureTrigger;

    use super::*;

    #[test]
    fn every_trigger_has_its_row() {
        let page = page();
        for trigger in DepartureTrigger::ALL {
            assert!(page.contains(&format!("\n| {} |", trigger.label())), "{}", trigger.label());
        }
    }

    #[test]
    fn a_cell_names_the_setting_that_changes_it() {
        let wipe = "\n| selective wipe | stays; removed by a command if \"remove app on: selective wipe\" |";
        assert!(page().contains(wipe));
    }
}
