//! What the fake shares with other clients of the simulator, and what a caller sees when something goes wrong.

use std::time::{Duration, Instant};

use mdm_vpp_core::apple_error::{ErrorClass, ErrorNumber as Number};
use mdm_vpp_core::id::AdamId;
use mdm_vpp_core::token::{ContentToken, MdmInfo, Region};
use mdm_vpp_core::{catalog::Lookup, token::StorePlatform};
use mdm_vpp_ports::{AppMetadata, AppMetadataQuery, LicenseService, ServiceError, ServiceErrorKind};
use serde_json::{Value, json};

use super::simulated_apple::SimulatedApple;
use crate::apple::{Endpoint, ErrorNumber};
use crate::demonstration::{DemonstrationLocation, ROUTE_SHEET};
use crate::settings::{RetryAfter, SynchronousErrors};
use crate::simulator::{Fault, FaultRule, Simulator};
use crate::wire::Request;

/// The demonstration location, and the fake with its token.
struct Fixture {
    simulator: Simulator,
    apple: SimulatedApple,
    location: DemonstrationLocation,
    token: ContentToken,
}

impl Fixture {
    fn new() -> Self {
        let (simulator, location) = Simulator::demonstration("2027-03-01T10:00:00Z".parse().unwrap());
        let token = ContentToken::new(&location.token_file).unwrap();
        Self { apple: SimulatedApple::new(simulator.clone()), simulator, location, token }
    }

    /// The error of reading the client config while a fault strikes once.
    async fn struck_by(&self, fault: Fault) -> ServiceError {
        self.simulator.inject(FaultRule::new(fault));
        self.apple.client_config(&self.token).await.unwrap_err()
    }

    /// The failure of reading the assets when a fault edits their first page.
    async fn assets_edited(&self, edit: impl Fn(&mut Value) + Send + Sync + 'static) -> ServiceErrorKind {
        self.simulator.inject(FaultRule::new(Fault::edit_json(edit)));
        self.apple.assets(&self.token).await.unwrap_err().kind
    }
}

fn claim(name: &str, metadata: &str) -> MdmInfo {
    MdmInfo { id: "mdm-1".into(), name: name.into(), metadata: metadata.into() }
}

fn id(number: u64) -> AdamId {
    AdamId::new(number)
}

#[tokio::test]
async fn a_claim_by_the_fake_is_seen_by_a_request() {
    let fixture = Fixture::new();
    let config = fixture.apple.claim(&fixture.token, &claim("Example", "host")).await.unwrap();
    assert_eq!(config.reply.mdm_info, Some(claim("Example", "host")));
    let request = Request::get(Endpoint::ReadClientConfig.path()).bearer(&fixture.location.token_file);
    assert_eq!(fixture.simulator.handle(request).value().unwrap()["mdmInfo"]["metadata"], "host");
}

#[tokio::test]
async fn every_page_is_a_request_in_the_log() {
    let fixture = Fixture::new();
    fixture.simulator.change_settings(|settings| settings.page_capacity = 4.try_into().unwrap());
    assert_eq!(fixture.apple.assets(&fixture.token).await.unwrap().assets.len(), 9);
    let log = fixture.simulator.requests();
    let queries: Vec<_> = log.iter().map(|entry| entry.query.as_str()).collect();
    assert_eq!(queries, ["", "pageIndex=1", "pageIndex=2"]);
    assert!(log.iter().all(|entry| entry.token == Some(fixture.location.token)));
}

#[tokio::test]
async fn a_dead_token_has_its_number_with_either_status() {
    let fixture = Fixture::new();
    fixture.simulator.revoke_token(fixture.location.token).unwrap();
    for (errors, status) in [(SynchronousErrors::Observed, 200), (SynchronousErrors::Documented, 401)] {
        fixture.simulator.change_settings(|settings| settings.token_errors = errors);
        let error = fixture.apple.client_config(&fixture.token).await.unwrap_err();
        assert_eq!(error.number(), Some(Number(9625)));
        assert!(matches!(error.kind, ServiceErrorKind::Apple { http_status, .. } if http_status == status));
    }
}

