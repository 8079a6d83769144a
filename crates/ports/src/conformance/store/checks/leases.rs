//! One session for a location at a time.
//!
//! The checks do not wait: a lease for no time is over when it is granted.

use std::sync::Arc;

use chrono::TimeDelta;
use mdm_vpp_core::id::TenantId;

use super::super::{
    Violation,
    location_fixture::{key, puts, seat},
    rows::{app, apps},
    store_fixture::StoreFixture,
    store_fixture::decided,
};
use crate::{Lease, LeaseHolder, LoadScope, LocationScope, Seats, Store, StoreError};

fn hour() -> TimeDelta {
    TimeDelta::hours(1)
}

fn nothing() -> TimeDelta {
    TimeDelta::zero()
}

fn holder(name: &str) -> LeaseHolder {
    LeaseHolder(name.to_owned())
}

impl StoreFixture {
    async fn ask(
        &self,
        tenant: &TenantId,
        name: &str,
        period: TimeDelta,
    ) -> Result<Result<Option<Lease>, StoreError>, Violation> {
        Ok(self.store.lease(tenant, &self.berlin, &holder(name), period).await)
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
        self.same("a lease that another holder has", &None, &lease)
    }

    async fn save_with(&self, tenant: &TenantId, lease: &Lease) -> Result<Option<&'static str>, Violation> {
        let scope = LocationScope::of(self.berlin.clone()).lease(lease.clone());
        let seat = seat(key(&self.berlin, 2, &self.device("C02")?), 0);
        Ok(self.try_save_location(tenant, scope, puts([seat])).await.err().map(|error| error.code()))
    }
}

/// One holder has the lease of a location and renews it: the epoch stays, the expiry moves.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn one_holder_has_a_lease_and_renews_it(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("one holder has a lease and renews it", store)?;
    fixture.add_location(&fixture.acme, &fixture.berlin).await?;
    fixture.add_location(&fixture.acme, &fixture.munich).await?;
    let first = fixture.granted("a", hour(), 1).await?;
    fixture.not_granted("b").await?;
    let longer = fixture.granted("a", hour() * 2, 1).await?;
    fixture.same("a later expiry", &true, &(longer.until > first.until))?;
    let shorter = fixture.granted("a", hour(), 1).await?;
    fixture.same("an expiry that was given", &longer.until, &shorter.until)?;
    fixture.not_granted("b").await?;
    for lease in [&first, &longer] {
        fixture.same(
            "a transaction with the lease",
            &None,
            &fixture.save_with(&fixture.acme, lease).await?,
        )?;
    }
    let munich = fixture.store.lease(&fixture.acme, &fixture.munich, &holder("b"), hour()).await;
    let munich = fixture.works("a lease of another location", munich)?;
    fixture.same("another location", &Some(1), &munich.map(|lease| lease.epoch.0))
}

/// Any holder can take a lease that is over, and gets a greater epoch.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_lease_that_is_over_is_taken_with_a_greater_epoch(
    store: Arc<dyn Store>,
) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a lease that is over is taken with a greater epoch", store)?;
    fixture.add_location(&fixture.acme, &fixture.berlin).await?;
    let over = fixture.granted("a", nothing(), 1).await?;
    fixture.same(
        "a transaction afterwards",
        &Some("lease_lost"),
        &fixture.save_with(&fixture.acme, &over).await?,
    )?;
    fixture.granted("a", nothing(), 2).await?;
    let taken = fixture.granted("b", hour(), 3).await?;
    fixture.not_granted("a").await?;
    let answer = fixture.save_with(&fixture.acme, &over).await?;
    fixture.same("a transaction of the holder before", &Some("lease_lost"), &answer)?;
    fixture.same("a transaction of the holder now", &None, &fixture.save_with(&fixture.acme, &taken).await?)
}

/// A lease that was given back is over at once. Giving back an earlier lease does not end a later one.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_lease_can_be_given_back(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a lease can be given back", store)?;
    fixture.add_location(&fixture.acme, &fixture.berlin).await?;
    let first = fixture.granted("a", hour(), 1).await?;
    let end =
        async |tenant, lease| fixture.works("ending a lease", fixture.store.end_lease(tenant, lease).await);
    end(&fixture.globex, &first).await?;
    fixture.not_granted("b").await?;
    end(&fixture.acme, &first).await?;
    end(&fixture.acme, &first).await?;
    let answer = fixture.save_with(&fixture.acme, &first).await?;
    fixture.same("a transaction afterwards", &Some("lease_lost"), &answer)?;
    let second = fixture.granted("b", hour(), 2).await?;
    end(&fixture.acme, &first).await?;
    fixture.same(
        "a transaction of the next holder",
        &None,
        &fixture.save_with(&fixture.acme, &second).await?,
    )?;
    let nowhere = Lease { location: fixture.location("nowhere")?, ..second };
    end(&fixture.acme, &nowhere).await?;
    fixture.not_granted("a").await
}

/// A transaction whose lease is over is refused before it decides and saves nothing; so is one with the lease of another
/// location.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_transaction_with_a_lost_lease_saves_nothing(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a transaction with a lost lease saves nothing", store)?;
    fixture.add_location(&fixture.acme, &fixture.berlin).await?;
    let current = fixture.granted("a", hour(), 1).await?;
    let transactions = fixture.transactions_of(&fixture.acme).await?;
    let mut later = current.clone();
    later.epoch = later.epoch.next();
    let elsewhere = Lease { location: fixture.munich.clone(), ..current.clone() };
    for lost in [&later, &elsewhere] {
        let scope = LocationScope::of(fixture.berlin.clone()).lease(lost.clone());
        let decision = apps(vec![app(1, "Pages", &fixture.berlin)]);
        for decision in [decision, mdm_vpp_core::transaction::Decision::default()] {
            let answer =
                fixture.store.transact(&fixture.acme, &LoadScope::of(scope.clone()), decided(decision)).await;
            fixture.same("the answer", &Some("lease_lost"), &answer.err().map(|error| error.code()))?;
        }
        fixture.same("a seat", &Some("lease_lost"), &fixture.save_with(&fixture.acme, lost).await?)?;
    }
    fixture.same("transactions", &transactions, &fixture.transactions_of(&fixture.acme).await?)?;
    fixture.same("seats", &0, &fixture.seats_in_berlin(Seats::After(None, 9)).await?.len())?;
    fixture.same("with the lease", &None, &fixture.save_with(&fixture.acme, &current).await?)
}

/// A tenant can lease only a location whose token it has.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn only_an_own_location_can_be_leased(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("only an own location can be leased", store)?;
    let code = |answer: Result<Option<Lease>, StoreError>| answer.err().map(|error| error.code());
    let answer = fixture.ask(&fixture.acme, "a", hour()).await?;
    fixture.same("a location without a token", &Some("unknown_token"), &code(answer))?;
    fixture.add_location(&fixture.acme, &fixture.berlin).await?;
    let answer = fixture.ask(&fixture.globex, "a", hour()).await?;
    fixture.same("a location of another tenant", &Some("unknown_token"), &code(answer))?;
    let lease = fixture.granted("a", hour(), 1).await?;
    let answer = fixture.save_with(&fixture.globex, &lease).await?;
    fixture.same("a transaction of another tenant", &Some("lease_lost"), &answer)?;
    Ok(())
}
