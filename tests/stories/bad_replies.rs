//! Unusable replies of Apple: each has its own error, and nothing is changed.

use std::{collections::BTreeSet, time::Duration};

use chrono::TimeDelta;
use mdm_vpp::{
    engine::{SyncError, UploadError, UploadToken},
    id::TenantId,
    ports::ServiceError,
    simulator::{Endpoint, ErrorNumber, Fault, FaultRule, RetryAfter},
};
use serde_json::{Value, json};

use crate::fixture::{Fixture, ada, builder, client, id, impatient, settings};

fn replies(asset_list: bool) -> Vec<(&'static str, Fault)> {
    let busy = |status, retry_after| Fault::Busy { status, retry_after };
    let edit = |edit: fn(&mut Value)| Fault::edit_json(edit);
    let mut replies = vec![
        ("an error number", Fault::Error(ErrorNumber::INVALID_ARGUMENT)),
        ("a temporary error", Fault::Error(ErrorNumber::INTERNAL)),
        ("an error beside status 200", Fault::ErrorInOkBody(ErrorNumber::TOO_MANY_REQUESTS)),
        ("an unknown number", Fault::ErrorInOkBody(ErrorNumber::new(9799))),
        ("an HTML page", Fault::Html { status: 502 }),
        ("an HTML page beside status 200", Fault::Html { status: 200 }),
        ("half a body", Fault::TruncatedJson),
        ("40 MB", Fault::OversizedBody { mebibytes: 40 }),
        ("busy for an hour", busy(503, RetryAfter::Seconds(3600))),
        ("no connection", Fault::RequestLost),
        ("a redirect elsewhere", Fault::Redirect { status: 302, to: "https://apple.example.org/x".into() }),
        ("a list", edit(|body| *body = json!([1]))),
    ];
    if asset_list {
        replies.extend([
            (
                "a missing count",
                edit(|body| drop(body["assets"][0].as_object_mut().unwrap().remove("totalCount"))),
            ),
            ("a count that is null", edit(|body| body["assets"][1]["availableCount"] = Value::Null)),
            ("a count below zero", edit(|body| body["assets"][1]["assignedCount"] = json!(-1))),
            ("an id that is not a number", edit(|body| body["assets"][0]["adamId"] = json!("abc"))),
            ("a missing id", edit(|body| drop(body["assets"][0].as_object_mut().unwrap().remove("adamId")))),
            ("assets that are not a list", edit(|body| body["assets"] = json!("many"))),
        ]);
    } else {
        replies.extend([
            ("a missing uId", Fault::without_member("uId")),
            ("a uId that is an object", edit(|body| body["uId"] = json!({}))),
            ("a uId that is not an id", edit(|body| body["uId"] = json!("a/b"))),
        ]);
    }
    replies
}

fn assert_distinct(errors: &[(&str, String)], count: usize) {
    let texts: BTreeSet<&String> = errors.iter().map(|(_, text)| text).collect();
    assert_eq!(texts.len(), count, "{errors:#?}");
}

#[tokio::test]
async fn an_upload_with_an_unusable_answer_of_apple_stores_nothing_and_says_what_to_do() {
    let fixture = Fixture::build().await;
    let (_, token) = fixture.location_with_three_apps("Berlin");
    let before = fixture.stored().await;
    let mut errors = Vec::new();
    for (name, fault) in replies(false) {
        fixture.simulator.inject(FaultRule::at(Endpoint::ReadClientConfig, fault).always());
        let error = fixture.try_upload(settings("Berlin"), &token.file).await.unwrap_err();
        assert!(matches!(error, UploadError::Service(_)), "{name}: {error}");
        assert!(!format!("{error:?}").contains(&token.file), "{name}");
        assert_eq!(fixture.stored().await, before, "{name}");
        errors.push((name, error.to_string()));
        fixture.simulator.clear_faults();
        fixture.advance(TimeDelta::hours(2));
    }
    assert_distinct(&errors, replies(false).len());
    let uploaded = fixture.upload("Berlin", &token).await;
    assert_eq!(uploaded.overview.status.label(), "Active", "the upload works once Apple answers");
}

#[tokio::test]
async fn a_sync_with_an_unusable_answer_of_apple_changes_no_app_no_row_and_no_status() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    fixture.upload("Berlin", &token).await;
    let seen =
        || async { (fixture.page(&uid).await, fixture.catalog_ids().await, fixture.status(&uid).await) };
    let before = seen().await;
    let mut errors = Vec::new();
    for (name, fault) in replies(true) {
        fixture.simulator.inject(FaultRule::at(Endpoint::Assets, fault).always());
        let error = fixture.tenant().sync_assets(&id(&uid)).await.unwrap_err();
        assert!(matches!(error, SyncError::Service(_)), "{name}: {error}");
        assert_eq!(seen().await, before, "{name}");
        let token = fixture.tenant().token(&id(&uid)).await.unwrap().token;
        assert!(
            token.last_sync.unwrap().failure.is_some(),
            "{name}: the failed sync is stored with the token"
        );
        errors.push((name, error.to_string()));
        fixture.simulator.clear_faults();
        fixture.advance(TimeDelta::hours(2));
    }
    assert_distinct(&errors, replies(true).len());
}

#[tokio::test]
async fn an_app_store_without_an_answer_stops_no_license_work_and_is_asked_again() {
    for (name, fault) in [
        ("html", Fault::Html { status: 200 }),
        ("forbidden", Fault::Html { status: 403 }),
        ("cut", Fault::TruncatedJson),
        ("no results", Fault::without_member("results")),
    ] {
        let fixture = Fixture::build().await;
        let (uid, token) = fixture.location_with_three_apps("Berlin");
        fixture.simulator.inject(FaultRule::at(Endpoint::MetadataLookup, fault).always());
        let outcome = fixture.upload("Berlin", &token).await;
        assert_eq!(outcome.overview.status.label(), "Active", "{name}");
        assert!(outcome.overview.token.last_sync.unwrap().failure.is_some(), "{name}");
        assert_eq!(outcome.failures.len(), 1, "{name}: {:?}", outcome.failures);
        assert_eq!(
            fixture.rows(&uid).await,
            [],
            "{name}: without an answer of the app store no app counts as missing"
        );

        fixture.simulator.clear_faults();
        fixture.advance(TimeDelta::minutes(1));
        fixture.work().await;
        assert_eq!(fixture.rows(&uid).await.len(), 3, "{name}");
    }
}

#[tokio::test]
async fn a_request_without_an_answer_ends_at_its_timeout() {
    let fixture = Fixture::build().await;
    let (_, token) = fixture.location_with_three_apps("Berlin");
    let mut apple = impatient(&fixture.server.base_url());
    apple.request_timeout = Duration::from_millis(200);
    let vpp =
        builder(fixture.store.clone(), &client(apple, fixture.clock.clone()), fixture.clock.clone()).build();
    let slow = Fault::SlowReply { delay: Duration::from_secs(30) };
    fixture.simulator.inject(FaultRule::at(Endpoint::ReadClientConfig, slow).always());
    let upload = UploadToken::new(settings("Berlin"), token.file.as_str());
    let error = vpp.tenant(TenantId::new("tenant").unwrap()).upload_token(upload, &ada()).await.unwrap_err();
    let UploadError::Service(ServiceError { .. }) = &error else { unreachable!("{error}") };
    assert!(error.to_string().contains("no answer came within 0.2 s"), "{error}");
}
