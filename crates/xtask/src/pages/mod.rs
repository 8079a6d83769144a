//! The pages under `docs/` that are generated from the code.

mod apple_errors;
mod file;
mod markdown;
mod seats;
mod token_status;
mod triggers;
mod update_reasons;
mod updates;

pub(crate) use file::{check, write};
