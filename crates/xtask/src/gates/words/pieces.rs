//! What a file says, cut into pieces: names, members, codes and words of prose, each with its line.

use crate::source::{Kind, SourceFile, Token, tokens};

/// What a piece is in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// An identifier.
    Name,
    /// The name of a declared function.
    Function,
    /// A declared field, a column or a key of JSON.
    Member,
    /// A string without white space.
    Code,
    /// A table in SQL.
    Table,
    /// A folder, or a file without its extension.
    Module,
    /// A word of prose. Whether only white space stands between it and the word before.
    Word { follows: bool },
}

/// A piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    pub(super) role: Role,
    pub(super) text: &'a str,
    pub(super) line: usize,
}

/// The pieces of a file, its path included.
pub(super) fn pieces(file: &SourceFile) -> Vec<Piece<'_>> {
    let mut reader = Reader { found: Vec::new(), prose: Prose::default() };
    for part in file.path.split('/') {
        reader.push(Role::Module, part.split('.').next().unwrap_or(part), 1);
    }
    let extension = file.path.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "rs" => reader.rust(&tokens(&file.text)),
        "sql" => reader.lines(&file.text, "--", Reader::sql),
        "toml" => reader.lines(&file.text, "#", |reader, code, line| reader.data(code, line)),
        "json" => reader.lines(&file.text, "\0", |reader, code, line| reader.data(code, line)),
        "md" => reader.prose(&file.text, 1, Fences::Text),
        // Scripts: their comments and messages are prose, and their names have underscores.
        _ => reader.prose(&file.text, 1, Fences::Text),
    }
    reader.found
}

/// What stands between fences that name no language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fences {
    Rust,
    Text,
}

/// Where a reader of prose stands, carried from one comment to the next.
#[derive(Debug, Clone, Copy, Default)]
struct Prose {
    /// The line on which the last word ended, if nothing but white space followed it.
    clean: Option<usize>,
    quote: Quote,
    in_backticks: bool,
    /// Within fences: whether they hold code.
    fence: Option<bool>,
}

/// How far a quotation of Apple is: `Apple: "..."`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Quote {
    #[default]
    None,
    Apple,
    Colon,
    Inside,
}

struct Reader<'a> {
    found: Vec<Piece<'a>>,
    prose: Prose,
}

impl<'a> Reader<'a> {
    fn push(&mut self, role: Role, text: &'a str, line: usize) {
        self.found.push(Piece { role, text, line });
    }

    fn rust(&mut self, tokens: &[Token<'a>]) {
        let mut last_comment = 0;
        for (at, token) in tokens.iter().enumerate() {
            match token.kind {
                Kind::Comment { doc } => {
                    // Comments on consecutive lines are one text.
                    if token.line > last_comment + 1 {
                        self.prose = Prose::default();
                    }
                    last_comment = token.last_line();
                    self.prose(token.text, token.line, if doc { Fences::Rust } else { Fences::Text });
                }
                Kind::Text => self.string(token.text, token.line),
                Kind::Ident => {
                    self.push(Role::Name, token.text, token.line);
                    let before = at.checked_sub(1).and_then(|at| tokens.get(at));
                    if before.is_some_and(|before| before.is("fn")) {
                        self.push(Role::Function, token.text, token.line);
                    }
                    let is_public = before.is_some_and(|before| before.is("pub") || before.is(")"));
                    let next =
                        |ahead: usize, text| tokens.get(at + ahead).is_some_and(|token| token.is(text));
                    if is_public && next(1, ":") && !next(2, ":") {
                        self.push(Role::Member, token.text, token.line);
                    }
                }
                Kind::Punctuation | Kind::Other => {}
            }
        }
    }

    /// Reads a language of lines: what follows the mark is a comment, the rest is given to `code`.
    fn lines(&mut self, text: &'a str, mark: &str, code: fn(&mut Self, &'a str, usize)) {
        for (number, line) in (1..).zip(text.lines()) {
            let (before, comment) = match outside_quotes(line, mark) {
                Some(at) => line.split_at_checked(at).unwrap_or((line, "")),
                None => (line, ""),
            };
            if !before.trim().is_empty() {
                self.prose = Prose::default();
                code(self, before, number);
            }
            self.prose(comment, number, Fences::Text);
        }
    }

    /// Reads keys, and strings between `"`.
    fn data(&mut self, text: &'a str, line: usize) {
        for (at, part) in text.split('"').enumerate() {
            if at % 2 == 0 {
                self.names(part, line);
            } else {
                self.string(part, line);
            }
        }
        self.keys(text, line);
    }

    /// Reads a line of SQL.
    fn sql(&mut self, text: &'a str, line: usize) {
        self.names(text, line);
        self.statement(text, line);
    }

