//! Drift: all that Apple lists is read now, and compared with what we have.

use std::{collections::BTreeSet, time::Duration};

use chrono::{DateTime, Utc};
use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use mdm_vpp_core::{
    audience::Audience,
    catalog::AssetKey,
    decide::assignments::{DriftFinder, DriftReport},
    id::LocationId,
    location::{FullReadListing, FullReadPage},
    transaction::JobKind,
};
use mdm_vpp_ports::{AssignmentsPage, Pools, Seats, ServiceError, StoreError};
use thiserror::Error;

use super::{
    Tenant,
    error_facts::{ErrorFacts, error_facts},
};
use crate::{
    reconcile::{PAGES_AT_ONCE, PARALLEL_READS, kept_page, read_page},
    sessions::{Acquire, LocationSession, MOST_PAGES, SessionError, acquire, too_many_pages},
};

/// Seats that are compared at a time. Our choice: they are loaded without a lock, so memory is the limit.
const COMPARED_AT_ONCE: usize = 5_000;

/// Why drift could not be looked for. Nothing was changed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DriftError {
    /// The library was built without a service to read assignments from.
    #[error("cannot read assignments: build the library with a service for them (`AppleServices::new`)")]
    NoAssignments,
    /// Another process has the session of the location.
    #[error("location `{location}` is in use: another process calls Apple about it; try again in a minute")]
    HeldElsewhere {
        /// The location.
        location: LocationId,
    },
    /// Apple asked to leave the location alone.
    #[error("Apple asked to leave the location alone until {until}: try again then")]
    Stopped {
        /// When calls may leave again, UTC.
        until: DateTime<Utc>,
        /// How long that is from the moment of the error.
        wait: Duration,
    },
    /// Apple answered for another location than the token's.
    #[error("the token of location `{expected}` answered for `{answered}`: update the token")]
    OtherLocation {
        /// The token's location.
        expected: LocationId,
        /// The location that answered.
        answered: LocationId,
    },
    /// Apple refused, or could not be reached.
    #[error(transparent)]
    Service(#[from] Box<ServiceError>),
    /// The store failed, or there is no such token.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DriftError {
    fn facts(&self) -> ErrorFacts {
        match self {
            Self::NoAssignments => ErrorFacts::of("no_assignments", Audience::Caller),
            Self::HeldElsewhere { .. } => ErrorFacts::passing("held_elsewhere", Audience::Caller),
            Self::Stopped { wait, .. } => {
                ErrorFacts { retry_after: Some(*wait), ..ErrorFacts::passing("stopped", Audience::Caller) }
            }
            Self::OtherLocation { .. } => ErrorFacts::of("other_location", Audience::Operator),
            Self::Service(error) => error.as_ref().into(),
            Self::Store(error) => error.into(),
        }
    }

    fn of(error: SessionError, now: DateTime<Utc>) -> Self {
        let until = match error {
            SessionError::Store(error) => return Self::Store(error),
            SessionError::Service(error) => return Self::Service(error),
            SessionError::Stopped(until) => until,
            SessionError::Failed(failed) => failed.1.at,
        };
        let wait = until.signed_duration_since(now).to_std().unwrap_or(Duration::ZERO);
        Self::Stopped { until, wait }
    }
}

error_facts!(DriftError);

impl Tenant {
    /// Reads the assets and all assignments of a location from Apple now, and says where they differ from what we have.
    /// Nothing is changed, here or at Apple: differences are only reported.
    ///
    /// A location with many assignments takes one call for each page of them, at the location's pace. A change that is
    /// under way is no drift. Licenses that the next full read reads anyway, such as foreign ones that are gone, are none
    /// either.
    ///
    /// # Errors
    ///
    /// [`DriftError`].
    pub async fn drift(&self, location: &LocationId) -> Result<DriftReport, DriftError> {
        if self.context().assignments().is_none() {
            return Err(DriftError::NoAssignments);
        }
        let error = |error| DriftError::of(error, self.context().now());
        // It reads what a full read reads.
        let kind = JobKind::ReadAssignments { location: location.clone() };
        match acquire(self.worker().sessions(), self.id(), location, &kind).await.map_err(error)? {
            Acquire::Acquired(mut session) => find_drift(&mut session).await,
            Acquire::HeldElsewhere { .. } => Err(DriftError::HeldElsewhere { location: location.clone() }),
            // Reading is never forbidden.
            Acquire::Gone | Acquire::Forbidden => {
                Err(StoreError::UnknownToken { location: location.clone() }.into())
            }
        }
    }
}

