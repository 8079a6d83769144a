//! Apple's service in a process of its own, so that its cost is not counted as ours.
//!
//! The bench starts its own program for it, with [`ROLE`] as first argument. Commands go in on standard input and
//! answers come out on standard output, a line each.

use std::{
    io::{BufRead as _, BufReader, Lines, Write as _, stdin, stdout},
    num::NonZeroUsize,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use chrono::{DateTime, Utc};
use mdm_vpp_simulator::{
    AdamId, Endpoint, ErrorNumber, Fault, FaultRule, Holder, LocationUid, NewLocation, RateJudged, Simulator,
    SimulatorServer, StoreListing, TokenDownload,
};
use mdm_vpp_world::BoxError;

/// The first argument of the process of Apple's service.
pub(crate) const ROLE: &str = "apple";
/// Apps that each device holds.
const APPS_OF_A_DEVICE: usize = 20;
/// Requests a second; more than a client can send, so the limit is off.
const NO_LIMIT: i32 = 1_000_000;

/// The data at Apple.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) assets: usize,
    pub(crate) assignments: usize,
    pub(crate) page: usize,
}

/// The running process of Apple's service. Dropping it ends the process.
pub(crate) struct Apple {
    child: Child,
    commands: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    pub(crate) base_url: String,
    pub(crate) location: String,
    pub(crate) token_file: String,
}

/// Requests, as Apple counted them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counted {
    pub(crate) assets: usize,
    pub(crate) assignments: usize,
    /// Requests to other endpoints: service config, client config, users and lookups.
    pub(crate) other: usize,
    /// Requests that Apple refused because there were too many.
    pub(crate) refused: usize,
}

impl Size {
    pub(crate) fn pages(self) -> usize {
        self.assignments.div_ceil(self.page)
    }

    /// The holders of an asset.
    fn holders(self, asset: usize) -> impl Iterator<Item = Holder> {
        let (each, devices) = (self.assignments / self.assets, self.devices());
        (0..each).map(move |n| device((asset * 40 + n) % devices))
    }

    /// Devices that hold nothing.
    fn others(self, count: usize) -> impl Iterator<Item = Holder> {
        let devices = self.devices();
        (devices..devices + count).map(device)
    }

    fn devices(self) -> usize {
        (self.assignments / APPS_OF_A_DEVICE).max(self.assignments / self.assets)
    }
}

fn device(number: usize) -> Holder {
    Holder::device(&serial_number(number))
}

/// A serial number of 12 letters.
fn serial_number(device: usize) -> String {
    let number = device.wrapping_mul(1_000_003);
    let letter = |place: u32| char::from(b'A' + u8::try_from(number / 26_usize.pow(place) % 26).unwrap_or(0));
    (0..12).rev().map(letter).collect()
}

impl Apple {
    /// Starts the process. With a latency it also limits requests to 15 a second, as Apple does; without, it has no
    /// limit.
    pub(crate) fn start(size: Size, latency: Option<Duration>) -> Result<Self, BoxError> {
        let latency = latency.map_or(0, |latency| latency.as_millis() as usize);
        let numbers = [size.assets, size.assignments, size.page, latency].map(|number| number.to_string());
        let mut child = Command::new(std::env::current_exe()?)
            .arg(ROLE)
            .args(numbers)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let gone = "the process of Apple's service has no output";
        let (commands, answers) = (child.stdin.take().ok_or(gone)?, child.stdout.take().ok_or(gone)?);
        let mut answers = BufReader::new(answers).lines();
        let mut next = || answers.next().ok_or(gone);
        let (base_url, location, token_file) = (next()??, next()??, next()??);
        Ok(Self { child, commands, answers, base_url, location, token_file })
    }

    fn send(&mut self, command: &str) -> Result<String, BoxError> {
        writeln!(self.commands, "{command}")?;
        Ok(self.answers.next().ok_or("Apple's service has ended")??)
    }

    /// Lets another product assign a number of licenses.
    pub(crate) fn change(&mut self, licenses: usize) -> Result<(), BoxError> {
        self.send(&format!("change {licenses}")).map(drop)
    }

