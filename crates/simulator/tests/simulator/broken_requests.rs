//! Requests that no client should send: each has its answer.

use crate::fixture::{ASSETS, CLIENT_CONFIG, Fixture, verdict};
use mdm_vpp_simulator::{BODY_LIMIT, Request};

#[test]
fn a_wrong_method_is_9726_whatever_the_token() {
    let fixture = Fixture::new();
    for (method, path) in [("POST", ASSETS), ("DELETE", CLIENT_CONFIG), ("HEAD", ASSETS), ("get", ASSETS)] {
        assert_eq!(
            verdict(&fixture.simulator.handle(Request::new(method, path))),
            (405, 9726),
            "{method} {path}"
        );
    }
}

#[test]
fn a_body_not_said_to_be_json_is_9727_and_a_character_set_does_no_harm() {
    let fixture = Fixture::new();
    let post = |content_type: Option<&str>| {
        let request = Request::new("POST", CLIENT_CONFIG).bearer(&fixture.location.token_file).body("{}");
        let request = match content_type {
            Some(content_type) => request.header("Content-Type", content_type),
            None => request,
        };
        verdict(&fixture.simulator.handle(request))
    };

    assert_eq!(post(None), (415, 9727));
    assert_eq!(post(Some("text/plain")), (415, 9727));
    assert_eq!(post(Some("Application/JSON; charset=utf-8")), (200, 0));
}

#[test]
fn a_body_that_is_not_the_json_asked_for_is_9602() {
    let fixture = Fixture::new();
    let deep = "[".repeat(100_000);
    for body in
        ["", "{", "[]", "null", "\"x\"", "{\"mdmInfo\":7}", "{\"notificationTypes\":\"x\"}", "\u{0}", &deep]
    {
        let request = Request::post_json(CLIENT_CONFIG, body).bearer(&fixture.location.token_file);
        assert_eq!(verdict(&fixture.simulator.handle(request)), (400, 9602), "{body:.20}");
    }
}

#[test]
fn a_body_above_one_mebibyte_is_refused_and_one_below_is_read() {
    let fixture = Fixture::new();
    let of = |bytes: usize| {
        let body = format!("{{\"unknown\":\"{}\"}}", "x".repeat(bytes - 14));
        assert_eq!(body.len(), bytes);
        verdict(
            &fixture
                .simulator
                .handle(Request::post_json(CLIENT_CONFIG, body).bearer(&fixture.location.token_file)),
        )
    };

    assert_eq!(of(BODY_LIMIT), (200, 0));
    assert_eq!(of(BODY_LIMIT + 1), (413, 9602));
    assert_eq!(of(10 * BODY_LIMIT), (413, 9602));
}

#[test]
fn wrong_values_of_filters_are_9602_and_unknown_parameters_are_ignored() {
    let fixture = Fixture::new();
    for query in [
        "pageIndex=x",
        "pageIndex=",
        "pageIndex=2147483648",
        "pageIndex=%FF",
        "productType=app",
        "pricingParam=STD",
        "revocable=1",
        "deviceAssignable=TRUE",
        "minAvailableCount=1.5",
        "maxAvailableCount=99999999999999999999",
        "minAssignedCount=%00",
        "maxAssignedCount=-",
        "adamId=abc",
        "unlimited=maybe",
    ] {
        assert_eq!(verdict(&fixture.get(&format!("{ASSETS}?{query}"))), (400, 9602), "{query}");
    }
    for query in ["", "&&=&", "pageSize=1", "%ZZ=%", "sinceVersionId=x"] {
        assert_eq!(verdict(&fixture.get(&format!("{ASSETS}?{query}"))), (200, 0), "{query}");
    }
}

#[test]
fn a_path_that_apple_does_not_have_is_404() {
    let fixture = Fixture::new();
    for path in ["", "/", "/mdm/v2", "/mdm/v2/assets/", "/mdm/v3/assets", "/mdm/v2/\u{0}"] {
        assert_eq!(fixture.get(path).status, 404, "{path:?}");
    }
}
