//! A real worker process on SQLite is killed in mid-work, again and again, and nothing is lost.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use mdm_vpp_world::Chance;

use crate::killed_fixture::KilledWorkerFixture;

const KILLS: usize = 20;
/// The worker lives so long at most before it is killed, in milliseconds: longer than the lease of the one before it, so
/// that some are killed while they wait for it and most while they talk.
const LONGEST_LIFE: u64 = 900;
/// All is as desired at the latest so long after the last kill.
const SETTLED_WITHIN: Duration = Duration::from_secs(60);

/// A worker process, which ends with the test however that ends.
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
    /// On Unix this is SIGKILL: the process has no say in it.
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _ended = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_is_killed_twenty_times_in_mid_work_loses_nothing_and_doubles_nothing() {
    let asked = std::env::var("KILL_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = asked.unwrap_or_else(|| fastrand::u64(..));
    println!("the kills of KILL_SEED={seed}");
    let chance = Chance::of(seed);
    let mut fixture = KilledWorkerFixture::build(&chance).await;
    let (mut talked, mut served) = (fixture.requests(), 0);
    for _ in 0..KILLS {
        fixture.change_assignments(&chance).await;
        let worker = Worker::start(&fixture);
        tokio::time::sleep(Duration::from_millis(chance.below(LONGEST_LIFE))).await;
        drop(worker);
        let now = fixture.requests();
        served += usize::from(now > talked);
        talked = now;
    }
    assert!(served >= KILLS / 4, "only {served} of the killed workers had begun to talk");

    let _last = Worker::start(&fixture);
    let begun = Instant::now();
    while let Some(what) = fixture.unsettled().await {
        assert!(begun.elapsed() < SETTLED_WITHIN, "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    fixture.assert_each_request_of_apples_is_ours_and_went_once().await;
    fixture.assert_nothing_went_both_ways_at_once();
}
