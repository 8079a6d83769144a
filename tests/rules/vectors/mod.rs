//! The runner of the decision vectors in `tests/vectors`: cases in JSON, the same for every language that calls the
//! rules.

mod cases;
mod choice;
mod departure;
mod pack;
mod runner_tests;
mod token_files;
mod update;
