//! The text of the workspace: which files there are, and the tokens of Rust in them.

mod files;
mod tokens;

pub(crate) use files::{SourceFile, gather, with_slashes};
pub(crate) use tokens::{Kind, Token, code_tokens, tokens};
