//! Uploading a token.

use std::fmt;

use mdm_vpp_core::{
    decide::token::{Upload, UploadRefusal, decide_upload_token},
    id::Actor,
    token::{RejectionKind, TokenFile, TokenFileError, TokenSettings},
};
use mdm_vpp_ports::{ClientConfig, ServiceError, StoreError};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{
    Tenant, TokenOutcome, WorkLimit,
    transact::{TransactError, all_tokens, token_after},
    vpp::Context,
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

    /// Claim the location even when another MDM server claims it. The audit log keeps who asked for it.
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
    /// The file, the settings or the token's place among the others.
    #[error(transparent)]
    Refused(#[from] UploadRefusal),
    /// Apple refuses the token.
    #[error(transparent)]
    RefusedByApple(#[from] FileRefusedByApple),
    /// Apple could not be asked.
    #[error("the token could not be checked with Apple: {0}")]
    Service(#[from] ServiceError),
    /// The store failed, or another tenant has the location.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl UploadError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Refused(error) => error.code(),
            Self::RefusedByApple(error) => error.code(),
            Self::Service(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }
}

/// Apple's refusal of an uploaded file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FileRefusedByApple {
    /// 9647: a token of the time before locations.
    #[error(
        "this is a legacy token that belongs to no location ({message}): \
         migrate it in Apple Business Manager or Apple School Manager and download the location's content token"
    )]
    Legacy {
        /// Apple's text.
        message: String,
    },
    /// 9621: Apple says that it has ended, whatever the file says.
    #[error("Apple says that this token has expired ({message}): download a new content token")]
    Expired {
        /// Apple's text.
        message: String,
    },
    /// 9625: Apple revoked it.
    #[error(
        "Apple revoked this token ({message}): the password of the account that downloaded it was changed, or Apple \
         flagged the account; download a new content token, and contact Apple Support if that is revoked too"
    )]
    Revoked {
        /// Apple's text.
        message: String,
    },
    /// 9601 or 9622: Apple does not know it.
    #[error(
        "Apple does not know this token ({message}): upload the file as it was downloaded, or download a new one \
         if the password of the account was changed"
    )]
    Unknown {
        /// Apple's text.
        message: String,
    },
}

impl FileRefusedByApple {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Legacy { .. } => "legacy_token",
            Self::Expired { .. } => "token_expired",
            Self::Revoked { .. } => "token_revoked",
            Self::Unknown { .. } => "token_unknown",
        }
    }
}

impl FileRefusedByApple {
    /// What an error means for the file that was uploaded, if it speaks of the file.
    pub(crate) fn of(error: &ServiceError) -> Option<Self> {
        let apple = error.apple_error()?;
        let message = apple.message.clone();
        let number = apple.number?;
        if number.0 == 9647 {
            return Some(Self::Legacy { message });
        }
        RejectionKind::of(number).map(|meaning| match meaning {
            RejectionKind::Revoked => Self::Revoked { message },
            RejectionKind::Invalid => Self::Unknown { message },
            RejectionKind::Expired => Self::Expired { message },
        })
    }
}

/// Why a file could not be checked with Apple.
pub(crate) enum CheckError {
    Refused(FileRefusedByApple),
    Service(ServiceError),
}

impl Context {
    /// Asks Apple which location a file belongs to.
    pub(crate) async fn check_file(&self, file: &TokenFile) -> Result<ClientConfig, CheckError> {
        self.service.client_config(file.content_token()).await.map_err(|error| {
            match FileRefusedByApple::of(&error) {
                Some(refusal) => CheckError::Refused(refusal),
                None => CheckError::Service(error),
            }
        })
    }

    /// Reads a file that must be usable now.
    pub(crate) fn read_file(&self, bytes: &[u8]) -> Result<TokenFile, TokenFileError> {
        let file = TokenFile::parse(bytes)?;
        file.usable_at(self.clock.now())?;
        Ok(file)
    }
}

impl Tenant {
    /// Adds a token: checks the file, asks Apple for its location, stores the token as joining, then claims the
    /// location and reads its assets, as far as the upload's limit goes.
    ///
    /// The outcome's status is the one reached: [`Active`](mdm_vpp_core::token::TokenStatus::Active) when all went
    /// well. A location that another MDM server claims is stored and read, but not claimed, unless the upload
    /// takes it over. Once the token is stored the upload has succeeded; what failed later is among the
    /// outcome's failures and stays due.
    ///
    /// # Errors
    ///
    /// [`UploadError`]; nothing is stored then.
    pub async fn upload_token(
        &self,
        upload: UploadToken,
        actor: &Actor,
    ) -> Result<TokenOutcome, UploadError> {
        let file = self.parts.read_file(&upload.file).map_err(UploadRefusal::from)?;
        upload.settings.scope.check().map_err(UploadRefusal::from)?;
        let config = self.parts.check_file(&file).await.map_err(|error| match error {
            CheckError::Refused(refusal) => UploadError::RefusedByApple(refusal),
            CheckError::Service(error) => UploadError::Service(error),
        })?;
        let location = config.location.id.clone();
        let adding = Upload {
            claim: self.parts.claim_id(&location),
            settings: upload.settings,
            file,
            location: config.location,
            reply: config.reply,
            take_over: upload.take_over,
        };
        let (by, now) = (actor.clone(), self.parts.clock.now());
        let decide = move |loaded: &_| {
            let decision = decide_upload_token(loaded, &adding, &by, now)?;
            let token = token_after(&decision, loaded, &adding.location.id);
            Ok((decision, token))
        };
        let saved =
            self.parts.transact(&self.id, &all_tokens(), decide).await.map_err(|error| match error {
                TransactError::Refused(refusal) => UploadError::Refused(refusal),
                TransactError::Store(error) => UploadError::Store(error),
            })?;
        tracing::info!(tenant = %self.id, %location, %actor, "token uploaded");
        match saved {
            Some(saved) => Ok(self.work_on(saved, &upload.limit).await),
            None => Err(UploadError::Store(StoreError::UnknownToken { location })),
        }
    }
}
