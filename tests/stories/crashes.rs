//! The embedder's process dies at the worst moments.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use mdm_vpp::{
    Vpp,
    engine::{PageQuery, UploadToken},
    location::Revoke,
    ports::Store,
    simulator::{Endpoint, Fault, FaultRule, Holder},
    store::memory::MemoryStore,
};

use crate::{
    dying_store::Death,
    fixture::{
        Fixture, PUBLIC_ONE, ada, asset, builder, client, id, impatient, key_ring, serials, settings,
        simulated, work,
    },
};

/// The library of a process that uses another store than the fixture's.
pub(crate) fn vpp_on(fixture: &Fixture, store: Arc<dyn Store>) -> Vpp {
    let client = client(impatient(&fixture.server.base_url()), fixture.clock.clone());
    builder(store, &client, fixture.clock.clone()).app_catalog(fixture.catalog.clone()).build()
}

#[tokio::test]
async fn a_process_that_dies_at_any_call_of_the_store_loses_nothing_and_ends_active() {
    let mut deaths = 0;
    loop {
        let fixture = Fixture::build().await;
        let (uid, token) = fixture.location_with_three_apps("Berlin");
        let store = Death::after(deaths, fixture.store.clone());
        let tenant = vpp_on(&fixture, store.clone()).tenant(fixture.tenant().id().clone());
        let upload = || UploadToken::new(settings("Berlin"), token.file.as_str());
        let uploaded = tenant.upload_token(upload(), &ada()).await;
        let survived = !store.gate.is_dead();
        let stored = !fixture.tenant().tokens(&PageQuery::default()).await.unwrap().items.is_empty();
        assert_eq!(
            uploaded.is_ok(),
            stored,
            "an upload that fails stores nothing: death after {deaths} calls"
        );

        let restarted = fixture.restarted();
        if fixture.tenant().tokens(&PageQuery::default()).await.unwrap().items.is_empty() {
            restarted.tenant(tenant.id().clone()).upload_token(upload(), &ada()).await.unwrap();
        }
        work(&restarted).await;
        assert_eq!(fixture.status(&uid).await, "Active", "death after {deaths} calls");
        assert_eq!(fixture.rows(&uid).await.len(), 3, "death after {deaths} calls");
        assert_eq!(fixture.catalog.apps(fixture.tenant().id()).len(), 3, "death after {deaths} calls");
        if survived {
            break;
        }
        deaths += 1;
    }
    assert!(deaths > 8, "an upload makes more calls than {deaths}");
}

#[tokio::test]
async fn a_process_that_dies_between_claim_and_save_finds_its_own_claim_again() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    let upload = || UploadToken::new(settings("Berlin"), token.file.as_str());
    let mut calls = 0;
    // Finds the first number of calls after which the claim stands at Apple and is not in the database.
    let store = loop {
        let memory: Arc<dyn Store> = Arc::new(MemoryStore::new(key_ring()));
        fixture.simulator.remove_claim(&uid).unwrap();
        let dying = vpp_on(&fixture, Death::after(calls, memory.clone()));
        let _ = dying.tenant(fixture.tenant().id().clone()).upload_token(upload(), &ada()).await;
        if fixture.simulator.claim(&uid).unwrap().is_some() {
            break memory;
        }
        calls += 1;
    };
    let restarted = vpp_on(&fixture, store);
    let tenant = restarted.tenant(fixture.tenant().id().clone());
    assert_eq!(tenant.token(&id(&uid)).await.unwrap().status.label(), "Joining");
    fixture.simulator.clear_requests();
    work(&restarted).await;
    assert_eq!(tenant.token(&id(&uid)).await.unwrap().status.label(), "Active");
    assert_eq!(fixture.writes(), 0, "it recognized its own claim");
}