async fn find_drift(session: &mut LocationSession<'_>) -> Result<DriftReport, DriftError> {
    session.renew_lease().await?;
    let begun_at = session.now();
    let assets = session.read(session.context().licenses().assets(session.secret())).await;
    let list = assets.map_err(|error| DriftError::of(error, session.now()))?;
    expect_own(session, list.location)?;
    let assets: BTreeSet<AssetKey> = list.assets.iter().map(|asset| asset.key()).collect();
    let (pages, changed_meanwhile) = all_pages(session).await?;
    let listing = FullReadListing::of(pages);
    let mut finder = DriftFinder::new(begun_at, assets);
    let mut after = None;
    loop {
        let seats = Seats::After(after.clone(), COMPARED_AT_ONCE);
        let rows = session.load(session.scope().pools(Pools::All).seats(seats)).await?;
        let rows = rows.ok_or_else(|| StoreError::UnknownToken { location: session.location().clone() })?;
        let last = rows.seats.keys().next_back().filter(|_| rows.seats.len() >= COMPARED_AT_ONCE);
        let (listed, up_to) = listing.some(session.location(), after.as_ref(), last, usize::MAX);
        finder.compare(&rows, &listed);
        match up_to {
            Some(up_to) => after = Some(up_to),
            None => return Ok(finder.report(changed_meanwhile)),
        }
    }
}

/// All pages of the assignments, and whether the list changed while they were read.
async fn all_pages(session: &mut LocationSession<'_>) -> Result<(Vec<FullReadPage>, bool), DriftError> {
    let first = own_page(session, 0).await?;
    let version = first.page.version_id.clone();
    let total = first.page.total.unwrap_or(1);
    if total > MOST_PAGES {
        return Err(DriftError::of(too_many_pages(), session.now()));
    }
    let rest: Vec<u32> = (1..total).collect();
    let (mut pages, mut changed) = (vec![kept(session, 0, first)?], false);
    for some in rest.chunks(PAGES_AT_ONCE) {
        session.renew_lease().await?;
        let leased = &*session;
        let reads: Vec<_> = some.iter().map(|page| own_page(leased, *page).boxed()).collect();
        let read: Vec<AssignmentsPage> = stream::iter(reads).buffered(PARALLEL_READS).try_collect().await?;
        for (number, page) in some.iter().zip(read) {
            changed |= page.page.version_id != version;
            pages.push(kept(session, *number, page)?);
        }
    }
    // Pages that were added while the counted ones were read.
    while let Some(number) = pages.last().and_then(|page| page.next) {
        session.renew_lease().await?;
        let page = own_page(session, number).await?;
        changed |= page.page.version_id != version;
        pages.push(kept(session, number, page)?);
    }
    Ok((pages, changed))
}

fn kept(
    session: &LocationSession<'_>,
    number: u32,
    page: AssignmentsPage,
) -> Result<FullReadPage, DriftError> {
    kept_page(number, page).map_err(|error| DriftError::of(error, session.now()))
}

/// A page of the assignments of the token's own location.
async fn own_page(session: &LocationSession<'_>, page: u32) -> Result<AssignmentsPage, DriftError> {
    let read = read_page(session, page).await.map_err(|error| DriftError::of(error, session.now()))?;
    // Gone because the list has become shorter: an empty page has no version, so the list counts as changed.
    let page = read.unwrap_or_default();
    expect_own(session, page.page.location.clone())?;
    Ok(page)
}

fn expect_own(session: &LocationSession<'_>, answered: Option<LocationId>) -> Result<(), DriftError> {
    match answered {
        Some(answered) if answered != *session.location() => {
            Err(DriftError::OtherLocation { expected: session.location().clone(), answered })
        }
        _ => Ok(()),
    }
}
