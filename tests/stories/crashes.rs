//! The host's process dies at the worst moments.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use mdm_vpp::{
    Vpp,
    engine::UploadToken,
    location::Revoke,
    ports::Store,
    simulator::{Endpoint, Fault, FaultRule, Holder},
    store::memory::MemoryStore,
};

use crate::{
    dying_store::DyingStore,
    house::{
        House, PUBLIC_ONE, ada, asset, builder, client, id, impatient, key_ring, serials, settings,
        simulated, work,
    },
};

/// The library of a process that uses another store than the house.
pub(crate) fn on(house: &House, store: Arc<dyn Store>) -> Vpp {
    let client = client(impatient(&house.server.base_url()), house.clock.clone());
    builder(store, &client, house.clock.clone()).app_catalog(house.catalog.clone()).build()
}

#[tokio::test]
async fn a_process_that_dies_at_any_call_of_the_store_loses_nothing_and_ends_active() {
    let mut deaths = 0;
    loop {
        let house = House::build().await;
        let (uid, token) = house.location_with_three_apps("Berlin");
        let store = DyingStore::after(house.store.clone(), deaths);
        let tenant = on(&house, store.clone()).tenant(house.tenant().id().clone());
        let upload = || UploadToken::new(settings("Berlin"), token.file.as_str());
        let uploaded = tenant.upload_token(upload(), &ada()).await;
        let survived = !store.is_dead();
        let stored = !house.tenant().tokens().await.unwrap().is_empty();
        assert_eq!(uploaded.is_ok(), stored, "what is an error stored nothing: death after {deaths} calls");

        let restarted = house.restarted();
        if house.tenant().tokens().await.unwrap().is_empty() {
            restarted.tenant(tenant.id().clone()).upload_token(upload(), &ada()).await.unwrap();
        }
        work(&restarted).await;
        assert_eq!(house.status(&uid).await, "Active", "death after {deaths} calls");
        assert_eq!(house.rows(&uid).await.len(), 3, "death after {deaths} calls");
        assert_eq!(house.catalog.apps(house.tenant().id()).len(), 3, "death after {deaths} calls");
        if survived {
            break;
        }
        deaths += 1;
    }
    assert!(deaths > 8, "an upload makes more calls than {deaths}");
}

#[tokio::test]
async fn a_process_that_dies_between_claim_and_save_finds_its_own_claim_again() {
    let house = House::build().await;
    let (uid, token) = house.location_with_three_apps("Berlin");
    let upload = || UploadToken::new(settings("Berlin"), token.file.as_str());
    let mut calls = 0;
    // The first number of calls after which the claim stands at Apple, but not in the database.
    let store = loop {
        let memory: Arc<dyn Store> = Arc::new(MemoryStore::new(key_ring()));
        house.simulator.remove_claim(&uid).unwrap();
        let dying = on(&house, DyingStore::after(memory.clone(), calls));
        let _ = dying.tenant(house.tenant().id().clone()).upload_token(upload(), &ada()).await;
        if house.simulator.claim(&uid).unwrap().is_some() {
            break memory;
        }
        calls += 1;
    };
    let restarted = on(&house, store);
    let tenant = restarted.tenant(house.tenant().id().clone());
    assert_eq!(tenant.token(&id(&uid)).await.unwrap().status.label(), "Joining");
    house.simulator.clear_requests();
    work(&restarted).await;
    assert_eq!(tenant.token(&id(&uid)).await.unwrap().status.label(), "Active");
    assert_eq!(house.writes(), 0, "it knew the claim for its own");
}

#[tokio::test]
async fn an_installation_that_lost_its_database_is_no_stranger_to_itself() {
    let house = House::build().await;
    let (uid, token) = house.location_with_three_apps("Berlin");
    house.upload("Berlin", &token).await;
    house.simulator.clear_requests();
    let empty = on(&house, Arc::new(MemoryStore::new(key_ring())));
    let tenant = empty.tenant(house.tenant().id().clone());
    let upload = UploadToken::new(settings("Berlin"), token.file.as_str());
    let outcome = tenant.upload_token(upload, &ada()).await.unwrap();
    assert_eq!((outcome.overview.status.label(), outcome.overview.location()), ("Active", &id(&uid)));
    assert_eq!(house.writes(), 0);
}

#[tokio::test]
async fn a_claim_whose_answer_is_lost_is_made_once_more_or_recognised() {
    let house = House::build().await;
    let (uid, token) = house.location_with_three_apps("Berlin");
    house.simulator.inject(FaultRule::at(Endpoint::WriteClientConfig, Fault::AnswerLost).always());
    let outcome = house.upload("Berlin", &token).await;
    assert_eq!(
        outcome.overview.status.label(),
        "Active",
        "the sync sees the claim, though its answer was lost"
    );
    assert!(!outcome.failures.is_empty());
    house.simulator.clear_requests();
    house.advance(chrono::TimeDelta::minutes(1));
    house.work().await;
    assert_eq!((house.status(&uid).await, house.writes()), ("Active", 0));
}

#[tokio::test]
async fn one_damaged_thing_does_not_stand_in_the_way_of_the_rest() {
    let house = House::build().await;
    let (broken_uid, broken) = house.location_with_three_apps("Broken");
    let (well_uid, well) = house.location_with_three_apps("Well");
    house.upload("Broken", &broken).await;
    house.upload("Well", &well).await;
    let vpp = on(&house, DyingStore::damaged(house.store.clone(), id(&broken_uid)));
    house.advance(chrono::TimeDelta::hours(24));
    let worked = work(&vpp).await;
    assert!(
        worked.failures.iter().any(|hitch| hitch.message.contains("cannot be read")),
        "{:?}",
        worked.failures
    );
    let again = work(&vpp).await;
    assert_eq!((again.done, again.failures.len()), (0, 0), "it is put off, not tried for ever");
    let token = house.tenant().token(&id(&well_uid)).await.unwrap().token;
    let due: DateTime<Utc> = "2027-03-02T10:00:00Z".parse().unwrap();
    let late = token.last_sync.unwrap().at - due;
    assert!((0..60).contains(&late.num_seconds()), "{late}: waiting for the pace moves the clock");
}

#[tokio::test]
async fn p10_a_process_that_dies_while_it_revokes_leaves_what_it_did_and_the_next_one_goes_on() {
    let house = House::build().await;
    let (uid, token) = house.location("Berlin");
    house.buy(&uid, PUBLIC_ONE, 2_100);
    let others = serials(2_100);
    let holders = others.iter().map(|serial| Holder::device(serial));
    house.simulator.assign(&uid, simulated(PUBLIC_ONE), holders).unwrap();
    house.upload("Berlin", &token).await;
    house.work().await;
    let app = Revoke::App { asset: asset(PUBLIC_ONE) };
    // Two calls look what there is; the third is the first transaction.
    let dying = on(&house, DyingStore::after(house.store.clone(), 3));
    let tenant = dying.tenant(house.tenant().id().clone());
    let error = tenant.revoke(&id(&uid), &app, &ada()).await.unwrap_err();
    assert_eq!(error.code(), "backend");
    let wanted = house.seats(&uid).await.into_iter().filter(|seat| seat.desired.is_assigned()).count();
    assert_eq!(wanted, 100);

    let rest = house.tenant().revoke(&id(&uid), &app, &ada()).await.unwrap();
    assert_eq!(rest.counts(), [("loses", 100)].into());
    house.settle().await;
    assert!(house.simulator.assignments(&uid).unwrap().is_empty());
}
