//! The figures of the source files, product code and tests apart, against their limits.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    error::TaskError,
    report::{Report, Violation},
    source::{Kind, SourceFile, Token, gather, tokens},
    workspace::Workspace,
};

/// The median file of a group, in lines. Below, a reader opens many files for one idea; above, a file holds several.
const MEDIAN: std::ops::RangeInclusive<usize> = 100..=250;
/// The longest file, in lines.
const MOST_LINES: usize = 400;
/// Lines of `use` and `mod` among all lines, in tenths of a percent. Many small files repeat the same imports.
const MOST_IMPORTS: usize = 60;
/// Files that hold an inherent `impl` of one type.
const MOST_FILES_OF_A_TYPE: usize = 4;

/// Types that may be spread: `Tenant` has one file for each act, `Simulator` one for each part of Apple's portal.
const SPREAD: &[(&str, &str)] = &[("crates/engine", "Tenant"), ("crates/simulator", "Simulator")];

/// Crates that exist for tests only.
const TEST_CRATES: &[&str] = &["crates/world/", "crates/postgres-for-tests/"];

/// Prints the figures.
pub(crate) fn show(workspace: &Workspace) -> Result<Report, TaskError> {
    Ok(Report { violations: Vec::new(), ..check(workspace)? })
}

/// Prints the figures and compares them with the limits.
pub(crate) fn check(workspace: &Workspace) -> Result<Report, TaskError> {
    Ok(judge(&gather(workspace.root(), |path| path.ends_with(".rs"))?))
}

fn judge(files: &[SourceFile]) -> Report {
    let (tests, product): (Vec<_>, Vec<_>) = files.iter().partition(|file| is_test(&file.path));
    let mut report = Report::new(heading(), Vec::new());
    for (name, group) in [("product", &product), ("tests", &tests)] {
        let figures = Figures::of(group);
        report.notes.push(figures.row(name));
        report.violations.extend(figures.check(name));
    }
    report.notes.push(Figures::of(&files.iter().collect::<Vec<_>>()).row("all"));
    report.violations.extend(files.iter().filter_map(too_long));
    report.violations.extend(spread_types(files));
    report
}

/// Test files, benches and examples stand outside of `src`, or beside the file they test.
fn is_test(path: &str) -> bool {
    let is_in_src = path.split('/').any(|part| part == "src") || path == "crates/lib.rs";
    !is_in_src || path.ends_with("_tests.rs") || TEST_CRATES.iter().any(|folder| path.starts_with(folder))
}

/// What is counted of a group of files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Figures {
    files: usize,
    median: usize,
    largest: usize,
    lines: usize,
    /// Lines of `use` declarations and of modules in other files.
    imports: usize,
    /// Lines that hold code.
    code: usize,
    /// Lines of comments that are no documentation.
    comments: usize,
    /// The type whose inherent `impl` stands in most files, and in how many.
    widest: Option<(usize, String)>,
}

fn heading() -> String {
    format!(
        "{:<8} {:>6} {:>7} {:>8} {:>7} {:>9} {:>22}  widest type",
        "", "files", "median", "largest", "lines", "use, mod", "comments per 100 code"
    )
}

impl Figures {
    fn of(files: &[&SourceFile]) -> Self {
        let mut lengths: Vec<_> = files.iter().map(|file| file.text.lines().count()).collect();
        lengths.sort_unstable();
        let mut figures = Self {
            files: lengths.len(),
            median: lengths.get(lengths.len() / 2).copied().unwrap_or_default(),
            largest: lengths.last().copied().unwrap_or_default(),
            lines: lengths.iter().sum(),
            ..Self::default()
        };
        for file in files {
            figures.count(&tokens(&file.text));
        }
        let widest = impls(files)
            .into_iter()
            .map(|((folder, name), places)| (places.len(), format!("{name} ({folder})")));
        figures.widest = widest.max();
        figures
    }

