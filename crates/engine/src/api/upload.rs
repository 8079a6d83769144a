//! Uploading a token.

use std::fmt;

use mdm_vpp_core::{
    decide::token::{Upload, UploadRefusal, decide_upload_token},
    id::Actor,
    token::TokenSettings,
};
use mdm_vpp_ports::{ServiceError, StoreError};
use thiserror::Error;
use zeroize::Zeroizing;

use super::{
    FileRefusedByApple, Tenant, TokenOutcome,
    check_file::{CheckError, check_file, read_file},
    error_facts::{ErrorFacts, error_facts},
};
use crate::{
    context::{TransactError, all_tokens, token_after},
    worker::WorkLimit,
};

/// A token that an administrator uploads.
#[derive(Clone)]
pub struct UploadToken {
    settings: TokenSettings,
    file: Zeroizing<Vec<u8>>,
    take_over: bool,
    limit: WorkLimit,
}

impl UploadToken {
    /// The dialog's three tabs and the bytes of the `.vpptoken` file, at most 64 KiB.
    #[must_use]
    pub fn new(settings: TokenSettings, file: impl Into<Vec<u8>>) -> Self {
        Self { settings, file: Zeroizing::new(file.into()), take_over: false, limit: WorkLimit::default() }
    }

    /// Claims the location even when another MDM server claims it. The audit log keeps who asked for it.
    #[must_use]
    pub const fn take_over(mut self) -> Self {
        self.take_over = true;
        self
    }

    /// How much of the work that follows may be done at once; the rest is left to
    /// [`Vpp::work`](crate::Vpp::work).
    #[must_use]
    pub const fn limit(mut self, limit: WorkLimit) -> Self {
        self.limit = limit;
        self
    }
}

impl fmt::Debug for UploadToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadToken")
            .field("settings", &self.settings)
            .field("take_over", &self.take_over)
            .finish_non_exhaustive()
    }
}

/// Why a token was not added. Nothing is stored.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum UploadError {
    /// The rules refuse the file, the settings, or the token beside the others.
    #[error(transparent)]
    Refused(#[from] UploadRefusal),
    /// Apple refuses the token.
    #[error(transparent)]
    RefusedByApple(#[from] FileRefusedByApple),
    /// Apple could not be asked.
    #[error("cannot check the token with Apple: {0}")]
    Service(ServiceError),
    /// The store failed, or another tenant has the location.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl UploadError {
    fn facts(&self) -> ErrorFacts {
        match self {
            Self::Refused(refusal) => refusal.into(),
            Self::RefusedByApple(refusal) => refusal.into(),
            Self::Service(error) => error.into(),
            Self::Store(error) => error.into(),
        }
    }
}

error_facts!(UploadError);

impl Tenant {
    /// Adds a token: checks the file, asks Apple for its location, stores the token as joining, then claims the
    /// location and reads its assets, as far as the upload's limit goes.
    ///
    /// The outcome's status is the one reached: [`Active`](mdm_vpp_core::token::TokenStatus::Active) when all went
    /// well. A location that another MDM server claims is stored and read, but not claimed, unless the upload
    /// takes it over. Once the token is stored the upload has succeeded; a job that failed later is among the
    /// outcome's failures and runs again.
    ///
    /// # Errors
    ///
    /// [`UploadError`]; nothing is stored then.
    pub async fn upload_token(
        &self,
        upload: UploadToken,
        actor: &Actor,
    ) -> Result<TokenOutcome, UploadError> {
        let context = self.context();
        // What costs no call comes first, so a wrong file or setting is refused without Apple.
        let file = read_file(context, &upload.file).map_err(UploadRefusal::from)?;
        upload.settings.scope.check().map_err(UploadRefusal::from)?;
        let config = check_file(context, &file).await.map_err(|error| match error {
            CheckError::Refused(refusal) => UploadError::RefusedByApple(refusal),
            CheckError::Service(error) => UploadError::Service(error),
        })?;
        let location = config.location.id.clone();
        let adding = Upload {
            claim: context.claim_id(&location),
            settings: upload.settings,
            file,
            location: config.location,
            reply: config.reply,
            take_over: upload.take_over,
        };
        let (by, now) = (actor.clone(), context.now());
        let decide = move |loaded: &_| {
            let decision = decide_upload_token(loaded, &adding, &by, now)?;
            let token = token_after(&decision, loaded, &adding.location.id);
            Ok((decision, token))
        };
        let saved =
            context.transact(self.id(), &all_tokens(), decide).await.map_err(|error| match error {
                TransactError::Refused(refusal) => UploadError::Refused(refusal),
                TransactError::Store(error) => UploadError::Store(error),
            })?;
        tracing::info!(tenant = %self.id(), %location, %actor, "token uploaded");
        match saved {
            Some(saved) => Ok(self.outcome_of(saved, &upload.limit).await),
            None => Err(UploadError::Store(StoreError::UnknownToken { location })),
        }
    }
}
