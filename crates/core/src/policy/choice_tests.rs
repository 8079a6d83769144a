//! Every cell of the choice, and the properties of all choices.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::{
    catalog::{Platform, PricingParam},
    id::{ClientUserId, DeviceId, GroupId, LocationId, SerialNumber, UserId},
    policy::{LicenseType, RecipientDevice, RecipientUser, Target, TargetOf},
    testing::location_id,
    token::{TokenName, TokenScope},
};

fn group(name: &str) -> GroupId {
    GroupId::new(name).unwrap()
}

fn device(enrollment: Enrollment) -> RecipientDevice {
    RecipientDevice {
        id: DeviceId::new("d1").unwrap(),
        serial_number: SerialNumber::new("C02AAAAAAA01").unwrap(),
        enrollment,
        platform: Some(Platform::Ios),
    }
}

fn user() -> RecipientUser {
    RecipientUser { id: UserId::new("u1").unwrap(), client_user_id: ClientUserId::new("9d1e").unwrap() }
}

fn recipient(enrollment: Enrollment, with_user: bool, groups: &[&str]) -> Recipient {
    Recipient {
        device: Some(device(enrollment)),
        user: with_user.then(user),
        groups: groups.iter().map(|name| group(name)).collect(),
    }
}

fn everyone(types: &[LicenseType]) -> Distribution {
    let target = |license: &LicenseType| Target { to: TargetOf::Everyone, license: *license };
    Distribution { targets: types.iter().map(target).collect() }
}

fn app(distribution: &Distribution) -> ChoiceApp<'_> {
    ChoiceApp { kind: ChoiceAppKind::Public, approval: Approval::NotNeeded, distribution }
}

/// A token as a test writes it: name, groups, priority, and what its asset allows.
#[derive(Debug, Clone)]
struct Stock {
    location: LocationId,
    name: TokenName,
    scope: TokenScope,
    device_assignable: bool,
    book: bool,
    platforms: BTreeSet<Platform>,
}

fn stock(name: &str, groups: &[&str], priority: u32) -> Stock {
    Stock {
        location: location_id(name),
        name: TokenName::new(name).unwrap(),
        scope: TokenScope {
            groups: groups.iter().map(|name| group(name)).collect(),
            priority,
            ..TokenScope::default()
        },
        device_assignable: true,
        book: false,
        platforms: BTreeSet::from([Platform::Ios]),
    }
}

fn owners(stocks: &[Stock]) -> Owners<'_> {
    Owners::ranked(stocks.iter().map(|stock| Owner {
        location: &stock.location,
        pricing_param: &PricingParam::Standard,
        name: &stock.name,
        scope: &stock.scope,
        device_assignable: stock.device_assignable,
        book: stock.book,
        platforms: &stock.platforms,
    }))
}

fn candidate(location: &str, license: LicenseKind) -> Candidate {
    Candidate { location: location_id(location), pricing_param: PricingParam::Standard, license }
}

fn names(choice: &Choice) -> Vec<&str> {
    match choice {
        Choice::Licensed { candidates } => {
            candidates.iter().map(|candidate| candidate.location.as_str()).collect()
        }
        _ => vec![],
    }
}

const DEVICE: Result<LicenseKind, NotRelevant> = Ok(LicenseKind::Device);
const USER: Result<LicenseKind, NotRelevant> = Ok(LicenseKind::User);
const OPTED_OUT: Result<LicenseKind, NotRelevant> = Err(NotRelevant::NotDeviceAssignable);
const BOOK: Result<LicenseKind, NotRelevant> = Err(NotRelevant::BookOnDevice);
const ENROLLED: Result<LicenseKind, NotRelevant> = Err(NotRelevant::DeviceLicenseOnUserEnrolledDevice);
const NO_USER: Result<LicenseKind, NotRelevant> = Err(NotRelevant::UserLicenseWithoutUser);
const SHARED: Result<LicenseKind, NotRelevant> = Err(NotRelevant::UserLicenseOnSharedDevice);

