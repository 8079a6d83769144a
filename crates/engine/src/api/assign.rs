//! Direct assignments: an administrator or the embedder names the holders of licenses of a location.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp_core::{
    catalog::AssetKey,
    decide::assignments::{AssignmentChange, AssignmentRefusal, decide_change_assignments},
    id::{Actor, ClientUserId, LocationId},
    plan::Report,
    seats::{Holder, SeatKey},
    transaction::{AuditAct, AuditDraft, Decision, Loaded},
};
use mdm_vpp_ports::{LocationScope, Pools, Seats, StoreError, VppUsers};
use thiserror::Error;

use super::{
    Tenant,
    error_facts::{ErrorFacts, error_facts},
};
use crate::context::{TransactError, one_token};

/// Why assignments were not changed. Nothing was changed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AssignError {
    /// The rules refuse it.
    #[error(transparent)]
    Refused(#[from] AssignmentRefusal),
    /// The store failed, or there is no such token.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl AssignError {
    fn facts(&self) -> ErrorFacts {
        match self {
            Self::Refused(refusal) => refusal.into(),
            Self::Store(error) => error.into(),
        }
    }
}

error_facts!(AssignError);

impl Tenant {
    /// Assigns licenses of a location to holders directly, and says of each seat what becomes of it. Nothing is sent yet:
    /// [`Vpp::work`](crate::Vpp::work) does what is due. An assignment survives any failure.
    ///
    /// Assigning what is assigned already changes nothing, and a claimant that waits for a license keeps its place.
    ///
    /// # Errors
    ///
    /// [`AssignError`].
    pub async fn assign(
        &self,
        location: &LocationId,
        seats: BTreeSet<SeatKey>,
        actor: &Actor,
    ) -> Result<Report<SeatKey>, AssignError> {
        let change = AssignmentChange::Seats { assign: seats, unassign: BTreeSet::new() };
        self.change_assignments(location, &change, actor).await
    }

    /// Ends direct assignments of a location, and says of each seat what becomes of it. Nothing is sent yet, as with
    /// [`assign`](Self::assign).
    ///
    /// # Errors
    ///
    /// [`AssignError`].
    pub async fn unassign(
        &self,
        location: &LocationId,
        seats: BTreeSet<SeatKey>,
        actor: &Actor,
    ) -> Result<Report<SeatKey>, AssignError> {
        let change = AssignmentChange::Seats { assign: BTreeSet::new(), unassign: seats };
        self.change_assignments(location, &change, actor).await
    }

    /// Changes direct assignments of a location in one transaction: assigns and unassigns at once, or replaces the
    /// holders of an asset by a list.
    ///
    /// # Errors
    ///
    /// [`AssignError`]. A list that would take back too much is refused until it is confirmed.
    pub async fn change_assignments(
        &self,
        location: &LocationId,
        change: &AssignmentChange,
        actor: &Actor,
    ) -> Result<Report<SeatKey>, AssignError> {
        let scope = one_token(location).location(scope(location, change));
        let (of, change, actor, now) =
            (location.clone(), change.clone(), actor.clone(), self.context().now());
        let decide = move |loaded: &Loaded| {
            let (Some(_), Some(rows)) = (loaded.token(&of), &loaded.location) else {
                return Err(AssignError::Store(StoreError::UnknownToken { location: of.clone() }));
            };
            let (mut decision, report) = decide_change_assignments(rows, &change, now)?;
            // An act that changes nothing leaves no line in the audit log.
            if decision != Decision::default() {
                let act = AuditAct::AssignmentsChanged { location: of.clone(), outcomes: counts(&report) };
                decision.audit.push(AuditDraft { at: now, actor: actor.clone(), act });
            }
            Ok((decision, report))
        };
        match self.context().transact(self.id(), &scope, decide).await {
            Ok(report) => Ok(report),
            Err(TransactError::Refused(error)) => Err(error),
            Err(TransactError::Store(error)) => Err(error.into()),
        }
    }
}

/// The counts of outcomes, as the audit log keeps them.
pub(super) fn counts(report: &Report<SeatKey>) -> BTreeMap<String, u64> {
    report.counts().into_iter().map(|(name, count)| (name.to_owned(), count)).collect()
}

fn scope(location: &LocationId, change: &AssignmentChange) -> LocationScope {
    let (assets, holders, pools, seats): (BTreeSet<AssetKey>, Vec<&Holder>, _, _) = match change {
        AssignmentChange::Seats { assign, unassign } => {
            let named: BTreeSet<SeatKey> = assign.union(unassign).cloned().collect();
            let assets: BTreeSet<AssetKey> = named.iter().map(|seat| seat.asset.clone()).collect();
            let holders = assign.iter().chain(unassign).map(|seat| &seat.holder).collect();
            (assets.clone(), holders, Pools::These(assets), Seats::These(named))
        }
        AssignmentChange::List { asset, holders, .. } => {
            // All pools: what a list may take back is measured by what the location has.
            let holders = holders.iter().collect();
            (BTreeSet::from([asset.clone()]), holders, Pools::All, Seats::OfAsset(asset.clone()))
        }
    };
    let user = |holder: &Holder| -> Option<ClientUserId> {
        match holder {
            Holder::User { client_user_id } => Some(client_user_id.clone()),
            Holder::Device { .. } => None,
        }
    };
    LocationScope::of(location.clone())
        .pools(pools)
        .seats(seats)
        .users(VppUsers::These(holders.into_iter().filter_map(user).collect()))
        // The whole waitlist: a claimant that waits already keeps its place.
        .waitlist(assets.into_iter().map(|asset| (asset, usize::MAX)))
}
