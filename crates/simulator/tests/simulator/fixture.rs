//! The fixture of all tests: the demonstration location on the morning of 1 March 2027.

use chrono::{DateTime, Utc};
use mdm_vpp_simulator::{
    AdamId, DemonstrationLocation, DownloadedToken, EventId, EventPlan, LocationUid, NewLocation, Request,
    Response, Simulator, SimulatorServer, TokenDownload,
};
use serde_json::{Value, json};

pub(crate) const CLIENT_CONFIG: &str = "/mdm/v2/client/config";
pub(crate) const ASSETS: &str = "/mdm/v2/assets";
pub(crate) const ASSIGNMENTS: &str = "/mdm/v2/assignments";
pub(crate) const ASSOCIATE: &str = "/mdm/v2/assets/associate";
pub(crate) const DISASSOCIATE: &str = "/mdm/v2/assets/disassociate";
pub(crate) const REVOKE: &str = "/mdm/v2/assets/revoke";
pub(crate) const USERS: &str = "/mdm/v2/users";
pub(crate) const CREATE_USERS: &str = "/mdm/v2/users/create";
pub(crate) const UPDATE_USERS: &str = "/mdm/v2/users/update";
pub(crate) const RETIRE_USERS: &str = "/mdm/v2/users/retire";
pub(crate) const STATUS: &str = "/mdm/v2/status";

pub(crate) fn morning() -> DateTime<Utc> {
    "2027-03-01T10:00:00Z".parse().unwrap()
}

/// A simulator with the demonstration location, and requests with its token.
pub(crate) struct Fixture {
    pub(crate) simulator: Simulator,
    pub(crate) location: DemonstrationLocation,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let (simulator, location) = Simulator::demonstration(morning());
        Self { simulator, location }
    }

    /// With this number of records on a page of a list.
    pub(crate) fn with_pages_of(records: usize) -> Self {
        let fixture = Self::new();
        fixture.simulator.change_settings(|settings| settings.page_capacity = records.try_into().unwrap());
        fixture
    }

    /// With this plan for all events.
    pub(crate) fn with_plan(plan: EventPlan) -> Self {
        let fixture = Self::new();
        fixture.simulator.change_settings(|settings| settings.events = plan);
        fixture
    }

    /// A second location, which owns nothing, and a token of it.
    pub(crate) fn other_location(&self) -> (LocationUid, DownloadedToken) {
        let uid = self.simulator.create_location(NewLocation::new("Bremen", "Example", "DE"));
        let token = self.simulator.download_token(&uid, TokenDownload::usual()).unwrap();
        (uid, token)
    }

    pub(crate) fn get(&self, target: &str) -> Response {
        self.get_with(target, &self.location.token_file)
    }

    /// The body of the answer to a GET request.
    pub(crate) fn reply(&self, target: &str) -> Value {
        self.get(target).value().unwrap()
    }

    pub(crate) fn get_with(&self, target: &str, token_file: &str) -> Response {
        self.simulator.handle(Request::get(target).bearer(token_file))
    }

    pub(crate) fn post(&self, target: &str, body: &Value) -> Response {
        self.post_with(target, &self.location.token_file, body)
    }

    pub(crate) fn post_with(&self, target: &str, token_file: &str, body: &Value) -> Response {
        self.simulator.handle(Request::post_json(target, body.to_string()).bearer(token_file))
    }

    /// Posts a request that begins an event, and answers its id.
    pub(crate) fn begin(&self, target: &str, body: &Value) -> EventId {
        let reply = self.post(target, body).value().unwrap();
        EventId::from(reply["eventId"].as_str().unwrap_or_else(|| panic!("refused: {reply}")))
    }

    /// The status of an event.
    pub(crate) fn status(&self, id: &EventId) -> Value {
        self.reply(&format!("{STATUS}?eventId={id}"))
    }

    /// Creates users.
    pub(crate) fn create_users(&self, ids: &[&str]) {
        let users: Vec<_> = ids.iter().map(|id| json!({"clientUserId": id})).collect();
        let id = self.begin(CREATE_USERS, &json!({"users": users}));
        assert_eq!(self.status(&id)["eventStatus"], "COMPLETE");
    }

    /// The assignments that a query leaves: adamId without the part that all share, and holder.
    pub(crate) fn assignments(&self, query: &str) -> Vec<(u64, String)> {
        let reply = self.reply(&format!("{ASSIGNMENTS}?{query}"));
        let row = |row: &Value| {
            let holder = row["serialNumber"].as_str().or(row["clientUserId"].as_str()).unwrap().to_owned();
            (row["adamId"].as_str().unwrap().parse::<u64>().unwrap() - 9_000_000_000, holder)
        };
        let rows = reply["assignments"].as_array().unwrap_or_else(|| panic!("refused: {reply}"));
        rows.iter().map(row).collect()
    }

    /// Total, assigned, available and retired seats of an asset.
    pub(crate) fn seats(&self, adam_id: AdamId) -> [i64; 4] {
        let reply = self.reply(&format!("{ASSETS}?adamId={adam_id}"));
        ["totalCount", "assignedCount", "availableCount", "retiredCount"]
            .map(|name| reply["assets"][0][name].as_i64().unwrap())
    }

    /// The adamIds of the assets that a query leaves, without the part that they share.
    pub(crate) fn assets(&self, query: &str) -> Vec<u64> {
        let reply = self.reply(&format!("{ASSETS}?{query}"));
        let list =
            if query.contains("unlimited=true") { &reply["unlimitedAssets"] } else { &reply["assets"] };
        let id = |asset: &Value| asset["adamId"].as_str().unwrap().parse::<u64>().unwrap() - 9_000_000_000;
        list.as_array().unwrap().iter().map(id).collect()
    }
}

/// The status and the error number of a reply.
pub(crate) fn verdict(response: &Response) -> (u16, i64) {
    let number = response.value().unwrap()["errorNumber"].as_i64().unwrap_or(0);
    (response.status, number)
}

/// A fixture on a socket.
pub(crate) async fn with_server() -> (Fixture, SimulatorServer) {
    let fixture = Fixture::new();
    let server = SimulatorServer::start("127.0.0.1:0", fixture.simulator.clone()).await.unwrap();
    (fixture, server)
}

/// A client as an MDM would have it: no proxy, no redirects followed.
pub(crate) fn client() -> reqwest::Client {
    // A build of the whole workspace leaves reqwest without cryptography of its own; a second call changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// A body that names apps and devices.
pub(crate) fn to_devices(apps: &[AdamId], serial_numbers: &[&str]) -> Value {
    json!({"assets": named(apps), "serialNumbers": serial_numbers})
}

/// A body that names apps and users.
pub(crate) fn to_users(apps: &[AdamId], client_user_ids: &[&str]) -> Value {
    json!({"assets": named(apps), "clientUserIds": client_user_ids})
}

fn named(apps: &[AdamId]) -> Vec<Value> {
    apps.iter().map(|app| json!({"adamId": app.to_string()})).collect()
}
