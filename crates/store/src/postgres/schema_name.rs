//! The name of the schema: the one text of the embedder's that becomes part of a statement.

use std::fmt;

use thiserror::Error;

/// The name of a schema: at most 63 of `a` to `z`, digits and `_`, not beginning with a digit or with `pg_`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaName(String);

/// A text that is not the name of a schema.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{name}` cannot name a schema: use at most 63 of a to z, digits and _, beginning with a letter or _ but not with pg_"
)]
pub struct SchemaNameError {
    /// The text, with what is not printable replaced.
    name: String,
}

impl SchemaName {
    /// Checks and keeps a name.
    ///
    /// # Errors
    ///
    /// [`SchemaNameError`] for a name that would have to be quoted, and for the names that PostgreSQL reserves.
    pub fn new(name: impl Into<String>) -> Result<Self, SchemaNameError> {
        let name = name.into();
        let begins = name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_');
        let allowed = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        if begins && name.len() <= 63 && name.chars().all(allowed) && !name.starts_with("pg_") {
            return Ok(Self(name));
        }
        Err(SchemaNameError { name: mdm_vpp_core::printable_text(&name) })
    }

    /// The name in quotes, as it stands in a statement, because it may be a keyword of SQL.
    pub(super) fn quoted(&self) -> String {
        format!("\"{}\"", self.0)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for SchemaName {
    /// `mdm_vpp`.
    fn default() -> Self {
        Self("mdm_vpp".to_owned())
    }
}

impl fmt::Display for SchemaName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_are_accepted() {
        for name in ["mdm_vpp", "_x", "a1", &"a".repeat(63)] {
            assert_eq!(SchemaName::new(name).unwrap().as_str(), name);
        }
        assert!(SchemaName::new(SchemaName::default().to_string()).is_ok());
    }

    #[test]
    fn names_that_need_quotes_or_are_reserved_are_refused() {
        let long = "a".repeat(64);
        for name in ["", "Vpp", "1a", "a-b", "a b", "a\"b", "a;b", "a.b", "ä", "a\0", "pg_catalog", &long] {
            let refusal = SchemaName::new(name).unwrap_err().to_string();
            assert!(refusal.contains("cannot name a schema") && !refusal.contains('\0'), "{refusal}");
        }
    }
}
