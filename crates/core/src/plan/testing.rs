//! The fixture for the tests of plans: a tenant in which one app is planned.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::*;
use crate::{
    catalog::{Approval, AssetKey, Counts, Platform, PricingParam},
    id::{AdamId, ClientUserId, DeviceId, GroupId, LocationId, SerialNumber, UserId},
    policy::{
        ChoiceApp, ChoiceAppKind, Distribution, Enrollment, LicenseType, Owner, Owners, Recipient,
        RecipientDevice, RecipientUser, ReclaimRules, Target, TargetOf,
    },
    seats::{DepartureTrigger, Holder, SeatKey},
    testing::{location_id, now},
    token::{AppPolicies, OutOfLicenseRule, TokenName, TokenScope},
};

pub(super) const APP: AdamId = AdamId::new(7);

/// A tenant with some tokens that own the app, and its devices. The outcomes of a plan are saved in it.
#[derive(Debug, Clone)]
pub(super) struct Fixture {
    pub(super) tokens: Vec<(LocationId, TokenName, TokenScope)>,
    pub(super) distribution: Distribution,
    pub(super) kind: ChoiceAppKind,
    pub(super) approval: Approval,
    pub(super) policies: AppPolicies,
    pub(super) reclaim: ReclaimRules,
    pub(super) revocable: bool,
    pub(super) paid: bool,
    pub(super) cause: PlanCause,
    pub(super) stock: AppStock,
    pub(super) devices: Vec<Device>,
    /// Unused seats that a policy keeps.
    pub(super) kept_seats: Vec<SeatKey>,
    /// Seats that devices outside the list use too.
    pub(super) used_elsewhere: BTreeMap<SeatKey, usize>,
    pub(super) waiting_since: BTreeMap<&'static str, DateTime<Utc>>,
}

#[derive(Debug, Clone)]
pub(super) struct Device {
    pub(super) name: &'static str,
    pub(super) recipient: Recipient,
    pub(super) seat: Option<SeatKey>,
    /// The seat to which it moves, until Apple has confirmed it.
    pub(super) to: Option<SeatKey>,
    /// The event after which a policy kept its seat.
    pub(super) kept: Option<DepartureTrigger>,
}

/// The ids of a plan's recipients with the names of their outcomes.
pub(super) fn names(plan: &AppPlan<&'static str>) -> Vec<(&'static str, &'static str)> {
    plan.report.lines.iter().map(|line| (line.id, line.outcome.name())).collect()
}

pub(super) fn group(name: &str) -> GroupId {
    GroupId::new(name).unwrap()
}

pub(super) fn to(target: TargetOf, license: LicenseType) -> Distribution {
    Distribution { targets: vec![Target { to: target, license }] }
}

pub(super) fn seat(location: &str, holder: Holder) -> SeatKey {
    let asset = AssetKey { adam_id: APP, pricing_param: PricingParam::Standard };
    SeatKey { location: location_id(location), asset, holder }
}

pub(super) fn of_device(location: &str, device: &str) -> SeatKey {
    seat(location, Holder::Device { serial_number: SerialNumber::new(format!("SN-{device}")).unwrap() })
}

pub(super) fn of_user(location: &str, user: &str) -> SeatKey {
    seat(location, Holder::User { client_user_id: ClientUserId::new(user).unwrap() })
}

impl Fixture {
    /// Token `a` with 9 licenses and device `d1` of Ada, which uses a seat.
    pub(super) fn with_device_on(seat: SeatKey) -> Self {
        Self::with_tokens(&[("a", &[], 9)]).with("d1", "ada", &[]).using(seat)
    }

    /// The same with the policy that a stopped distribution revokes licenses.
    pub(super) fn revoking(mut self) -> Self {
        self.policies.revoke_license_on_deletion_or_stop_of_distribution = true;
        self
    }

    /// The same after the distribution was stopped.
    pub(super) fn stopped(mut self) -> Self {
        self.distribution = Distribution::default();
        self
    }

    /// Tokens by name, with the groups that each is restricted to and the licenses that its location owns.
    pub(super) fn with_tokens(tokens: &[(&str, &[&str], u64)]) -> Self {
        let scope = |groups: &[&str]| TokenScope {
            groups: groups.iter().map(|name| group(name)).collect(),
            ..TokenScope::default()
        };
        let pool = |total| AllotPool {
            counts: Counts::Limited { total, assigned: 0, available: total, retired: 0 },
            occupied: 0,
            uncounted: 0,
            writable: true,
            when_out_of_licenses: OutOfLicenseRule::WaitInOrder,
            reservations: BTreeMap::new(),
        };
        let pools =
            tokens.iter().map(|(name, _, total)| ((location_id(name), PricingParam::Standard), pool(*total)));
        Self {
            tokens: tokens
                .iter()
                .map(|(name, groups, _)| (location_id(name), TokenName::new(*name).unwrap(), scope(groups)))
                .collect(),
            distribution: to(TargetOf::Everyone, LicenseType::Automatic),
            kind: ChoiceAppKind::Public,
            approval: Approval::NotNeeded,
            policies: AppPolicies::default(),
            reclaim: ReclaimRules::default(),
            revocable: true,
            paid: false,
            cause: PlanCause::ChangeApplied,
            stock: AppStock { pools: pools.collect(), ..AppStock::default() },
            devices: Vec::new(),
            kept_seats: Vec::new(),
            used_elsewhere: BTreeMap::new(),
            waiting_since: BTreeMap::new(),
        }
    }

