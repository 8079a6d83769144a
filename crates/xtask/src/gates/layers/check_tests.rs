//! A sound crate passes; each way to import upwards, and each wrong line of the table, is red.

use super::*;

const FLOORS: &[Floor] = &[
    Floor::Ordered(&["id"]),
    Floor::Ordered(&["token", "plan"]),
    Floor::Apart(&["decide/token", "decide/plan"]),
    Floor::Ordered(&["check"]),
    Floor::Top(&["program"]),
];

const LAYERED: Layered = Layered { folder: "crates/core", library: "mdm_vpp_core", floors: FLOORS };

const SOUND: &[(&str, &str)] = &[
    ("lib.rs", "pub mod id; pub use check::Finding; use crate::decide::token::decide;"),
    ("id.rs", "pub struct Id;"),
    ("token/mod.rs", "mod name;\npub use name::Name;"),
    ("token/name.rs", "use super::Other;\nuse crate::id::Id;\n#[path = \"name_tests.rs\"]\nmod tests;"),
    ("token/name_tests.rs", "use super::super::Other;\nuse super::*;"),
    ("plan/mod.rs", "use crate::{id::Id, token::{self, Name}};"),
    ("decide/mod.rs", "pub mod token;\npub mod plan;\npub use crate::decide::token::decide;"),
    ("decide/token/mod.rs", "use crate::{plan::Plan, token::Name};"),
    ("decide/plan.rs", "fn f() -> crate::plan::Plan { crate::token::name() }"),
    ("check/mod.rs", "use crate::decide::{plan, token};"),
    ("program.rs", "use crate::{Finding, check};"),
];

fn judged(planted: &[(&str, &str)]) -> Vec<String> {
    let kept = SOUND.iter().filter(|(path, _)| planted.iter().all(|(other, _)| path != other));
    let files: Vec<_> = kept
        .chain(planted)
        .map(|(path, text)| SourceFile { path: format!("crates/core/src/{path}"), text: (*text).into() })
        .collect();
    check(&LAYERED, &files).iter().map(ToString::to_string).collect()
}

fn is_red(path: &str, text: &str, words: &[&str]) {
    let violations = judged(&[(path, text)]);
    assert_eq!(violations.len(), 1, "{text}: {violations:?}");
    for word in words {
        assert!(violations[0].contains(word), "{word}: {}", violations[0]);
    }
}

#[test]
fn a_crate_that_imports_downwards_only_passes() {
    assert_eq!(judged(&[]), [""; 0]);
}

#[test]
fn an_upward_import_is_red_in_every_form() {
    for text in [
        "\nuse crate::plan::Plan;",
        "\nuse crate::{id::Id, plan::{self, Plan}};",
        "\nuse super::super::plan::Plan;",
        "\npub(crate) use super::{Other, super::{id, plan::*}};",
        "\nfn f() { crate::plan::plan(); }",
        "\nfn f() { super::super::plan::plan(); }",
        "\nuse mdm_vpp_core::plan::Plan;",
        "\n#[cfg(test)] mod tests { use super::super::super::plan::Plan; }",
        "\nmacro_rules! m { () => { $crate::plan::plan() } }",
    ] {
        is_red(
            "token/planted.rs",
            text,
            &["crates/core/src/token/planted.rs:2: `token` imports from `plan`"],
        );
    }
}

#[test]
fn a_test_file_is_read_as_the_module_that_its_attribute_names() {
    is_red("token/name_tests.rs", "use super::super::super::plan::Plan;", &["`plan`", "name_tests.rs:1"]);
}

#[test]
fn folders_that_stand_apart_do_not_import_each_other() {
    is_red("decide/token/mod.rs", "use crate::decide::plan::decide;", &["`decide/token`", "`decide/plan`"]);
    is_red("decide/plan.rs", "use super::token::decide;", &["`decide/plan`", "`decide/token`"]);
    is_red("decide/plan.rs", "use super::decide;", &["`decide/plan` imports from `decide`"]);
    is_red("plan/mod.rs", "use crate::decide::token::decide;", &["`plan` imports from `decide/token`"]);
}

#[test]
fn the_root_is_above_all_folders() {
    for text in
        ["use crate::Name;", "use crate::*;", "use crate as root;", "use super::super::{self as root};"]
    {
        is_red("token/planted.rs", text, &["in no folder of the order"]);
    }
}

#[test]
fn a_folder_of_the_table_that_does_not_exist_is_red() {
    let files: Vec<_> = SOUND
        .iter()
        .filter(|(path, _)| !path.starts_with("plan/"))
        .map(|(path, text)| SourceFile { path: format!("crates/core/src/{path}"), text: (*text).into() })
        .collect();
    let violations = check(&LAYERED, &files);
    assert_eq!(violations.len(), 1);
    assert_eq!(violations[0].place, "crates/core/src/plan");
    assert_eq!(check(&LAYERED, &[]).len(), 7, "a crate that could not be found");
}

#[test]
fn a_file_that_the_table_does_not_list_is_red() {
    for path in ["seats/mod.rs", "printable.rs", "decide/common.rs", "decide/seats/mod.rs"] {
        is_red(path, "", &[path, "no place"]);
    }
}

#[test]
fn the_top_imports_everything() {
    for path in ["main.rs", "bin/program.rs"] {
        assert_eq!(judged(&[(path, "use crate::check::Finding;")]), [""; 0]);
    }
}
