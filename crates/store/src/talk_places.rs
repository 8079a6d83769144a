//! Whether the changes of a talk are where they belong: in the location that the transaction asked for, each under its own key.

use std::collections::BTreeSet;

use mdm_vpp_core::{
    catalog::AssetKey,
    id::LocationId,
    location::{LocationChanges, SeatChange, WaitlistChange},
};
use mdm_vpp_ports::{LocationScope, StoreError};

/// The location whose talk is changed; `None` when nothing of a talk is.
pub(crate) fn check<'s>(
    scope: Option<&'s LocationScope>,
    changes: &LocationChanges,
) -> Result<Option<&'s LocationId>, StoreError> {
    if *changes == LocationChanges::default() {
        return Ok(None);
    }
    let misplaced = |what| Err(StoreError::Misplaced { what });
    let Some(scope) = scope else {
        return misplaced("the talk about a location that its turn does not name");
    };
    let own = |location: &LocationId| *location == scope.location;
    let seats = changes.seats.iter().all(|(key, change)| match change {
        SeatChange::Put(seat) => own(&key.location) && seat.key == *key,
        SeatChange::Forget => own(&key.location),
    });
    let waiting = changes.waitlist.iter().all(|(key, change)| match change {
        WaitlistChange::Add(wish) => own(&key.location) && wish.seat == *key,
        WaitlistChange::Remove => own(&key.location),
    });
    let mut rows = changes.requests.iter().map(|request| &request.location);
    let mut members = changes.users.iter().map(|member| &member.location);
    let mut talk = changes.state.iter().map(|talk| &talk.location);
    if !(seats && waiting) {
        return misplaced("a seat or a wish that is of another location, or stands under the key of another");
    }
    if !(rows.all(own) && members.all(own) && talk.all(own)) {
        return misplaced("a talk, a request or a member of another location than its turn names");
    }
    Ok(Some(&scope.location))
}

/// The assets whose pools the changes need.
pub(crate) fn needed_pools(changes: &LocationChanges) -> BTreeSet<&AssetKey> {
    let seats = changes.seats.iter().filter(|(_, change)| matches!(change, SeatChange::Put(_)));
    let waiting = changes.waitlist.iter().filter(|(_, change)| matches!(change, WaitlistChange::Add(_)));
    seats.map(|(key, _)| &key.asset).chain(waiting.map(|(key, _)| &key.asset)).collect()
}
