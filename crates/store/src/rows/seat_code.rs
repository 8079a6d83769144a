//! Seats in narrow columns: stable codes for what nearly all seats have, and a document for what few have.
//!
//! A code never changes its meaning. A later version wrote a column that holds none of these codes.

use mdm_vpp_core::seats::{
    AssignReason, DepartureTrigger, Desired, Fence, Holder, NextAction, Observed, Progress, Seat,
    UnassignReason,
};
use serde::{Deserialize, Serialize};

/// The progress of a seat, its fence and its tries.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnderWay {
    progress: Progress,
    fence: Option<Fence>,
    tries: u32,
}

impl UnderWay {
    /// Those of a seat; `None` for nearly all seats, so that their rows stay narrow.
    pub(crate) fn of(seat: &Seat) -> Option<Self> {
        let settled = seat.progress == Progress::Idle && seat.fence.is_none() && seat.tries == 0;
        (!settled).then(|| Self { progress: seat.progress.clone(), fence: seat.fence, tries: seat.tries })
    }

    /// Progress, fence and tries of a seat.
    pub(crate) fn parts(under_way: Option<Self>) -> (Progress, Option<Fence>, u32) {
        under_way.map_or((Progress::Idle, None, 0), |under_way| {
            (under_way.progress, under_way.fence, under_way.tries)
        })
    }
}

/// A holder as a key. Keys are ordered by their bytes, which is the order of holders in the core.
pub(crate) fn holder_code(holder: &Holder) -> String {
    match holder {
        Holder::Device { serial_number } => format!("d{serial_number}"),
        Holder::User { client_user_id } => format!("u{client_user_id}"),
    }
}

/// The holder behind a key.
pub(crate) fn holder_of(code: &str) -> Result<Holder, String> {
    let refused = |error: mdm_vpp_core::id::TextIdError| error.to_string();
    if let Some(id) = code.strip_prefix('d') {
        return Ok(Holder::Device { serial_number: id.to_owned().try_into().map_err(refused)? });
    }
    if let Some(id) = code.strip_prefix('u') {
        return Ok(Holder::User { client_user_id: id.to_owned().try_into().map_err(refused)? });
    }
    Err("is no holder that this version knows".to_owned())
}

/// The desired state as a code: the state, its reason, and for a trigger its name in JSON.
pub(crate) fn desired_code(desired: Desired) -> String {
    match desired {
        Desired::Assigned { because } => match because {
            AssignReason::Install => "ai".to_owned(),
            AssignReason::Direct => "ad".to_owned(),
            AssignReason::TokenDeleted => "at".to_owned(),
            AssignReason::Foreign => "af".to_owned(),
            AssignReason::Kept { trigger } => format!("ak:{}", trigger_name(trigger)),
        },
        Desired::Unassigned { because } => match because {
            UnassignReason::Moved => "um".to_owned(),
            UnassignReason::NotNeeded => "un".to_owned(),
            UnassignReason::Revoked => "ur".to_owned(),
            UnassignReason::Departed { trigger } => format!("ud:{}", trigger_name(trigger)),
        },
    }
}

/// The desired state behind a code.
pub(crate) fn desired_of(code: &str) -> Result<Desired, &'static str> {
    let assigned = |because| Ok(Desired::Assigned { because });
    let unassigned = |because| Ok(Desired::Unassigned { because });
    match code.split_once(':') {
        Some(("ak", name)) => assigned(AssignReason::Kept { trigger: trigger_of(name)? }),
        Some(("ud", name)) => unassigned(UnassignReason::Departed { trigger: trigger_of(name)? }),
        Some(_) => Err("is no desired state that this version knows"),
        None => match code {
            "ai" => assigned(AssignReason::Install),
            "ad" => assigned(AssignReason::Direct),
            "at" => assigned(AssignReason::TokenDeleted),
            "af" => assigned(AssignReason::Foreign),
            "um" => unassigned(UnassignReason::Moved),
            "un" => unassigned(UnassignReason::NotNeeded),
            "ur" => unassigned(UnassignReason::Revoked),
            _ => Err("is no desired state that this version knows"),
        },
    }
}

/// The observed state as a code.
pub(crate) const fn observed_code(observed: Observed) -> &'static str {
    match observed {
        Observed::Unknown => "u",
        Observed::Unassigned => "n",
        Observed::Reported => "r",
        Observed::Assigned => "a",
    }
}

/// The observed state behind a code.
pub(crate) fn observed_of(code: &str) -> Result<Observed, &'static str> {
    match code {
        "u" => Ok(Observed::Unknown),
        "n" => Ok(Observed::Unassigned),
        "r" => Ok(Observed::Reported),
        "a" => Ok(Observed::Assigned),
        _ => Err("is no observed state that this version knows"),
    }
}

/// The next action as a code. SQL only searches by it, so no code is ever read back.
pub(crate) const fn next_action_code(action: NextAction) -> &'static str {
    match action {
        NextAction::Send => "s",
        NextAction::AwaitAnswer => "a",
        NextAction::AwaitFence => "f",
        NextAction::ReadBack => "b",
        NextAction::ReadDelta => "d",
        NextAction::AwaitUser => "u",
        NextAction::GivenUp => "g",
    }
}

/// The name of a trigger in JSON, which is stable.
fn trigger_name(trigger: DepartureTrigger) -> String {
    let tagged = serde_json::to_value(trigger).unwrap_or_default();
    tagged.get("kind").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}

fn trigger_of(name: &str) -> Result<DepartureTrigger, &'static str> {
    serde_json::from_value(serde_json::json!({ "kind": name }))
        .map_err(|_| "has a trigger that this version does not know")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use mdm_vpp_core::id::{ClientUserId, SerialNumber};

    use super::*;

    fn desired_states() -> Vec<Desired> {
        let assigned = |because| Desired::Assigned { because };
        let unassigned = |because| Desired::Unassigned { because };
        let mut states = vec![
            assigned(AssignReason::Install),
            assigned(AssignReason::Direct),
            assigned(AssignReason::TokenDeleted),
            assigned(AssignReason::Foreign),
            unassigned(UnassignReason::Moved),
            unassigned(UnassignReason::NotNeeded),
            unassigned(UnassignReason::Revoked),
        ];
        for trigger in DepartureTrigger::ALL {
            states.extend([
                assigned(AssignReason::Kept { trigger }),
                unassigned(UnassignReason::Departed { trigger }),
            ]);
        }
        states
    }

    #[test]
    fn every_desired_state_has_a_code_of_its_own() {
        let codes: BTreeSet<String> = desired_states().into_iter().map(desired_code).collect();
        assert_eq!(codes.len(), desired_states().len());
        for desired in desired_states() {
            assert_eq!(desired_of(&desired_code(desired)), Ok(desired));
        }
    }

    #[test]
    fn every_code_of_an_observed_state_is_read_back() {
        for observed in [Observed::Unknown, Observed::Unassigned, Observed::Reported, Observed::Assigned] {
            assert_eq!(observed_of(observed_code(observed)), Ok(observed));
        }
        let actions: BTreeSet<&str> = NextAction::ALL.into_iter().map(next_action_code).collect();
        assert_eq!(actions.len(), NextAction::ALL.len());
    }

    #[test]
    fn a_code_of_a_later_version_is_refused() {
        for code in ["", "a", "ax", "ak", "ak:", "ak:later", "ud:later", "ai:", "x:selective_wipe"] {
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
}
