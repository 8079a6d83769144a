//! A row of PostgreSQL, whose columns have types.

use std::error::Error;

use tokio_postgres::{
    Row,
    types::{FromSql, Type},
};

use crate::rows::{Column, Columns};

impl<'r> FromSql<'r> for Column<'r> {
    fn from_sql(kind: &Type, raw: &'r [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(match *kind {
            Type::TEXT => Self::Text(raw),
            Type::INT8 => Self::Whole(i64::from_sql(kind, raw)?),
            Type::INT4 => Self::Whole(i32::from_sql(kind, raw)?.into()),
            _ => Self::Other,
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl Columns for Row {
    fn column(&self, name: &str) -> Result<Column<'_>, String> {
        self.try_get(name).map_err(|error| error.to_string())
    }
}
