//! From an assignment to a confirmed license, with an answer of Apple that is lost on the way.
//!
//! `cargo run --example assign_seats` needs nothing else. Apple's service is simulated on a loopback port, the state is
//! in a temporary SQLite file, and the clock is virtual, so that half an hour passes in a moment. Each step is printed
//! with its time.

mod fixture;
mod watch;

use std::{
    collections::BTreeSet,
    error::Error,
    io::{self, Write as _},
    process::ExitCode,
    time::Duration,
};

use mdm_vpp::{
    chrono::TimeDelta,
    decide::assignments::AssignmentChange,
    id::SerialNumber,
    seats::{Holder, SeatKey},
    simulator::{Endpoint, EventPlan, Fault, FaultRule},
};

use crate::{fixture::Fixture, watch::Watch};

type Failure = Box<dyn Error + Send + Sync>;

/// The devices that the app is assigned to.
const SERIALS: [&str; 3] = ["C02AAAAAAA01", "C02AAAAAAA02", "C02AAAAAAA03"];

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A write fails when the terminal is closed, and then there is no one to report that to.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Failure> {
    let fixture = Fixture::build().await?;
    let mut watch = Watch::begin(&fixture)?;
    watch.say("uploaded the token: the location has 5 licenses of the app")?;

    // Apple carries out the next assign request after three minutes, and its answer is lost.
    let slow = EventPlan::usual().after(Duration::from_secs(180));
    fixture.simulator.inject(FaultRule::at(Endpoint::AssociateAssets, Fault::Event(slow)));
    fixture.simulator.inject(FaultRule::at(Endpoint::AssociateAssets, Fault::AnswerLost));

    let seats =
        SERIALS.map(|serial| seat(&fixture, serial)).into_iter().collect::<Result<BTreeSet<_>, _>>()?;
    let change = AssignmentChange::Seats { assign: seats, unassign: BTreeSet::new() };
    let report = fixture.tenant.change_assignments(&fixture.location, &change, &fixture.actor).await?;
    watch.say(&format!("assigned the app to {} devices: {:?}", SERIALS.len(), report.counts()))?;
    watch.print_changes().await?;

    // An embedder calls `work` whenever a job is due. Here, the clock is moved to that time.
    fixture.run_for(TimeDelta::minutes(30), async || watch.print_changes().await).await?;

    let confirmed = watch.confirmed().await?;
    let requests = watch.requests();
    watch.table(&confirmed, &requests)?;
    let assigned = fixture.simulator.assignments(&fixture.uid)?.len();
    if (confirmed.len(), assigned) != (SERIALS.len(), SERIALS.len()) {
        return Err(
            format!("{} licenses are confirmed, and Apple assigned {assigned}", confirmed.len()).into()
        );
    }
    Ok(())
}

fn seat(fixture: &Fixture, serial: &str) -> Result<SeatKey, Failure> {
    let holder = Holder::Device { serial_number: SerialNumber::new(serial)? };
    Ok(SeatKey { location: fixture.location.clone(), asset: fixture::app(), holder })
}
