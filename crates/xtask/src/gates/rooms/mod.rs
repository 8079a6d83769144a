//! The source files: small, with a caption, named after what they hold, and finished.

mod rules;
mod walk;

pub(crate) use walk::run;
