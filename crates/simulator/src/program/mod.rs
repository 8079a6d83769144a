//! The program: arguments, the token file, running until told to stop.

mod arguments;
mod run;

pub(crate) use run::main;
