//! One call of a port, with the requests that it makes.

use mdm_vpp_core::token::ContentToken;
use mdm_vpp_ports::{ServiceError, ServiceErrorKind};
use serde::de::DeserializeOwned;

use super::reply::read_reply;
use super::retry_after::read_retry_after;
use crate::request::Request;
use crate::simulator::Simulator;

/// A call: its name in words, whom it asks, with which token.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) call: &'static str,
    pub(super) simulator: &'a Simulator,
    pub(super) token: &'a ContentToken,
}

impl Asking<'_> {
    /// Sends a request once and reads the reply.
    pub(super) fn ask<T: DeserializeOwned>(&self, request: Request) -> Result<T, ServiceError> {
        let response = self.simulator.handle(request);
        let wait = response.header("retry-after");
        let retry_after = wait.and_then(|text| read_retry_after(text, self.simulator.now()));
        read_reply(&response, self.token)
            .map_err(|trouble| ServiceError { retry_after, ..self.fails(trouble) })
    }

    /// The failure of this call.
    pub(super) const fn fails(&self, trouble: ServiceErrorKind) -> ServiceError {
        ServiceError { call: self.call, kind: trouble, retry_after: None }
    }
}