#[tokio::test]
async fn a_claim_is_cut_to_the_limits_at_a_character_and_its_id_is_not() {
    let fixture = Fixture::new();
    fixture.simulator.change_limits(|limits| {
        limits.max_mdm_name_length = Some(5);
        limits.max_mdm_metadata_length = None;
    });
    let config = fixture.apple.claim(&fixture.token, &claim("Müüll", &"m".repeat(300))).await.unwrap();
    assert_eq!(config.reply.mdm_info, Some(claim("Müü", &"m".repeat(255))));
    fixture.simulator.change_limits(|limits| limits.max_mdm_id_length = Some(4));
    let refused = fixture.apple.claim(&fixture.token, &claim("Müüll", "")).await.unwrap_err();
    assert_eq!(refused.number(), Some(Number(9724)));
}

#[tokio::test]
async fn a_lookup_is_one_request_however_many_apps_are_asked_for() {
    let fixture = Fixture::new();
    let known = id(ROUTE_SHEET.number());
    let query = AppMetadataQuery {
        region: Region::new("DE").unwrap(),
        platform: StorePlatform::Volume,
        adam_ids: (1..=200).map(id).chain([known, known]).collect(),
    };

    let found = fixture.apple.look_up(&fixture.token, &query).await.unwrap();

    assert_eq!(found.len(), 201);
    assert!(matches!(&found[&known], Lookup::Listed(listing) if listing.name == "Route Sheet"));
    assert_eq!(found.values().filter(|lookup| **lookup == Lookup::NotListed).count(), 200);
    assert_eq!(fixture.simulator.count(Endpoint::MetadataLookup), 1);
}

#[tokio::test]
async fn a_lost_request_and_a_lost_answer_are_unreachable_and_only_the_answer_was_carried_out() {
    let fixture = Fixture::new();
    for (fault, carried_out) in [(Fault::RequestLost, false), (Fault::AnswerLost, true)] {
        fixture.simulator.inject(FaultRule::new(fault));
        let error = fixture.apple.claim(&fixture.token, &claim("Example", "host")).await.unwrap_err();
        assert_eq!((error.call, error.code()), ("claiming the location", "unreachable"));
        assert_eq!(fixture.simulator.claim(&fixture.location.uid).unwrap().is_some(), carried_out);
    }
}

#[tokio::test]
async fn a_slow_reply_has_timed_out_without_waiting_and_was_carried_out() {
    let fixture = Fixture::new();
    let (delay, before) = (Duration::from_secs(3600), Instant::now());
    fixture.simulator.inject(FaultRule::new(Fault::SlowReply { delay }));

    let error = fixture.apple.claim(&fixture.token, &claim("Example", "host")).await.unwrap_err();

    assert_eq!(error.kind, ServiceErrorKind::TimedOut { after: delay });
    assert!(before.elapsed() < Duration::from_secs(60));
    assert!(fixture.simulator.claim(&fixture.location.uid).unwrap().is_some());
}

#[tokio::test]
async fn a_response_that_is_no_reply_fails_with_its_kind() {
    let fixture = Fixture::new();
    let oversized = fixture.struck_by(Fault::OversizedBody { mebibytes: 40 }).await;
    assert_eq!(oversized.kind, ServiceErrorKind::TooLarge { limit: 40 * 1024 * 1024 });

    let html = fixture.struck_by(Fault::Html { status: 502 }).await.kind;
    let ServiceErrorKind::NotJson { status: 502, excerpt } = &html else { panic!("{html:?}") };
    assert!(excerpt.contains("temporarily unavailable") && excerpt.len() <= 200, "{excerpt}");

    let half = fixture.struck_by(Fault::TruncatedJson).await.kind;
    assert!(matches!(half, ServiceErrorKind::Truncated { length } if length > 100), "{half:?}");

    let list = fixture.struck_by(Fault::edit_json(|body| *body = serde_json::json!([1]))).await.kind;
    assert!(
        matches!(&list, ServiceErrorKind::NotJson { status: 200, excerpt } if excerpt == "[1]"),
        "{list:?}"
    );
}

