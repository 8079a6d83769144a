//! What must hold in every state.

use super::snapshot::Snapshot;
use crate::seats::{Direction, Observed, Progress};

/// A promise that a state breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Broken {
    /// Requests of both directions can still run at Apple.
    BothDirections,
    /// A device would be told to install with a license that is not there, or can still be taken away.
    UnusableLicense,
    /// What was read as final is not so, or can still change by something that we sent.
    FalseBelief,
    /// A seat was forgotten whose license is there, or can still come.
    LostLicense,
    /// The seat and the request do not agree on whether something is under way.
    RowsDisagree,
}

pub(super) fn judge(snapshot: &Snapshot) -> Vec<Broken> {
    let [associate, disassociate] =
        [Direction::Associate, Direction::Disassociate].map(|d| snapshot.is_live(d));
    let held_for_good = snapshot.apple.assigned && !disassociate;
    let gone_for_good = !snapshot.apple.assigned && !associate;
    let mut broken = Vec::new();
    let mut check = |holds: bool, promise: Broken| {
        if !holds {
            broken.push(promise);
        }
    };
    check(!(associate && disassociate), Broken::BothDirections);
    let Some(seat) = &snapshot.seat else {
        check(gone_for_good, Broken::LostLicense);
        check(snapshot.request.is_none(), Broken::RowsDisagree);
        return broken;
    };
    let in_request = matches!(seat.progress, Progress::InRequest { .. });
    check(in_request == snapshot.request.is_some(), Broken::RowsDisagree);
    check(!seat.is_usable() || held_for_good, Broken::UnusableLicense);
    if seat.is_ours() && seat.fence.is_none() && !in_request {
        check(seat.observed != Observed::Assigned || held_for_good, Broken::FalseBelief);
        check(seat.observed != Observed::Unassigned || gone_for_good, Broken::FalseBelief);
    }
    broken
}
