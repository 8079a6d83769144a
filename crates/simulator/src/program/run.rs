//! Starting, telling the addresses, and stopping.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::Parser;
use mdm_vpp_simulator::{EventPlan, Simulator, SimulatorServer, TesterServer, coverage};
use serde::Serialize;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::arguments::Arguments;

/// The first line on standard output, for programs that start this one. Its shape has a number: `schema`.
#[derive(Debug, Serialize)]
struct FirstLine<'a> {
    schema: u32,
    base_url: String,
    token_file: &'a str,
    tester_url: String,
}

/// Runs the program, and writes an error to standard error.
pub(crate) fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // When standard error is closed too, the exit code alone tells of the failure.
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
    let shown = path
        .to_str()
        .ok_or_else(|| io::Error::other("the path of the token file is not UTF-8; choose another"))?;
    // Before the first line tells that the program runs, so that no signal after it is missed.
    let stop = Stop::listen()?;
    // Only to read the system's time, which this crate asks for in one place.
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
    write_token_file(path, &location.token_file)
        .map_err(failed(format!("cannot write the token file `{shown}`")))?;

    let first =
        FirstLine { schema: 1, base_url: server.base_url(), token_file: shown, tester_url: tester.url() };
    tell(&mut io::stdout().lock(), &serde_json::to_string(&first)?)?;
    let (name, address) = (location.name, server.address());
    tell(
        &mut io::stderr().lock(),
        &format!(
            "Simulated Apple service with location \"{name}\", listening on {address}; testers use {}. \
             Stop with ctrl-c.",
            tester.url()
        ),
    )?;
    stop.received().await;
    server.stop().await;
    tester.stop().await;
    tell(&mut io::stderr().lock(), "Stopped.")
}

fn tell(to: &mut impl Write, line: &str) -> io::Result<()> {
    writeln!(to, "{line}")?;
    to.flush()
}

/// Listens for ctrl-c and, on Unix, SIGTERM from the moment it is made.
#[cfg(unix)]
struct Stop {
    interrupt: Signal,
    terminate: Signal,
}

#[cfg(unix)]
impl Stop {
    fn listen() -> io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn received(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Listens for ctrl-c.
#[cfg(windows)]
struct Stop(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Stop {
    fn listen() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn received(mut self) {
        self.0.recv().await;
    }
}

/// Writes `content`, replacing an older file. On Unix the mode is 0600 before the first byte is written, so that only
/// the owner can read it.
fn write_token_file(path: &Path, content: &str) -> io::Result<()> {
    let mut file = open(path)?;
    file.write_all(content.as_bytes())?;
    file.sync_all()
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};

    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    // The mode above is that of a new file; one that was there keeps its own until this.
    file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    Ok(file)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).open(path)
}
