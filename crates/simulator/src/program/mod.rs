//! The program: arguments, the token file, running until told to stop.

mod arguments;
mod run;
mod signal;
mod token_file;

pub(crate) use run::main;