    /// Finds the tables and columns of a statement.
    fn statement(&mut self, text: &'a str, line: usize) {
        const BEFORE_TABLES: &[&str] = &["FROM", "INTO", "TABLE", "UPDATE", "JOIN", "ON", "REFERENCES"];
        const TYPES: &[&str] = &["TEXT", "BIGINT", "INTEGER", "BOOLEAN", "BLOB", "REAL", "BYTEA"];
        let words: Vec<_> = words(text).collect();
        for pair in words.windows(2) {
            let [(_, before), (_, word)] = pair else { continue };
            if BEFORE_TABLES.contains(before) {
                self.push(Role::Table, word, line);
            }
            if TYPES.contains(word) {
                self.push(Role::Member, before, line);
            }
        }
    }

    /// Finds the keys of JSON: `"name":`.
    fn keys(&mut self, text: &'a str, line: usize) {
        let parts: Vec<_> = text.split('"').collect();
        for pair in parts.windows(2) {
            let [key, behind] = pair else { continue };
            if behind.trim_start().starts_with(':') && is_code(key) {
                self.push(Role::Member, key, line);
            }
        }
    }

    fn names(&mut self, text: &'a str, line: usize) {
        for (_, word) in words(text) {
            self.push(Role::Name, word, line);
        }
    }

    /// Reads a string: a code, or prose that may hold JSON, SQL and names.
    fn string(&mut self, literal: &'a str, line: usize) {
        let bare = literal.trim_start_matches(['b', 'c', 'r', '#']);
        let content = match bare.strip_prefix('"') {
            Some(quoted) => quoted.trim_end_matches('#').strip_suffix('"').unwrap_or(quoted),
            None => literal,
        };
        self.prose = Prose::default();
        if is_code(content) {
            self.push(Role::Code, content, line);
            for (_, word) in words(content) {
                self.push(Role::Name, word, line);
            }
            return;
        }
        self.prose(content, line, Fences::Text);
        for (number, text) in (line..).zip(content.lines()) {
            self.keys(text, number);
            self.statement(text, number);
        }
        self.prose = Prose::default();
    }

    /// Reads prose. Words that look like code are names as well.
    fn prose(&mut self, text: &'a str, line: usize, fences: Fences) {
        for (number, text) in (line..).zip(text.lines()) {
            let bare = text.trim_start_matches([' ', '\t', '/', '!', '*', '>']).trim_end();
            if let Some(language) = bare.strip_prefix("```") {
                self.prose.fence = match self.prose.fence {
                    Some(_) => None,
                    None => Some(is_language_of_code(language, fences)),
                };
                continue;
            }
            if bare.is_empty() {
                self.prose = Prose { fence: self.prose.fence, ..Prose::default() };
                continue;
            }
            self.prose_line(text, number);
        }
    }

    fn prose_line(&mut self, text: &'a str, line: usize) {
        let mut end = 0;
        for (at, word) in words(text) {
            let gap = text.get(end..at).unwrap_or_default();
            end = at + word.len();
            self.read_gap(gap);
            if self.prose.quote == Quote::Inside {
                continue;
            }
            self.prose.quote = if word == "Apple" { Quote::Apple } else { Quote::None };
            // `\n` in a string is no letter.
            let word = if gap.ends_with('\\') { word.get(1..).unwrap_or_default() } else { word };
            if word.is_empty() || gap.ends_with("://") {
                continue;
            }
            let is_blank = gap.chars().all(|one| one.is_whitespace() || "/!*>\\".contains(one));
            let follows = is_blank && self.prose.clean.is_some_and(|last| line <= last + 1);
            self.prose.clean = Some(line);
            let behind = text.get(end..).unwrap_or_default();
            let is_name = self.prose.fence == Some(true)
                || self.prose.in_backticks
                || gap.ends_with("::")
                || behind.starts_with("::")
                || looks_like_a_name(word);
            if is_name {
                self.push(Role::Name, word, line);
            }
            if !word.contains('_') {
                self.push(Role::Word { follows }, word, line);
            }
        }
        let rest = text.get(end..).unwrap_or_default();
        self.read_gap(rest);
        if !rest.chars().all(|one| one.is_whitespace() || one == '\\') {
            self.prose.clean = None;
        }
    }

    /// Follows backticks and quotations through what stands between two words.
    fn read_gap(&mut self, gap: &str) {
        for one in gap.chars() {
            self.prose.in_backticks ^= one == '`';
            self.prose.quote = match (self.prose.quote, one) {
                (Quote::Apple, ':') => Quote::Colon,
                (Quote::Colon, '"' | '“') => Quote::Inside,
                (Quote::Inside, '"' | '”') => Quote::None,
                (quote, _) => quote,
            };
        }
    }
}

/// The words of a text, each with where it begins.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_letter = |one: char| one.is_alphanumeric() || one == '_';
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.find(is_letter)?;
        let word = text.get(start..)?;
        let word = word.get(..word.find(|one| !is_letter(one)).unwrap_or(word.len()))?;
        at = start + word.len();
        Some((start, word))
    })
}

