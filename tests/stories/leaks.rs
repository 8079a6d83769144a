//! No secret is in any output: the test searches everything that leaves the process for the secrets it planted.

use std::{
    fmt::{Debug, Write as _},
    io,
    sync::{Arc, Mutex},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use mdm_vpp::{
    engine::{AddApp, NotificationKeys, PageQuery, UploadToken},
    id::AdamId,
    simulator::{DownloadedToken, Endpoint, Fault, FaultRule},
    token::{AppPolicies, TokenFile},
};
use serde_json::Value;

use crate::{
    fixture::{Fixture, MAC, SEALING_KEY, ada, id, key_ring, settings, work},
    notification_fixture::{KEY, NEXT_KEY, key, vpp_with_notifications},
};

/// Everything that is logged at level trace.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The encodings in which a secret could appear in an output.
fn encodings(secret: &str) -> Vec<Vec<u8>> {
    let hex = secret.bytes().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    });
    let url = secret.replace('=', "%3D").replace('+', "%2B").replace('/', "%2F");
    let decimal = format!("{:?}", secret.as_bytes());
    let json = secret.replace('/', "\\/");
    [secret.to_owned(), STANDARD.encode(secret), hex.to_uppercase(), hex, url, json, decimal]
        .map(String::into_bytes)
        .into()
}

/// The secrets of a token: the file as a whole, a middle part of it, and the token inside.
fn secrets(token: &DownloadedToken) -> Vec<String> {
    let inside: Value = serde_json::from_slice(&STANDARD.decode(&token.file).unwrap()).unwrap();
    let middle = token.file.len() / 3..token.file.len() / 3 + 24;
    vec![token.file.clone(), token.file[middle].to_owned(), inside["token"].as_str().unwrap().to_owned()]
}

fn found(place: &[u8], needle: &[u8]) -> bool {
    !needle.is_empty() && place.windows(needle.len()).any(|window| window == needle)
}