    pub(super) fn with(mut self, name: &'static str, user: &str, groups: &[&str]) -> Self {
        let recipient = Recipient {
            device: Some(RecipientDevice {
                id: DeviceId::new(name).unwrap(),
                serial_number: SerialNumber::new(format!("SN-{name}")).unwrap(),
                enrollment: Enrollment::Device,
                platform: Some(Platform::Ios),
            }),
            user: Some(RecipientUser {
                id: UserId::new(user).unwrap(),
                client_user_id: ClientUserId::new(user).unwrap(),
            }),
            groups: groups.iter().map(|name| group(name)).collect(),
        };
        self.devices.push(Device { name, recipient, seat: None, to: None, kept: None });
        self
    }

    /// Lists the last device once more, under another id.
    pub(super) fn again_as(mut self, name: &'static str) -> Self {
        let mut device = self.devices.last().unwrap().clone();
        (device.name, device.seat) = (name, None);
        device.recipient.device.as_mut().unwrap().id = DeviceId::new(name).unwrap();
        self.devices.push(device);
        self
    }

    pub(super) fn pool(&mut self, location: &str) -> &mut AllotPool {
        self.stock.pools.get_mut(&(location_id(location), PricingParam::Standard)).unwrap()
    }

    /// Lets the last device use a seat.
    pub(super) fn using(mut self, seat: SeatKey) -> Self {
        self.devices.last_mut().unwrap().seat = Some(seat);
        self
    }

    /// Apple confirms what was assigned, so moves end.
    pub(super) fn confirm_moves(&mut self) {
        for device in &mut self.devices {
            device.seat = device.to.take().or(device.seat.take());
        }
    }

    /// The number of uses of each seat.
    pub(super) fn uses(&self) -> BTreeMap<SeatKey, usize> {
        let mut uses = BTreeMap::new();
        for seat in self.devices.iter().flat_map(|device| device.seat.iter().chain(&device.to)) {
            *uses.entry(seat.clone()).or_default() += 1;
        }
        uses
    }

    /// Plans the app and saves the outcomes.
    pub(super) fn plan(&mut self) -> AppPlan<&'static str> {
        self.stock.held = self.kept_seats.iter().map(|seat| (seat.clone(), 0)).chain(self.uses()).collect();
        for (seat, uses) in &self.used_elsewhere {
            *self.stock.held.entry(seat.clone()).or_default() += uses;
        }
        let platforms = BTreeSet::new();
        let owners = Owners::ranked(self.tokens.iter().map(|(location, name, scope)| Owner {
            location,
            name,
            scope,
            pricing_param: &PricingParam::Standard,
            device_assignable: true,
            book: false,
            platforms: &platforms,
        }));
        let app = PlannedApp {
            adam_id: APP,
            app: ChoiceApp { kind: self.kind, approval: self.approval, distribution: &self.distribution },
            policies: &self.policies,
            paid: self.paid,
            owners: &owners,
            cause: self.cause,
        };
        let (revocable, reclaim) = (self.revocable, &self.reclaim);
        let recipients: Vec<_> = self
            .devices
            .iter()
            .map(|device| PlannedRecipient {
                id: device.name,
                recipient: &device.recipient,
                holds: device.seat.as_ref().map(|seat| Holding {
                    seat,
                    moving_to: device.to.as_ref(),
                    kept_after: device.kept,
                    revocable,
                    reclaim,
                }),
                waiting_since: self.waiting_since.get(device.name).copied(),
            })
            .collect();
        let plan = plan_app(&app, &recipients, &mut self.stock, now()).unwrap();
        for line in &plan.report.lines {
            let device = self.devices.iter_mut().find(|device| device.name == line.id).unwrap();
            let kept = match &line.outcome {
                Outcome::Keeps { because: KeepsBecause::Policy { trigger, .. }, .. } => Some(*trigger),
                _ => None,
            };
            (device.seat, device.to) = match &line.outcome {
                Outcome::Moves { from, to } => (Some(from.clone()), Some(to.clone())),
                outcome => (outcome.gets().or(outcome.keeps()).cloned(), None),
            };
            device.kept = kept;
        }
        plan
    }

    /// Plans the app for the only device, and returns its outcome.
    pub(super) fn outcome(&mut self) -> Outcome {
        let plan = self.plan();
        assert_eq!(plan.report.lines.len(), 1);
        plan.report.lines[0].outcome.clone()
    }
}