#[tokio::test]
async fn a_redirect_is_refused_and_its_query_is_not_shown() {
    let fixture = Fixture::new();
    let to = format!("https://elsewhere.example.org/a/{}?token=canary", fixture.location.token_file);
    let refused = fixture.struck_by(Fault::Redirect { status: 307, to }).await;
    let ServiceErrorKind::AddressRefused { url, .. } = &refused.kind else { panic!("{refused:?}") };

    assert_eq!(url, "https://elsewhere.example.org/a/[token]");
}

#[tokio::test]
async fn a_busy_service_says_when_to_come_back_and_at_most_a_day() {
    let fixture = Fixture::new();
    let day = Duration::from_secs(86_400);
    for (status, sent, class, expected) in [
        (429, RetryAfter::Seconds(7), ErrorClass::RateLimited, Some(Duration::from_secs(7))),
        (503, RetryAfter::Unsaid, ErrorClass::Transient, None),
        (503, RetryAfter::Seconds(0), ErrorClass::Transient, None),
        (
            503,
            RetryAfter::DateIn(Duration::from_secs(90)),
            ErrorClass::Transient,
            Some(Duration::from_secs(90)),
        ),
        (503, RetryAfter::DateIn(Duration::MAX), ErrorClass::Transient, Some(day)),
        (429, RetryAfter::Seconds(u32::MAX), ErrorClass::RateLimited, Some(day)),
    ] {
        let error = fixture.struck_by(Fault::Busy { status, retry_after: sent }).await;
        assert_eq!(error.retry_after(), expected, "{sent:?}");
        let ServiceErrorKind::Apple { http_status, .. } = &error.kind else { panic!("{error:?}") };
        assert_eq!((*http_status, error.class()), (status, Some(class)));
    }
}

#[tokio::test]
async fn nothing_is_sent_again() {
    let fixture = Fixture::new();
    let error = fixture.struck_by(Fault::Error(ErrorNumber::INTERNAL)).await;

    assert_eq!((error.number(), error.is_retryable()), (Some(Number(9603)), true));
    assert_eq!(fixture.simulator.count(Endpoint::ReadClientConfig), 1);
    assert!(fixture.apple.client_config(&fixture.token).await.is_ok(), "and the next call works");
}

#[tokio::test]
async fn a_list_that_shrinks_between_two_pages_fails_with_the_number_and_is_not_begun_again() {
    let fixture = Fixture::new();
    fixture.simulator.change_settings(|settings| settings.page_capacity = 5.try_into().unwrap());
    let many = 500.try_into().unwrap();
    let shrink = Fault::first(move |apple| apple.change_settings(|settings| settings.page_capacity = many));
    fixture.simulator.inject(FaultRule::at(Endpoint::Assets, shrink).on_page(1));

    let error = fixture.apple.assets(&fixture.token).await.unwrap_err();

    assert_eq!(error.number(), Some(Number(9650)));
    assert_eq!(fixture.simulator.count(Endpoint::Assets), 2);
}

fn unexpected(kind: ServiceErrorKind) -> (String, String) {
    let ServiceErrorKind::UnexpectedReply { member, found } = kind else { panic!("{kind:?}") };
    (member, found)
}

fn pair(member: &str, found: &str) -> (String, String) {
    (member.to_owned(), found.to_owned())
}

#[tokio::test]
async fn a_client_config_needs_a_location_that_can_be_one() {
    let fixture = Fixture::new();
    let without = fixture.struck_by(Fault::without_member("uId")).await.kind;
    assert_eq!(unexpected(without), pair("uId", "it is missing"));
    let strange = fixture.struck_by(Fault::edit_json(|body| body["uId"] = json!("a/b"))).await.kind;
    assert_eq!(unexpected(strange).0, "uId");
    let nameless = Fault::edit_json(|body| body["locationName"] = json!(" "));
    fixture.simulator.inject(FaultRule::new(nameless));
    let config = fixture.apple.client_config(&fixture.token).await.unwrap();
    assert_eq!(config.location.name, fixture.location.uid.as_str(), "the id stands for a name");
}