#[tokio::test]
async fn p16_no_secret_is_in_any_log_error_debug_output_audit_entry_or_database_file() {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();
    let mut outputs: Vec<String> = Vec::new();
    let mut say = |output: &dyn Debug| outputs.push(format!("{output:?} {output:#?}"));

    // Every call of the library is made, with success and with failure.
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Canary Wharf");
    fixture.buy(&uid, MAC, 1);
    let upload = UploadToken::new(settings("Berlin"), token.file.as_str());
    say(&upload);
    say(&TokenFile::parse(token.file.as_bytes()).unwrap());
    say(&fixture.tenant().upload_token(upload, &ada()).await.unwrap());
    let by_hand = AddApp { adam_id: AdamId::new(MAC), policies: AppPolicies::default() };
    say(&fixture.tenant().add_app(&id(&uid), by_hand, &ada()).await.unwrap());
    say(&fixture.tenant().sync_assets(&id(&uid)).await.unwrap());
    let notified = vpp_with_notifications(&fixture, NotificationKeys::only(key(KEY)));
    say(&(NotificationKeys::rotating(key(KEY), key(NEXT_KEY)), &notified));
    let location = notified.tenant(fixture.tenant().id().clone());
    say(&location.sync_assets(&id(&uid)).await.unwrap());
    say(&work(&notified).await);
    let bearer = || fixture.simulator.notification_settings(&uid).unwrap().auth_token.unwrap();
    let mut bearers = vec![bearer()];
    for presented in [bearer(), bearer().replace('.', "x")] {
        let header = format!("Bearer {presented}");
        say(&notified.notification(Some(&header), presented.as_bytes()).await.unwrap());
    }
    // Apple repeats the secret in the message of an error and beside it.
    let echo = Fault::edit_json(|body| {
        *body = serde_json::json!({ "errorNumber": 9602, "errorMessage": format!("bad {body}"), "it": body });
    });
    fixture.simulator.inject(FaultRule::at(Endpoint::ReadClientConfig, echo.clone()).always());
    say(&location.sync_assets(&id(&uid)).await.unwrap_err());
    fixture.simulator.clear_faults();
    fixture.advance(TimeDelta::minutes(5));
    let notified = vpp_with_notifications(&fixture, NotificationKeys::rotating(key(NEXT_KEY), key(KEY)));
    fixture.simulator.inject(FaultRule::at(Endpoint::WriteClientConfig, echo).always());
    say(&notified.tenant(fixture.tenant().id().clone()).sync_assets(&id(&uid)).await.unwrap());
    let failures = work(&notified).await.failures;
    assert!(!failures.is_empty());
    say(&failures);
    fixture.simulator.clear_faults();
    bearers.push(bearer());
    assert_ne!(bearers[0], bearers[1]);
    for fault in [
        Fault::Html { status: 502 },
        Fault::TruncatedJson,
        Fault::RequestLost,
        Fault::Redirect { status: 302, to: format!("https://example.com/?t={}", token.file) },
        // Apple, or a proxy, repeats the token in an error.
        Fault::edit_json({
            let file = token.file.clone();
            move |body| {
                *body = serde_json::json!({ "errorNumber": 9602, "errorMessage": format!("bad {file}") });
            }
        }),
    ] {
        fixture.simulator.inject(FaultRule::at(Endpoint::ReadClientConfig, fault).always());
        say(&fixture.tenant().sync_assets(&id(&uid)).await.unwrap_err());
        say(&fixture.work().await);
        fixture.simulator.clear_faults();
    }
    fixture.simulator.revoke_token(token.id).unwrap();
    let error = fixture.tenant().sync_assets(&id(&uid)).await.unwrap_err();
    say(&(error.to_string(), error));
    let fresh = fixture.simulator.renew_token(&uid).unwrap();
    say(&fixture.tenant().update_token(&id(&uid), fresh.file.as_bytes(), &ada()).await.unwrap());
    let damaged = format!("{}!", token.file);
    say(&fixture.try_upload(settings("Other"), &damaged).await.unwrap_err());
    say(&fixture.try_upload(settings("Other"), &fresh.file).await.unwrap_err());
    fixture.advance(TimeDelta::days(400));
    say(&fixture.try_upload(settings("Other"), &fresh.file).await.unwrap_err());
    say(&fixture.store.content_token(fixture.tenant().id(), &id(&uid)).await.unwrap());
    say(&(key_ring(), &fixture.vpp, fixture.tenant(), &fixture.client));
    say(&fixture.stored().await);
    let audit = fixture.tenant().audit_since(Default::default(), 1_000).await.unwrap();
    say(&serde_json::to_string(&audit.entries).unwrap());
    for token in fixture.tenant().tokens(&PageQuery::default()).await.unwrap().items {
        say(&serde_json::to_string(&token.token).unwrap());
    }

    let mut places = vec![("log", log.0.lock().unwrap().clone()), ("outputs", outputs.concat().into_bytes())];
    let mut database = Vec::new();
    for file in std::fs::read_dir(fixture.directory.path()).unwrap() {
        database.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    places.push(("database", database));

    // The control: a text that is not a secret is found in the same places.
    assert!(found(&places[0].1, b"/mdm/v2/assets"), "the log shows no request");
    assert!(found(&places[1].1, b"Canary Wharf") && found(&places[2].1, b"Canary Wharf"));
    let mut canaries = [secrets(&token), secrets(&fresh)].concat();
    canaries.extend([SEALING_KEY, KEY, NEXT_KEY].map(str::to_owned));
    canaries.extend(bearers.iter().map(|bearer| bearer.split_once('.').unwrap().1.to_owned()));
    for (place, bytes) in &places {
        for canary in &canaries {
            for encoding in encodings(canary) {
                let shown = String::from_utf8_lossy(&encoding);
                assert!(!found(bytes, &encoding), "the {place} holds a secret as `{shown:.20}...`");
            }
        }
    }
}
