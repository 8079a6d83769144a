//! The direction of imports between the folders of a crate, proven from the source text.

mod check;
mod imports;
mod table;

pub(crate) use check::run;
