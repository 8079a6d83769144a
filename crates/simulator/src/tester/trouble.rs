//! Why the tester's door refuses something.

use thiserror::Error;

use crate::portal::PortalError;

/// Why a tester's request is refused.
#[derive(Debug, Error)]
pub(super) enum Trouble {
    #[error("there is no such door; ask for `/` to see all")]
    NoSuchDoor,
    #[error("the body is not what is asked for: {0}")]
    Body(#[from] serde_json::Error),
    #[error("`{0}` is no id of its kind")]
    Id(String),
    #[error("there is no location yet")]
    NoLocation,
    #[error("there is no pending event `{0}`")]
    Event(String),
    #[error("{0}")]
    Portal(#[from] PortalError),
    #[error("{0}")]
    Url(#[from] crate::model::BaseUrlError),
}

impl Trouble {
    pub(super) const fn status(&self) -> u16 {
        match self {
            Self::NoSuchDoor | Self::Event(_) => 404,
            Self::Body(_) | Self::Id(_) | Self::Url(_) => 400,
            Self::NoLocation | Self::Portal(_) => 409,
        }
    }
}
