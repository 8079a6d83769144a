//! Rust source as tokens with line numbers, split by the compiler's own lexer.

use ra_ap_rustc_lexer::{DocStyle, FrontmatterAllowed, LiteralKind, TokenKind};

/// What a token is, as far as the gates tell tokens apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An identifier or a keyword, without `r#`.
    Ident,
    /// A string of any kind, with its prefix and quotes.
    Text,
    /// A comment. Doc comments belong to an item, plain ones to the code beside them.
    Comment { doc: bool },
    /// One character of punctuation.
    Punctuation,
    /// Numbers, characters and lifetimes.
    Other,
}

/// A token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
    /// The line on which it begins, from 1.
    pub(crate) line: usize,
}

impl Token<'_> {
    pub(crate) fn is(&self, text: &str) -> bool {
        self.text == text && matches!(self.kind, Kind::Ident | Kind::Punctuation)
    }

    /// The line on which it ends.
    pub(crate) fn last_line(&self) -> usize {
        self.line + self.text.matches('\n').count()
    }
}

/// All tokens of a file except white space.
pub(crate) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = source;
    let mut line = 1;
    for token in ra_ap_rustc_lexer::tokenize(source, FrontmatterAllowed::No) {
        let Some((text, behind)) = rest.split_at_checked(token.len as usize) else { break };
        rest = behind;
        if let Some(kind) = kind_of(token.kind) {
            // `r#type` names the same thing as `type`.
            let text = if kind == Kind::Ident { text.strip_prefix("r#").unwrap_or(text) } else { text };
            found.push(Token { kind, text, line });
        }
        line += text.matches('\n').count();
    }
    found
}

/// The tokens that the compiler sees: no comments.
pub(crate) fn code_tokens(source: &str) -> Vec<Token<'_>> {
    let mut tokens = tokens(source);
    tokens.retain(|token| !matches!(token.kind, Kind::Comment { .. }));
    tokens
}

fn kind_of(kind: TokenKind) -> Option<Kind> {
    Some(match kind {
        TokenKind::Whitespace => return None,
        TokenKind::LineComment { doc_style } | TokenKind::BlockComment { doc_style, .. } => {
            Kind::Comment { doc: matches!(doc_style, Some(DocStyle::Outer | DocStyle::Inner)) }
        }
        TokenKind::Ident | TokenKind::RawIdent => Kind::Ident,
        TokenKind::Literal {
            kind:
                LiteralKind::Str { .. }
                | LiteralKind::ByteStr { .. }
                | LiteralKind::CStr { .. }
                | LiteralKind::RawStr { .. }
                | LiteralKind::RawByteStr { .. }
                | LiteralKind::RawCStr { .. },
            ..
        } => Kind::Text,
        TokenKind::Literal { .. } | TokenKind::Lifetime { .. } | TokenKind::RawLifetime => Kind::Other,
        _ => Kind::Punctuation,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(source: &str) -> Vec<(Kind, &str, usize)> {
        tokens(source).iter().map(|token| (token.kind, token.text, token.line)).collect()
    }

    #[test]
    fn comments_strings_and_code_are_told_apart_with_their_lines() {
        let source = "/// A doc.\n// Why.\nlet r#type = \"a // b\";\n/* one\n two */ 'x' 'a: r#\"c\"#";
        assert_eq!(
            kinds(source),
            [
                (Kind::Comment { doc: true }, "/// A doc.", 1),
                (Kind::Comment { doc: false }, "// Why.", 2),
                (Kind::Ident, "let", 3),
                (Kind::Ident, "type", 3),
                (Kind::Punctuation, "=", 3),
                (Kind::Text, "\"a // b\"", 3),
                (Kind::Punctuation, ";", 3),
                (Kind::Comment { doc: false }, "/* one\n two */", 4),
                (Kind::Other, "'x'", 5),
                (Kind::Other, "'a", 5),
                (Kind::Punctuation, ":", 5),
                (Kind::Text, "r#\"c\"#", 5),
            ]
        );
    }

    #[test]
    fn the_compiler_sees_no_comments() {
        assert_eq!(tokens("/* a\n b */")[0].last_line(), 2);
        let texts: Vec<_> = code_tokens("a /* b */ c // d").iter().map(|token| token.text).collect();
        assert_eq!(texts, ["a", "c"]);
    }
}
