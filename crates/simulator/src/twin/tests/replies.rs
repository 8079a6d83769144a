//! Replies that a fault edited: each becomes an error that names what is wrong with it.

use mdm_vpp_ports::{LicenseService, ServiceErrorKind};
use serde_json::{Value, json};

use super::scene::Scene;
use crate::{Fault, FaultRule};

fn unexpected(trouble: ServiceErrorKind) -> (String, String) {
    let ServiceErrorKind::UnexpectedReply { member, found } = trouble else { panic!("{trouble:?}") };
    (member, found)
}

fn pair(member: &str, found: &str) -> (String, String) {
    (member.to_owned(), found.to_owned())
}

#[tokio::test]
async fn a_client_config_needs_a_location_that_can_be_one() {
    let scene = Scene::new();
    let without = scene.struck_by(Fault::without_member("uId")).await.kind;
    assert_eq!(unexpected(without), pair("uId", "it is missing"));
    let strange = scene.struck_by(Fault::edit_json(|body| body["uId"] = json!("a/b"))).await.kind;
    assert_eq!(unexpected(strange).0, "uId");
    let nameless = Fault::edit_json(|body| body["locationName"] = json!(" "));
    scene.simulator.inject(FaultRule::new(nameless));
    let config = scene.apple.client_config(&scene.token).await.unwrap();
    assert_eq!(config.location.name, scene.location.uid.as_str(), "the id stands for a name");
}

#[tokio::test]
async fn a_page_that_cannot_be_one_names_its_member_and_place() {
    let scene = Scene::new();
    let set = |member: &'static str, value: Value| {
        scene.assets_edited(move |body| body["assets"][1][member] = value.clone())
    };
    assert_eq!(
        unexpected(set("assignedCount", json!(-1)).await),
        pair("assets[1].assignedCount", "it is -1, below zero")
    );
    assert_eq!(unexpected(set("adamId", json!("abc")).await).0, "assets[1].adamId");
    let null = unexpected(set("totalCount", Value::Null).await);
    assert!(null.0 == "body" && null.1.contains("null"), "{null:?}");

    let gone = scene.assets_edited(|body| drop(body["assets"][0].as_object_mut().unwrap().remove("adamId")));
    assert_eq!(unexpected(gone.await), pair("adamId", "it is missing"));
    let elsewhere = scene.assets_edited(|body| body["currentPageIndex"] = json!(4));
    assert_eq!(unexpected(elsewhere.await), pair("currentPageIndex", "it is 4 on page 0"));
    let skips = scene.assets_edited(|body| body["nextPageIndex"] = json!(2));
    assert_eq!(unexpected(skips.await), pair("nextPageIndex", "it is 2 on page 0"));
}

#[tokio::test]
async fn no_edit_makes_a_list_shorter_unseen() {
    let scene = Scene::new();
    let gone = scene.assets_edited(|body| drop(body.as_object_mut().unwrap().remove("assets"))).await;
    assert_eq!(unexpected(gone), pair("assets", "0 of the 9 that page 0 counts"));
    let shorter = scene.assets_edited(|body| drop(body["assets"].as_array_mut().unwrap().pop())).await;
    assert_eq!(unexpected(shorter), pair("assets", "8 of the 9 that page 0 counts"));

    scene.simulator.change_settings(|settings| settings.page_capacity = 4.try_into().unwrap());
    scene.simulator.inject(FaultRule::new(Fault::without_member("nextPageIndex")).always());
    assert_eq!(scene.apple.assets(&scene.token).await.unwrap().assets.len(), 9, "pages that are counted");
}

#[tokio::test]
async fn an_error_needs_its_number_alone() {
    let scene = Scene::new();
    for body in [json!({"errorNumber": 9625}), json!({"errorNumber": 9625, "errorMessage": "gone"})] {
        let edited = Fault::edit_json(move |reply| *reply = body.clone());
        assert_eq!(scene.struck_by(edited).await.number().map(|number| number.0), Some(9625));
    }
}

#[tokio::test]
async fn words_that_nobody_knows_are_kept() {
    let scene = Scene::new();
    scene.simulator.inject(FaultRule::new(Fault::edit_json(|body| {
        body["assets"][0]["productType"] = json!("Song");
        body["assets"][0]["pricingParam"] = json!("ULTRA");
        body["assets"][0]["supportedPlatforms"] = json!(["holoOS", "visionOS"]);
    })));
    let assets = scene.apple.assets(&scene.token).await.unwrap().assets;
    let strange = format!("{:?}", assets[0]);
    for word in ["Song", "ULTRA", "holoOS", "VisionOs"] {
        assert!(strange.contains(word), "{word} in {strange}");
    }
}

#[tokio::test]
async fn a_token_that_a_reply_echoes_comes_into_no_error() {
    let scene = Scene::new();
    let secret = scene.location.token_file.clone();
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
        let error = scene.struck_by(fault).await;
        let text = format!("{error} {error:?}");
        assert!(!text.contains(&secret[..24]), "{text}");
    }
}
