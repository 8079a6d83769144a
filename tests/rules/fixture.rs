//! The fixture of the rule tests: people, devices, tokens, pools and seats.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp::{
    catalog::{
        AppKind, Approval, AssetKey, Counts, InstalledVersion, NewestVersion, Platform, PricingParam,
        UpdateFacts, UserSwitch, VersionId,
    },
    chrono::{DateTime, Utc},
    id::{AdamId, ClientUserId, DeviceId, GroupId, LocationId, SerialNumber, UserId},
    plan::{AllotPool, Holding, PlannedRecipient},
    policy::{
        Candidate, Choice, ChoiceApp, ChoiceAppKind, Distribution, Enrollment, LicenseKind, LicenseType,
        Owner, Owners, Recipient, RecipientDevice, RecipientUser, ReclaimRules, Target, TargetOf, choose,
    },
    seats::{Holder, SeatKey},
    token::{OutOfLicenseRule, TokenName, TokenScope},
};

/// The app of the plans.
pub(crate) const APP: AdamId = AdamId::new(361_309_726);

pub(crate) fn group(name: &str) -> GroupId {
    GroupId::new(name).unwrap()
}

pub(crate) fn groups(names: &[&str]) -> BTreeSet<GroupId> {
    names.iter().map(|name| group(name)).collect()
}

/// A token whose location owns the app. Its name is also the id of its location.
#[derive(Clone)]
pub(crate) struct Owning {
    location: LocationId,
    name: TokenName,
    scope: TokenScope,
    platforms: BTreeSet<Platform>,
}

pub(crate) fn owning(name: &str, restricted_to: &[&str], priority: u32) -> Owning {
    Owning {
        location: LocationId::new(name).unwrap(),
        name: TokenName::new(name).unwrap(),
        scope: TokenScope { groups: groups(restricted_to), priority, ..TokenScope::default() },
        platforms: BTreeSet::new(),
    }
}

pub(crate) fn ranked(tokens: &[Owning]) -> Owners<'_> {
    Owners::ranked(tokens.iter().map(|token| Owner {
        location: &token.location,
        name: &token.name,
        scope: &token.scope,
        pricing_param: &PricingParam::Standard,
        device_assignable: true,
        book: false,
        platforms: &token.platforms,
    }))
}

/// A user with one managed iPhone, in these groups.
pub(crate) fn person(name: &str, of: &[&str]) -> Recipient {
    Recipient {
        device: Some(RecipientDevice {
            id: DeviceId::new(format!("device of {name}")).unwrap(),
            serial_number: SerialNumber::new(format!("SN-{name}")).unwrap(),
            enrollment: Enrollment::Device,
            platform: Some(Platform::Ios),
        }),
        user: Some(RecipientUser {
            id: UserId::new(name).unwrap(),
            client_user_id: ClientUserId::new(format!("guid-{name}")).unwrap(),
        }),
        groups: groups(of),
    }
}

pub(crate) fn to_everyone(license: LicenseType) -> Distribution {
    Distribution { targets: vec![Target { to: TargetOf::Everyone, license }] }
}

pub(crate) fn to_group(name: &str, license: LicenseType) -> Distribution {
    Distribution { targets: vec![Target { to: TargetOf::Group { group: group(name) }, license }] }
}

/// A pool of `total` licenses, none of them assigned.
pub(crate) fn pool(total: u64) -> AllotPool {
    AllotPool {
        counts: Counts::Limited { total, assigned: 0, available: total, retired: 0 },
        occupied: 0,
        uncounted: 0,
        writable: true,
        when_out_of_licenses: OutOfLicenseRule::WaitInOrder,
        reservations: BTreeMap::new(),
    }
}

pub(crate) fn public(distribution: &Distribution) -> ChoiceApp<'_> {
    ChoiceApp { kind: ChoiceAppKind::Public, approval: Approval::NotNeeded, distribution }
}

/// The name of the token that would give a person the app; otherwise the choice as text.
pub(crate) fn served(tokens: &[Owning], person: &Recipient) -> String {
    let distribution = to_everyone(LicenseType::Automatic);
    match choose(&public(&distribution), &ranked(tokens), person, None) {
        Choice::Licensed { candidates } => candidates[0].location.to_string(),
        other => format!("{other:?}"),
    }
}

pub(crate) fn candidate(location: &str) -> Candidate {
    Candidate {
        location: LocationId::new(location).unwrap(),
        pricing_param: PricingParam::Standard,
        license: LicenseKind::Device,
    }
}

pub(crate) fn seat(location: &str, holder: Holder) -> SeatKey {
    let asset = AssetKey { adam_id: APP, pricing_param: PricingParam::Standard };
    SeatKey { location: LocationId::new(location).unwrap(), asset, holder }
}

pub(crate) fn seat_of_device(location: &str, person: &Recipient) -> SeatKey {
    seat(location, Holder::Device { serial_number: person.device.as_ref().unwrap().serial_number.clone() })
}

pub(crate) fn seat_of_user(location: &str, person: &Recipient) -> SeatKey {
    seat(location, Holder::User { client_user_id: person.user.as_ref().unwrap().client_user_id.clone() })
}

/// A recipient of a plan that may hold a seat and does not wait yet.
pub(crate) fn planned<'a, Id>(
    id: Id,
    recipient: &'a Recipient,
    seat: Option<&'a SeatKey>,
    reclaim: &'a ReclaimRules,
) -> PlannedRecipient<'a, Id> {
    let holds =
        seat.map(|seat| Holding { seat, moving_to: None, kept_after: None, revocable: true, reclaim });
    PlannedRecipient { id, recipient, holds, waiting_since: None }
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The facts about version 2 of an app for a device that has version 1 and may be updated.
pub(crate) fn version_two(app_kind: AppKind, published_at: DateTime<Utc>) -> UpdateFacts {
    UpdateFacts {
        app_kind,
        update_automatically: true,
        user_switch: UserSwitch::On,
        installed: InstalledVersion::Installed { version: VersionId::new(1) },
        newest: Some(NewestVersion { version: VersionId::new(2), published_at, minimum_os: None }),
        device_os: Some("26.0".into()),
    }
}
