//! Which crates may name which.

mod core_closure;
mod facts;
mod fake;
mod rules;

pub(crate) use facts::run;
