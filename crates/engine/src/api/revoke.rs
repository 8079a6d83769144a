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

use super::{
    Tenant,
    assign::counts,
    error_facts::{ErrorFacts, error_facts},
    in_chunks::Among,
};

/// Why licenses were not revoked, or not all of them.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RevokeError {
    /// The store failed, or there is no such token. What was decided before stays: revoking again goes on.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl RevokeError {
    fn facts(&self) -> ErrorFacts {
        match self {
            Self::Store(error) => error.into(),
        }
    }
}

error_facts!(RevokeError);

impl Tenant {
    /// Takes back every license of a token, an app, a device or a user, also those that another product assigned, and
    /// takes their claimants off the waitlist; says of each seat what becomes of it. Licenses that Apple does not take
    /// back are listed as kept: no call names them. No bound on releases applies, because a person asks for each of them.
    ///
    /// Nothing is sent yet: [`Vpp::work`](crate::Vpp::work) gives the licenses back, with few requests that keep Apple's
    /// limits. One that another product assigned is read first. Revoking twice changes nothing.
    ///
    /// Many seats are decided about in several transactions, each with a line in the audit log. A license that is assigned
    /// in between may stay.
    ///
    /// # Errors
    ///
    /// [`RevokeError`]. What was decided before the error stays revoked: call again to go on.
    pub async fn revoke(
        &self,
        location: &LocationId,
        revoke: &Revoke,
        actor: &Actor,
    ) -> Result<Report<SeatKey>, RevokeError> {
        let among = match revoke {
            Revoke::Token => Among::All,
            Revoke::App { asset } => Among::Asset(asset.clone()),
            Revoke::Holder { holder } => Among::Holder(holder.clone()),
        };
        let (of, revoked, actor) = (location.clone(), revoke.clone(), actor.clone());
        let decide = move |rows: &LocationRows, now| {
            let (mut decision, report) = decide_revoke(rows, &revoked, now);
            if decision != Decision::default() {
                let (location, revoked) = (of.clone(), revoked.clone());
                let act = AuditAct::LicensesRevoked { location, revoked, outcomes: counts(&report) };
                decision.audit.push(AuditDraft { at: now, actor: actor.clone(), act });
            }
            (decision, report)
        };
        Ok(self.in_chunks(location, among, true, decide).await?)
    }
}
