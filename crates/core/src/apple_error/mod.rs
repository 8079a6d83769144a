//! Apple's error numbers and what each kind of error asks of a client.

mod class;
mod number;
mod table;

pub use class::ErrorClass;
pub use number::ErrorNumber;
pub use table::{ERROR_TABLE, ErrorEntry};
