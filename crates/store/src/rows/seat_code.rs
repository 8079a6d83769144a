//! Seats in narrow columns: stable codes for what nearly all seats have, a document for what few have.
//!
//! A code never changes its meaning. A column that holds none of them was written by a later version.

use mdm_vpp_core::seats::{
    AssignReason, DepartureTrigger, Desired, Fence, Holder, NextAction, Observed, Progress, Seat,
    UnassignReason,
};
use serde::{Deserialize, Serialize};

/// What is under way with a seat.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnderWay {
    progress: Progress,
    fence: Option<Fence>,
    tries: u32,
}

impl UnderWay {
    /// What is under way with a seat; `None` for nearly all seats.
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

/// A holder as a key whose order is the core's.
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

/// The desired state: what, why, and for a trigger its name in JSON.
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

/// What is known of Apple's side.
pub(crate) const fn observed_code(observed: Observed) -> &'static str {
    match observed {
        Observed::Unknown => "u",
        Observed::Unassigned => "n",
        Observed::Reported => "r",
        Observed::Assigned => "a",
    }
}

/// What is known, behind a code.
pub(crate) fn observed_of(code: &str) -> Result<Observed, &'static str> {
    match code {
        "u" => Ok(Observed::Unknown),
        "n" => Ok(Observed::Unassigned),
        "r" => Ok(Observed::Reported),
        "a" => Ok(Observed::Assigned),
        _ => Err("is nothing that this version knows of Apple's side"),
    }
}

/// What is next. It is only searched by, so no code is ever read back.
pub(crate) const fn next_action_code(action: NextAction) -> &'static str {
    match action {
        NextAction::Send => "q",
        NextAction::AwaitAnswer => "r",
        NextAction::AwaitFence => "f",
        NextAction::ReadBack => "l",
        NextAction::ReadDelta => "c",
        NextAction::AwaitUser => "m",
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
#[path = "seat_code_tests.rs"]
mod tests;
