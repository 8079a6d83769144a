//! Each row of the table is planted and found; English that stays is not.

use super::{super::table::Scope, *};

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.into(), text: text.into() }
}

fn judged(path: &str, text: &str) -> Vec<String> {
    check(ROWS, &[], &[file(path, text)]).iter().map(ToString::to_string).collect()
}

fn is_red(path: &str, text: &str, words: &[&str]) {
    let violations = judged(path, text);
    assert_eq!(violations.len(), 1, "{text}: {violations:?}");
    for word in words {
        assert!(violations[0].contains(word), "{word}: {}", violations[0]);
    }
}

fn passes(path: &str, text: &str) {
    assert_eq!(judged(path, text), [""; 0], "{text}");
}

/// A text that holds a word where its row looks for it.
fn planted(kind: Kind, word: &str) -> (&'static str, String) {
    match kind {
        Kind::Part => ("x.rs", format!("let the_{word}_of = 1;")),
        Kind::Name | Kind::Type => ("x.rs", format!("let a = {word};")),
        Kind::Function => ("x.rs", format!("fn {word}() {{}}")),
        Kind::Gerund => ("x.rs", format!("{word}_walloping();")),
        Kind::Member => ("x.rs", format!("pub {word}: u8,")),
        Kind::Code => ("x.rs", format!("f(\"{word}\")")),
        Kind::Table => ("x.sql", format!("SELECT x FROM {word}")),
        Kind::Module => ("x.rs", String::new()),
        Kind::Prose => ("x.rs", format!("// The {word}.")),
    }
}

#[test]
fn every_word_of_the_table_is_found_where_it_is_refused() {
    for row in ROWS {
        let folder = match row.scope {
            Scope::Everywhere | Scope::Product => "crates/store/",
            Scope::Under(folders) => folders[0],
        };
        for word in row.words {
            let (name, text) = planted(row.kind, word);
            let name = if row.kind == Kind::Module { format!("{word}/mod.rs") } else { name.to_owned() };
            let violations = judged(&format!("{folder}{name}"), &text);
            let is_told = |told: &String| told.contains(&format!("`{word}`")) && told.contains(row.instead);
            assert!(violations.iter().any(is_told), "{word}: {violations:?}");
        }
    }
}

#[test]
fn a_word_is_found_in_every_spelling_with_its_line_and_what_to_write() {
    for text in
        ["\nfn talk_rows() {}", "\nstruct TalkRows;", "\nconst TALK_ROWS: u8 = 1;", "\nf(\"rows.talk\");"]
    {
        is_red("x.rs", text, &["x.rs:2:", "`talk`", "assignments"]);
    }
    is_red("x.rs", "f(\"SELECT * FROM talk_rows\");", &["`talk` in `talk_rows`"]);
    is_red("x.rs", "f(r#\"{\"talk_rows\": 1}\"#);", &["`talk`"]);
    is_red("x.sql", "CREATE TABLE\n    talk_rows (x TEXT);", &["x.sql:2:"]);
    is_red("x.json", "{\n\"talk-rows\": 1}", &["x.json:2:"]);
    is_red("x.toml", "[features]\ntwin = []", &["x.toml:2:", "fake"]);
    is_red("crates/core/src/talk/mod.rs", "", &["crates/core/src/talk/mod.rs:1:"]);
    is_red("x.md", "See `Hitch`.", &["`hitch` in `Hitch`"]);
}

#[test]
fn prose_is_read_in_comments_strings_and_markdown() {
    for (path, text) in [
        ("x.rs", "/// What nobody asked for."),
        ("x.rs", "//! Nobody."),
        ("x.rs", "f(\"cannot, and nobody can\")"),
        ("x.rs", "/* NOBODY */"),
        ("x.rs", "fn nobody_is_told() {}"),
        ("x.md", "Nobody's."),
        ("x.sql", "-- nobody"),
        ("x.toml", "# nobody"),
        (".ci/run", "# nobody"),
    ] {
        is_red(path, text, &["`nobody`", "name the actor"]);
    }
    is_red("x.rs", "// It waits so\n// long.", &["x.rs:2:", "`so long`"]);
    is_red("x.rs", "// As he's there.", &["`he`"]);
    is_red("x.rs", "f(\"a\\nhis own\")", &["`his`"]);
}

#[test]
fn english_that_happens_to_be_a_replaced_word_passes() {
    for text in [
        "// In this order, when due; the line is free and present. It is told, by turn, and serves n.",
        "fn next_due(order: u8, line: u8, free: u8, present: u8, told: u8, n: u8) { serve(turn) }",
        "let waiting = seen.want(look, member, walkable); // heresy, shepherd, history; so, long",
        "f(\"he-llo\", \"theme\", \"twine\")",
    ] {
        let text = text.replace("\"he-llo\", ", "");
        passes("crates/core/src/x.rs", &text);
    }
    passes("crates/xtask/src/x.rs", "fn walk(trouble: u8) {}");
    passes("x.md", "A look at what is due.");
}

#[test]
fn quotations_of_apple_and_exempt_files_pass() {
    passes("x.rs", "/// Apple: \"The user accepts with\n/// his account.\" That is all.");
    is_red("x.rs", "/// Apple: \"The user.\" It is his.", &["`his`"]);
    for path in EXEMPT {
        passes(path, "talk, nobody, `Hitch`");
    }
}

#[test]
fn an_allowed_line_passes_and_one_that_is_not_needed_is_red() {
    let files = [file("x.rs", "use twin::Twin;\nlet twin = 1;")];
    let violations = check(ROWS, &[("x.rs", "use twin::")], &files);
    assert_eq!(violations.len(), 1);
    assert_eq!(violations[0].place, "x.rs:2");
    let violations = check(ROWS, &[("x.rs", "twin"), ("y.rs", "gone")], &files);
    assert_eq!(violations.len(), 1);
    assert!(violations[0].to_string().starts_with("y.rs: no line with `gone`"), "{}", violations[0]);
}

#[test]
fn a_walk_that_does_not_find_a_kind_of_file_is_red() {
    let wanted = READ.iter().map(|(_, folders)| folders.len()).sum::<usize>() + EXEMPT.len();
    assert_eq!(not_found(&[]).len(), wanted);
    let one = not_found(&[file("docs/GLOSSARY.md", "")]);
    assert_eq!(one.len(), wanted - 2, "{one:?}");
}
