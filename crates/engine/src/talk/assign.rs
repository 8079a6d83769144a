//! Direct wishes: an administrator or a host names who shall hold which licenses of a location.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp_core::{
    catalog::AssetKey,
    decide::assignments::{AssignmentChange, AssignmentRefusal, decide_change_assignments},
    id::{Actor, ClientUserId, LocationId},
    plan::Report,
    seats::{Holder, SeatKey},
    transaction::{AuditAct, AuditDraft, Loaded},
};
use mdm_vpp_ports::{LoadScope, LocationScope, Pools, Seats, StoreError, VppUsers};
use thiserror::Error;

use super::scopes;
use crate::{
    Tenant,
    transact::{TransactError, one_token},
};

/// Why wishes were not taken. Nothing was changed.
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
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Refused(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }
}

impl Tenant {
    /// Changes who shall hold licenses of a location, and says of each seat what becomes of it. Nothing is sent yet:
    /// [`Vpp::work`](crate::Vpp::work) does what is due. A wish survives any failure.
    ///
    /// Wishing what is wished already changes nothing, and a wish that waits keeps its place.
    ///
    /// # Errors
    ///
    /// [`AssignError`]. A list that would take back too much is refused until it is confirmed.
    pub async fn change_assignments(
        &self,
        token: &LocationId,
        change: &AssignmentChange,
        actor: &Actor,
    ) -> Result<Report<SeatKey>, AssignError> {
        let scope = LoadScope { location: Some(scope(token, change)), ..one_token(token) };
        let (of, change, actor, now) = (token.clone(), change.clone(), actor.clone(), self.parts.clock.now());
        let decide = move |loaded: &Loaded| {
            let (Some(_), Some(rows)) = (loaded.token(&of), &loaded.location) else {
                return Err(AssignError::Store(StoreError::UnknownToken { location: of.clone() }));
            };
            let (mut decision, report) = decide_change_assignments(rows, &change, now)?;
            if decision != mdm_vpp_core::transaction::Decision::default() {
                let act = AuditAct::AssignmentsChanged { location: of.clone(), outcomes: counts(&report) };
                decision.audit.push(AuditDraft { at: now, actor: actor.clone(), act });
            }
            Ok((decision, report))
        };
        match self.parts.transact(&self.id, &scope, decide).await {
            Ok(report) => Ok(report),
            Err(TransactError::Refused(error)) => Err(error),
            Err(TransactError::Store(error)) => Err(error.into()),
        }
    }
}

pub(super) fn counts(report: &Report<SeatKey>) -> BTreeMap<String, u64> {
    report.counts().into_iter().map(|(name, count)| (name.to_owned(), count)).collect()
}

fn scope(location: &LocationId, change: &AssignmentChange) -> LocationScope {
    let (assets, holders, pools, seats): (BTreeSet<AssetKey>, Vec<&Holder>, _, _) = match change {
        AssignmentChange::Seats { assign: give, unassign: take } => {
            let named: BTreeSet<SeatKey> = give.union(take).cloned().collect();
            let assets: BTreeSet<AssetKey> = named.iter().map(|seat| seat.asset.clone()).collect();
            let holders = give.iter().chain(take).map(|seat| &seat.holder).collect();
            (assets.clone(), holders, Pools::These(assets), Seats::These(named))
        }
        AssignmentChange::List { asset, holders, .. } => {
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
    LocationScope {
        pools,
        seats,
        users: VppUsers::These(holders.into_iter().filter_map(user).collect()),
        // All of them: a wish that waits already keeps its place.
        waitlist: assets.into_iter().map(|asset| (asset, usize::MAX)).collect(),
        ..scopes::location_scope(location, None)
    }
}
