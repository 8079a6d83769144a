//! Direct wishes: a list that would take back too much asks first.

use std::collections::BTreeSet;

use mdm_vpp::{
    engine::WishError,
    policy::BlastRadius,
    seats::Holder,
    simulator,
    talk::{WishChange, WishRefusal},
};

use crate::house::{House, PUBLIC_ONE, ada, asset, device, id, serials, simulated};

#[tokio::test]
async fn n15_a_list_that_takes_back_too_much_is_refused_until_somebody_confirms_it() {
    let house = House::build().await;
    let (uid, token) = house.location("Berlin");
    house.buy(&uid, PUBLIC_ONE, 50);
    house.upload("Berlin", &token).await;
    house.work().await;
    let all: BTreeSet<Holder> = serials(40).iter().map(|serial| device(serial)).collect();
    let list = |holders: BTreeSet<Holder>, blast_radius| WishChange::List {
        asset: asset(PUBLIC_ONE),
        holders,
        blast_radius,
    };
    let asked = Some(BlastRadius::default());
    let (tenant, location) = (house.tenant(), id(&uid));
    let _ = tenant.wish(&location, &list(all.clone(), asked), &ada()).await.unwrap();
    house.settle().await;
    let held = || house.simulator.assignments(&uid).unwrap().len();
    assert_eq!(held(), 40);

    let (before, seats) = (house.stored().await, house.seats(&uid).await);
    let few: BTreeSet<Holder> = all.iter().take(5).cloned().collect();
    let refused = tenant.wish(&location, &list(few.clone(), asked), &ada()).await.unwrap_err();
    assert_eq!(refused.code(), "too_many_releases");
    let WishError::Refused(WishRefusal::TooManyReleases(told)) = &refused else { panic!("{refused}") };
    assert_eq!((told.releases, told.held), (35, 40));
    assert!(refused.to_string().contains("35 of 40 licenses"), "{refused}");
    assert_eq!((house.stored().await, house.seats(&uid).await), (before, seats));
    house.settle().await;
    assert_eq!(held(), 40);

    let report = tenant.wish(&location, &list(few, None), &ada()).await.unwrap();
    assert_eq!(report.counts(), [("keeps", 5), ("loses", 35)].into());
    house.settle().await;
    let kept: Vec<_> = serials(5).iter().map(|serial| simulator::Holder::device(serial)).collect();
    let kept: Vec<_> =
        kept.into_iter().map(|holder| simulator::Assignment::new(simulated(PUBLIC_ONE), holder)).collect();
    assert_eq!(house.simulator.assignments(&uid).unwrap(), kept);
}
