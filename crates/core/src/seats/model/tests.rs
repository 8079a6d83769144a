//! The exploration as tests.

use super::{calm::longest_way_to_agreement, explore::explore, judge::Broken};

#[test]
fn one_seat_is_never_wrong_and_in_the_end_as_desired_in_any_order_of_faults() {
    let explored = explore(true, &[]);
    let violations: Vec<_> =
        explored.broken.iter().map(|(promise, place)| (promise, explored.trace(*place))).collect();
    assert!(violations.is_empty(), "{violations:#?}");
    let longest = longest_way_to_agreement(&explored);
    println!(
        "{} states visited; once faults stop, at most {longest} steps to agreement",
        explored.states.len()
    );
    assert!(explored.states.len() > 10_000, "the exploration has become too small to say anything");
    assert!(longest <= 60, "{longest} steps");
}

#[test]
fn without_the_fence_the_exploration_finds_each_of_the_mistakes_that_it_prevents() {
    let promises =
        [Broken::BothDirections, Broken::UnusableLicense, Broken::FalseBelief, Broken::LostLicense];
    let explored = explore(false, &promises);
    for promise in promises {
        let trace = explored.trace(explored.broken[&promise]);
        println!("{promise:?} after {} steps: {trace:?}", trace.len());
    }
    assert_eq!(explored.trace(explored.broken[&Broken::BothDirections]).len(), 13, "the rules have changed");
}
