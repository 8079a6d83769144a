//! Which modules of its own crate a file names: in `use` declarations and in paths written out in the code.

use std::collections::BTreeMap;

use crate::source::{Kind, SourceFile, Token, code_tokens};

/// The names of modules from the root of the crate down. The root itself is empty.
pub(super) type ModulePath = Vec<String>;

/// A path into the own crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Import {
    /// From the root of the crate.
    pub(super) path: ModulePath,
    pub(super) line: usize,
}

/// The module that each file of a crate holds. `source` is the folder `src` with a `/` behind it.
pub(super) fn modules<'a>(files: &'a [SourceFile], source: &str) -> BTreeMap<&'a str, ModulePath> {
    let mut modules: BTreeMap<_, _> =
        files.iter().map(|file| (file.path.as_str(), by_place(&file.path, source))).collect();
    // `#[path = "x_tests.rs"] mod tests;` puts a file elsewhere than its name says.
    let mut moved = Vec::new();
    for file in files {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (name, module) in attributes(&code_tokens(&file.text)) {
            let place = format!("{folder}/{name}");
            let own = modules.get(file.path.as_str()).cloned().unwrap_or_default();
            if let Some(found) = files.iter().find(|other| other.path == place) {
                moved.push((found.path.as_str(), [own, vec![module.to_owned()]].concat()));
            }
        }
    }
    modules.extend(moved);
    modules
}

fn by_place(path: &str, source: &str) -> ModulePath {
    let inner = path.strip_prefix(source).unwrap_or(path);
    let inner = inner.strip_suffix(".rs").unwrap_or(inner);
    let mut parts: Vec<_> = inner.split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| last == "mod") || inner == "lib" || inner == "main" {
        parts.pop();
    }
    parts
}

/// The files that `path` attributes name, with the module that each is declared as.
fn attributes<'a>(tokens: &[Token<'a>]) -> Vec<(&'a str, &'a str)> {
    let mut found = Vec::new();
    let mut file = None;
    for (at, token) in tokens.iter().enumerate() {
        match tokens.get(at..at + 5) {
            Some([hash, open, path, equals, name])
                if hash.is("#") && open.is("[") && path.is("path") && equals.is("=") =>
            {
                file = Some(name.text.trim_matches('"'));
            }
            _ if token.is("mod") => {
                if let (Some(file), Some(module)) = (file.take(), tokens.get(at + 1)) {
                    found.push((file, module.text));
                }
            }
            _ => {}
        }
    }
    found
}

/// The paths into the own crate that a file names. `library` is the crate's name in code.
pub(super) fn imports(text: &str, module: &[String], library: &str) -> Vec<Import> {
    let tokens = code_tokens(text);
    let mut reader = Reader {
        tokens: &tokens,
        at: 0,
        depth: 0,
        file: module,
        inner: Vec::new(),
        library,
        found: Vec::new(),
    };
    while reader.step() {}
    reader.found
}

struct Reader<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
    /// How many braces are open.
    depth: usize,
    /// The module of the file.
    file: &'a [String],
    /// The modules written out inside the file, each with the depth outside it.
    inner: Vec<(&'a str, usize)>,
    library: &'a str,
    found: Vec<Import>,
}

impl<'a> Reader<'a> {
    fn peek(&self, ahead: usize) -> Option<&'a Token<'a>> {
        self.tokens.get(self.at + ahead)
    }

    fn next_is(&self, ahead: usize, text: &str) -> bool {
        self.peek(ahead).is_some_and(|token| token.is(text))
    }

    /// Whether `::` stands that number of tokens ahead.
    fn is_separator(&self, ahead: usize) -> bool {
        self.next_is(ahead, ":") && self.next_is(ahead + 1, ":")
    }

    /// Reads on by one token, import or path. `false` at the end.
    fn step(&mut self) -> bool {
        let Some(token) = self.peek(0) else { return false };
        match token.text {
            _ if !matches!(token.kind, Kind::Ident | Kind::Punctuation) => {}
            "{" => self.depth += 1,
            "}" => {
                self.depth = self.depth.saturating_sub(1);
                self.inner.retain(|(_, outside)| *outside < self.depth);
            }
            "mod" if self.next_is(2, "{") => {
                if let Some(name) = self.peek(1) {
                    self.inner.push((name.text, self.depth));
                }
                self.at += 1;
            }
            // `impl Trait + use<'a>` is about lifetimes.
            "use" if !self.next_is(1, "<") => {
                self.at += 1;
                self.tree(&[]);
                return true;
            }
            // `pub(in path)` names modules around this one and takes nothing from them.
            "in" if self.at > 0 && self.tokens.get(self.at - 1).is_some_and(|token| token.is("(")) => {
                while self.peek(0).is_some_and(|token| !token.is(")")) {
                    self.at += 1;
                }
                return true;
            }
            word if self.starts_in_own_crate(word) && self.is_separator(1) => {
                self.inline();
                return true;
            }
            _ => {}
        }
        self.at += 1;
        true
    }