/// Where a mark stands outside of quotes, if it does.
fn outside_quotes(line: &str, mark: &str) -> Option<usize> {
    let is_outside =
        |at: &usize| line.get(..*at).is_some_and(|before| before.matches(['"', '\'']).count() % 2 == 0);
    line.match_indices(mark).map(|(at, _)| at).find(is_outside)
}

/// Whether a string is a code: one word, or several joined by punctuation.
fn is_code(content: &str) -> bool {
    !content.is_empty() && content.chars().all(|one| one.is_ascii_alphanumeric() || "_-.:/".contains(one))
}

fn looks_like_a_name(word: &str) -> bool {
    let has_hump = word
        .as_bytes()
        .windows(2)
        .any(|pair| matches!(pair, [one, other] if one.is_ascii_lowercase() && other.is_ascii_uppercase()));
    has_hump || word.trim_matches('_').contains('_')
}

fn is_language_of_code(language: &str, fences: Fences) -> bool {
    match language.split([',', ' ']).next().unwrap_or_default() {
        "rust" | "sql" | "json" | "toml" => true,
        "no_run" | "ignore" | "should_panic" | "compile_fail" => true,
        "" => fences == Fences::Rust,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str, text: &str) -> Vec<(Role, String, usize)> {
        let file = SourceFile { path: path.into(), text: text.into() };
        pieces(&file).into_iter().map(|piece| (piece.role, piece.text.to_owned(), piece.line)).collect()
    }

    /// The pieces of one role.
    fn of(path: &str, text: &str, role: Role) -> Vec<String> {
        read(path, text).into_iter().filter(|piece| piece.0 == role).map(|piece| piece.1).collect()
    }

    #[test]
    fn rust_has_names_functions_members_codes_and_prose() {
        let text =
            "/// One two.\n/// Three.\npub struct A { pub b: C, d: E }\nfn f() { g(\"h_i\", \"j k\") }\n";
        assert_eq!(of("x.rs", text, Role::Module), ["x"]);
        assert_eq!(of("x.rs", text, Role::Member), ["b"]);
        assert_eq!(of("x.rs", text, Role::Function), ["f"]);
        assert_eq!(of("x.rs", text, Role::Code), ["h_i"]);
        assert_eq!(of("x.rs", text, Role::Word { follows: true }), ["two", "k"]);
        assert_eq!(of("x.rs", text, Role::Word { follows: false }), ["One", "Three", "j"]);
        assert!(of("x.rs", text, Role::Name).contains(&"E".to_owned()));
    }

    #[test]
    fn words_follow_each_other_over_the_end_of_a_line() {
        for text in
            ["// one\n// two", "/* one\n * two */", "fn f() { \"one \\\n   two\" }", "//! one\n//! two"]
        {
            assert_eq!(of("x.rs", text, Role::Word { follows: true }), ["two"], "{text}");
        }
        for text in ["// one.\n// two", "// one\n\n// two", "// one\n//\n// two", "\"one\"; \"two\""] {
            assert_eq!(of("x.rs", text, Role::Word { follows: true }), [""; 0], "{text}");
        }
        assert_eq!(of("x.md", "one\ntwo\n\nthree", Role::Word { follows: true }), ["two"]);
    }

    #[test]
    fn sql_has_tables_and_columns_also_in_strings() {
        let text = "-- One.\nCREATE TABLE a (\n    b TEXT NOT NULL\n);";
        assert_eq!(of("x.sql", text, Role::Table), ["a"]);
        assert_eq!(of("x.sql", text, Role::Member), ["b"]);
        assert_eq!(of("x.sql", text, Role::Word { follows: false }), ["One"]);
        assert_eq!(of("x.rs", "q(\"SELECT x\n FROM a JOIN c\")", Role::Table), ["a", "c"]);
    }

    #[test]
    fn json_and_toml_have_keys_codes_and_prose() {
        assert_eq!(of("x.json", "{\"a\": \"b_c\", \"d\": \"e f\"}", Role::Member), ["a", "d"]);
        assert_eq!(of("x.json", "{\"a\": \"b_c\"}", Role::Code), ["a", "b_c"]);
        assert_eq!(of("x.rs", "r#\"{\"a\": 1}\"#", Role::Member), ["a"]);
        assert_eq!(of("x.toml", "key = \"some # text\" # why not", Role::Word { follows: true }), ["not"]);
    }

    #[test]
    fn names_in_prose_are_found_and_quotations_of_apple_are_not_read() {
        let text = "One `two` three_four FiveSix Seven::eight nine.\n\n```rust\nlet ten = 10;\n```\n";
        let names = of("x.md", text, Role::Name);
        assert_eq!(names, ["two", "three_four", "FiveSix", "Seven", "eight", "let", "ten", "10"]);
        let quoted = "// Apple: \"one two\n// three\" four";
        assert_eq!(of("x.rs", quoted, Role::Word { follows: false }), ["Apple", "four"]);
        assert_eq!(of("x.rs", "f(\"a\\nb c\")", Role::Word { follows: true }), ["b", "c"]);
    }
}
