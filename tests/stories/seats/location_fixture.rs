//! What the tests of seats share: a location with licenses, changes of assignments, and time that passes.

use mdm_vpp::{
    Vpp,
    chrono::TimeDelta,
    decide::assignments::AssignmentChange,
    engine::{AssignError, WorkLimit},
    ports::Clock,
    seats::SeatKey,
    simulator::LocationUid,
};

use crate::fixture::{Fixture, ada, device, id, seat};

/// Number of cases that run at the same time. It is above the number of cores, because each case mostly waits for its
/// database.
const AT_ONCE: usize = 8;

/// Runs a test for each case, [`AT_ONCE`] at a time.
pub(super) fn run_cases<T: Copy + Sync>(cases: &[T], run: impl AsyncFn(T) + Sync) {
    std::thread::scope(|scope| {
        for first in 0..AT_ONCE {
            let run = &run;
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                for case in cases.iter().skip(first).step_by(AT_ONCE) {
                    runtime.block_on(run(*case));
                }
            });
        }
    });
}

/// Runs one test to its end.
pub(super) fn block_on<T>(run: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run)
}

/// Builds an installation with one location that has licenses of these apps, uploaded and read.
pub(super) async fn location_with_licenses(apps: &[(u64, u32)]) -> (Fixture, LocationUid) {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location("Berlin");
    for (adam_id, licenses) in apps {
        fixture.buy(&uid, *adam_id, *licenses);
    }
    fixture.upload("Berlin", &token).await;
    fixture.work().await;
    (fixture, uid)
}

/// The seats of each app for each device.
pub(super) fn seat_keys(uid: &LocationUid, apps: &[u64], serials: &[&str]) -> Vec<SeatKey> {
    let each = |app: &u64| serials.iter().map(|serial| seat(uid, *app, device(serial))).collect::<Vec<_>>();
    apps.iter().flat_map(each).collect()
}

/// Assigns some seats and unassigns others, in a process.
pub(super) async fn change_assignments(
    fixture: &Fixture,
    vpp: &Vpp,
    uid: &LocationUid,
    assign: &[SeatKey],
    unassign: &[SeatKey],
) -> Result<(), AssignError> {
    let change = AssignmentChange::Seats {
        assign: assign.iter().cloned().collect(),
        unassign: unassign.iter().cloned().collect(),
    };
    vpp.tenant(fixture.tenant().id().clone()).change_assignments(&id(uid), &change, &ada()).await.map(|_| ())
}

/// Lets `time` pass and runs each job when it is due, in the process that lives then. `check` runs after each step.
pub(super) async fn run_for(
    fixture: &Fixture,
    process: impl Fn() -> Vpp,
    time: TimeDelta,
    mut check: impl AsyncFnMut(),
) {
    let end = fixture.clock.now() + time;
    while fixture.clock.now() < end {
        // A process that dies does nothing more; another one follows at the next step.
        let vpp = process();
        while vpp.work(WorkLimit::default()).await.is_ok_and(|worked| worked.done > 0) {}
        check().await;
        let now = fixture.clock.now();
        let next = fixture.store.next_due().await.unwrap().unwrap_or(end);
        fixture.clock.set(next.max(now + TimeDelta::seconds(1)).min(end));
        fixture.simulator.set_now(fixture.clock.now());
    }
}
