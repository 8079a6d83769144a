//! Leases: one session for a location at a time.

use chrono::{DateTime, Utc};
use mdm_vpp_core::{id::LocationId, seats::Epoch};

/// The right to call Apple about a location, until its expiry. A lease with a later epoch replaces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The location.
    pub location: LocationId,
    /// The number of the lease. Each new session of the location gets a greater one.
    pub epoch: Epoch,
    /// The expiry, UTC, by the store's clock.
    pub until: DateTime<Utc>,
}

/// The name of a session that asks for leases: a fresh one for every start of a process, never the name of a machine. A
/// process that restarts must not renew the lease of the process that died, because it knows nothing of its calls.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeaseHolder(pub String);
