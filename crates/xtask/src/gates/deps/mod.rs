//! Which crates may name which.

mod core_closure;
mod facts;
mod names;
mod rules;
mod twin;

pub(crate) use facts::run;
