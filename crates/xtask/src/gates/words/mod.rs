//! The words that the glossary replaced, refused in code, data and prose.

mod check;
mod matcher;
mod pieces;
mod table;

pub(crate) use check::run;
