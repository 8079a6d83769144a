//! Each rule for source files, kept and broken.

use super::*;

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.into(), text: text.into() }
}

fn judged(path: &str, text: &str) -> Vec<Violation> {
    check(&[file(path, text)], &[])
}

fn is_red(path: &str, text: &str, word: &str) {
    let violations = judged(path, text);
    assert_eq!(violations.len(), 1, "{path}: {violations:?}");
    assert!(violations[0].to_string().contains(word), "{}", violations[0]);
}

#[test]
fn a_small_file_with_a_caption_passes() {
    assert_eq!(judged("crates/core/src/token/name.rs", "//! Names.\n\npub struct Name;\n"), []);
    assert_eq!(judged("crates/core/src/lib.rs", "#![warn(x)]\n#![allow(y)]\n\n//! The core.\n"), []);
    assert_eq!(
        judged("crates/lib.rs", "#![cfg_attr(docsrs, x)]\n#![doc = include_str!(\"../README.md\")]\n"),
        []
    );
    assert_eq!(
        judged("crates/store/tests/store/main.rs", "#![cfg(test)]\n//! What the stores promise.\n"),
        []
    );
    assert_eq!(judged("examples/upload.rs", "fn main() {}\n"), [], "only crates need captions");
}

#[test]
fn a_file_that_grew_too_long_is_red() {
    let lines = |count| format!("//! Long.\n{}", "\n".repeat(count - 1));
    assert_eq!(judged("crates/core/src/long.rs", &lines(MOST_LINES)), []);
    is_red("crates/core/src/long.rs", &lines(MOST_LINES + 1), "401 lines");
    is_red("tests/stories/long.rs", &lines(MOST_LINES + 1), "401 lines");
}

#[test]
fn a_file_without_a_caption_is_red() {
    for text in
        ["", "use url::Url;\n", "/// Not of the file.\nstruct X;\n", "//!\n", "#![allow(x)]\n//! Late.\n"]
    {
        is_red("crates/core/src/name.rs", text, "caption");
    }
    is_red("crates/core/src/lib.rs", "#![allow(x)]\npub mod token;\n", "caption");
    is_red("crates/store/tests/store/main.rs", "#![cfg(test)]\nmod memory;\n", "caption");
}

#[test]
fn a_name_that_says_nothing_is_red_for_a_file_and_for_a_folder() {
    for name in EMPTY_NAMES {
        is_red(&format!("crates/core/src/{name}.rs"), "//! Things.\n", name);
        is_red(&format!("tests/{name}/mod.rs"), "//! Things.\n", name);
    }
    assert_eq!(judged("crates/core/src/common_names.rs", "//! Names that many share.\n"), []);
}

#[test]
fn something_unfinished_is_red_with_its_line() {
    for (mark, _) in UNFINISHED {
        is_red("tests/stories/main.rs", &format!("//! x\n\n    {mark}\n"), "tests/stories/main.rs:3");
    }
}

#[test]
fn a_walk_that_found_nothing_is_red() {
    assert_eq!(check(&[], &[]).len(), 1);
    let files = [file("crates/core/src/lib.rs", "//! The core.\n")];
    assert_eq!(check(&files, &["crates/core/".into()]), []);
    let violations = check(&files, &["crates/core/".into(), "crates/ports/".into()]);
    assert_eq!(violations.len(), 1);
    assert_eq!(violations[0].place, "crates/ports/");
}