type Row = (Enrollment, bool, LicenseType, [Result<LicenseKind, NotRelevant>; 3]);

/// Enrollment, whether there is a user, and the license type of the target; then the result for an ordinary app, for
/// one whose developer opted out of device licenses, and for a book.
#[rustfmt::skip]
const KINDS: [Row; 18] = [
    (Enrollment::Device,       true,  LicenseType::Automatic, [DEVICE, USER, USER]),
    (Enrollment::Device,       true,  LicenseType::Device,    [DEVICE, OPTED_OUT, BOOK]),
    (Enrollment::Device,       true,  LicenseType::User,      [USER, USER, USER]),
    (Enrollment::Device,       false, LicenseType::Automatic, [DEVICE, OPTED_OUT, BOOK]),
    (Enrollment::Device,       false, LicenseType::Device,    [DEVICE, OPTED_OUT, BOOK]),
    (Enrollment::Device,       false, LicenseType::User,      [NO_USER, NO_USER, NO_USER]),
    (Enrollment::User,         true,  LicenseType::Automatic, [USER, USER, USER]),
    (Enrollment::User,         true,  LicenseType::Device,    [ENROLLED, ENROLLED, BOOK]),
    (Enrollment::User,         true,  LicenseType::User,      [USER, USER, USER]),
    (Enrollment::User,         false, LicenseType::Automatic, [ENROLLED, ENROLLED, BOOK]),
    (Enrollment::User,         false, LicenseType::Device,    [ENROLLED, ENROLLED, BOOK]),
    (Enrollment::User,         false, LicenseType::User,      [NO_USER, NO_USER, NO_USER]),
    (Enrollment::SharedDevice, true,  LicenseType::Automatic, [DEVICE, OPTED_OUT, BOOK]),
    (Enrollment::SharedDevice, true,  LicenseType::Device,    [DEVICE, OPTED_OUT, BOOK]),
    (Enrollment::SharedDevice, true,  LicenseType::User,      [SHARED, SHARED, SHARED]),
    (Enrollment::SharedDevice, false, LicenseType::Automatic, [DEVICE, OPTED_OUT, BOOK]),
    (Enrollment::SharedDevice, false, LicenseType::Device,    [DEVICE, OPTED_OUT, BOOK]),
    (Enrollment::SharedDevice, false, LicenseType::User,      [NO_USER, NO_USER, NO_USER]),
];

#[test]
fn the_kind_of_license_follows_from_enrollment_user_target_and_asset() {
    for (enrollment, with_user, asked, expected) in KINDS {
        let distribution = everyone(&[asked]);
        let (mut opted_out, mut book) = (stock("1", &[], 0), stock("1", &[], 0));
        opted_out.device_assignable = false;
        (book.device_assignable, book.book) = (false, true);
        for (asset, expected) in [stock("1", &[], 0), opted_out, book].into_iter().zip(expected) {
            let recipient = recipient(enrollment, with_user, &[]);
            let choice = choose(&app(&distribution), &owners(std::slice::from_ref(&asset)), &recipient, None);
            let expected = match expected {
                Ok(license) => Choice::Licensed { candidates: vec![candidate("1", license)] },
                Err(why) => Choice::NotRelevant { why },
            };
            assert_eq!(choice, expected, "{enrollment:?} {with_user} {asked:?} {asset:?}");
        }
    }
}

#[test]
fn device_wins_when_targets_mix() {
    for types in [
        [LicenseType::User, LicenseType::Device],
        [LicenseType::Device, LicenseType::User],
        [LicenseType::User, LicenseType::Automatic],
    ] {
        let distribution = everyone(&types);
        let stocks = [stock("1", &[], 0)];
        let choose_for = |enrollment| {
            choose(&app(&distribution), &owners(&stocks), &recipient(enrollment, true, &[]), None)
        };
        let licensed = |license| Choice::Licensed { candidates: vec![candidate("1", license)] };
        assert_eq!(choose_for(Enrollment::Device), licensed(LicenseKind::Device), "{types:?}");
        assert_eq!(choose_for(Enrollment::User), licensed(LicenseKind::User), "device drops out: {types:?}");
    }
}

