//! The plan of one app: who gets which seat, who keeps, leaves or waits for one, and why.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use thiserror::Error;

use super::{
    AllotPools, Outcome, Preview, Report, ReportLine, SeatMove,
    serving::{GivingOut, Queued},
    standing::{Standing, stand},
};
use crate::{
    id::AdamId,
    policy::{ChoiceApp, Owners, Recipient, ReclaimRules},
    seats::{DepartureTrigger, DeviceLimit, SeatKey},
    token::AppPolicies,
};

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

/// Plans an app: [`choose`](crate::policy::choose) for each recipient, then [`depart`](crate::policy::depart) for those
/// whose seat has lost its reason, then the queue for seats that are scarce.
///
/// - Who shall have the app and holds a seat that still stands keeps it.
/// - Who waits longest is served first; of those who came at the same time, the smaller id. A seat that is
///   held already is used before another is taken: a user's devices share his, as many as the limit allows.
/// - Who holds a seat that does not fit any more (another kind of license is wanted, another user has the device, its
///   location owns the app no more) moves to another one, and keeps the old one until that was read as present.
/// - Who holds one and is not meant any more departs by the app's policies, once; who left the groups of its token, by
///   the token's reclaim rule, after which he may get a seat of another token.
/// - While the app waits for an approval, nothing is given and nothing taken.
///
/// `recipients` may be all of a tenant or a few. Whoever waits for the app has to be among them, for nobody else is
/// served before those in the list; and `stock` has to hold all seats of their users, with all uses.
///
/// A seat that goes back is not given to somebody else by the same plan: it is free when Apple has confirmed it. Seats
/// that are given out are taken from `stock`.
///
/// Planning again after the outcomes were saved changes nothing, whether Apple has confirmed them or not.
///
/// ```
/// use std::collections::BTreeSet;
/// use chrono::DateTime;
/// use mdm_vpp_core::{catalog::*, id::*, plan::*, policy::*, token::*};
///
/// let (berlin, name) = (LocationId::new("2049025000431439")?, TokenName::new("Berlin")?);
/// let (scope, platforms) = (TokenScope::default(), BTreeSet::new());
/// let owner = Owner {
///     location: &berlin,
///     name: &name,
///     scope: &scope,
///     pricing_param: &PricingParam::Standard,
///     device_assignable: true,
///     book: false,
///     platforms: &platforms,
/// };
/// let everyone = Target { to: TargetOf::Everyone, license: LicenseType::Automatic };
/// let app = PlannedApp {
///     adam_id: AdamId::new(361_309_726),
///     app: ChoiceApp {
///         kind: ChoiceAppKind::Public,
///         approval: Approval::NotNeeded,
///         distribution: &Distribution { targets: vec![everyone] },
///     },
///     policies: &AppPolicies::default(),
///     paid: false,
///     owners: &Owners::ranked([owner]),
///     occasion: PlanOccasion::ChangeApplied,
/// };
/// let ipad = Recipient {
///     device: Some(RecipientDevice {
///         id: DeviceId::new("ipad-7")?,
///         serial_number: SerialNumber::new("C02AAAAAAA07")?,
///         enrollment: Enrollment::Device,
///         platform: Some(Platform::Ios),
///     }),
///     user: None,
///     groups: BTreeSet::new(),
/// };
/// let asking = PlannedRecipient { id: "ipad-7", recipient: &ipad, holds: None, waiting_since: None };
///
/// // No pool is known yet: the location has to be synced.
/// let plan = plan_app(&app, &[asking], &mut AppStock::default(), DateTime::UNIX_EPOCH)?;
/// assert_eq!(plan.report.waiting().next(), Some((&"ipad-7", &WaitsFor::Counts)));
/// assert!(plan.preview.changes_nothing());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    let mut giving_out = GivingOut { app, stock, granted: BTreeSet::new() };
    let mut outcomes: BTreeMap<&Id, Outcome> = BTreeMap::new();
    let mut queue = Vec::new();
    for recipient in recipients {
        match stand(app, recipient) {
            Standing::Settled(outcome) => {
                if let Some(seat) = outcome.leaves() {
                    giving_out.leave(seat);
                }
                outcomes.insert(&recipient.id, outcome);
            }
            Standing::Wants { candidates, without_one } => {
                queue.push(Queued { asking: recipient, candidates, without_one });
            }
        }
    }
    // A time that is still to come was written by a clock that is ahead.
    let since = |queued: &Queued<'_, Id>| queued.asking.waiting_since.unwrap_or(now).min(now);
    queue.sort_by_key(|queued| (since(queued), &queued.asking.id));
    for queued in &queue {
        outcomes.insert(&queued.asking.id, giving_out.serve(queued));
    }
    // Who waits may use what his user has got since.
    for queued in &queue {
        if outcomes.get(&queued.asking.id).is_some_and(|outcome| outcome.waits_for().is_some()) {
            outcomes.insert(&queued.asking.id, giving_out.serve(queued));
        }
    }
    let GivingOut { stock, granted, .. } = giving_out;
    let mut lines = lines(recipients, outcomes);
    let preview = seats_of(&mut lines, recipients, granted, stock);
    Ok(AppPlan { report: Report { lines }, preview })
}