    fn count(&mut self, tokens: &[Token<'_>]) {
        let (mut code, mut comments) = (BTreeSet::new(), BTreeSet::new());
        for token in tokens {
            match token.kind {
                Kind::Comment { doc: true } => {}
                Kind::Comment { doc: false } => comments.extend(token.line..=token.last_line()),
                _ => code.extend(token.line..=token.last_line()),
            }
        }
        self.code += code.len();
        self.comments += comments.len();
        self.imports += import_lines(tokens);
    }

    fn row(&self, name: &str) -> String {
        let widest =
            self.widest.as_ref().map_or_else(String::new, |(files, name)| format!("{name}: {files} files"));
        format!(
            "{name:<8} {:>6} {:>7} {:>8} {:>7} {:>8}% {:>22}  {widest}",
            self.files,
            self.median,
            self.largest,
            self.lines,
            tenths(share(self.imports, self.lines)),
            tenths(share(self.comments, self.code)),
        )
    }

    fn check(&self, name: &str) -> Vec<Violation> {
        if self.files == 0 {
            return vec![Violation::new(name, "no file was found", "repair the walk through the files")];
        }
        let mut violations = Vec::new();
        if !MEDIAN.contains(&self.median) {
            violations.push(Violation::new(
                name,
                format!(
                    "the median file has {} lines, wanted are {} to {}",
                    self.median,
                    MEDIAN.start(),
                    MEDIAN.end()
                ),
                "join small files that hold one idea, or cut large ones",
            ));
        }
        let imports = share(self.imports, self.lines);
        if imports > MOST_IMPORTS {
            violations.push(Violation::new(
                name,
                format!(
                    "{} % of the lines are `use` and `mod`, the limit is {} %",
                    tenths(imports),
                    tenths(MOST_IMPORTS)
                ),
                "join files that import the same names",
            ));
        }
        violations
    }
}

/// A share in tenths of a percent, rounded up, so that a limit is not passed by rounding.
fn share(part: usize, whole: usize) -> usize {
    (part * 1000).div_ceil(whole.max(1))
}

fn tenths(share: usize) -> String {
    format!("{}.{}", share / 10, share % 10)
}

fn too_long(file: &SourceFile) -> Option<Violation> {
    let lines = file.text.lines().count();
    (lines > MOST_LINES).then(|| {
        Violation::new(
            &file.path,
            format!("has {lines} lines, the limit is {MOST_LINES}"),
            "cut it where it holds two ideas",
        )
    })
}

fn spread_types(files: &[SourceFile]) -> Vec<Violation> {
    let spread = impls(&files.iter().collect::<Vec<_>>()).into_iter().filter(|((folder, name), places)| {
        let may_be_spread = SPREAD.iter().any(|(crate_of, known)| crate_of == folder && known == name);
        places.len() > MOST_FILES_OF_A_TYPE && !may_be_spread
    });
    spread
        .map(|((folder, name), places)| {
            Violation::new(
                folder,
                format!(
                    "the `impl` of `{name}` stands in {} files, the limit is {MOST_FILES_OF_A_TYPE}",
                    places.len()
                ),
                "move it to the module of its type, or give the parts types of their own",
            )
        })
        .collect()
}

/// How many lines declare imports or modules that stand in other files.
fn import_lines(tokens: &[Token<'_>]) -> usize {
    let mut lines = BTreeSet::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let is_module = token.is("mod") && tokens.get(at + 2).is_some_and(|token| token.is(";"));
        // `impl Trait + use<'a>` is no import.
        let is_use = token.is("use") && tokens.get(at + 1).is_some_and(|token| !token.is("<"));
        if is_module || is_use {
            let end = tokens.iter().skip(at).position(|token| token.is(";")).map_or(at, |length| at + length);
            let last = tokens.get(end).map_or(token.line, |token| token.line);
            lines.extend(token.line..=last);
            at = end;
        }
        at += 1;
    }
    lines.len()
}

/// The files that hold inherent `impl`s of a type, by the folder of its crate and its name.
///
/// Two files that each define a type of the same name hold two types; a file that defines none extends the one that
/// another file defines.
fn impls<'a>(files: &[&'a SourceFile]) -> BTreeMap<(&'a str, &'a str), BTreeSet<&'a str>> {
    let mut places: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    let mut own: BTreeSet<(&str, &str, &str)> = BTreeSet::new();
    for file in files {
        let tokens = tokens(&file.text);
        let folder = folder_of_crate(&file.path);
        for pair in tokens.windows(2) {
            if let [keyword, name] = pair
                && ["struct", "enum", "union"].iter().any(|word| keyword.is(word))
            {
                own.insert((folder, name.text, file.path.as_str()));
            }
        }
        for name in inherent_impls(&tokens) {
            places.entry((folder, name)).or_default().insert(file.path.as_str());
        }
    }
    for ((folder, name), files) in &mut places {
        let defined: Vec<_> =
            files.iter().copied().filter(|file| own.contains(&(*folder, *name, *file))).collect();
        // All definitions but one stand for types of their own.
        for other in defined.iter().skip(1) {
            files.remove(other);
        }
    }
    places
}

/// `crates/core` of `crates/core/src/id/text.rs`; the folder itself of a file outside of the crates.
fn folder_of_crate(path: &str) -> &str {
    let depth = if path.starts_with("crates/") { 1 } else { 0 };
    let end = path.match_indices('/').nth(depth).map_or(path.len(), |(at, _)| at);
    path.get(..end).unwrap_or(path)
}

/// The names of the types that have an inherent `impl` here.
fn inherent_impls<'a>(tokens: &[Token<'a>]) -> Vec<&'a str> {
    let code: Vec<_> = tokens.iter().filter(|token| !matches!(token.kind, Kind::Comment { .. })).collect();
    let mut found = Vec::new();
    for (at, token) in code.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| code.get(at));
        // Elsewhere `impl` is a type: `-> impl Trait`.
        let is_item =
            before.is_none_or(|before| ["}", "{", ";", "]", "unsafe"].iter().any(|end| before.is(end)));
        if token.is("impl") && is_item {
            found.extend(implemented(code.get(at + 1..).unwrap_or_default()));
        }
    }
    found
}

/// The type behind `impl`, unless a trait is implemented for it.
fn implemented<'a>(code: &[&Token<'a>]) -> Option<&'a str> {
    let mut depth = 0_usize;
    let mut name = None;
    for (at, token) in code.iter().enumerate() {
        let is_arrow = at.checked_sub(1).and_then(|at| code.get(at)).is_some_and(|before| before.is("-"));
        match token.text {
            "<" => depth += 1,
            ">" if !is_arrow => depth = depth.saturating_sub(1),
            "for" if depth == 0 => return None,
            "{" | "where" if depth == 0 => return name,
            _ if depth == 0 && token.kind == Kind::Ident => name = Some(token.text),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
#[path = "shape_tests.rs"]
mod tests;
