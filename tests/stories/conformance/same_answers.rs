//! The client and the fake give the same answers to the same calls on equal Apples, errors included.

use std::{fmt::Debug, time::Duration};

use mdm_vpp::{
    catalog::{Asset, Counts, Platform, PricingParam, ProductType},
    id::AdamId,
    ports::{
        AppMetadataQuery, ServiceError, ServiceErrorKind,
        conformance::license_service::{FixtureCondition, LicenseServiceFixture},
    },
    simulator::{
        Endpoint, ErrorNumber, Fault, FaultRule, LocationUid, NewLocation, RetryAfter, SynchronousErrors,
    },
    token::{ContentToken, MdmInfo, Region, StorePlatform},
};
use serde_json::{Value, json};

use super::fixture::{AppleFixture, in_process, over_http};
use crate::fixture::id;

fn asset(number: u64) -> Asset {
    Asset {
        adam_id: AdamId::new(number),
        pricing_param: PricingParam::Standard,
        product_type: ProductType::App,
        device_assignable: true,
        revocable: true,
        supported_platforms: [Platform::Ios].into(),
        counts: Counts::Limited { total: 9, assigned: 4, available: 5, retired: 0 },
    }
}

/// What a caller sees. Texts about a transport are its own; what they mean is not.
fn seen<T: Debug>(answer: Result<T, ServiceError>) -> String {
    match answer {
        Err(ServiceError { kind: ServiceErrorKind::Apple { error, http_status, .. }, call, retry_after }) => {
            format!("{call}: {error:?} with {http_status}, {retry_after:?}")
        }
        Err(error) => {
            format!("{}: {}, {}, {:?}", error.call, error.code(), error.is_retryable(), error.retry_after())
        }
        good => format!("{good:?}"),
    }
}

const ENDPOINTS: [Endpoint; 4] =
    [Endpoint::ReadClientConfig, Endpoint::WriteClientConfig, Endpoint::Assets, Endpoint::MetadataLookup];

/// The call that asks an endpoint, as its caller sees it.
async fn ask(fixture: &AppleFixture, endpoint: Endpoint, token: &ContentToken) -> String {
    let claim = MdmInfo { id: "mdm:1".into(), name: "Müll ".repeat(60), metadata: "m".repeat(400) };
    let query = AppMetadataQuery {
        region: Region::new("DE").unwrap(),
        platform: StorePlatform::Enterprise,
        adam_ids: (1..8).map(AdamId::new).collect(),
    };
    match endpoint {
        Endpoint::ReadClientConfig => seen(fixture.service.client_config(token).await),
        Endpoint::WriteClientConfig => seen(fixture.service.claim(token, &claim).await),
        Endpoint::Assets => seen(fixture.service.assets(token).await),
        _ => seen(fixture.metadata.look_up(token, &query).await),
    }
}

/// A location with five assets, and a token of this condition.
async fn token(fixture: &AppleFixture, condition: FixtureCondition) -> ContentToken {
    let uid = fixture.simulator.create_location(NewLocation::new(" Köln\u{7} ", "Example", "ZZ"));
    for number in 1..=5 {
        fixture.own(&LocationUid::from(uid.as_str()), &asset(number)).unwrap();
    }
    fixture.page_capacity(2).await.unwrap();
    LicenseServiceFixture::token(fixture, &id(&uid), condition).await.unwrap().token
}

#[tokio::test]
async fn in_every_condition_of_a_token_with_either_status() {
    use FixtureCondition::{Expired, Legacy, ManagedByApple, ReadOnly, Revoked, Unknown, Usable};
    for condition in [Usable, Expired, Unknown, Revoked, ReadOnly, ManagedByApple, Legacy] {
        for errors in [SynchronousErrors::Observed, SynchronousErrors::Documented] {
            let (client, fake) = (over_http().await, in_process().await);
            let mut seen = [Vec::new(), Vec::new()];
            for (fixture, seen) in [&client, &fake].into_iter().zip(&mut seen) {
                fixture.simulator.change_settings(|settings| settings.token_errors = errors);
                let token = token(fixture, condition).await;
                for endpoint in ENDPOINTS {
                    seen.push(ask(fixture, endpoint, &token).await);
                }
            }
            assert_eq!(seen[0], seen[1], "{condition:?}, {errors:?}");
        }
    }
}

fn below_zero(body: &mut Value) {
    if let Some(count) = body.pointer_mut("/assets/0/totalCount") {
        *count = json!(-1);
    }
}

#[tokio::test]
async fn under_every_fault_that_is_not_about_time() {
    let busy = |status, retry_after| Fault::Busy { status, retry_after };
    let edit = |edit: fn(&mut Value)| Fault::edit_json(edit);
    for (name, fault) in [
        ("refused", Fault::Error(ErrorNumber::INVALID_ARGUMENT)),
        ("an unknown number", Fault::Error(ErrorNumber::new(9799))),
        ("a number beside 200", Fault::ErrorInOkBody(ErrorNumber::INTERNAL)),
        ("html", Fault::Html { status: 502 }),
        ("html beside 200", Fault::Html { status: 200 }),
        ("busy for an hour", busy(503, RetryAfter::Seconds(3600))),
        ("busy for long", busy(429, RetryAfter::DateIn(Duration::from_secs(30 * 86_400)))),
        ("request lost", Fault::RequestLost),
        ("answer lost", Fault::AnswerLost),
        ("half", Fault::TruncatedJson),
        ("too much", Fault::OversizedBody { mebibytes: 40 }),
        ("elsewhere", Fault::Redirect { status: 302, to: "https://apple.example.org/x?a=b".into() }),
        ("a list", edit(|body| *body = json!([1]))),
        ("a text", edit(|body| *body = json!("no"))),
        ("nothing", edit(|body| *body = json!({}))),
        ("a location that is none", edit(|body| body["uId"] = json!("a/b"))),
        ("no location", Fault::without_member("uId")),
        ("a location that is an object", edit(|body| body["uId"] = json!({}))),
        ("no end", Fault::without_member("tokenExpirationDate")),
        ("an end that is none", edit(|body| body["tokenExpirationDate"] = json!("soon"))),
        ("no claim", Fault::null_member("mdmInfo")),
        ("an empty claim", edit(|body| body["mdmInfo"] = json!({"id": "", "name": ""}))),
        ("a count below zero", edit(below_zero)),
        ("a page that is another", edit(|body| body["currentPageIndex"] = json!(7))),
        ("a page that is skipped", edit(|body| body["nextPageIndex"] = json!(9))),
        ("no results", Fault::without_member("results")),
        ("a next page that is not promised", Fault::without_member("nextPageIndex")),
        ("no assets where some are counted", Fault::without_member("assets")),
        ("an error with its number alone", edit(|body| *body = json!({"errorNumber": 9621}))),
        ("busy for no time", busy(503, RetryAfter::Seconds(0))),
        ("zero is no error", edit(|body| body["errorNumber"] = json!(0))),
    ] {
        for endpoint in ENDPOINTS {
            let mut seen = Vec::new();
            for fixture in [over_http().await, in_process().await] {
                let token = token(&fixture, FixtureCondition::Usable).await;
                fixture.simulator.inject(FaultRule::at(endpoint, fault.clone()).always());
                seen.push(ask(&fixture, endpoint, &token).await);
            }
            assert_eq!(seen[0], seen[1], "{name} at {endpoint:?}");
        }
    }
}
