//! What may be done with a token in each status.

use thiserror::Error;

use crate::token::TokenStatus;

/// Something that is done with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenOperation {
    /// Read from Apple: client config, assets. Never blocked; for a dead token it is the probe.
    Sync,
    /// Change licenses or users at Apple.
    Write,
    /// Claim the location for this installation.
    Claim,
    /// Replace the token by a fresh one of the same location.
    Update,
    /// Edit the settings.
    Edit,
}

/// A refusal that was decided here, without a call to Apple.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{} is not possible while the token is {}: {hint}", operation.phrase(), status.label())]
pub struct OperationRefusal {
    /// What was asked for.
    pub operation: TokenOperation,
    /// The status that forbids it.
    pub status: TokenStatus,
    /// What to do.
    pub hint: &'static str,
}

impl TokenOperation {
    /// All operations, in the order of the published table.
    pub const ALL: [Self; 5] = [Self::Sync, Self::Write, Self::Claim, Self::Update, Self::Edit];

    /// The operation as a phrase for people.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Sync => "reading from Apple",
            Self::Write => "changing licenses",
            Self::Claim => "claiming the location",
            Self::Update => "updating the token",
            Self::Edit => "editing the settings",
        }
    }
}

impl TokenStatus {
    /// Whether an operation may be done in this status.
    #[must_use]
    pub const fn allows(&self, operation: TokenOperation) -> bool {
        match operation {
            TokenOperation::Sync | TokenOperation::Update | TokenOperation::Edit => true,
            TokenOperation::Write => matches!(self, Self::Active | Self::Expiring { .. }),
            TokenOperation::Claim => {
                !matches!(self, Self::Revoked { .. } | Self::Invalid { .. } | Self::Expired { .. })
            }
        }
    }

    /// Refuses what may not be done in this status.
    ///
    /// # Errors
    ///
    /// [`OperationRefusal`] names the operation, the status and what to do.
    pub fn check(&self, operation: TokenOperation) -> Result<(), OperationRefusal> {
        if self.allows(operation) {
            return Ok(());
        }
        let hint = self.hint().unwrap_or("Try again later.");
        Err(OperationRefusal { operation, status: self.clone(), hint })
    }
}
