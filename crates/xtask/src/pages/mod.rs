//! The pages under `docs/` that are generated from the code.

mod apple_errors;
mod page;
mod seats;
mod token_status;
mod triggers;
mod update_reasons;
mod updates;

pub(crate) use page::{check, write};
