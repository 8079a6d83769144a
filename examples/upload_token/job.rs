//! The upload, step by step.

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use chrono::{TimeDelta, Utc};
use mdm_vpp::{
    Vpp,
    adapters::apple::{AppleClient, AppleSettings},
    apple_services,
    engine::{PageQuery, SystemClock, UploadToken, WorkLimit},
    id::{Actor, GroupId, InstallationId, TenantId},
    simulator::{Simulator, SimulatorServer},
    store::{
        sealing::{KeyId, KeyRing, SealingKey},
        sqlite::SqliteStore,
    },
    token::{AppPolicies, RemoveAppOn, TokenFile, TokenScope, TokenSettings},
    transaction::AuditPosition,
};
use tempfile::TempDir;

use crate::{
    arguments::Arguments,
    failure::Failure,
    report::Report,
    steps::{self, Steps},
};

/// The token file and the address of Apple's service.
struct Source {
    file: Vec<u8>,
    settings: AppleSettings,
    /// The simulated service, which ends when this is dropped.
    _simulated: Option<SimulatorServer>,
}

pub(crate) async fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let source = source(arguments).await?;
    let read = TokenFile::parse(&source.file)?;
    read.usable_at(Utc::now())?;
    if arguments.token_file.is_some() && arguments.apple_url.is_none() && !arguments.claim_at_apple {
        let text = "the token's location would be claimed at Apple: name a simulator with --apple-url, or confirm with --claim-at-apple";
        return Err(Failure::Other(text.to_owned()));
    }
    let steps = Arc::new(Steps::begin(arguments.json));
    steps.done(&format!("read the token file of {}", read.organization()));

    let scratch = tempfile::tempdir().map_err(Failure::other)?;
    let store = SqliteStore::open(database(arguments, &scratch), key_ring(arguments)?)
        .await
        .map_err(Failure::other)?;
    let apple = AppleClient::with_reqwest(source.settings, Arc::new(SystemClock)).map_err(Failure::other)?;
    let vpp = Vpp::builder(
        Arc::new(store),
        apple_services(&apple),
        InstallationId::new("upload-token-example").map_err(Failure::other)?,
    )
    .mdm("mdm-vpp example", "upload_token")
    .app_catalog(steps.clone())
    .build();
    let tenant = vpp.tenant(TenantId::new("example").map_err(Failure::other)?);

    // The upload runs no job by itself, so that each job can be shown as a step.
    let no_jobs = WorkLimit { subjects: 0, time: TimeDelta::zero() };
    let upload = UploadToken::new(settings(arguments)?, source.file).limit(no_jobs);
    let actor = Actor::new("administrator@example.org").map_err(Failure::other)?;
    let uploaded = tenant.upload_token(upload, &actor).await?.overview;
    let location = uploaded.location().clone();
    steps.done(&format!(
        "uploaded the token: location {}, {}",
        uploaded.token.location.name,
        uploaded.status.label()
    ));

    let one_job = WorkLimit { subjects: 1, ..WorkLimit::default() };
    let (mut failures, mut seen) = (Vec::new(), AuditPosition::default());
    loop {
        let worked = vpp.work(one_job).await.map_err(Failure::other)?;
        let page = tenant.audit_since(seen, 100).await.map_err(Failure::other)?;
        page.entries
            .iter()
            .filter_map(|entry| steps::in_words(&entry.act))
            .for_each(|step| steps.done(&step));
        seen = page.next;
        failures.extend(worked.failures);
        if worked.done == 0 {
            break;
        }
    }
    steps.end();

    let token = tenant.token(&location).await.map_err(Failure::other)?;
    let details = tenant.token_details(&location, &PageQuery::default()).await.map_err(Failure::other)?;
    let report = Report { token: &token, details: &details.items, apple_requests: apple.requests_sent() };
    match report.print(arguments.json) {
        // The reader of the pipe has closed it, as `head` does.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
        printed => printed.map_err(Failure::other)?,
    }
    match failures.first() {
        Some(failure) => Err(Failure::Other(format!("{}: {}", failure.doing(), failure.message))),
        None => Ok(ExitCode::SUCCESS),
    }
}

async fn source(arguments: &Arguments) -> Result<Source, Failure> {
    if let Some(path) = &arguments.token_file {
        let file = std::fs::read(path).map_err(|error| {
            Failure::WrongFile(format!("the token file `{}` cannot be read: {error}", path.display()))
        })?;
        let settings = match &arguments.apple_url {
            Some(url) => AppleSettings::at(url),
            None => AppleSettings::default(),
        };
        return Ok(Source { file, settings, _simulated: None });
    }
    let (simulator, location) = Simulator::demonstration(Utc::now());
    simulator.use_system_clock();
    let server = SimulatorServer::start("127.0.0.1:0", simulator).await.map_err(Failure::other)?;
    let settings = AppleSettings::at(server.base_url());
    Ok(Source { file: location.token_file.into_bytes(), settings, _simulated: Some(server) })
}

fn database(arguments: &Arguments, scratch: &TempDir) -> PathBuf {
    arguments.database.clone().unwrap_or_else(|| scratch.path().join("upload_token.sqlite"))
}

fn key_ring(arguments: &Arguments) -> Result<KeyRing, Failure> {
    let key = match std::env::var("VPP_SEALING_KEY") {
        Ok(text) => SealingKey::parse(text).map_err(Failure::other)?,
        Err(_) => {
            if arguments.database.is_some() {
                steps::warn(
                    "VPP_SEALING_KEY is not set: the token in this database cannot be opened after this run",
                );
            }
            SealingKey::generate().map_err(Failure::other)?
        }
    };
    Ok(KeyRing::new(KeyId::new("example").map_err(Failure::other)?, key))
}

/// The three tabs of the dialog: Details, Policies and Distribution.
fn settings(arguments: &Arguments) -> Result<TokenSettings, Failure> {
    let mut settings = TokenSettings::new(arguments.name.clone(), arguments.region);
    settings.detail.add_apps_automatically = arguments.auto_add;
    settings.policies = AppPolicies {
        remove_app_on: RemoveAppOn {
            mdm_control_removal: true,
            selective_wipe: true,
            deletion_or_stop_of_distribution: true,
            sign_out_from_shared_device: false,
        },
        revoke_license_on_deletion_or_stop_of_distribution: true,
        restrict_data_backup: true,
        app_approval: false,
    };
    let group = GroupId::new("field-staff").map_err(Failure::other)?;
    settings.scope = TokenScope { groups: [group].into(), ..TokenScope::default() };
    Ok(settings)
}
