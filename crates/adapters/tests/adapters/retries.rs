//! What is sent again, and how often.

use mdm_vpp_ports::{LicenseService, ServiceErrorKind};

use crate::{
    harness::{Bench, CLIENT_CONFIG, client_config, failed, token},
    server::Canned,
};

#[tokio::test]
async fn too_many_requests_without_end_is_four_requests() {
    for status in [200, 429] {
        let bench = Bench::start().await;
        bench.server.on(CLIENT_CONFIG, [Canned::error(status, 9646)]);
        let error = failed(bench.licenses.client_config(&token()).await);
        assert_eq!(error.number().map(|number| number.0), Some(9646));
        assert!(error.is_retryable());
        assert_eq!(bench.server.asked(CLIENT_CONFIG).len(), 4);
        assert_eq!(bench.client.requests_sent(), 5, "the service config counts too");
    }
}

#[tokio::test]
async fn a_passing_failure_passes() {
    let bench = Bench::start().await;
    bench.server.on(
        CLIENT_CONFIG,
        [
            Canned::error(500, 9603),
            Canned::text(503, "<html>down</html>"),
            Canned::text(200, "{\"uId\""),
            Canned::json(client_config()),
        ],
    );
    bench.licenses.client_config(&token()).await.unwrap();
    assert_eq!(bench.server.asked(CLIENT_CONFIG).len(), 4);
}

#[tokio::test]
async fn what_does_not_pass_by_itself_is_sent_once() {
    for canned in [
        Canned::error(200, 9625),
        Canned::error(400, 9602),
        Canned::text(401, "<html>sign in</html>"),
        Canned::text(403, ""),
        Canned::text(404, ""),
        Canned::text(200, "{}"),
    ] {
        let bench = Bench::start().await;
        bench.server.on(CLIENT_CONFIG, [canned]);
        failed(bench.licenses.client_config(&token()).await);
        assert_eq!(bench.server.asked(CLIENT_CONFIG).len(), 1);
    }
}

#[tokio::test]
async fn the_number_of_attempts_can_be_set() {
    let bench = Bench::start_with(|settings| settings.retry.attempts = 1).await;
    bench.server.on(CLIENT_CONFIG, [Canned::text(503, ""), Canned::json(client_config())]);
    let error = failed(bench.licenses.client_config(&token()).await);
    assert!(matches!(error.kind, ServiceErrorKind::HttpStatus { status: 503, .. }));
}
