//! Checking an uploaded file: that it is a usable token file, and what Apple says of it.

use mdm_vpp_core::token::{RejectionKind, TokenFile, TokenFileError};
use mdm_vpp_ports::{ClientConfig, ServiceError};
use thiserror::Error;

use crate::context::Context;

/// Apple's number for a token of the time before locations.
const LEGACY_TOKEN: u32 = 9647;

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

    /// What an error means for the file that was uploaded, if it speaks of the file.
    fn of(error: &ServiceError) -> Option<Self> {
        let apple = error.apple_error()?;
        let message = apple.message.clone();
        let number = apple.number?;
        if number.0 == LEGACY_TOKEN {
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
pub(super) enum CheckError {
    Refused(FileRefusedByApple),
    Service(ServiceError),
}

/// Reads a file that must be usable now.
pub(super) fn read_file(context: &Context, bytes: &[u8]) -> Result<TokenFile, TokenFileError> {
    let file = TokenFile::parse(bytes)?;
    file.usable_at(context.now())?;
    Ok(file)
}

/// Asks Apple which location a file belongs to.
pub(super) async fn check_file(context: &Context, file: &TokenFile) -> Result<ClientConfig, CheckError> {
    context.licenses().client_config(file.content_token()).await.map_err(
        |error| match FileRefusedByApple::of(&error) {
            Some(refusal) => CheckError::Refused(refusal),
            None => CheckError::Service(error),
        },
    )
}

#[cfg(test)]
mod tests {
    use mdm_vpp_core::id::SerialNumber;
    use mdm_vpp_ports::ServiceErrorKind;

    use super::*;
    use crate::context::call_failure;

    /// The same error, about a device that Apple named.
    fn naming(error: &ServiceError) -> ServiceError {
        let mut naming = error.clone();
        if let ServiceErrorKind::Apple { subjects, .. } = &mut naming.kind {
            subjects.serial_numbers.insert(SerialNumber::new("C02A000001").unwrap());
        }
        naming
    }

    #[test]
    fn an_error_means_the_same_whether_or_not_apple_names_its_subjects() {
        for number in [9625, 9621, 9622, 9647, 9600] {
            let alone = ServiceError::apple("reading the client config", number, "Apple's words", 200);
            assert_eq!(call_failure(&naming(&alone)), call_failure(&alone));
            assert_eq!(call_failure(&alone).message, "Apple's words");
            assert_eq!(FileRefusedByApple::of(&naming(&alone)), FileRefusedByApple::of(&alone));
        }
    }
}
