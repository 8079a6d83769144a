//! Codes are read back as what they stand for, and nothing else is read.

use std::collections::BTreeSet;

use mdm_vpp_core::id::{ClientUserId, SerialNumber};

use super::*;

fn wants() -> Vec<Desired> {
    let hold = |because| Desired::Assigned { because };
    let free = |because| Desired::Unassigned { because };
    let mut wants = vec![
        hold(AssignReason::Install),
        hold(AssignReason::Direct),
        hold(AssignReason::TokenDeleted),
        hold(AssignReason::Foreign),
        free(UnassignReason::Moved),
        free(UnassignReason::NotNeeded),
        free(UnassignReason::Revoked),
    ];
    for trigger in DepartureTrigger::ALL {
        wants.extend([hold(AssignReason::Kept { trigger }), free(UnassignReason::Departed { trigger })]);
    }
    wants
}

#[test]
fn every_wish_has_a_code_of_its_own() {
    let codes: BTreeSet<String> = wants().into_iter().map(desired_code).collect();
    assert_eq!(codes.len(), wants().len());
    for want in wants() {
        assert_eq!(desired_of(&desired_code(want)), Ok(want));
    }
}

#[test]
fn every_code_of_what_is_seen_is_read_back() {
    for seen in [Observed::Unknown, Observed::Unassigned, Observed::Reported, Observed::Assigned] {
        assert_eq!(observed_of(observed_code(seen)), Ok(seen));
    }
    let agendas: BTreeSet<&str> = NextAction::ALL.into_iter().map(next_action_code).collect();
    assert_eq!(agendas.len(), NextAction::ALL.len());
}

#[test]
fn a_code_of_a_later_version_is_refused() {
    for code in ["", "h", "hx", "hk", "hk:", "hk:later", "fd:later", "hi:", "x:selective_wipe"] {
        assert!(desired_of(code).is_err(), "{code}");
    }
    for code in ["", "P", "x", "pp"] {
        assert!(observed_of(code).is_err(), "{code}");
        assert!(holder_of(code).is_err(), "{code}");
    }
    for code in ["d", "d ", "u", "dä", "DC02"] {
        assert!(holder_of(code).is_err(), "{code}");
    }
}

#[test]
fn holders_stand_in_the_order_of_the_core() {
    let device = |id: &str| Holder::Device { serial_number: SerialNumber::new(id).unwrap() };
    let user = |id: &str| Holder::User { client_user_id: ClientUserId::new(id).unwrap() };
    let mut holders = vec![
        user("C02"),
        device("C02"),
        user("u"),
        user("ä"),
        user("d1"),
        device("u1"),
        device("c02"),
        user("🍏"),
        user("\u{fffd}"),
    ];
    holders.sort();
    let codes: Vec<String> = holders.iter().map(holder_code).collect();
    assert!(codes.is_sorted(), "{codes:?}");
    for (holder, code) in holders.into_iter().zip(codes) {
        assert_eq!(holder_of(&code), Ok(holder));
    }
}
