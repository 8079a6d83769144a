//! Revoking: a person takes back every license of a token, an app, a device or a user.

use mdm_vpp_core::{
    decide::assignments::decide_revoke,
    id::{Actor, LocationId},
    location::{LocationRows, Revoke},
    plan::Report,
    seats::SeatKey,
    transaction::{AuditAct, AuditDraft, Decision},
};
use mdm_vpp_ports::StoreError;
use thiserror::Error;

use super::{assign::counts, in_chunks::Among};
use crate::Tenant;

/// Why licenses were not revoked, or not all of them.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RevokeError {
    /// The store failed, or there is no such token. What was decided before stays: revoking again goes on.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl RevokeError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
        }
    }
}

impl Tenant {
    /// Takes back every license of a token, an app, a device or a user, also those that another product gave, and ends
    /// the wishes that wait for them; says of each seat what becomes of it. Licenses that Apple does not take back are
    /// listed as kept: no call names them. Nobody is asked whether that are too many: it is an act of a person.
    ///
    /// Nothing is sent yet: [`Vpp::work`](crate::Vpp::work) gives the licenses back, with few requests that keep Apple's
    /// limits. One that another product gave is read first. Revoking twice changes nothing.
    ///
    /// Many seats are decided about in several transactions, each with a line in the audit log. What somebody wishes in between
    /// may stay.
    ///
    /// # Errors
    ///
    /// [`RevokeError`]. What was decided before the error stays revoked: call again to go on.
    pub async fn revoke(
        &self,
        token: &LocationId,
        revoke: &Revoke,
        actor: &Actor,
    ) -> Result<Report<SeatKey>, RevokeError> {
        let among = match revoke {
            Revoke::Token => Among::All,
            Revoke::App { asset } => Among::Asset(asset.clone()),
            Revoke::Holder { holder } => Among::Holder(holder.clone()),
        };
        let (location, revoked, actor) = (token.clone(), revoke.clone(), actor.clone());
        let decide = move |rows: &LocationRows, now| {
            let (mut decision, report) = decide_revoke(rows, &revoked, now);
            if decision != Decision::default() {
                let (location, revoked) = (location.clone(), revoked.clone());
                let act = AuditAct::LicensesRevoked { location, revoked, outcomes: counts(&report) };
                decision.audit.push(AuditDraft { at: now, actor: actor.clone(), act });
            }
            (decision, report)
        };
        Ok(self.in_chunks(token, among, true, decide).await?)
    }
}
