//! `SimulatedApple` stands in for a client of Apple; `Call` is one call of it.

use mdm_vpp_core::token::ContentToken;
use mdm_vpp_ports::{ServiceError, ServiceErrorKind};
use serde::de::DeserializeOwned;

use super::reply::{read_reply, read_retry_after};
use crate::simulator::Simulator;
use crate::wire::Request;

/// The simulated service as [`LicenseService`] and [`AppMetadata`], without HTTP and without waiting.
///
/// Every call goes the way of [`Simulator::handle`]: settings, token conditions, request log and fault script are
/// those of every other client. What differs from a client over HTTP:
///
/// - no request is sent again and no list is read from the start again: the caller sees each failure;
/// - service config is not read, so faults there have no effect; limits are known without asking;
/// - all ids of a query go into one lookup;
/// - a reply from which a fault removed a member is an [`UnexpectedReply`], where a client that reads leniently may do
///   without the member. An error needs its number alone.
///
/// Faults of the transport become the error that a client would report:
///
/// | Fault | [`ServiceErrorKind`] |
/// |---|---|
/// | `RequestLost`, `AnswerLost` | `Unreachable` |
/// | `SlowReply` | `TimedOut`, at once and however short the delay is |
/// | `OversizedBody` | `TooLarge`, however small the body is |
/// | `Html` | `NotJson` |
/// | `TruncatedJson` | `Truncated` |
/// | `Redirect` | `AddressRefused` |
/// | `Busy` | `Apple`, with `retry_after` of at most a day |
///
/// ```
/// use mdm_vpp_core::{catalog::Counts, token::{ContentToken, MdmInfo}};
/// use mdm_vpp_ports::LicenseService;
/// use mdm_vpp_simulator::{Endpoint, ErrorNumber, Fault, FaultRule, Simulator, SimulatedApple, demonstration};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let (simulator, location) = Simulator::demonstration("2027-03-01T10:00:00Z".parse().unwrap());
/// let apple = SimulatedApple::new(simulator.clone());
/// let token = ContentToken::new(&location.token_file)?;
///
/// // Claim the location, and see what it owns.
/// let claim = MdmInfo { id: "mdm-1".into(), name: "Example MDM".into(), metadata: "mdm.example.org".into() };
/// let claimed = apple.claim(&token, &claim).await?;
/// assert_eq!((claimed.location.name.as_str(), claimed.reply.mdm_info), (location.name, Some(claim)));
/// let assets = apple.assets(&token).await?.assets;
/// let scarce = assets.iter().find(|asset| asset.adam_id.number() == demonstration::TORQUE_CALCULATOR.number());
/// assert_eq!(
///     scarce.map(|asset| asset.counts),
///     Some(Counts::Limited { total: 5, assigned: 0, available: 5, retired: 0 })
/// );
///
/// // A fault strikes once.
/// simulator.inject(FaultRule::at(Endpoint::Assets, Fault::Error(ErrorNumber::TOKEN_REVOKED)));
/// let error = apple.assets(&token).await.unwrap_err();
/// assert_eq!(error.number().map(|number| number.0), Some(9625));
/// assert!(apple.assets(&token).await.is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [`LicenseService`]: mdm_vpp_ports::LicenseService
/// [`AppMetadata`]: mdm_vpp_ports::AppMetadata
/// [`ServiceErrorKind`]: mdm_vpp_ports::ServiceErrorKind
/// [`UnexpectedReply`]: mdm_vpp_ports::ServiceErrorKind::UnexpectedReply
#[derive(Clone, Debug)]
pub struct SimulatedApple {
    simulator: Simulator,
}

impl SimulatedApple {
    /// A client of this service. Clones share the service, and so do all other handles to it.
    #[must_use]
    pub const fn new(simulator: Simulator) -> Self {
        Self { simulator }
    }

    /// The service, to act in its portal, to inject faults, and to read its request log.
    #[must_use]
    pub const fn simulator(&self) -> &Simulator {
        &self.simulator
    }

    pub(crate) const fn call<'a>(&'a self, name: &'static str, token: &'a ContentToken) -> Call<'a> {
        Call { name, simulator: &self.simulator, token }
    }
}

impl From<Simulator> for SimulatedApple {
    fn from(simulator: Simulator) -> Self {
        Self::new(simulator)
    }
}

/// One call of a port: its name in words, the simulator that it asks, and the token.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) name: &'static str,
    pub(crate) simulator: &'a Simulator,
    pub(crate) token: &'a ContentToken,
}

impl Call<'_> {
    /// Sends a request once and reads the reply.
    pub(crate) fn ask<T: DeserializeOwned>(&self, request: Request) -> Result<T, ServiceError> {
        let response = self.simulator.handle(request);
        let wait = response.header("retry-after");
        let retry_after = wait.and_then(|text| read_retry_after(text, self.simulator.now()));
        read_reply(&response, self.token).map_err(|kind| ServiceError { retry_after, ..self.fails(kind) })
    }

    /// The failure of this call.
    pub(crate) const fn fails(&self, kind: ServiceErrorKind) -> ServiceError {
        ServiceError { call: self.name, kind, retry_after: None }
    }
}
