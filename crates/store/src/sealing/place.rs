//! The place to which a sealed value is bound.

/// Where a sealed value stands: table, row and column. A value opens at its own place alone.
///
/// ```
/// use mdm_vpp_store::sealing::Place;
///
/// let place = Place::new("tokens", &["acme", "2049025000431439"], "sealed_secret");
/// assert_ne!(place, Place::new("tokens", &["globex", "2049025000431439"], "sealed_secret"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    parts: Vec<Box<str>>,
}

impl Place {
    /// A column of the row with this key.
    #[must_use]
    pub fn new(table: &str, row: &[&str], column: &str) -> Self {
        let parts = [table, column].iter().chain(row).map(|part| Box::from(*part)).collect();
        Self { parts }
    }

    /// The place in bytes, after what the envelope says in clear. Every part is preceded by its length, so that no
    /// two places have the same bytes.
    pub(super) fn associated_data(&self, head: &[u8]) -> Vec<u8> {
        let mut bytes = b"mdm-vpp sealed value".to_vec();
        let parts = self.parts.iter().map(|part| part.as_bytes());
        for part in std::iter::once(head).chain(parts) {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_that_read_the_same_when_run_together_differ() {
        let bytes = |table, row: &[&str], column| Place::new(table, row, column).associated_data(b"head");
        let one = bytes("tokens", &["ab", "c"], "secret");
        assert_ne!(one, bytes("tokens", &["a", "bc"], "secret"));
        assert_ne!(one, bytes("tokens", &["abc"], "secret"));
        assert_ne!(one, bytes("tokensa", &["b", "c"], "secret"));
        assert_ne!(one, Place::new("tokens", &["ab", "c"], "secret").associated_data(b"heads"));
    }
}
