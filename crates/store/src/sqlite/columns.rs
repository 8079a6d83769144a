//! A row of SQLite, whose columns may hold anything.

use rusqlite::{Row, types::ValueRef};

use crate::rows::{Column, Columns};

impl Columns for Row<'_> {
    fn column(&self, name: &str) -> Result<Column<'_>, String> {
        match self.get_ref(name) {
            Ok(ValueRef::Null) => Ok(Column::Null),
            Ok(ValueRef::Text(bytes)) => Ok(Column::Text(bytes)),
            Ok(ValueRef::Integer(number)) => Ok(Column::Whole(number)),
            Ok(_) => Ok(Column::Other),
            Err(error) => Err(error.to_string()),
        }
    }
}
