//! What follows from a notification: what it says of a request, and the job that it enqueues.

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    id::LocationId,
    location::NotifiedEvent,
    seats::Direction,
    transaction::{Job, JobKind},
};
use mdm_vpp_ports::{NotificationKind, NotifiedResult};

/// The delta is read this many seconds after Apple told of assigned licenses. Our choice: several notifications share one
/// delta read.
const DELTA_AFTER_SECONDS: i64 = 1;

/// What follows from a notification.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct NotificationEffect {
    /// What it says of the event of a request.
    pub(super) event: Option<NotifiedEvent>,
    /// The job that it enqueues.
    pub(super) job: Option<Job>,
    /// The name of its type, if nothing follows from that type.
    pub(super) passed_over: Option<String>,
}

/// What follows from a notification that came now. All of it is a hint: counts, licenses and users are read from Apple.
pub(super) fn effect_of(
    kind: &NotificationKind,
    location: &LocationId,
    now: DateTime<Utc>,
) -> NotificationEffect {
    let of = || location.clone();
    let job = |kind| Some(Job::at(kind, now));
    match kind {
        NotificationKind::Test => NotificationEffect::default(),
        NotificationKind::AssetManagement { act, event_id, result, assignments } => {
            let pairs = assignments.iter().map(|one| (one.asset.clone(), one.holder.clone()));
            let done = *result == NotifiedResult::Success;
            let event = NotifiedEvent::of(event_id.clone(), pairs.filter(|_| done));
            // A delta lists what was added. What was taken back, or failed, only the event itself tells.
            let shown_by_a_delta = act.direction() == Direction::Associate && !event.listed.is_empty();
            let job = if shown_by_a_delta {
                let soon = now.checked_add_signed(TimeDelta::seconds(DELTA_AFTER_SECONDS));
                Job::at(JobKind::ReadDelta { location: of() }, soon.unwrap_or(now))
            } else {
                Job::at(JobKind::PollEvents { location: of() }, now)
            };
            NotificationEffect { event: Some(event), job: Some(job), passed_over: None }
        }
        NotificationKind::AssetCount { .. } => NotificationEffect {
            job: job(JobKind::SyncAssets { location: of() }),
            ..NotificationEffect::default()
        },
        NotificationKind::UserManagement { .. } | NotificationKind::UserAssociated { .. } => {
            NotificationEffect {
                job: job(JobKind::RefreshUsers { location: of() }),
                ..NotificationEffect::default()
            }
        }
        NotificationKind::SubscriptionManagement { .. }
        | NotificationKind::SubscriptionCount { .. }
        | NotificationKind::UnlimitedAsset
        | NotificationKind::Unknown { .. } => NotificationEffect {
            passed_over: Some(kind.type_name().to_owned()),
            ..NotificationEffect::default()
        },
    }
}

#[cfg(test)]
mod tests {
    use mdm_vpp_core::{
        catalog::{AssetKey, PricingParam},
        id::{AdamId, SerialNumber},
        seats::{EventId, Holder},
    };
    use mdm_vpp_ports::{AssetAct, Assignment, SubscriptionSeats, UserAct};

    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn asset() -> AssetKey {
        AssetKey { adam_id: AdamId::new(7), pricing_param: PricingParam::Standard }
    }

    fn managed(act: AssetAct, result: NotifiedResult, serials: &[&str]) -> NotificationKind {
        let holder = |serial: &&str| Holder::Device { serial_number: SerialNumber::new(*serial).unwrap() };
        let assignment = |serial| Assignment { asset: asset(), holder: holder(serial) };
        let assignments = serials.iter().map(assignment).collect();
        NotificationKind::AssetManagement { act, event_id: EventId::new("e").unwrap(), result, assignments }
    }

    /// (the job, after how many seconds, the licenses of the event, the type that was passed over)
    fn table(kind: &NotificationKind) -> (Option<&'static str>, i64, Option<usize>, Option<String>) {
        let effect = effect_of(kind, &LocationId::new("7").unwrap(), NOW);
        let listed = |event: &NotifiedEvent| event.listed.iter().map(|one| one.devices.len()).sum();
        let after = effect.job.as_ref().map_or(0, |job| (job.at - NOW).num_seconds());
        let job = effect.job.as_ref().map(|job| job.kind.key().0);
        (job, after, effect.event.as_ref().map(listed), effect.passed_over)
    }

    #[test]
    fn each_notification_enqueues_the_job_that_reads_what_it_hints_at() {
        use {AssetAct as A, NotificationKind as K, NotifiedResult::Success};
        let failed = || NotifiedResult::Failure { failure: None };
        let event_id = || EventId::new("e").unwrap();
        let seats = SubscriptionSeats::default();
        let passed_over = |name: &str| (None, 0, None, Some(name.to_owned()));
        for (kind, expected) in [
            (managed(A::Associate, Success, &["A", "B"]), (Some("read_delta"), 1, Some(2), None)),
            (managed(A::Associate, Success, &[]), (Some("poll_events"), 0, Some(0), None)),
            (managed(A::Associate, failed(), &["A"]), (Some("poll_events"), 0, Some(0), None)),
            (managed(A::Disassociate, Success, &["A"]), (Some("poll_events"), 0, Some(1), None)),
            (managed(A::Disassociate, failed(), &["A"]), (Some("poll_events"), 0, Some(0), None)),
            (managed(A::Revoke, Success, &["A"]), (Some("poll_events"), 0, Some(1), None)),
            (K::AssetCount { asset: asset(), delta: -3 }, (Some("sync_assets"), 0, None, None)),
            (
                K::UserManagement {
                    act: UserAct::Retire,
                    event_id: event_id(),
                    result: Success,
                    users: Vec::new(),
                },
                (Some("refresh_users"), 0, None, None),
            ),
            (K::UserAssociated { users: Vec::new() }, (Some("refresh_users"), 0, None, None)),
            (K::Test, (None, 0, None, None)),
            (K::UnlimitedAsset, passed_over("UNLIMITED_ASSET")),
            (
                K::SubscriptionCount {
                    parent: None,
                    adam_id: AdamId::new(7),
                    available: seats,
                    total: seats,
                },
                passed_over("SUBSCRIPTION_COUNT"),
            ),
            (
                K::SubscriptionManagement {
                    act: A::Revoke,
                    event_id: event_id(),
                    result: Success,
                    assignments: Vec::new(),
                },
                passed_over("SUBSCRIPTION_MANAGEMENT"),
            ),
            (K::Unknown { name: "TEA".to_owned() }, passed_over("TEA")),
        ] {
            assert_eq!(table(&kind), expected, "{kind:?}");
        }
    }
}
