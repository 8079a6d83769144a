//! What the stores in databases share: how rows are read and written, apart from SQL.

pub(crate) mod assets;
pub(crate) mod audit;
mod columns;
pub(crate) mod document;
pub(crate) mod due;
pub(crate) mod lease;
pub(crate) mod pricing_code;
mod reading;
pub(crate) mod seat;
pub(crate) mod seat_code;
pub(crate) mod talk;
pub(crate) mod token;

pub(crate) use columns::{Column, Columns};
pub(crate) use reading::Reading;
