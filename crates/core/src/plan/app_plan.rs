//! The plan of one app: which recipient gets, keeps, leaves or waits for which seat, and why.

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

/// The plan of an app.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a plan does nothing by itself"]
pub struct AppPlan<Id> {
    /// The outcome for each recipient, with its reason.
    pub report: Report<Id>,
    /// The seats that the outcomes gain, lose and move.
    pub preview: Preview,
}

/// The refusal of a contradictory list of recipients. The stock is unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PlanRefusal {
    /// A recipient is in the list twice.
    #[error("recipient {at} of the list (counted from 0) is in it twice: list each recipient once")]
    NamedTwice {
        /// Where in the list.
        at: usize,
    },
    /// A recipient is listed with a seat of another app.
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

/// Plans an app: [`choose`](crate::policy::choose) for each recipient, [`depart`](crate::policy::depart) for those
/// whose seat has lost its reason, then the waitlist for licenses that are scarce.
///
/// - A recipient that shall have the app and holds a seat that can still be chosen keeps it.
/// - A recipient whose seat does not fit any more moves to another one. It keeps the old seat until the new one was
///   read as assigned. This happens when another kind of license is asked for, when another user has the device, and
///   when the location no longer owns the app.
/// - A recipient that holds a seat and that no target includes any more departs by the app's policies, once. One that
///   left the groups of its token departs by the token's reclaim rule, and may then get a license of another token.
/// - The others are served in the order of their wait, and of equal waits by the smaller id. A seat that is held
///   already is used before a license is taken: the devices of a user share one seat, up to the limit.
/// - While the app waits for an approval, nothing is given and nothing is taken.
///
/// `recipients` may be all recipients of a tenant or some. All that wait for the app have to be among them, because
/// recipients outside the list are not served before those in it. `stock` has to hold all seats of their users, with
/// all uses. `now` is UTC.
///
/// A seat that is released is not given to another recipient by the same plan: its license is free after Apple has
/// confirmed the release. Licenses that are given out are taken from `stock`.
///
/// A second plan after the outcomes were saved changes nothing, whether Apple has confirmed them or not.
///
/// Sources: what a stopped distribution does to apps and licenses is MaaS360's; waiting in order, moves and shared
/// seats are ours.
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
///     cause: PlanCause::ChangeApplied,
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
            Standing::Decided(outcome) => {
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
    // A start in the future was written by a clock that is ahead, so it counts as now.
    let since = |queued: &Queued<'_, Id>| queued.asking.waiting_since.unwrap_or(now).min(now);
    queue.sort_by_key(|queued| (since(queued), &queued.asking.id));
    for queued in &queue {
        outcomes.insert(&queued.asking.id, giving_out.serve(queued));
    }
    // A second round: a recipient that waits may share a seat that its user has got in the first.
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

/// The lines of the report, in the order of ids.
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

/// Refuses a list of recipients that contradicts itself.
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

/// Raises the uses of each seat in the stock to what the list shows. A stock with too few uses would release a seat
/// that a listed device uses.
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

/// The preview of the lines. A user's seat is released when the last device that uses it has left. A move that was
/// under way before this plan is no change, so it is not in the preview.
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
    // A seat is left by one line and kept by another when several devices of a user share it.
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

/// The facts about an app that its plan needs.
#[derive(Debug, Clone, Copy)]
pub struct PlannedApp<'a> {
    /// The store's id.
    pub adam_id: AdamId,
    /// Its kind, approval and targets.
    pub app: ChoiceApp<'a>,
    /// Its policies about removal and revocation.
    pub policies: &'a AppPolicies,
    /// Whether it costs money in the store, so that a user who installs it without a license has to buy it.
    pub paid: bool,
    /// The tokens whose locations own it.
    pub owners: &'a Owners<'a>,
    /// The cause of the plan. It decides by which event a recipient departs that no target includes any more.
    pub cause: PlanCause,
}

/// The cause of a plan: the event by which recipients depart that no target includes any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlanCause {
    /// An administrator changed the targets: [`DepartureTrigger::DistributionStopped`].
    ChangeApplied,
    /// The directory was read: [`DepartureTrigger::TargetGroupLeft`]. No act asked for these releases, so
    /// [`ReleaseBound`](crate::policy::ReleaseBound) limits them.
    DirectoryRead,
}

/// The licenses of an app, in all locations that own it.
#[derive(Debug, Clone, Default)]
pub struct AppStock {
    /// The pools.
    pub pools: AllotPools,
    /// The seats that are held already, each with the number of installs that use it: all seats of users, which several
    /// devices may share, and unused seats that a policy keeps (0). A recipient that may use one of them takes no other
    /// license. A user's seat that is missing here, or has too few uses, is released while another device uses it.
    pub held: BTreeMap<SeatKey, usize>,
    /// The number of devices that may share a user's seat.
    pub device_limit: DeviceLimit,
}

/// A recipient, and the seat it has now.
#[derive(Debug, Clone, Copy)]
pub struct PlannedRecipient<'a, Id> {
    /// The caller's id of the recipient, for example that of its install. A device that was enrolled again may be
    /// listed under two ids; it has one seat.
    pub id: Id,
    /// The facts that the directory has about it.
    pub recipient: &'a Recipient,
    /// The seat that it uses now; `None` without one.
    pub holds: Option<Holding<'a>>,
    /// When it began to wait, UTC; `None` when it does not wait yet.
    pub waiting_since: Option<DateTime<Utc>>,
}

/// A seat that a recipient uses, with the facts that decide whether it can be released.
#[derive(Debug, Clone, Copy)]
pub struct Holding<'a> {
    /// The seat; of a recipient that moves, the seat that it leaves.
    pub seat: &'a SeatKey,
    /// The seat to which the recipient moves; `None` as soon as that was read as assigned.
    pub moving_to: Option<&'a SeatKey>,
    /// The event after which a policy kept the seat; `None` when there was none.
    pub kept_after: Option<DepartureTrigger>,
    /// Whether a license of this asset can be revoked.
    pub revocable: bool,
    /// The reclaim rules of the seat's token.
    pub reclaim: &'a ReclaimRules,
}

impl PlanCause {
    /// The event by which a recipient departs that no target includes any more.
    #[must_use]
    pub const fn trigger(self) -> DepartureTrigger {
        match self {
            Self::ChangeApplied => DepartureTrigger::DistributionStopped,
            Self::DirectoryRead => DepartureTrigger::TargetGroupLeft,
        }
    }
}
