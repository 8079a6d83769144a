//! The decision vectors of `tests/vectors`: cases in JSON, the same for every language in which the rules are called.

mod cases;
mod choice;
mod departure;
mod pack;
mod runner_tests;
mod token_files;
mod update;