#[tokio::test]
async fn an_installation_that_lost_its_database_recognizes_its_own_claim() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    fixture.upload("Berlin", &token).await;
    fixture.simulator.clear_requests();
    let empty = vpp_on(&fixture, Arc::new(MemoryStore::new(key_ring())));
    let tenant = empty.tenant(fixture.tenant().id().clone());
    let upload = UploadToken::new(settings("Berlin"), token.file.as_str());
    let outcome = tenant.upload_token(upload, &ada()).await.unwrap();
    assert_eq!((outcome.overview.status.label(), outcome.overview.location()), ("Active", &id(&uid)));
    assert_eq!(fixture.writes(), 0);
}

#[tokio::test]
async fn a_claim_whose_answer_is_lost_is_recognized_without_a_second_claim() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    fixture.simulator.inject(FaultRule::at(Endpoint::WriteClientConfig, Fault::AnswerLost).always());
    let outcome = fixture.upload("Berlin", &token).await;
    assert_eq!(outcome.overview.status.label(), "Active", "the sync sees the claim whose answer was lost");
    assert!(!outcome.failures.is_empty());
    fixture.simulator.clear_requests();
    fixture.advance(chrono::TimeDelta::minutes(1));
    fixture.work().await;
    assert_eq!((fixture.status(&uid).await, fixture.writes()), ("Active", 0));
}

#[tokio::test]
async fn a_location_with_damaged_rows_does_not_stop_the_others() {
    let fixture = Fixture::build().await;
    let (damaged_uid, damaged) = fixture.location_with_three_apps("Damaged");
    let (intact_uid, intact) = fixture.location_with_three_apps("Intact");
    fixture.upload("Damaged", &damaged).await;
    fixture.upload("Intact", &intact).await;
    let vpp = vpp_on(&fixture, Death::of_damaged_rows(id(&damaged_uid), fixture.store.clone()));
    fixture.advance(chrono::TimeDelta::hours(24));
    let worked = work(&vpp).await;
    assert!(
        worked.failures.iter().any(|failure| failure.message.contains("cannot be read")),
        "{:?}",
        worked.failures
    );
    let again = work(&vpp).await;
    assert_eq!((again.done, again.failures.len()), (0, 0), "its jobs are rescheduled");
    let token = fixture.tenant().token(&id(&intact_uid)).await.unwrap().token;
    let due: DateTime<Utc> = "2027-03-02T10:00:00Z".parse().unwrap();
    let late = token.last_sync.unwrap().at - due;
    assert!((0..60).contains(&late.num_seconds()), "the sync began {late} late, more than the pace explains");
}

#[tokio::test]
async fn p10_a_process_that_dies_in_a_revocation_keeps_its_saved_part_and_the_next_process_goes_on() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location("Berlin");
    fixture.buy(&uid, PUBLIC_ONE, 2_100);
    let others = serials(2_100);
    let holders = others.iter().map(|serial| Holder::device(serial));
    fixture.simulator.assign(&uid, simulated(PUBLIC_ONE), holders).unwrap();
    fixture.upload("Berlin", &token).await;
    fixture.work().await;
    let app = Revoke::App { asset: asset(PUBLIC_ONE) };
    // Two calls load; the third is the first transaction, which saves 2,000 of the 2,100 licenses.
    let dying = vpp_on(&fixture, Death::after(3, fixture.store.clone()));
    let tenant = dying.tenant(fixture.tenant().id().clone());
    let error = tenant.revoke(&id(&uid), &app, &ada()).await.unwrap_err();
    assert_eq!(error.code(), "backend");
    let desired = fixture.seats(&uid).await.into_iter().filter(|seat| seat.desired.is_assigned()).count();
    assert_eq!(desired, 100);

    let second = fixture.tenant().revoke(&id(&uid), &app, &ada()).await.unwrap();
    assert_eq!(second.counts(), [("loses", 100)].into());
    fixture.settle().await;
    assert!(fixture.simulator.assignments(&uid).unwrap().is_empty());
}
