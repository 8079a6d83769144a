//! Apple's error numbers and what each kind of error asks of a client.

mod class;
mod error;
mod number;
mod table;

pub use class::ErrorClass;
pub use error::AppleError;
pub use number::ErrorNumber;
pub use table::{ERROR_TABLE, ErrorEntry};