    fn starts_in_own_crate(&self, word: &str) -> bool {
        matches!(word, "crate" | "super" | "self") || word == self.library
    }

    /// Reads a path in the code.
    fn inline(&mut self) {
        let line = self.peek(0).map_or(0, |token| token.line);
        let mut segments = Vec::new();
        while let Some(token) = self.peek(0).filter(|token| token.kind == Kind::Ident) {
            segments.push(token.text);
            self.at += 1;
            if !self.is_separator(0) {
                break;
            }
            self.at += 2;
        }
        self.record(&segments, line);
    }

    /// Reads a tree of a `use` declaration and what follows it, to the comma, the brace or the semicolon.
    fn tree(&mut self, before: &[&'a str]) {
        let mut segments = before.to_vec();
        let line = self.peek(0).map_or(0, |token| token.line);
        let mut is_group = false;
        while let Some(token) = self.peek(0) {
            match token.text {
                "{" => {
                    is_group = true;
                    self.at += 1;
                    while self.peek(0).is_some_and(|token| !token.is("}") && !token.is(";")) {
                        self.tree(&segments);
                        if self.next_is(0, ",") {
                            self.at += 1;
                        }
                    }
                    if self.next_is(0, "}") {
                        self.at += 1;
                    }
                }
                "," | "}" | ";" => break,
                "as" => self.at += 2,
                _ if token.kind == Kind::Ident || token.is("*") => {
                    segments.push(token.text);
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
        if !is_group {
            self.record(&segments, line);
        }
    }

    /// Keeps a path that leads into the own crate.
    fn record(&mut self, segments: &[&str], line: usize) {
        let Some((first, mut rest)) = segments.split_first() else { return };
        let module = self.inner.iter().map(|(name, _)| (*name).to_owned());
        let mut path: ModulePath = self.file.iter().cloned().chain(module).collect();
        match *first {
            "self" => {}
            "super" => {
                path.pop();
                while let Some((&"super", behind)) = rest.split_first() {
                    path.pop();
                    rest = behind;
                }
            }
            word if self.starts_in_own_crate(word) => path.clear(),
            // A child of this module, or another crate.
            _ => return,
        }
        path.extend(rest.iter().filter(|segment| **segment != "self").map(|segment| (*segment).to_owned()));
        self.found.push(Import { path, line });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a file of the module `a::b` names.
    fn named(text: &str) -> Vec<String> {
        let module = ["a".to_owned(), "b".to_owned()];
        imports(text, &module, "own").into_iter().map(|import| import.path.join("::")).collect()
    }

    #[test]
    fn every_form_of_use_is_read() {
        assert_eq!(named("use crate::x::Y;"), ["x::Y"]);
        assert_eq!(
            named("pub(crate) use own::x::{self, Y as Z, z::{W, *}};"),
            ["x", "x::Y", "x::z::W", "x::z::*"]
        );
        assert_eq!(named("use super::{c, super::x::Y};"), ["a::c", "x::Y"]);
        assert_eq!(named("use crate::{self as root, x};"), ["", "x"]);
        assert_eq!(named("use super::super as root; use crate as root;"), ["", ""]);
        assert_eq!(named("use self::c::D; use std::{fs, io}; use c::D;"), ["a::b::c::D"]);
    }

    #[test]
    fn paths_in_code_are_read_and_comments_and_strings_are_not() {
        assert_eq!(
            named("fn f() -> crate::x::Y { super::super::z::w::<u8>(own::v::V) }"),
            ["x::Y", "z::w", "v::V"]
        );
        assert_eq!(
            named("//! [`crate::x`]\n/// crate::x::Y\n// use crate::x;\nlet a = \"crate::x\";"),
            [""; 0]
        );
        assert_eq!(named("macro_rules! m { () => { $crate::x::y() } }"), ["x::y"]);
        assert_eq!(named("pub(in crate::a) fn f() -> impl X + use<'_> { self.g(); }"), [""; 0]);
    }

    #[test]
    fn a_module_inside_the_file_counts_and_ends_with_its_brace() {
        let text = "mod tests { use super::*; mod inner { use super::super::super::x; } }\nuse super::c;";
        assert_eq!(named(text), ["a::b::*", "a::x", "a::c"]);
        let module = ["a".to_owned()];
        assert_eq!(imports("\n\nuse crate::{\n    x,\n    y,\n};", &module, "own")[1].line, 5);
    }

    #[test]
    fn a_file_is_the_module_that_its_place_or_its_path_attribute_says() {
        let file = |path: &str, text: &str| SourceFile { path: path.into(), text: text.into() };
        let files = [
            file("c/src/lib.rs", ""),
            file("c/src/a/mod.rs", ""),
            file("c/src/a/b.rs", "#[cfg(test)]\n#[path = \"b_tests.rs\"]\nmod tests;"),
            file("c/src/a/b_tests.rs", ""),
        ];
        let modules: Vec<_> = modules(&files, "c/src/").into_values().map(|path| path.join("::")).collect();
        assert_eq!(modules, ["a::b", "a::b::tests", "a", ""]);
    }
}
