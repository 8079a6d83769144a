//! The figures are counted as they are meant, and each missed limit is red.

use super::*;

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.into(), text: text.into() }
}

/// A file of a length, all of it code.
fn long(path: &str, lines: usize) -> SourceFile {
    file(path, &"f();\n".repeat(lines))
}

fn sound() -> Vec<SourceFile> {
    vec![long("crates/core/src/a.rs", 120), long("tests/a.rs", 120)]
}

fn red(planted: SourceFile) -> Vec<String> {
    let mut files = sound();
    files.push(planted);
    judge(&files).violations.iter().map(ToString::to_string).collect()
}

#[test]
fn sound_files_pass_and_their_figures_are_printed() {
    let report = judge(&sound());
    assert_eq!(report.violations, []);
    assert_eq!(report.notes.len(), 4);
    assert!(
        report.notes[1].starts_with("product       1     120      120     120      0.0%"),
        "{}",
        report.notes[1]
    );
    assert!(report.notes[2].starts_with("tests "), "{}", report.notes[2]);
}

#[test]
fn a_median_outside_of_its_limits_is_red() {
    for lines in [20, 99, 251] {
        let files = [long("crates/core/src/a.rs", lines), long("tests/a.rs", 120)];
        let violations = judge(&files).violations;
        assert_eq!(violations.len(), 1);
        assert!(violations[0].to_string().starts_with("product: the median file has"), "{}", violations[0]);
    }
    assert_eq!(judge(&[]).violations.len(), 2, "a walk that found nothing");
}

#[test]
fn a_file_that_is_too_long_is_red() {
    let longest = judge(
        &[sound(), vec![long("crates/core/src/b.rs", 400), long("crates/core/src/c.rs", 120)]].concat(),
    );
    assert_eq!(longest.violations, []);
    let violations = red(long("crates/core/src/b.rs", 401));
    let is_told = |told: &String| told.starts_with("crates/core/src/b.rs: has 401 lines");
    assert!(violations.iter().any(is_told), "{violations:?}");
}

#[test]
fn too_many_imports_are_red() {
    let with = |imports: usize| "use a::b;\n".repeat(imports) + &"f();\n".repeat(120 - imports);
    assert_eq!(red(file("crates/core/src/b.rs", &with(14))), [""; 0]);
    let violations = red(file("crates/core/src/b.rs", &with(15)));
    assert!(violations[0].contains("6.3 %") && violations[0].contains("6.0 %"), "{violations:?}");
}

#[test]
fn a_type_whose_impl_is_spread_is_red() {
    let files = |folder: &str, name: &str, count: usize| -> Vec<SourceFile> {
        let text = format!("impl<T: Fn() -> u8> {name}<T> {{}}\n{}", "f();\n".repeat(120));
        let places = (0..count).map(|number| format!("{folder}/src/f{number}.rs"));
        places.map(|path| file(&path, &text)).chain(sound()).collect()
    };
    assert_eq!(judge(&files("crates/core", "Seat", 4)).violations, []);
    let violations = judge(&files("crates/core", "Seat", 5)).violations;
    assert_eq!(violations.len(), 1);
    assert!(violations[0].to_string().contains("`Seat` stands in 5 files"), "{}", violations[0]);
    assert_eq!(judge(&files("crates/engine", "Tenant", 9)).violations, []);
    assert_eq!(judge(&files("crates/core", "Tenant", 9)).violations.len(), 1);
}

#[test]
fn only_inherent_impls_count_and_types_of_one_name_are_told_apart() {
    let names = |text: &str| {
        inherent_impls(&tokens(text)).into_iter().map(str::to_owned).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names("impl A {} impl<'a, T> b::B<'a, T> where T: X {} unsafe impl C {}"), "A B C");
    assert_eq!(names("impl X for A {} impl<T> From<T> for B {} fn f(x: impl X) -> impl Y {}"), "");
    assert_eq!(names("#[cfg(test)] // why\nimpl A { fn f() {} }"), "A");
    let defined = file("crates/core/src/a.rs", "struct A; impl A {}");
    let other = file("crates/core/src/b.rs", "struct A; impl A {}");
    let extended = file("crates/core/src/c.rs", "impl A {}");
    let places = |files: &[&SourceFile]| impls(files)[&("crates/core", "A")].len();
    assert_eq!(places(&[&defined, &other]), 1);
    assert_eq!(places(&[&defined, &other, &extended]), 2);
}

#[test]
fn import_lines_are_those_of_use_and_of_modules_in_other_files() {
    let text = "use a::{\n    b,\n    c,\n};\npub mod d;\nmod e {\n    use super::*;\n}\nfn f() -> impl X + use<'_> {}";
    assert_eq!(import_lines(&tokens(text)), 6);
}

#[test]
fn comments_are_counted_without_documentation() {
    let only =
        file("x.rs", "//! Doc.\n\n/// Doc.\nfn f() {\n    // Why.\n    g(); // And why.\n}\n/* a\n b */");
    let figures = Figures::of(&[&only]);
    assert_eq!((figures.code, figures.comments, figures.lines), (3, 4, 9));
}

#[test]
fn tests_are_told_from_product_code_by_their_place() {
    for path in [
        "tests/a.rs",
        "crates/core/src/a_tests.rs",
        "crates/store/tests/a.rs",
        "crates/world/src/a.rs",
        "benches/a.rs",
    ] {
        assert!(is_test(path), "{path}");
    }
    for path in ["crates/lib.rs", "crates/core/src/a.rs", "crates/xtask/src/main.rs"] {
        assert!(!is_test(path), "{path}");
    }
}
