//! From a wish to a confirmed license, with an answer of Apple that is lost on the way.
//!
//! `cargo run --example assign_seats` needs nothing: Apple'f service is simulated on a loopback port, the state is in a
//! SQLite file that goes again, and the clock is virtual, so that half an hour passes in a moment. Each step is printed
//! with the time at which it happened.

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

/// The devices that shall have the app.
const SERIALS: [&str; 3] = ["C02AAAAAAA01", "C02AAAAAAA02", "C02AAAAAAA03"];

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to be told when the terminal is gone.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Failure> {
    let fixture = Fixture::build().await?;
    let mut watch = Watch::begin(&fixture)?;
    watch.say("uploaded the token: the location has 5 licenses of the app")?;

    // The next request that gives licenses will be done, after three minutes, and its answer will not arrive.
    let slow = EventPlan::usual().after(Duration::from_secs(180));
    fixture.simulator.inject(FaultRule::at(Endpoint::AssociateAssets, Fault::Event(slow)));
    fixture.simulator.inject(FaultRule::at(Endpoint::AssociateAssets, Fault::AnswerLost));

    let seats =
        SERIALS.map(|serial| seat(&fixture, serial)).into_iter().collect::<Result<BTreeSet<_>, _>>()?;
    let change = AssignmentChange::Seats { assign: seats, unassign: BTreeSet::new() };
    let report = fixture.tenant.change_assignments(&fixture.location, &change, &fixture.actor).await?;
    watch.say(&format!("wished licenses for {} devices: {:?}", SERIALS.len(), report.counts()))?;
    watch.look().await?;

    // The host calls `work` whenever something is due. Here, the clock is set to that time.
    fixture.run_for(TimeDelta::minutes(30), async || watch.look().await).await?;

    let confirmed = watch.confirmed().await?;
    let requests = watch.requests();
    watch.table(&confirmed, &requests)?;
    let held = fixture.simulator.assignments(&fixture.uid)?.len();
    if (confirmed.len(), held) != (SERIALS.len(), SERIALS.len()) {
        return Err(format!("{} licenses are confirmed, Apple gave {held}", confirmed.len()).into());
    }
    Ok(())
}

fn seat(fixture: &Fixture, serial: &str) -> Result<SeatKey, Failure> {
    let holder = Holder::Device { serial_number: SerialNumber::new(serial)? };
    Ok(SeatKey { location: fixture.location.clone(), asset: fixture::app(), holder })
}
