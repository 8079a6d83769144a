//! A real worker process on SQLite is killed in the middle of its work, many times, and no assignment is lost.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use mdm_vpp_world::Chance;

use crate::killed_fixture::KilledWorkerFixture;

const KILLS: usize = 20;
/// Longest life of a worker, in milliseconds of the machine's clock. It is longer than a lease (400 ms), so that some
/// workers die while they wait for the lease of the one before and most while they call Apple.
const LONGEST_LIFE: u64 = 900;
/// Longest time after the last kill until desired and observed agree, by the machine's clock. Ours: generous for a busy
/// machine.
const SETTLED_WITHIN: Duration = Duration::from_secs(60);

/// A worker process. Dropping it kills it, so it ends with the test even when that panics.
struct Worker(Child);

impl Worker {
    fn start(fixture: &KilledWorkerFixture) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_worker"))
            .arg(fixture.database())
            .arg(fixture.base_url())
            .arg(fixture.clock.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut first).unwrap();
        assert_eq!(first, "ready\n");
        Self(child)
    }
}

impl Drop for Worker {
    /// Sends SIGKILL on Unix, which a process cannot handle.
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _ended = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_is_killed_twenty_times_in_its_work_loses_no_assignment_and_doubles_none() {
    let chosen = std::env::var("KILL_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = chosen.unwrap_or_else(|| fastrand::u64(..));
    println!("replay it with KILL_SEED={seed}");
    let chance = Chance::of(seed);
    let mut fixture = KilledWorkerFixture::build(&chance).await;
    let (mut requests, mut busy) = (fixture.requests(), 0);
    for _ in 0..KILLS {
        fixture.change_assignments(&chance).await;
        let worker = Worker::start(&fixture);
        tokio::time::sleep(Duration::from_millis(chance.below(LONGEST_LIFE))).await;
        drop(worker);
        let now = fixture.requests();
        busy += usize::from(now > requests);
        requests = now;
    }
    assert!(busy >= KILLS / 4, "only {busy} of the killed workers had called Apple");

    let _last = Worker::start(&fixture);
    let begun = Instant::now();
    while let Some(what) = fixture.unsettled().await {
        assert!(begun.elapsed() < SETTLED_WITHIN, "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    fixture.assert_each_request_at_apple_is_a_row_of_ours_and_arrived_once().await;
    fixture.assert_no_assignment_was_in_requests_of_both_directions();
}
