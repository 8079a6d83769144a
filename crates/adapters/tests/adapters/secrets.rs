//! The token stands in no log, at the finest level, of ours or of the libraries below.

use std::{
    fmt::{Debug, Write as _},
    sync::{Mutex, OnceLock},
};

use mdm_vpp_ports::LicenseService;
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

use crate::{
    harness::{ASSETS, Bench, CLIENT_CONFIG, TOKEN, assert_secretless, client_config, failed, token},
    server::{Canned, Server},
};

static WRITTEN: Mutex<String> = Mutex::new(String::new());

/// Writes everything that tracing and log are told.
struct Everything;

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Fields(&mut WRITTEN.lock().unwrap()));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Fields(&mut WRITTEN.lock().unwrap()));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Fields(&mut WRITTEN.lock().unwrap()));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

impl log::Log for Everything {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let _ = writeln!(WRITTEN.lock().unwrap(), "{}", record.args());
    }

    fn flush(&self) {}
}

fn listen() {
    static LISTENING: OnceLock<()> = OnceLock::new();
    LISTENING.get_or_init(|| {
        tracing::subscriber::set_global_default(Everything).unwrap();
        log::set_logger(&Everything).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
    });
}

#[tokio::test]
async fn the_token_is_in_no_log_and_in_no_debug_output() {
    listen();
    let bench = Bench::start().await;
    bench.server.on(
        CLIENT_CONFIG,
        [Canned::text(500, format!("<html>Bearer {TOKEN}</html>")), Canned::redirect(307, "/moved")],
    );
    bench.server.on("/moved", [Canned::json(client_config())]);
    bench.server.on(ASSETS, [Canned::error(200, 9625)]);
    bench.licenses.client_config(&token()).await.unwrap();
    failed(bench.licenses.assets(&token()).await);

    let written = WRITTEN.lock().unwrap().clone();
    assert_secretless(&written);
    assert_secretless(&format!("{:?} {:?} {:?}", bench.client, bench.licenses, bench.store));
    for control in
        ["Apple answered", "path=\"/mdm/v2/assets\"", "status=200", "number=9625", "starting new connection"]
    {
        assert!(written.contains(control), "`{control}` is missing from: {written}");
    }
}

#[tokio::test]
async fn the_token_for_a_simulator_on_this_machine_passes_by_any_proxy() {
    let proxy = Server::start().await;
    let proxy_url = proxy.url("");
    let child = tokio::task::spawn_blocking(move || {
        std::process::Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "client_config::a_token_is_shown_once_as_a_bearer_and_never_to_the_service_config",
            ])
            .envs(["HTTP_PROXY", "http_proxy", "ALL_PROXY"].map(|name| (name, proxy_url.as_str())))
            .env_remove("NO_PROXY")
            .env_remove("no_proxy")
            .output()
            .unwrap()
    });
    let output = child.await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    assert_eq!(proxy.all_asked().len(), 0);
}