    /// The requests since the last call.
    pub(crate) fn counted(&mut self) -> Result<Counted, BoxError> {
        let answer = self.send("counted")?;
        let mut numbers = answer.split(' ').map(str::parse);
        let mut next = || numbers.next().ok_or("a count is missing");
        Ok(Counted { assets: next()??, assignments: next()??, other: next()??, refused: next()?? })
    }
}

impl Drop for Apple {
    fn drop(&mut self) {
        // The process may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Runs Apple's service until standard input ends.
pub(crate) async fn serve(arguments: &[String]) -> Result<(), BoxError> {
    let numbers = arguments.iter().map(|number| number.parse()).collect::<Result<Vec<usize>, _>>()?;
    let [assets, assignments, page, latency] = numbers.try_into().map_err(|_| "four numbers are needed")?;
    let size = Size { assets, assignments, page };
    let simulator = Simulator::new(DateTime::<Utc>::UNIX_EPOCH);
    simulator.use_system_clock();
    simulator.change_settings(|settings| {
        settings.page_capacity = NonZeroUsize::new(page).unwrap_or(settings.page_capacity);
        settings.log_capacity = 1_000;
    });
    let uid = create_location(&simulator, size)?;
    let token = simulator.download_token(&uid, TokenDownload::usual())?;
    limit(&simulator, latency as u64);
    let server = SimulatorServer::start("127.0.0.1:0", simulator.clone()).await?;
    print(&format!("{}\n{}\n{}", server.base_url(), uid.as_str(), token.file))?;
    tokio::task::spawn_blocking(move || answer_commands(&simulator, &uid, size)).await?
}

fn app(number: usize) -> AdamId {
    AdamId::new(1_000_000_000 + number as u64)
}

fn create_location(simulator: &Simulator, size: Size) -> Result<LocationUid, BoxError> {
    let uid = simulator.create_location(NewLocation::new("Berlin", "Example GmbH", "DE"));
    for asset in 0..size.assets {
        let name = format!("App {asset}");
        simulator.list(StoreListing::ios_app(app(asset), &name, format!("com.example.app{asset}")));
        simulator.buy(&uid, app(asset), 1_000_000)?;
        simulator.assign(&uid, app(asset), size.holders(asset))?;
    }
    Ok(uid)
}

fn answer_commands(simulator: &Simulator, uid: &LocationUid, size: Size) -> Result<(), BoxError> {
    for line in stdin().lines() {
        let line = line?;
        let (command, number) = line.split_once(' ').unwrap_or((&line, "0"));
        if command == "change" {
            let count: usize = number.parse()?;
            let each = count.div_ceil(size.assets).max(1);
            for asset in (0..size.assets).take(count / each) {
                simulator.assign(uid, app(asset), size.others(each))?;
            }
        }
        print(&counted(simulator))?;
    }
    Ok(())
}

fn limit(simulator: &Simulator, latency: u64) {
    let limited = latency > 0;
    simulator.clear_faults();
    if limited {
        let delay = Duration::from_millis(latency);
        simulator.inject(FaultRule::new(Fault::SlowReply { delay }).always());
    }
    simulator.change_limits(|limits| {
        limits.max_requests_per_second = Some(if limited { 15 } else { NO_LIMIT });
    });
    simulator.change_settings(|settings| {
        settings.rate_limit.judged = if limited { RateJudged::Always } else { RateJudged::Never };
    });
}

/// The requests since the last call, as a line of four numbers.
fn counted(simulator: &Simulator) -> String {
    let [assets, assignments] = [Endpoint::Assets, Endpoint::Assignments].map(|of| simulator.count(of));
    let all: u64 = Endpoint::ALL.iter().map(|endpoint| simulator.count(*endpoint)).sum();
    let refused = simulator.requests();
    let refused = refused.iter().filter(|request| request.error == Some(ErrorNumber::TOO_MANY_REQUESTS));
    let answer = format!("{assets} {assignments} {} {}", all - assets - assignments, refused.count());
    simulator.clear_requests();
    answer
}

fn print(line: &str) -> std::io::Result<()> {
    let mut out = stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
