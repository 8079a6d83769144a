//! Which MDM says that it manages a location.

/// The claim of an MDM on a location ("mdmInfo" on the wire). It belongs to the location, every token of the location
/// shows it, and the last writer wins: nothing keeps a second MDM away (Apple's documentation, by absence).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Identifies the installation of the MDM.
    pub id: String,
    /// The product's name, for people.
    pub name: String,
    /// Anything else the MDM wants to tell, such as its host name.
    pub metadata: String,
}

impl Claim {
    /// A claim.
    pub fn new(id: impl Into<String>, name: impl Into<String>, metadata: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into(), metadata: metadata.into() }
    }
}
