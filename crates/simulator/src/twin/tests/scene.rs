//! Where the stories play: the demonstration location, and somebody who holds its token.

use mdm_vpp_core::id::AdamId;
use mdm_vpp_core::token::{ContentToken, MdmInfo};
use mdm_vpp_ports::{LicenseService, ServiceError, ServiceErrorKind};

use crate::{DemonstrationLocation, Fault, FaultRule, SimulatedApple, Simulator};

pub(super) struct Scene {
    pub(super) simulator: Simulator,
    pub(super) apple: SimulatedApple,
    pub(super) location: DemonstrationLocation,
    pub(super) token: ContentToken,
}

impl Scene {
    pub(super) fn new() -> Self {
        let (simulator, location) = Simulator::demonstration("2027-03-01T10:00:00Z".parse().unwrap());
        let token = ContentToken::new(&location.token_file).unwrap();
        Self { apple: SimulatedApple::new(simulator.clone()), simulator, location, token }
    }

    /// What reading the client config fails with while a fault strikes once.
    pub(super) async fn struck_by(&self, fault: Fault) -> ServiceError {
        self.simulator.inject(FaultRule::new(fault));
        self.apple.client_config(&self.token).await.unwrap_err()
    }

    /// What reading the assets fails with when their first page is edited.
    pub(super) async fn assets_edited(
        &self,
        edit: impl Fn(&mut serde_json::Value) + Send + Sync + 'static,
    ) -> ServiceErrorKind {
        self.simulator.inject(FaultRule::new(Fault::edit_json(edit)));
        self.apple.assets(&self.token).await.unwrap_err().kind
    }
}

pub(super) fn claim(name: &str, metadata: &str) -> MdmInfo {
    MdmInfo { id: "mdm-1".into(), name: name.into(), metadata: metadata.into() }
}

pub(super) fn id(number: u64) -> AdamId {
    AdamId::new(number)
}
