//! Clients as the tests need them: real HTTP, a clock that stands, waits too short to notice.

use std::{sync::Arc, time::Duration};

use chrono::DateTime;
use mdm_vpp_adapters::{
    apple::{AppleAssignmentService, AppleClient, AppleLicenseService, AppleSettings},
    catalog::StoreLookup,
    http::ReqwestTransport,
};
use mdm_vpp_core::token::ContentToken;
use mdm_vpp_ports::{ServiceError, fake::ManualClock};
use serde_json::{Value, json};

use crate::server::{Canned, Server};

/// A content token: the Base64 form of a JSON object.
pub(crate) const TOKEN: &str =
    "eyJ0b2tlbiI6IlFVSkRSRVZHUjBoSlNrdE1UVTVQVUZGU1UxUlZWbGRZV1ZvPSIsIm9yZ05hbWUiOiJFeGFtcGxlIEdtYkgifQ==";

/// 2026-03-01T12:00:00Z.
pub(crate) const NOON: i64 = 1_772_366_400;

pub(crate) const SERVICE_CONFIG: &str = "/mdm/v2/service/config";
pub(crate) const CLIENT_CONFIG: &str = "/mdm/v2/client/config";
pub(crate) const ASSETS: &str = "/mdm/v2/assets";
pub(crate) const LOOKUP: &str = "/lookup";

pub(crate) fn token() -> ContentToken {
    ContentToken::new(TOKEN).unwrap()
}

/// Settings whose waits take no time to speak of.
pub(crate) fn quick(base_url: impl Into<String>) -> AppleSettings {
    let mut settings = AppleSettings::at(base_url);
    settings.retry.first_wait = Duration::from_millis(1);
    settings.retry.first_wait_when_limited = Duration::from_millis(1);
    settings.request_timeout = Duration::from_secs(20);
    settings
}

/// Everything around one server.
pub(crate) struct Bench {
    pub(crate) server: Server,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) client: Arc<AppleClient>,
    pub(crate) licenses: AppleLicenseService,
    pub(crate) assignments: AppleAssignmentService,
    pub(crate) store: StoreLookup,
}

impl Bench {
    /// A server with a service config that names its own addresses.
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut AppleSettings)) -> Self {
        let server = Server::start().await;
        server.on(SERVICE_CONFIG, [Canned::json(service_config(&server))]);
        Self::around(server, change)
    }

    pub(crate) fn around(server: Server, change: impl FnOnce(&mut AppleSettings)) -> Self {
        let mut settings = quick(server.url("/mdm/v2"));
        change(&mut settings);
        let clock = Arc::new(ManualClock::at(DateTime::from_timestamp(NOON, 0).unwrap()));
        let client = Arc::new(client(settings, clock.clone()));
        let licenses = AppleLicenseService::new(client.clone());
        let assignments = client.assignment_service();
        let store = client.store_lookup();
        Self { server, clock, client, licenses, assignments, store }
    }
}

pub(crate) fn client(settings: AppleSettings, clock: Arc<ManualClock>) -> AppleClient {
    let transport = ReqwestTransport::new(settings.connect_timeout).unwrap();
    AppleClient::new(settings, Arc::new(transport), clock).unwrap()
}

/// A service for a base address without a service of ours behind it.
pub(crate) fn licenses_at(base_url: String) -> AppleLicenseService {
    let clock = Arc::new(ManualClock::at(DateTime::from_timestamp(NOON, 0).unwrap()));
    AppleLicenseService::new(Arc::new(client(quick(base_url), clock)))
}

pub(crate) fn service_config(server: &Server) -> Value {
    json!({
        "limits": {"maxMdmNameLength": 100, "maxMdmMetadataLength": 255},
        "urls": {
            "clientConfig": server.url(CLIENT_CONFIG),
            "getAssets": server.url(ASSETS),
            "contentMetadataLookup": server.url(LOOKUP),
        }
    })
}

pub(crate) fn client_config() -> Value {
    json!({
        "countryISO2ACode": "DE", "defaultPlatform": "enterprisestore", "locationName": "Example GmbH",
        "tokenExpirationDate": "2027-03-01T10:00:00+0000", "uId": "2049025000431439",
        "websiteURL": "https://business.apple.com"
    })
}

pub(crate) fn asset(adam_id: u64, total: u64) -> Value {
    json!({
        "adamId": adam_id.to_string(), "pricingParam": "STDQ", "productType": "App", "deviceAssignable": true,
        "revocable": true, "supportedPlatforms": ["iOS"], "totalCount": total, "assignedCount": 0,
        "availableCount": total, "retiredCount": 0
    })
}

/// The error of a failed call, after a look for the secret in it.
pub(crate) fn failed<T: std::fmt::Debug>(outcome: Result<T, ServiceError>) -> ServiceError {
    let error = outcome.unwrap_err();
    assert_secretless(&format!("{error} {error:?} {:?}", error.kind));
    error
}

/// No part of the token of 12 characters stands in a text.
pub(crate) fn assert_secretless(text: &str) {
    for start in 0..=TOKEN.len() - 12 {
        assert!(!text.contains(&TOKEN[start..start + 12]), "a part of the token stands in: {text}");
    }
}