#[test]
fn an_install_without_a_license_is_possible_for_public_apps_on_managed_devices_alone() {
    use ChoiceAppKind as K;
    use NotRelevant as N;
    for (kind, obstacle) in [
        (K::Public, None),
        (K::Custom, Some(N::UnlicensedCustomApp)),
        (K::MacOs, Some(N::UnlicensedMacOsApp)),
        (K::Book, Some(N::UnlicensedBook)),
        (K::GoneFromStore, Some(N::UnlicensedGoneFromStore)),
    ] {
        for (enrollment, other) in [
            (Enrollment::Device, None),
            (Enrollment::User, Some(N::UnlicensedOnUserEnrolledDevice)),
            (Enrollment::SharedDevice, Some(N::UnlicensedOnSharedDevice)),
        ] {
            let expected = match obstacle.or(other) {
                Some(why) => Choice::NotRelevant { why },
                None => Choice::Unlicensed,
            };
            let distribution = everyone(&[LicenseType::Automatic]);
            let stocks = [stock("1", &["others"], 0)];
            let app = ChoiceApp { kind, ..app(&distribution) };
            let choice = choose(&app, &owners(&stocks), &recipient(enrollment, true, &["mine"]), None);
            assert_eq!(choice, expected, "{kind:?} {enrollment:?}");
        }
    }
}

#[test]
fn rank_is_restricted_first_then_priority_then_name() {
    let distribution = everyone(&[LicenseType::Automatic]);
    let stocks = [
        stock("open-2", &[], 2),
        stock("open-1", &[], 1),
        stock("mine-b", &["mine"], 7),
        stock("mine-a", &["mine"], 7),
        stock("mine-0", &["mine"], 0),
        stock("theirs", &["theirs"], 0),
    ];
    let choice =
        choose(&app(&distribution), &owners(&stocks), &recipient(Enrollment::Device, true, &["mine"]), None);
    assert_eq!(names(&choice), ["mine-0", "mine-a", "mine-b", "open-1", "open-2"]);
}

#[test]
fn what_is_held_stays_first_while_its_token_and_kind_stand() {
    let distribution = everyone(&[LicenseType::Automatic]);
    let stocks = [stock("first", &[], 0), stock("held", &[], 9), stock("theirs", &["theirs"], 0)];
    let recipient = recipient(Enrollment::Device, true, &[]);
    let with = |location: &str, license| {
        let live = candidate(location, license);
        choose(&app(&distribution), &owners(&stocks), &recipient, Some(&live))
    };
    assert_eq!(names(&with("held", LicenseKind::Device)), ["held", "first"]);
    assert_eq!(names(&with("held", LicenseKind::User)), ["held", "first"], "its kind is still possible");
    let distribution = everyone(&[LicenseType::Device]);
    let live = candidate("held", LicenseKind::User);
    let choice = choose(&app(&distribution), &owners(&stocks), &recipient, Some(&live));
    assert_eq!(names(&choice), ["first", "held"], "another kind is wanted now");
    assert_eq!(names(&with("theirs", LicenseKind::Device)), ["first", "held"], "its scope was left");
}

