//! Departures: every trigger for every kind of license, under several policies.

use mdm_vpp::{
    policy::{Departing, Departure, HeldLicense, ReclaimRules, depart},
    seats::DepartureTrigger,
    token::AppPolicies,
};

/// What one decision is about.
pub(crate) struct Input {
    trigger: DepartureTrigger,
    departing: Departing,
    policies: AppPolicies,
    rules: ReclaimRules,
}

pub(crate) fn all() -> Vec<Input> {
    let mut inputs = Vec::new();
    for bits in 0u32..64 {
        let on = |bit: u32| bits >> bit & 1 == 1;
        let mut policies = AppPolicies::default();
        policies.remove_app_on.mdm_control_removal = on(0);
        policies.remove_app_on.deletion_or_stop_of_distribution = on(1);
        policies.revoke_license_on_deletion_or_stop_of_distribution = on(2);
        let rules = ReclaimRules { on_user_removed_app: on(3), ..ReclaimRules::default() };
        for trigger in DepartureTrigger::ALL {
            for license in [HeldLicense::Device, HeldLicense::User, HeldLicense::Unlicensed] {
                let departing = Departing { license, revocable: on(4), given_otherwise: on(5) };
                inputs.push(Input { trigger, departing, policies, rules });
            }
        }
    }
    inputs
}

pub(crate) fn decide(input: &Input) -> Departure {
    depart(input.trigger, input.departing, &input.policies, &input.rules)
}

pub(crate) fn read(input: &Input) -> (DepartureTrigger, Departing) {
    (input.trigger, input.departing)
}