/// The lines of the report, by id.
fn lines<Id: Ord + Clone>(
    recipients: &[PlannedRecipient<'_, Id>],
    mut outcomes: BTreeMap<&Id, Outcome>,
) -> Vec<ReportLine<Id>> {
    let line = |asking: &PlannedRecipient<'_, Id>| {
        let outcome = outcomes.remove(&asking.id)?;
        let to = asking.holds.and_then(|holds| holds.moving_to);
        let abandons = to.filter(|to| outcome.gets() != Some(*to) && outcome.keeps() != Some(*to)).cloned();
        Some(ReportLine { id: asking.id.clone(), outcome, abandons })
    };
    let mut lines: Vec<_> = recipients.iter().filter_map(line).collect();
    lines.sort_by(|one, other| one.id.cmp(&other.id));
    lines
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
        for seat in std::iter::once(holds.seat).chain(holds.moving_to) {
            let uses = listed.entry(seat).or_default();
            *uses = uses.saturating_add(1);
        }
    }
    for (seat, listed) in listed {
        let uses = stock.held.entry(seat.clone()).or_default();
        *uses = listed.max(*uses);
    }
}

/// The seats that the lines move. A user's seat goes back when the last device that uses it has left. A move that is under
/// way already is no news.
fn seats_of<Id>(
    lines: &mut [ReportLine<Id>],
    recipients: &[PlannedRecipient<'_, Id>],
    gains: BTreeSet<SeatKey>,
    stock: &mut AppStock,
) -> Preview {
    let held = || recipients.iter().filter_map(|asking| asking.holds);
    let irrevocable: BTreeSet<&SeatKey> =
        held().filter(|holds| !holds.revocable).map(|holds| holds.seat).collect();
    let under_way: BTreeSet<_> = held().filter_map(|holds| Some((holds.seat, holds.moving_to?))).collect();
    let (mut left, mut keeps) = (BTreeSet::new(), BTreeSet::new());
    let mut moved: BTreeMap<SeatKey, BTreeSet<SeatKey>> = BTreeMap::new();
    for line in lines {
        if let Some(seat) = &line.abandons {
            left.insert(seat.clone());
            if let Some(uses) = stock.held.get_mut(seat) {
                *uses = uses.saturating_sub(1);
            }
        }
        keeps.extend(line.outcome.gets().or(line.outcome.keeps()).cloned());
        match &line.outcome {
            Outcome::Moves { from, to } if under_way.contains(&(from, to)) => {
                keeps.insert(from.clone());
            }
            Outcome::Moves { from, to } => {
                moved.entry(from.clone()).or_default().insert(to.clone());
            }
            outcome => left.extend(outcome.leaves().cloned()),
        }
    }
    let stays = |seat: &SeatKey| {
        irrevocable.contains(seat)
            || keeps.contains(seat)
            || gains.contains(seat)
            || stock.held.get(seat).is_some_and(|uses| *uses > 0)
    };
    let staying: BTreeSet<SeatKey> =
        left.iter().chain(moved.keys()).filter(|seat| stays(seat)).cloned().collect();
    left.retain(|seat| !staying.contains(seat) && !moved.contains_key(seat));
    moved.retain(|seat, _| !staying.contains(seat));
    stock.held.retain(|seat, _| !left.contains(seat) && !moved.contains_key(seat));
    keeps.extend(staying);
    keeps.retain(|seat| !gains.contains(seat));
    let moves = moved.into_iter().map(|(from, to)| SeatMove { from, to }).collect();
    Preview { gains, loses: left, moves, keeps }
}

/// An app, as far as its plan needs it.
#[derive(Debug, Clone, Copy)]
pub struct PlannedApp<'a> {
    /// The store's id.
    pub adam_id: AdamId,
    /// What it is, and to whom it is distributed.
    pub app: ChoiceApp<'a>,
    /// What happens to it and its licenses.
    pub policies: &'a AppPolicies,
    /// Whether it costs money in the store: whoever installs it without a license pays for it.
    pub paid: bool,
    /// The tokens whose locations own it.
    pub owners: &'a Owners<'a>,
    /// What somebody left who is not meant by any target any more.
    pub cause: PlanCause,
}