#[test]
fn facts_that_are_missing_or_contradict_each_other_have_a_name() {
    let distribution = everyone(&[LicenseType::Automatic]);
    let stocks = [stock("1", &[], 0)];
    let decide = |recipient: &Recipient, stocks: &[Stock]| {
        choose(&app(&distribution), &owners(stocks), recipient, None)
    };
    let mut unknown = recipient(Enrollment::Device, true, &[]);
    unknown.device.as_mut().unwrap().platform = None;
    assert_eq!(decide(&unknown, &stocks), Choice::NotRelevant { why: NotRelevant::UnknownPlatform });
    let mut tv = recipient(Enrollment::Device, true, &[]);
    tv.device.as_mut().unwrap().platform = Some(Platform::TvOs);
    assert_eq!(decide(&tv, &stocks), Choice::NotRelevant { why: NotRelevant::OtherPlatform });
    let neither = Recipient { device: None, user: None, groups: BTreeSet::new() };
    assert_eq!(decide(&neither, &stocks), Choice::NotRelevant { why: NotRelevant::NoDevice });
    let some = recipient(Enrollment::Device, true, &[]);
    assert_eq!(decide(&some, &[]), Choice::NotRelevant { why: NotRelevant::NotOwned });

    use crate::policy::RecipientError;
    let known = BTreeSet::from([group("a")]);
    assert_eq!(neither.check(&known), Err(RecipientError::NeitherDeviceNorUser));
    let ghost = recipient(Enrollment::Device, true, &["a", "ghost"]);
    assert_eq!(ghost.check(&known), Err(RecipientError::UnknownGroup { group: group("ghost") }));
    assert_eq!(recipient(Enrollment::Device, true, &["a"]).check(&known), Ok(()));
}

fn any_stock() -> impl Strategy<Value = Stock> {
    let groups = prop::collection::vec(prop::sample::select(vec!["a", "b", "c"]), 0..3);
    ("[a-f]", groups, 0u32..3, any::<bool>(), any::<bool>()).prop_map(
        |(name, groups, priority, device_assignable, book)| Stock {
            device_assignable,
            book,
            ..stock(&name, &groups, priority)
        },
    )
}

fn any_recipient() -> impl Strategy<Value = Recipient> {
    let enrollment =
        prop::sample::select(vec![Enrollment::Device, Enrollment::User, Enrollment::SharedDevice]);
    let groups = prop::collection::vec(prop::sample::select(vec!["a", "b", "c"]), 0..3);
    (enrollment, any::<bool>(), any::<bool>(), groups).prop_map(|(enrollment, with_user, alone, groups)| {
        let mut recipient = recipient(enrollment, with_user, &groups);
        if alone {
            recipient.device = None;
        }
        recipient
    })
}

proptest! {
    #[test]
    fn a_trace_evaluates_to_the_choice_it_explains(
        stocks in prop::collection::vec(any_stock(), 0..6),
        recipient in any_recipient(),
        types in prop::collection::vec(
            prop::sample::select(vec![LicenseType::Automatic, LicenseType::Device, LicenseType::User]), 0..3),
        kind in prop::sample::select(vec![ChoiceAppKind::Public, ChoiceAppKind::Custom]),
        approval in prop::sample::select(vec![
            Approval::NotNeeded, Approval::Awaiting, Approval::Approved, Approval::Refused]),
        live in "[a-f]",
    ) {
        let distribution = everyone(&types);
        let app = ChoiceApp { kind, approval, distribution: &distribution };
        let live = candidate(&live, LicenseKind::Device);
        let (choice, trace) = explain(&app, &owners(&stocks), &recipient, Some(&live));
        prop_assert_eq!(&choice, &choose(&app, &owners(&stocks), &recipient, Some(&live)));
        prop_assert_eq!(trace.choice(), choice);
    }

    #[test]
    fn the_order_in_which_tokens_are_read_changes_nothing(
        stocks in prop::collection::vec(any_stock(), 0..6),
        recipient in any_recipient(),
        turn in 0usize..6,
    ) {
        let distribution = everyone(&[LicenseType::Automatic]);
        // Names are unique in a tenant.
        let mut stocks = stocks;
        stocks.sort_by(|one, other| one.name.cmp(&other.name));
        stocks.dedup_by(|one, other| one.name == other.name);
        let mut turned = stocks.clone();
        turned.rotate_left(turn % stocks.len().max(1));
        prop_assert_eq!(
            choose(&app(&distribution), &owners(&stocks), &recipient, None),
            choose(&app(&distribution), &owners(&turned), &recipient, None)
        );
    }
}

#[path = "choice_truth_tests.rs"]
mod truth;
