//! A row as its driver gives it.

/// What stands in a column.
pub(crate) enum Column<'r> {
    /// Nothing.
    Null,
    /// Text, whose bytes may be damaged.
    Text(&'r [u8]),
    /// A whole number.
    Whole(i64),
    /// What no column of ours holds.
    Other,
}

/// The columns of a row, by name.
pub(crate) trait Columns {
    /// A column, or why the driver cannot tell.
    fn column(&self, name: &str) -> Result<Column<'_>, String>;
}
