//! Apple's time: it runs as fast as ours, events take as long as chance says, and somebody watches for requests that
//! cross each other.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use mdm_vpp_ports::Clock as _;
use mdm_vpp_simulator::{Assignment, EventKind, EventPlan, EventStatus, Simulator};
use mdm_vpp_world::{Chance, FastClock};

/// How long events take, in seconds of the fast clock: mostly some hundred milliseconds of the machine's, and sometimes
/// so long that they are taken for lost.
const TAKES: [u64; 6] = [20, 60, 100, 100, 200, 700];
const TICK: Duration = Duration::from_millis(3);

/// Lets the time of a simulated service run until it is dropped.
pub(crate) struct ApplesTime {
    crossed: Arc<Mutex<Vec<Assignment>>>,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl ApplesTime {
    pub(crate) fn runs(simulator: &Simulator, clock: FastClock, seed: u64) -> Self {
        let (crossed, ended) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let thread = thread::spawn({
            let (simulator, crossed, ended) = (simulator.clone(), crossed.clone(), ended.clone());
            move || {
                let chance = Chance::of(seed);
                while !ended.load(Ordering::SeqCst) {
                    let takes = Duration::from_secs(chance.one(&TAKES).copied().unwrap());
                    simulator.change_settings(|settings| settings.events = EventPlan::usual().after(takes));
                    simulator.set_now(clock.now());
                    crossed.lock().unwrap().extend(crossing(&simulator));
                    thread::sleep(TICK);
                }
            }
        });
        Self { crossed, ended, thread: Some(thread) }
    }

    /// What was to be given and taken by requests that were under way at the same time.
    pub(crate) fn crossed(&self) -> Vec<Assignment> {
        self.crossed.lock().unwrap().clone()
    }
}

fn crossing(simulator: &Simulator) -> Vec<Assignment> {
    let mut ways: BTreeMap<Assignment, EventKind> = BTreeMap::new();
    let mut crossing = Vec::new();
    for event in simulator.events().into_iter().filter(|event| event.status == EventStatus::Pending) {
        for assignment in simulator.event_assignments(&event.id) {
            if *ways.entry(assignment.clone()).or_insert(event.kind) != event.kind {
                crossing.push(assignment);
            }
        }
    }
    crossing
}

impl Drop for ApplesTime {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}
