//! One session for a location at a time.
//!
//! The checks wait for nothing: a lease for no time at all is over when it is given.

use std::sync::Arc;

use chrono::TimeDelta;
use mdm_vpp_core::id::TenantId;

use super::super::{
    Violation,
    deciding::decided,
    rows::{app, apps},
    store_fixture::StoreFixture,
    talking::{key, puts, seat, talk_of, turn_of},
};
use crate::{Lease, LeaseHolder, LocationScope, Seats, Store, StoreError};

fn hour() -> TimeDelta {
    TimeDelta::hours(1)
}

fn nothing() -> TimeDelta {
    TimeDelta::zero()
}

fn talker(name: &str) -> LeaseHolder {
    LeaseHolder(name.to_owned())
}

impl StoreFixture {
    async fn ask(
        &self,
        tenant: &TenantId,
        name: &str,
        period: TimeDelta,
    ) -> Result<Result<Option<Lease>, StoreError>, Violation> {
        Ok(self.store.lease(tenant, &self.berlin, &talker(name), period).await)
    }

    /// A lease of Berlin that has to be granted, with this epoch.
    async fn granted(&self, name: &str, period: TimeDelta, epoch: u64) -> Result<Lease, Violation> {
        let lease = self.works("asking for a lease", self.ask(&self.acme, name, period).await?)?;
        let lease = lease.ok_or_else(|| self.violation("asking for a lease", "a lease", "none"))?;
        self.same("the location and epoch", &(&self.berlin, epoch), &(&lease.location, lease.epoch.0))?;
        Ok(lease)
    }

    async fn not_granted(&self, name: &str) -> Result<(), Violation> {
        let lease = self.works("asking for a lease", self.ask(&self.acme, name, hour()).await?)?;
        self.same("a lease that another talker has", &None, &lease)
    }

    async fn turn_with(&self, tenant: &TenantId, lease: &Lease) -> Result<Option<&'static str>, Violation> {
        let talk = LocationScope { lease: Some(lease.clone()), ..talk_of(&self.berlin) };
        let seat = seat(key(&self.berlin, 2, &self.device("C02")?), 0);
        Ok(self.try_talk(tenant, talk, puts([seat])).await.err().map(|error| error.code()))
    }
}

/// One session has the lease of a location, and renews it: the epoch stays, the end moves.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn one_talker_has_a_location_and_renews_it(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("one talker has a location and renews it", store)?;
    story.settle_talk(&story.acme, &story.berlin).await?;
    story.settle_talk(&story.acme, &story.munich).await?;
    let first = story.granted("a", hour(), 1).await?;
    story.not_granted("b").await?;
    let longer = story.granted("a", hour() * 2, 1).await?;
    story.same("a later end", &true, &(longer.until > first.until))?;
    let shorter = story.granted("a", hour(), 1).await?;
    story.same("an end that was told", &longer.until, &shorter.until)?;
    story.not_granted("b").await?;
    for lease in [&first, &longer] {
        story.same("a turn with the lease", &None, &story.turn_with(&story.acme, lease).await?)?;
    }
    let munich = story.store.lease(&story.acme, &story.munich, &talker("b"), hour()).await;
    let munich = story.works("a lease of another location", munich)?;
    story.same("another location", &Some(1), &munich.map(|lease| lease.epoch.0))
}

/// A lease that is over can be taken by anybody, and its epoch never comes back.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_lease_that_is_over_is_taken_with_a_greater_epoch(
    store: Arc<dyn Store>,
) -> Result<(), Violation> {
    let story = StoreFixture::begin("a lease that is over is taken with a greater epoch", store)?;
    story.settle_talk(&story.acme, &story.berlin).await?;
    let over = story.granted("a", nothing(), 1).await?;
    story.same("a turn afterwards", &Some("lease_lost"), &story.turn_with(&story.acme, &over).await?)?;
    story.granted("a", nothing(), 2).await?;
    let taken = story.granted("b", hour(), 3).await?;
    story.not_granted("a").await?;
    let answer = story.turn_with(&story.acme, &over).await?;
    story.same("a turn of the talker before", &Some("lease_lost"), &answer)?;
    story.same("a turn of the talker now", &None, &story.turn_with(&story.acme, &taken).await?)
}

/// A lease that was given back is over at once; one that somebody else has is left alone.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_lease_can_be_given_back(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a lease can be given back", store)?;
    story.settle_talk(&story.acme, &story.berlin).await?;
    let first = story.granted("a", hour(), 1).await?;
    let end = async |tenant, lease| story.works("ending a lease", story.store.end_lease(tenant, lease).await);
    end(&story.globex, &first).await?;
    story.not_granted("b").await?;
    end(&story.acme, &first).await?;
    end(&story.acme, &first).await?;
    let answer = story.turn_with(&story.acme, &first).await?;
    story.same("a turn afterwards", &Some("lease_lost"), &answer)?;
    let second = story.granted("b", hour(), 2).await?;
    end(&story.acme, &first).await?;
    story.same("a turn of the next talker", &None, &story.turn_with(&story.acme, &second).await?)?;
    let nowhere = Lease { location: story.location("nowhere")?, ..second };
    end(&story.acme, &nowhere).await?;
    story.not_granted("a").await
}

/// A transaction whose lease is over saves nothing, and is told before it decides. So is one with the lease of another location.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_turn_with_a_lost_lease_saves_nothing(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a turn with a lost lease saves nothing", store)?;
    story.settle_talk(&story.acme, &story.berlin).await?;
    let current = story.granted("a", hour(), 1).await?;
    let turns = story.turns_of(&story.acme).await?;
    let mut later = current.clone();
    later.epoch = later.epoch.next();
    let elsewhere = Lease { location: story.munich.clone(), ..current.clone() };
    for lost in [&later, &elsewhere] {
        let talk = LocationScope { lease: Some(lost.clone()), ..talk_of(&story.berlin) };
        let decision = apps(vec![app(1, "Pages", &story.berlin)]);
        for decision in [decision, mdm_vpp_core::transaction::Decision::default()] {
            let answer = story.store.transact(&story.acme, &turn_of(talk.clone()), decided(decision)).await;
            story.same("the answer", &Some("lease_lost"), &answer.err().map(|error| error.code()))?;
        }
        story.same("a seat", &Some("lease_lost"), &story.turn_with(&story.acme, lost).await?)?;
    }
    story.same("turns", &turns, &story.turns_of(&story.acme).await?)?;
    story.same("seats", &0, &story.seats_in_berlin(Seats::After(None, 9)).await?.len())?;
    story.same("with the lease", &None, &story.turn_with(&story.acme, &current).await?)
}

/// Only a location whose token is the tenant's can be leased.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn only_an_own_location_can_be_leased(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("only an own location can be leased", store)?;
    let code = |answer: Result<Option<Lease>, StoreError>| answer.err().map(|error| error.code());
    let answer = story.ask(&story.acme, "a", hour()).await?;
    story.same("a location without a token", &Some("unknown_token"), &code(answer))?;
    story.settle_talk(&story.acme, &story.berlin).await?;
    let answer = story.ask(&story.globex, "a", hour()).await?;
    story.same("a location of another tenant", &Some("unknown_token"), &code(answer))?;
    let lease = story.granted("a", hour(), 1).await?;
    let answer = story.turn_with(&story.globex, &lease).await?;
    story.same("a turn of another tenant", &Some("lease_lost"), &answer)?;
    Ok(())
}
