//! The plan of one app: who gets which seat, who keeps, leaves or waits for one, and why.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use thiserror::Error;

use super::{
    AppStock, Outcome, PlannedApp, PlannedRecipient, Preview, Report, ReportLine,
    serving::{GivingOut, Queued},
    standing::{Standing, stand},
};
use crate::seats::SeatKey;

/// What is to be done about an app.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a plan does nothing by itself"]
pub struct AppPlan<Id> {
    /// What becomes of each recipient, and why.
    pub report: Report<Id>,
    /// The seats that this moves.
    pub preview: Preview,
}

/// Why an app cannot be planned. Nothing was taken from the stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PlanRefusal {
    /// A recipient is in the list twice.
    #[error(
        "recipient {at} of the list (counted from 0) was named before: name each once, or he gets two seats"
    )]
    NamedTwice {
        /// Where in the list.
        at: usize,
    },
    /// A recipient is said to use a seat of another app.
    #[error(
        "recipient {at} of the list (counted from 0) holds a seat of another app: plan each app by itself"
    )]
    SeatOfAnotherApp {
        /// Where in the list.
        at: usize,
    },
}

impl PlanRefusal {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NamedTwice { .. } => "named_twice",
            Self::SeatOfAnotherApp { .. } => "seat_of_another_app",
        }
    }
}

/// Plans an app for some recipients, or for all of a tenant: [`choose`](crate::policy::choose) for each, then
/// [`depart`](crate::policy::depart) for those whose seat has lost its reason, then the queue for seats that are scarce.
///
/// - Who shall have the app and holds a seat that still stands keeps it.
/// - Who waits longest is served first; of those who came at the same time, the smaller id. A seat that is
///   held already is used before another is taken: a user's devices share his, as many as the limit allows.
/// - Who holds a seat that does not fit any more (another kind of license is wanted, another user has the device, its
///   location owns the app no more) moves to another one, and keeps the old one until he can.
/// - Who holds one and is not meant any more departs by the app's policies; who left the groups of its token, by the
///   token's reclaim rule, after which he may get a seat of another token.
/// - While the app waits for an approval, nothing is given and nothing taken.
///
/// A seat that goes back is not given out by the same plan: it is free when Apple has confirmed it. Seats that are given
/// out are taken from `stock`.
///
/// Planning again, after the plan was carried out, changes nothing.
///
/// # Errors
///
/// [`PlanRefusal`] when the list of recipients contradicts itself.
pub fn plan_app<Id: Ord + Clone>(
    app: &PlannedApp<'_>,
    recipients: &[PlannedRecipient<'_, Id>],
    stock: &mut AppStock,
    now: DateTime<Utc>,
) -> Result<AppPlan<Id>, PlanRefusal> {
    check(app, recipients)?;
    hold_what_is_used(recipients, stock);
    let mut outcomes: BTreeMap<&Id, Outcome> = BTreeMap::new();
    let mut queue = Vec::new();
    for recipient in recipients {
        match stand(app, recipient) {
            Standing::Settled(outcome) => {
                outcomes.insert(&recipient.id, outcome);
            }
            Standing::Wants { candidates, without_one } => {
                queue.push(Queued { asking: recipient, candidates, without_one });
            }
        }
    }
    queue.sort_by_key(|queued| (queued.asking.waiting_since.unwrap_or(now), &queued.asking.id));
    let mut giving_out = GivingOut { app, stock, granted: BTreeSet::new() };
    for queued in queue {
        outcomes.insert(&queued.asking.id, giving_out.serve(queued));
    }
    let GivingOut { stock, granted, .. } = giving_out;
    let lines: Vec<_> =
        outcomes.into_iter().map(|(id, outcome)| ReportLine { id: id.clone(), outcome }).collect();
    let preview = seats_of(&lines, granted, stock);
    Ok(AppPlan { report: Report { lines }, preview })
}

fn check<Id: Ord>(app: &PlannedApp<'_>, recipients: &[PlannedRecipient<'_, Id>]) -> Result<(), PlanRefusal> {
    let mut named = BTreeSet::new();
    for (at, recipient) in recipients.iter().enumerate() {
        if !named.insert(&recipient.id) {
            return Err(PlanRefusal::NamedTwice { at });
        }
        if recipient.holds.is_some_and(|holds| holds.seat.asset.adam_id != app.adam_id) {
            return Err(PlanRefusal::SeatOfAnotherApp { at });
        }
    }
    Ok(())
}

/// A seat is used at least as often as the list says, whatever the stock says.
fn hold_what_is_used<Id>(recipients: &[PlannedRecipient<'_, Id>], stock: &mut AppStock) {
    let mut listed: BTreeMap<&SeatKey, usize> = BTreeMap::new();
    for holds in recipients.iter().filter_map(|recipient| recipient.holds) {
        let uses = listed.entry(holds.seat).or_default();
        *uses = uses.saturating_add(1);
    }
    for (seat, listed) in listed {
        let uses = stock.held.entry(seat.clone()).or_default();
        *uses = listed.max(*uses);
    }
}

/// The seats that the outcomes move. A user's seat goes back when the last device that uses it has left.
fn seats_of<Id>(lines: &[ReportLine<Id>], gains: BTreeSet<SeatKey>, stock: &mut AppStock) -> Preview {
    let (mut left, mut keeps) = (BTreeSet::new(), BTreeSet::new());
    for outcome in lines.iter().map(|line| &line.outcome) {
        keeps.extend(outcome.gets().or(outcome.keeps()).cloned());
        if let Some(seat) = outcome.leaves() {
            left.insert(seat.clone());
            if let Some(uses) = stock.held.get_mut(seat) {
                *uses = uses.saturating_sub(1);
            }
        }
    }
    let is_used = |seat: &SeatKey| stock.held.get(seat).is_some_and(|uses| *uses > 0);
    let (used, loses): (BTreeSet<_>, BTreeSet<_>) = left.into_iter().partition(is_used);
    stock.held.retain(|seat, _| !loses.contains(seat));
    keeps.extend(used);
    keeps.retain(|seat| !gains.contains(seat));
    Preview { gains, loses, keeps }
}
