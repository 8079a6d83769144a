//! How the rows of the stores in databases are read, apart from SQL and from the driver.

mod reading;
pub(crate) mod seat;
pub(crate) mod seat_code;
pub(crate) mod tenant;
pub(crate) mod work;

pub(crate) use self::reading::{Cell, Columns, Reading};
