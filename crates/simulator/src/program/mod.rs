//! The program: its arguments, and its run from the token file to the signal that stops it.

mod arguments;
mod run;

pub(crate) use run::main;
