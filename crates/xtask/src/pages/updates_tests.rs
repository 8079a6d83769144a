//! The page of the update rules: short, complete, and in the core's own words.

use std::collections::BTreeSet;

use super::{super::update_reasons, *};

#[test]
fn rows_that_do_not_depend_on_a_column_are_one() {
    let page = page();
    let rows: Vec<&str> = page
        .lines()
        .skip_while(|line| !line.starts_with("| ---"))
        .skip(1)
        .take_while(|line| line.starts_with('|'))
        .collect();
    assert_eq!(
        rows,
        [
            "| administrator | on | – | – | is pushed with its batch |",
            "| administrator | off | – | – | is not pushed: `app_flag_off` |",
            "| end user | – | on | – | is pushed with its batch |",
            "| end user | – | off | – | is not pushed: `user_switched_off` |",
            "| end user | – | never chosen | – | is not pushed: `user_did_not_choose` |",
            "| end user | – | no user | – | is not pushed: `no_user` |",
            "| disabled | – | – | – | is not pushed: `updates_disabled` |",
        ]
    );
}

#[test]
fn every_row_of_the_core_is_in_exactly_one_row_of_the_page() {
    let merged = merged(&update_table());
    for row in update_table() {
        let fits = |short: &&Merged| {
            short.mode.is_none_or(|mode| mode == row.mode)
                && short.flag.is_none_or(|flag| flag == row.update_automatically)
                && short.switch.is_none_or(|switch| switch == row.user_switch)
                && short.kind.is_none_or(|kind| kind == row.app_kind)
        };
        let found: Vec<_> = merged.iter().filter(fits).collect();
        assert_eq!(found.len(), 1, "{row:?}");
        assert_eq!(found[0].stopped_by, row.stopped_by, "{row:?}");
    }
}

#[test]
fn a_row_that_differs_from_its_like_stays_on_its_own() {
    let mut rows = update_table();
    rows[0].stopped_by = Some(NothingReason::NotInstalled);
    let merged = merged(&rows);
    let own = merged.iter().find(|row| row.stopped_by == rows[0].stopped_by).unwrap();
    assert_eq!((own.kind, own.switch), (Some(rows[0].app_kind), Some(rows[0].user_switch)));
}

#[test]
fn every_reason_has_its_own_name_and_its_own_row() {
    let (held, refused) = (update_reasons::holds(), update_reasons::refusals());
    let names: Vec<&str> = held
        .iter()
        .map(|reason| reason.name())
        .chain(refused.iter().map(|reason| reason.name()))
        .chain(update_reasons::NOTHING.iter().map(|reason| reason.name()))
        .collect();
    let page = page();
    for name in &names {
        assert!(page.contains(&format!("| `{name}` |")), "{name}");
    }
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
}

#[test]
fn the_defaults_are_those_of_the_core() {
    let page = page();
    for words in [
        "| batches of public apps | every 7 days |",
        "| batches of custom apps | every 24 hours |",
        "Thursday",
    ] {
        assert!(page.contains(words), "{words}\n{page}");
    }
}
