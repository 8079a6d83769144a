//! Leases: one session for a location at a time.

use chrono::{DateTime, Utc};
use mdm_vpp_core::{id::LocationId, seats::Epoch};

/// The right to talk to Apple about a location, until it ends or somebody else has a later one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The location.
    pub location: LocationId,
    /// Which lease: each new session has a greater one.
    pub epoch: Epoch,
    /// Until when, UTC, by the store's clock.
    pub until: DateTime<Utc>,
}

/// Who asks for a lease: a new one for every start of a process, never a host's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeaseHolder(pub String);
