//! What is asked of Apple, before it becomes an HTTP request.

use mdm_vpp_core::token::ContentToken;
use mdm_vpp_ports::NotificationSecret;
use url::Url;

use super::scrub::Scrubber;

/// How a request shows the token.
#[derive(Clone, Copy)]
pub(crate) enum Credential<'a> {
    /// Not at all.
    None,
    /// `Authorization: Bearer`, for the license service.
    Bearer(&'a ContentToken),
    /// The cookie `itvt`, for the store lookup.
    Cookie(&'a ContentToken),
}

impl<'a> Credential<'a> {
    pub(crate) const fn token(self) -> Option<&'a ContentToken> {
        match self {
            Self::None => None,
            Self::Bearer(token) | Self::Cookie(token) => Some(token),
        }
    }
}

/// A request of ours: a read, or a write with its JSON body.
pub(crate) struct Order<'a> {
    pub(crate) url: Url,
    pub(crate) credential: Credential<'a>,
    pub(crate) body: Option<String>,
    /// A secret in the body.
    pub(crate) secret: Option<&'a NotificationSecret>,
}

impl<'a> Order<'a> {
    /// A read.
    pub(crate) const fn read(url: Url, credential: Credential<'a>) -> Self {
        Self { url, credential, body: None, secret: None }
    }

    /// What removes the order's secrets from texts that a server may have made of them.
    pub(crate) const fn scrubber(&self) -> Scrubber<'a> {
        Scrubber::of(self.credential.token()).and(self.secret)
    }
}
