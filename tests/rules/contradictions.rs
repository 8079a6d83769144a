//! Contradictory facts: each is refused or held with its name.

use std::collections::BTreeSet;

use mdm_vpp::{
    catalog::{
        AppKind, AssetKey, Counts, Platform, PricingParam, UpdateDecision, UpdateHold, UpdateRules,
        UpdateWindow, decide_update,
    },
    chrono::{FixedOffset, TimeDelta, Utc},
    id::{AdamId, SerialNumber},
    plan::{PackLimits, differences, pack_devices},
    policy::{Choice, LicenseType, NotRelevant, Recipient, RecipientError, choose},
    token::{Reservation, ScopeError, TokenScope},
};
use serde_json::json;

use crate::fixture::{at, group, groups, owning, person, public, ranked, to_everyone, version_two};

fn chosen(recipient: &Recipient) -> Choice {
    let tokens = [owning("Berlin", &[], 0)];
    choose(&public(&to_everyone(LicenseType::Automatic)), &ranked(&tokens), recipient, None)
}

#[test]
fn a_user_in_a_group_that_does_not_exist_is_refused_with_the_groups_name() {
    let exist = groups(&["office", "field"]);
    let ghost = person("ada", &["field", "ghosts"]);
    let refused = ghost.check(&exist).unwrap_err();
    assert_eq!(refused, RecipientError::UnknownGroup { group: group("ghosts") });
    assert!(refused.to_string().contains("`ghosts`"), "{refused}");
    assert_eq!(person("ada", &["field"]).check(&exist), Ok(()));
}

#[test]
fn a_recipient_without_device_and_user_is_refused() {
    let neither = Recipient { device: None, user: None, groups: BTreeSet::new() };
    assert_eq!(neither.check(&BTreeSet::new()), Err(RecipientError::NeitherDeviceNorUser));
}

#[test]
fn a_device_of_unknown_platform_gets_nothing_until_it_is_known() {
    let mut ada = person("ada", &[]);
    ada.device.as_mut().unwrap().platform = None;
    assert_eq!(chosen(&ada), Choice::NotRelevant { why: NotRelevant::UnknownPlatform });
    ada.device.as_mut().unwrap().platform = Some(Platform::Ios);
    assert!(matches!(chosen(&ada), Choice::Licensed { .. }));
}

#[test]
fn a_negative_count_is_refused_by_apples_name_of_it() {
    for (numbers, member) in [
        ([-1, 0, 0, 0], "totalCount"),
        ([5, -1, 0, 0], "assignedCount"),
        ([5, 0, -3, 0], "availableCount"),
        ([5, 0, 0, i64::MIN], "retiredCount"),
    ] {
        let [total, assigned, available, retired] = numbers;
        let refused = Counts::from_reported(total, assigned, available, retired).unwrap_err();
        assert_eq!(refused.member, member);
    }
    let stored = json!({"kind": "limited", "total": 5, "assigned": 0, "available": -3, "retired": 0});
    assert!(serde_json::from_value::<Counts>(stored).is_err(), "nor is it read from a store");
}

#[test]
fn a_pair_that_is_listed_twice_is_requested_once() {
    let app = AssetKey { adam_id: AdamId::new(7), pricing_param: PricingParam::Standard };
    let device = SerialNumber::new("C02A").unwrap();
    let requests = pack_devices([(&app, &device), (&app, &device)], &PackLimits::default());
    assert_eq!((requests.len(), requests[0].pairs()), (1, 1));
}

#[test]
fn a_seat_that_is_listed_twice_or_out_of_order_is_refused_with_its_position() {
    let refused = differences([1, 2, 2], [1]).find_map(Result::err).unwrap();
    assert_eq!((refused.list, refused.at), ("desired", 2));
}

#[test]
fn a_reservation_that_is_listed_twice_is_refused_by_its_name() {
    let of = Reservation { adam_id: AdamId::new(7), group: group("nurses"), licenses: 3 };
    let scope = TokenScope { reservations: vec![of.clone(), of], ..TokenScope::default() };
    let refused = scope.check().unwrap_err();
    assert!(matches!(refused, ScopeError::ReservedTwice { .. }));
    assert_eq!(refused.code(), "reserved_twice");
}

/// The decision about version 2, which needs operating system `minimum`, on a device with `device`.
fn held(device: &str, minimum: &str) -> UpdateDecision {
    let published_at = at("2027-01-05T10:00:00Z");
    let mut facts = version_two(AppKind::Custom, published_at);
    facts.device_os = Some(device.into());
    facts.newest.as_mut().unwrap().minimum_os = Some(minimum.into());
    decide_update(&UpdateRules::default(), &facts, None::<&Utc>, published_at + TimeDelta::days(2))
}

#[test]
fn an_operating_system_that_cannot_be_compared_holds_and_is_quoted() {
    let hold = |reason| UpdateDecision::Hold { reason, until: None };
    let device = "26.0 beta 3".to_owned();
    assert_eq!(held(&device, "17.0"), hold(UpdateHold::OsNotComparable { device }));
    let minimum = "the next one".to_owned();
    assert_eq!(held("26.0", &minimum), hold(UpdateHold::MinimumOsNotComparable { minimum }));
}

#[test]
fn a_time_zone_that_does_not_exist_holds_where_windows_need_one() {
    let window: UpdateWindow =
        serde_json::from_value(json!({"days": [{"kind": "monday"}], "from": "22:00", "to": "04:00"}))
            .unwrap();
    let rules = UpdateRules { windows: vec![window], ..UpdateRules::default() };
    let facts = version_two(AppKind::Custom, at("2027-01-05T10:00:00Z"));
    // The embedder looked up `Europe/Nowhere` and found no such zone.
    let no_zone = None::<&FixedOffset>;
    let decision = decide_update(&rules, &facts, no_zone, at("2027-01-12T12:00:00Z"));
    assert_eq!(decision, UpdateDecision::Hold { reason: UpdateHold::UnknownTimeZone, until: None });
}
