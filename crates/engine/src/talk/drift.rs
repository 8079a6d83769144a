//! Drift: all that Apple lists is read now, and compared with what we have.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use mdm_vpp_core::{
    catalog::AssetKey,
    decide::assignments::{DriftFinder, DriftReport},
    id::LocationId,
    location::{FullReadListing, FullReadPage},
    transaction::JobKind,
};
use mdm_vpp_ports::{AssignmentsPage, LocationScope, Pools, Seats, ServiceError, StoreError};
use thiserror::Error;

use super::{
    calls::SessionError,
    location_session::{Acquire, LocationSession},
    pages::{MOST_PAGES, too_many_pages},
    read_assignments::{PAGES_AT_ONCE, PARALLEL, kept},
    scopes,
};
use crate::Tenant;

/// So many seats are compared at a time.
const COMPARED_AT_ONCE: usize = 5_000;

/// Why drift could not be looked for. Nothing was changed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DriftError {
    /// The library was built without a service to read assignments from.
    #[error("no assignments can be read: give the library a service with `VppBuilder::assignments`")]
    NoAssignments,
    /// Another process talks with Apple about the location.
    #[error("another process talks with Apple about location `{location}` now: ask again in a minute")]
    TalkedElsewhere {
        /// The location.
        location: LocationId,
    },
    /// Apple asked to leave the location alone.
    #[error("Apple asked to leave the location alone until {until}: ask again then")]
    Stopped {
        /// When calls may leave again, UTC.
        until: DateTime<Utc>,
    },
    /// Apple answered for another location than the token's.
    #[error("the token was asked for location `{expected}` and answered for `{answered}`: update the token")]
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
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoAssignments => "no_assignments",
            Self::TalkedElsewhere { .. } => "talked_elsewhere",
            Self::Stopped { .. } => "stopped",
            Self::OtherLocation { .. } => "other_location",
            Self::Service(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }
}

impl From<SessionError> for DriftError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Store(error) => Self::Store(error),
            SessionError::Service(error) => Self::Service(error),
            SessionError::Stopped(until) => Self::Stopped { until },
            SessionError::Hitch(hitch) => Self::Stopped { until: hitch.1.at },
        }
    }
}

impl Tenant {
    /// Reads the assets and all assignments of a location from Apple now, and says where they differ from what we have.
    /// Nothing is changed, here or at Apple: what is found wrong is only told.
    ///
    /// A location with many assignments takes one call for each page of them, at the location's pace. What is under way
    /// is no drift. Licenses that the next walk reads anyway, such as foreign ones that are gone, are none either.
    ///
    /// # Errors
    ///
    /// [`DriftError`].
    pub async fn drift(&self, token: &LocationId) -> Result<DriftReport, DriftError> {
        if self.parts.assignments.is_none() {
            return Err(DriftError::NoAssignments);
        }
        // It reads what a walk reads.
        let walk = JobKind::ReadAssignments { location: token.clone() };
        match self.parts.acquire(&self.id, token, &walk).await? {
            Acquire::Acquired(mut talker) => talker.find_drift().await,
            Acquire::HeldElsewhere { .. } => Err(DriftError::TalkedElsewhere { location: token.clone() }),
            // Reading is never forbidden.
            Acquire::Gone | Acquire::Forbidden => {
                Err(StoreError::UnknownToken { location: token.clone() }.into())
            }
        }
    }
}

impl LocationSession<'_> {
    async fn find_drift(&mut self) -> Result<DriftReport, DriftError> {
        self.renew_lease().await?;
        let begun_at = self.parts.clock.now();
        let list = self.read(self.parts.service.assets(&self.secret)).await?;
        self.expect_own(list.location)?;
        let assets: BTreeSet<AssetKey> = list.assets.iter().map(|asset| asset.key()).collect();
        let (pages, changed_meanwhile) = self.all_pages().await?;
        let listing = FullReadListing::of(pages);
        let mut finder = DriftFinder::new(begun_at, assets);
        let mut after = None;
        loop {
            let seats = Seats::After(after.clone(), COMPARED_AT_ONCE);
            let scope =
                LocationScope { pools: Pools::All, seats, ..scopes::location_scope(self.location(), None) };
            let rows = self.parts.load_location(self.tenant, scope).await?;
            let unknown = || StoreError::UnknownToken { location: self.location().clone() };
            let rows = rows.ok_or_else(unknown)?;
            let last = rows.seats.keys().next_back().filter(|_| rows.seats.len() >= COMPARED_AT_ONCE);
            let (listed, up_to) = listing.some(self.location(), after.as_ref(), last, usize::MAX);
            finder.compare(&rows, &listed);
            match up_to {
                Some(up_to) => after = Some(up_to),
                None => return Ok(finder.report(changed_meanwhile)),
            }
        }
    }

    /// All pages of the assignments, and whether the list changed while they were read.
    async fn all_pages(&mut self) -> Result<(Vec<FullReadPage>, bool), DriftError> {
        let first = self.own_page(0).await?;
        let version = first.page.version_id.clone();
        let total = first.page.total.unwrap_or(1);
        if total > MOST_PAGES {
            return Err(too_many_pages().into());
        }
        let rest: Vec<u32> = (1..total).collect();
        let (mut pages, mut changed) = (vec![kept(0, first)?], false);
        for some in rest.chunks(PAGES_AT_ONCE) {
            self.renew_lease().await?;
            let reads: Vec<_> = some.iter().map(|page| self.own_page(*page).boxed()).collect();
            let read: Vec<AssignmentsPage> = stream::iter(reads).buffered(PARALLEL).try_collect().await?;
            for (number, page) in some.iter().zip(read) {
                changed |= page.page.version_id != version;
                pages.push(kept(*number, page)?);
            }
        }
        while let Some(number) = pages.last().and_then(|page| page.next) {
            self.renew_lease().await?;
            let page = self.own_page(number).await?;
            changed |= page.page.version_id != version;
            pages.push(kept(number, page)?);
        }
        Ok((pages, changed))
    }

    /// A page of the assignments of the token's own location.
    async fn own_page(&self, page: u32) -> Result<AssignmentsPage, DriftError> {
        // Gone because the list has become shorter: its version is another one then.
        let page = self.page(page).await?.unwrap_or_default();
        self.expect_own(page.page.location.clone())?;
        Ok(page)
    }

    fn expect_own(&self, answered: Option<LocationId>) -> Result<(), DriftError> {
        match answered {
            Some(answered) if answered != *self.location() => {
                Err(DriftError::OtherLocation { expected: self.location().clone(), answered })
            }
            _ => Ok(()),
        }
    }
}
