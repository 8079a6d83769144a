//! Whether the changes of a location stand where they belong: in the location that the scope names, each under its key.
//!
//! Without this check a decision could write rows of a location whose lease it does not hold.

use std::collections::BTreeSet;

use mdm_vpp_core::{
    catalog::AssetKey,
    id::LocationId,
    location::{LocationChanges, SeatChange, WaitlistChange},
};
use mdm_vpp_ports::{LocationScope, StoreError};

/// The location that is changed; `None` when none is.
pub(crate) fn check<'s>(
    scope: Option<&'s LocationScope>,
    changes: &LocationChanges,
) -> Result<Option<&'s LocationId>, StoreError> {
    if *changes == LocationChanges::default() {
        return Ok(None);
    }
    let misplaced = |what| Err(StoreError::Misplaced { what });
    let Some(scope) = scope else {
        return misplaced("a location, but its scope names none");
    };
    let is_own = |location: &LocationId| *location == scope.location;
    let seats = changes.seats.iter().all(|(key, change)| match change {
        SeatChange::Put(seat) => is_own(&key.location) && seat.key == *key,
        SeatChange::Forget => is_own(&key.location),
    });
    let waitlist = changes.waitlist.iter().all(|(key, change)| match change {
        WaitlistChange::Add(entry) => is_own(&key.location) && entry.seat == *key,
        WaitlistChange::Remove => is_own(&key.location),
    });
    if !(seats && waitlist) {
        return misplaced("a seat or a waitlist entry of another location, or one under the key of another");
    }
    let mut requests = changes.requests.iter().map(|request| &request.location);
    let mut users = changes.users.iter().map(|user| &user.location);
    let mut state = changes.state.iter().map(|state| &state.location);
    if !(requests.all(is_own) && users.all(is_own) && state.all(is_own)) {
        return misplaced("the state, a request or a user of another location than its scope names");
    }
    Ok(Some(&scope.location))
}

/// The assets whose pools must exist: those that get a seat or a waitlist entry.
pub(crate) fn needed_pools(changes: &LocationChanges) -> BTreeSet<&AssetKey> {
    let seats = changes.seats.iter().filter(|(_, change)| matches!(change, SeatChange::Put(_)));
    let waitlist = changes.waitlist.iter().filter(|(_, change)| matches!(change, WaitlistChange::Add(_)));
    seats.map(|(key, _)| &key.asset).chain(waitlist.map(|(key, _)| &key.asset)).collect()
}

/// The assets of all seats and waitlist entries that are changed, also of those that go.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub(crate) fn changed_assets(changes: &LocationChanges) -> BTreeSet<&AssetKey> {
    changes.seats.keys().chain(changes.waitlist.keys()).map(|key| &key.asset).collect()
}