/// What makes somebody who holds a license, and is not meant by any target any more, leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlanCause {
    /// An administrator changed the targets: [`DepartureTrigger::DistributionStopped`].
    ChangeApplied,
    /// The directory was read: [`DepartureTrigger::TargetGroupLeft`]. Nobody asked for what goes back then, so the
    /// blast radius judges it.
    DirectoryRead,
}

/// The licenses of an app, in all locations that own it.
#[derive(Debug, Clone, Default)]
pub struct AppStock {
    /// The pools.
    pub pools: AllotPools,
    /// The seats that are held already, each with how many installs use it: all those of users, which several devices
    /// may use, and those that nobody uses and a policy keeps (0). Whoever may use one takes no other. A user's seat
    /// that is left out here, or with too few uses, goes back while another device uses it.
    pub held: BTreeMap<SeatKey, usize>,
    /// How many devices a user's seat serves.
    pub device_limit: DeviceLimit,
}

/// A recipient, and what he has now.
#[derive(Debug, Clone, Copy)]
pub struct PlannedRecipient<'a, Id> {
    /// The recipient, as the caller knows him: his install's id, for example. A device that enrolled again may be here
    /// under two ids; it has one seat.
    pub id: Id,
    /// What the directory says.
    pub recipient: &'a Recipient,
    /// The seat that he uses now, if he does.
    pub holds: Option<Holding<'a>>,
    /// Since when he waits, UTC; `None` when he does not wait yet.
    pub waiting_since: Option<DateTime<Utc>>,
}

/// A seat that somebody uses, and what decides whether he can be parted from it.
#[derive(Debug, Clone, Copy)]
pub struct Holding<'a> {
    /// The seat. For one that moves, the seat that it leaves.
    pub seat: &'a SeatKey,
    /// The seat that it moves to, until that was read as present.
    pub moving_to: Option<&'a SeatKey>,
    /// The event after which a policy kept the seat, if one did.
    pub kept_after: Option<DepartureTrigger>,
    /// Whether Apple takes a license of this asset back.
    pub revocable: bool,
    /// The reclaim rules of its token.
    pub reclaim: &'a ReclaimRules,
}

impl PlanCause {
    /// What happened to somebody who is not meant by any target any more.
    #[must_use]
    pub const fn trigger(self) -> DepartureTrigger {
        match self {
            Self::ChangeApplied => DepartureTrigger::DistributionStopped,
            Self::DirectoryRead => DepartureTrigger::TargetGroupLeft,
        }
    }
}