#[tokio::test]
async fn a_page_that_cannot_be_one_names_its_member_and_place() {
    let fixture = Fixture::new();
    let set = |member: &'static str, value: Value| {
        fixture.assets_edited(move |body| body["assets"][1][member] = value.clone())
    };
    assert_eq!(
        unexpected(set("assignedCount", json!(-1)).await),
        pair("assets[1].assignedCount", "it is -1, below zero")
    );
    assert_eq!(unexpected(set("adamId", json!("abc")).await).0, "assets[1].adamId");
    let null = unexpected(set("totalCount", Value::Null).await);
    assert!(null.0 == "body" && null.1.contains("null"), "{null:?}");

    let gone =
        fixture.assets_edited(|body| drop(body["assets"][0].as_object_mut().unwrap().remove("adamId")));
    assert_eq!(unexpected(gone.await), pair("adamId", "it is missing"));
    let elsewhere = fixture.assets_edited(|body| body["currentPageIndex"] = json!(4));
    assert_eq!(unexpected(elsewhere.await), pair("currentPageIndex", "it is 4 on page 0"));
    let skips = fixture.assets_edited(|body| body["nextPageIndex"] = json!(2));
    assert_eq!(unexpected(skips.await), pair("nextPageIndex", "it is 2 on page 0"));
}

#[tokio::test]
async fn a_list_that_an_edit_made_shorter_is_an_error() {
    let fixture = Fixture::new();
    let gone = fixture.assets_edited(|body| drop(body.as_object_mut().unwrap().remove("assets"))).await;
    assert_eq!(unexpected(gone), pair("assets", "0 of the 9 that page 0 counts"));
    let shorter = fixture.assets_edited(|body| drop(body["assets"].as_array_mut().unwrap().pop())).await;
    assert_eq!(unexpected(shorter), pair("assets", "8 of the 9 that page 0 counts"));

    fixture.simulator.change_settings(|settings| settings.page_capacity = 4.try_into().unwrap());
    fixture.simulator.inject(FaultRule::new(Fault::without_member("nextPageIndex")).always());
    assert_eq!(fixture.apple.assets(&fixture.token).await.unwrap().assets.len(), 9, "pages that are counted");
}

#[tokio::test]
async fn an_error_needs_its_number_alone() {
    let fixture = Fixture::new();
    for body in [json!({"errorNumber": 9625}), json!({"errorNumber": 9625, "errorMessage": "gone"})] {
        let edited = Fault::edit_json(move |reply| *reply = body.clone());
        assert_eq!(fixture.struck_by(edited).await.number().map(|number| number.0), Some(9625));
    }
}

#[tokio::test]
async fn words_unknown_to_the_core_are_kept() {
    let fixture = Fixture::new();
    fixture.simulator.inject(FaultRule::new(Fault::edit_json(|body| {
        body["assets"][0]["productType"] = json!("Song");
        body["assets"][0]["pricingParam"] = json!("ULTRA");
        body["assets"][0]["supportedPlatforms"] = json!(["holoOS", "visionOS"]);
    })));
    let assets = fixture.apple.assets(&fixture.token).await.unwrap().assets;
    let strange = format!("{:?}", assets[0]);
    for word in ["Song", "ULTRA", "holoOS", "VisionOs"] {
        assert!(strange.contains(word), "{word} in {strange}");
    }
}

#[tokio::test]
async fn a_token_that_a_reply_echoes_is_in_no_error() {
    let fixture = Fixture::new();
    let secret = fixture.location.token_file.clone();
    let echo = |edit: fn(&mut Value, &str)| {
        let secret = secret.clone();
        Fault::edit_json(move |body| edit(body, &secret))
    };
    for fault in [
        echo(|body, token| *body = json!({"errorNumber": 9602, "errorMessage": token, "errorInfo": {}})),
        echo(|body, token| *body = json!([token])),
        echo(|body, token| body["countryISO2ACode"] = json!({ token: 1 })),
        echo(|body, token| body["subscribedNotificationTypes"] = json!(token)),
    ] {
        let error = fixture.struck_by(fault).await;
        let text = format!("{error} {error:?}");
        assert!(!text.contains(&secret[..24]), "{text}");
    }
}
