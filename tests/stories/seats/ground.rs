//! What stories about seats share: a location with licenses, wishes, and time that goes on.

use mdm_vpp::{
    Vpp,
    chrono::TimeDelta,
    decide::assignments::AssignmentChange,
    engine::{AssignError, WorkLimit},
    ports::Clock,
    seats::SeatKey,
    simulator::LocationUid,
};

use crate::house::{House, ada, device, id, seat};

/// So many stories are told at the same time: each waits for its database most of the time.
const AT_ONCE: usize = 8;

/// Tells a story for each of these, some at a time.
pub(super) fn tell_all<T: Copy + Sync>(cases: &[T], tell: impl AsyncFn(T) + Sync) {
    std::thread::scope(|scope| {
        for first in 0..AT_ONCE {
            let tell = &tell;
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                for case in cases.iter().skip(first).step_by(AT_ONCE) {
                    runtime.block_on(tell(*case));
                }
            });
        }
    });
}

/// What a story tells of itself first.
pub(super) fn tell_one<T>(tell: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(tell)
}

/// A house with one location that has licenses of these apps, uploaded and read.
pub(super) async fn licensed(apps: &[(u64, u32)]) -> (House, LocationUid) {
    let house = House::build().await;
    let (uid, token) = house.location("Berlin");
    for (adam_id, licenses) in apps {
        house.buy(&uid, *adam_id, *licenses);
    }
    house.upload("Berlin", &token).await;
    house.work().await;
    (house, uid)
}

/// The seats of some apps for some devices.
pub(super) fn of(uid: &LocationUid, apps: &[u64], serials: &[&str]) -> Vec<SeatKey> {
    let each = |app: &u64| serials.iter().map(|serial| seat(uid, *app, device(serial))).collect::<Vec<_>>();
    apps.iter().flat_map(each).collect()
}

/// Wishes that some seats are held, and others no more.
pub(super) async fn wish(
    house: &House,
    vpp: &Vpp,
    uid: &LocationUid,
    give: &[SeatKey],
    take: &[SeatKey],
) -> Result<(), AssignError> {
    let change = AssignmentChange::Seats {
        assign: give.iter().cloned().collect(),
        unassign: take.iter().cloned().collect(),
    };
    vpp.tenant(house.tenant().id().clone()).change_assignments(&id(uid), &change, &ada()).await.map(|_| ())
}

/// Lets time go on for so long, and does each thing when it is due, in the process that lives then. `look` looks after
/// each step.
pub(super) async fn live(
    house: &House,
    process: impl Fn() -> Vpp,
    time: TimeDelta,
    mut look: impl AsyncFnMut(),
) {
    let end = house.clock.now() + time;
    while house.clock.now() < end {
        // A process that dies does nothing more; another one follows at the next step.
        let vpp = process();
        while vpp.work(WorkLimit::default()).await.is_ok_and(|worked| worked.done > 0) {}
        look().await;
        let now = house.clock.now();
        let next = house.store.next_due().await.unwrap().unwrap_or(end);
        house.clock.set(next.max(now + TimeDelta::seconds(1)).min(end));
        house.simulator.set_now(house.clock.now());
    }
}
