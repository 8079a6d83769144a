//! A simulated Apple that the suite of assignments can prepare, and the service that asks it over HTTP.

use std::{num::NonZeroUsize, sync::Arc};

use async_trait::async_trait;
use mdm_vpp::{
    adapters::apple::AppleAssignmentService,
    apple_error::ErrorNumber,
    id::LocationId,
    ports::{
        AssignmentService, ServiceLimits,
        conformance::{
            FixtureFuture,
            assignment_service::{AssignmentServiceFixture, FixtureAccess, FixtureLicenses},
        },
        fake::ManualClock,
    },
    seats::ErrorSubjects,
    simulator::{
        Endpoint, EventOrder, EventPlan, Fault, FaultRule, LocationUid, NewLocation, Simulator,
        SimulatorServer, StoreListing, TokenDownload,
    },
    token::ContentToken,
};
use serde_json::json;

use crate::fixture::{client, id, impatient, simulated};

/// A simulated Apple and the service that asks it.
pub(super) struct AssignmentFixture {
    simulator: Simulator,
    service: Box<dyn AssignmentService>,
    /// Listens until the fixture is dropped.
    _server: SimulatorServer,
}

/// The client, over HTTP.
pub(super) async fn assignments_over_http() -> AssignmentFixture {
    assignments_with(|client| Box::new(client)).await
}

/// A service made from the client.
pub(super) async fn assignments_with(
    service: impl FnOnce(AppleAssignmentService) -> Box<dyn AssignmentService>,
) -> AssignmentFixture {
    let simulator = Simulator::new("2027-03-01T10:00:00Z".parse().unwrap());
    simulator.change_settings(|settings| settings.events = EventPlan::usual().never());
    let server = SimulatorServer::start("127.0.0.1:0", simulator.clone()).await.unwrap();
    let clock = Arc::new(ManualClock::at(simulator.now()));
    let client = client(impatient(&server.base_url()), clock);
    AssignmentFixture { simulator, service: service(client.assignment_service()), _server: server }
}

fn uid(location: &LocationId) -> LocationUid {
    LocationUid::from(location.as_str())
}

#[async_trait]
impl AssignmentServiceFixture for AssignmentFixture {
    fn service(&self) -> &dyn AssignmentService {
        &*self.service
    }

    async fn location(&self, licenses: &[FixtureLicenses]) -> FixtureFuture<FixtureAccess> {
        let uid = self.simulator.create_location(NewLocation::new("Example GmbH Berlin", "Example", "DE"));
        for owned in licenses {
            let app = simulated(owned.adam_id.number());
            self.simulator.list(StoreListing::ios_app(app, format!("App {app}"), "com.example.app"));
            self.simulator.buy(&uid, app, owned.licenses)?;
        }
        let token = self.simulator.download_token(&uid, TokenDownload::usual())?;
        Ok(FixtureAccess { location: id(&uid), token: ContentToken::new(token.file)? })
    }

    async fn managed_account(&self, location: &LocationId, account: &str) -> FixtureFuture<()> {
        Ok(self.simulator.add_managed_account(&uid(location), account)?)
    }

    async fn page_capacity(&self, records: u32) -> FixtureFuture<()> {
        let capacity = NonZeroUsize::try_from(usize::try_from(records)?)?;
        self.simulator.change_settings(|settings| settings.page_capacity = capacity);
        Ok(())
    }

    async fn limits(&self, reported: &ServiceLimits) -> FixtureFuture<()> {
        let number = |limit: u32| i32::try_from(limit).map(Some);
        let (assets, users) = (number(reported.pack.max_assets.get())?, number(reported.users)?);
        let client_user_ids = number(reported.pack.max_client_user_ids.get())?;
        let serial_numbers = number(reported.pack.max_serial_numbers.get())?;
        let revoked_users = number(reported.revoke_client_user_ids)?;
        let revoked_devices = number(reported.revoke_serial_numbers)?;
        let per_second = number(reported.pace.max_requests_per_second())?;
        self.simulator.change_limits(|limits| {
            limits.max_assets = assets;
            limits.max_client_user_ids = client_user_ids;
            limits.max_serial_numbers = serial_numbers;
            limits.max_revoke_client_user_ids = revoked_users;
            limits.max_revoke_serial_numbers = revoked_devices;
            limits.max_users = users;
            limits.max_requests_per_second = per_second;
        });
        Ok(())
    }

    async fn finish_events(&self) -> FixtureFuture<()> {
        self.simulator.run_events(EventOrder::OldestFirst);
        Ok(())
    }

    async fn requests(&self) -> FixtureFuture<u64> {
        let requests = self.simulator.requests();
        let counted = requests.iter().filter(|request| request.endpoint != Some(Endpoint::ServiceConfig));
        Ok(u64::try_from(counted.count())?)
    }

    async fn answer_with_error(
        &self,
        number: ErrorNumber,
        message: &str,
        subjects: &ErrorSubjects,
    ) -> FixtureFuture<()> {
        let assets: Vec<_> = subjects.adam_ids.iter().map(|id| json!({"adamId": id.to_string()})).collect();
        let info = json!({
            "assets": assets, "serialNumbers": subjects.serial_numbers, "clientUserIds": subjects.client_user_ids
        });
        let body = json!({"errorNumber": number.0, "errorMessage": message, "errorInfo": info});
        for endpoint in Endpoint::ALL.into_iter().filter(|endpoint| *endpoint != Endpoint::ServiceConfig) {
            let body = body.clone();
            let fault = Fault::edit_json(move |reply| *reply = body.clone());
            self.simulator.inject(FaultRule::at(endpoint, fault).always());
        }
        Ok(())
    }

    async fn answer_normally(&self) -> FixtureFuture<()> {
        self.simulator.clear_faults();
        Ok(())
    }
}
