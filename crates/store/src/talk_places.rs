//! Whether the changes of a talk are where they belong: in the location that the turn asked for, each under its own key.

use std::collections::BTreeSet;

use mdm_vpp_core::{
    catalog::AssetKey,
    id::LocationId,
    location::{SeatChange, TalkChanges, WaitingChange},
};
use mdm_vpp_ports::{StoreError, TalkScope};

/// The location whose talk is changed; `None` when nothing of a talk is.
pub(crate) fn check<'s>(
    scope: Option<&'s TalkScope>,
    changes: &TalkChanges,
) -> Result<Option<&'s LocationId>, StoreError> {
    if *changes == TalkChanges::default() {
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
    let waiting = changes.waiting.iter().all(|(key, change)| match change {
        WaitingChange::Wait(wish) => own(&key.location) && wish.seat == *key,
        WaitingChange::End => own(&key.location),
    });
    let mut rows = changes.requests.iter().map(|request| &request.location);
    let mut members = changes.users.iter().map(|member| &member.location);
    let mut talk = changes.talk.iter().map(|talk| &talk.location);
    if !(seats && waiting) {
        return misplaced("a seat or a wish that is of another location, or stands under the key of another");
    }
    if !(rows.all(own) && members.all(own) && talk.all(own)) {
        return misplaced("a talk, a request or a member of another location than its turn names");
    }
    Ok(Some(&scope.location))
}

/// The assets whose pools the changes need.
pub(crate) fn needed_pools(changes: &TalkChanges) -> BTreeSet<&AssetKey> {
    let seats = changes.seats.iter().filter(|(_, change)| matches!(change, SeatChange::Put(_)));
    let waiting = changes.waiting.iter().filter(|(_, change)| matches!(change, WaitingChange::Wait(_)));
    seats.map(|(key, _)| &key.asset).chain(waiting.map(|(key, _)| &key.asset)).collect()
}
