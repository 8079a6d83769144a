//! Starting, telling where, and stopping.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::Parser;
use mdm_vpp_simulator::{EventPlan, Simulator, SimulatorServer, TesterServer, coverage};
use serde::Serialize;

use super::arguments::Arguments;
use super::signal::Stop;
use super::token_file;

/// The first line on standard output, for programs that start this one. Its shape has a number: `schema`.
#[derive(Debug, Serialize)]
struct FirstLine<'a> {
    schema: u32,
    base_url: String,
    token_file: &'a str,
    tester_url: String,
}

/// Runs the program and tells an error on standard error.
pub(crate) fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell when standard error is gone too.
            let _told = writeln!(io::stderr().lock(), "mdm-vpp-simulator: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> io::Result<()> {
    match &arguments.token_file {
        Some(path) if !arguments.coverage => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(serve(path, arguments))
        }
        _ => io::stdout().lock().write_all(coverage().as_bytes()),
    }
}

async fn serve(path: &Path, arguments: &Arguments) -> io::Result<()> {
    let shown = path.to_str().ok_or_else(|| io::Error::other("the path of the token file is not UTF-8"))?;
    // Before anybody can know that the program runs, so that no signal is missed.
    let stop = Stop::listen()?;
    let clock = Simulator::new(DateTime::<Utc>::UNIX_EPOCH);
    clock.use_system_clock();
    let (simulator, location) = Simulator::demonstration(clock.now());
    simulator.use_system_clock();
    simulator.change_settings(|settings| {
        settings.advertised.clone_from(&arguments.advertise);
        settings.page_capacity = arguments.page_size;
        settings.token_errors = arguments.token_errors.into();
        settings.events = EventPlan::usual().after(Duration::from_millis(arguments.event_delay));
        settings.notifications.deliver_to.clone_from(&arguments.deliver_to);
    });
    let failed =
        |what: String| move |error: io::Error| io::Error::new(error.kind(), format!("{what}: {error}"));
    let tester = TesterServer::start(arguments.tester_listen.as_str(), simulator.clone())
        .await
        .map_err(failed(format!("cannot listen on `{}`", arguments.tester_listen)))?;
    let server = SimulatorServer::start(arguments.listen.as_str(), simulator)
        .await
        .map_err(failed(format!("cannot listen on `{}`", arguments.listen)))?;
    token_file::write(path, &location.token_file)
        .map_err(failed(format!("cannot write the token file `{shown}`")))?;

    let first =
        FirstLine { schema: 1, base_url: server.base_url(), token_file: shown, tester_url: tester.url() };
    tell(&mut io::stdout().lock(), &serde_json::to_string(&first)?)?;
    let (name, address) = (location.name, server.address());
    tell(
        &mut io::stderr().lock(),
        &format!(
            "Simulated Apple service with location \"{name}\", listening on {address}; the tester's door is {}. \
             Stop with ctrl-c.",
            tester.url()
        ),
    )?;
    stop.told().await;
    server.stop().await;
    tester.stop().await;
    tell(&mut io::stderr().lock(), "Stopped.")
}

fn tell(to: &mut impl Write, line: &str) -> io::Result<()> {
    writeln!(to, "{line}")?;
    to.flush()
}
