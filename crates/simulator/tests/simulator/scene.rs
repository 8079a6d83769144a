//! Where the stories play: the demonstration location on a spring morning.

use chrono::{DateTime, Utc};
use mdm_vpp_simulator::{DemonstrationLocation, Request, Response, Simulator, SimulatorServer};
use serde_json::Value;

pub(crate) const CLIENT_CONFIG: &str = "/mdm/v2/client/config";
pub(crate) const ASSETS: &str = "/mdm/v2/assets";

pub(crate) fn morning() -> DateTime<Utc> {
    "2027-03-01T10:00:00Z".parse().unwrap()
}

/// The demonstration location and somebody who holds its token.
pub(crate) struct Scene {
    pub(crate) simulator: Simulator,
    pub(crate) location: DemonstrationLocation,
}

impl Scene {
    pub(crate) fn new() -> Self {
        let (simulator, location) = Simulator::demonstration(morning());
        Self { simulator, location }
    }

    pub(crate) fn get(&self, target: &str) -> Response {
        self.get_with(target, &self.location.token_file)
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

    /// The adamIds of the assets that a query leaves, without the part that they share.
    pub(crate) fn assets(&self, query: &str) -> Vec<u64> {
        let reply = self.get(&format!("{ASSETS}?{query}")).value().unwrap();
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

/// A scene on a socket.
pub(crate) async fn on_a_socket() -> (Scene, SimulatorServer) {
    let scene = Scene::new();
    let server = SimulatorServer::start("127.0.0.1:0", scene.simulator.clone()).await.unwrap();
    (scene, server)
}

/// A client as an MDM would have it: no proxy, no redirects followed.
pub(crate) fn client() -> reqwest::Client {
    // A build of the whole workspace leaves reqwest without cryptography of its own; a second call changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}
