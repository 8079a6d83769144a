//! Differences between a million desired and a million observed seats. `cargo bench --bench differences`.
//!
//! A counting allocator measures the bytes of a seat in a list, and the bytes that are allocated while two lists are
//! compared. It counts requested bytes, without the overhead of an allocator. The baseline puts both lists into sets
//! and takes their differences. Without `--bench`, as in `cargo test --benches`, there are a tenth of the seats.
#![expect(clippy::print_stdout, reason = "a bench prints its results")]

mod seats;

use std::{
    collections::BTreeSet,
    hint::black_box,
    time::{Duration, Instant},
};

use criterion::{BatchSize, Criterion, Throughput};
use mdm_vpp::plan::{Difference, differences};
use peak_alloc::PeakAlloc;

use crate::seats::PlannedSeat;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Longest time for a million seats beside a million. Ours: a nightly plan compares every location's lists.
const LONGEST: Duration = Duration::from_millis(120);

/// Largest size of a device's seat in memory, in bytes. Ours: a million seats stay below 64 MB.
const BYTES_A_SEAT: usize = 64;

/// Number of measured rounds. The fastest counts, because the machine may be shared.
const ROUNDS: usize = 10;

type Differences<'a> = Vec<Difference<&'a PlannedSeat>>;

fn main() {
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let seats = if is_bench { 1_000_000 } else { 100_000 };
    let (desired, device_seat) = measured(|| seats::of_devices(seats, 500));
    let (_, user_seat) = measured(|| seats::of_users(seats));
    let observed = seats::of_devices(seats, 700);
    println!("{} desired seats, {} observed", desired.len(), observed.len());
    let device_seat = device_seat.div_ceil(desired.len());
    println!(
        "  a seat of a device: {device_seat} bytes (promised: at most {BYTES_A_SEAT}): {}",
        met(device_seat <= BYTES_A_SEAT)
    );
    println!("  a seat of a user with an id of 36 letters: {} bytes", user_seat.div_ceil(seats));
    compare(&desired, &observed);
    measure(&desired, &observed);
}

fn met(holds: bool) -> &'static str {
    if holds { "met" } else { "MISSED" }
}

/// Makes a value and measures the bytes that it holds.
fn measured<T>(make: impl FnOnce() -> T) -> (T, usize) {
    let before = MEMORY.current_usage();
    let value = make();
    (value, MEMORY.current_usage().saturating_sub(before))
}

/// The largest number of bytes that were allocated at once during an act.
fn at_most(act: impl FnOnce()) -> usize {
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    act();
    MEMORY.peak_usage().saturating_sub(before)
}

fn merged<'a>(desired: &'a [PlannedSeat], observed: &'a [PlannedSeat]) -> Differences<'a> {
    differences(desired, observed).filter_map(Result::ok).collect()
}

fn of_sets<'a>(desired: &'a [PlannedSeat], observed: &'a [PlannedSeat]) -> Differences<'a> {
    let (desired, observed) = (BTreeSet::from_iter(desired), BTreeSet::from_iter(observed));
    let missing = desired.difference(&observed).copied().map(Difference::Missing);
    let surplus = observed.difference(&desired).copied().map(Difference::Surplus);
    missing.chain(surplus).collect()
}

/// Checks the answer and the memory, and prints the times.
fn compare(desired: &[PlannedSeat], observed: &[PlannedSeat]) {
    let found = merged(desired, observed);
    let (mut sorted, mut baseline) = (found.clone(), of_sets(desired, observed));
    sorted.sort_unstable();
    baseline.sort_unstable();
    assert!(sorted == baseline, "the differences are not those of the sets");

    let beside_answer = at_most(|| {
        black_box(differences(desired, observed).count());
    });
    assert_eq!(beside_answer, 0, "memory was allocated beside the answer");
    let by_sets = at_most(|| drop(black_box(of_sets(desired, observed))));
    let took = fastest(|| drop(black_box(merged(desired, observed))));
    let sets_took = fastest(|| drop(black_box(of_sets(desired, observed))));
    let verdict = match took <= LONGEST {
        _ if desired.len() < 1_000_000 => "not judged with fewer seats",
        holds => met(holds),
    };
    println!("  {} differences: {took:.1?} (promised: at most {LONGEST:?}): {verdict}", found.len());
    println!(
        "  bytes taken beside the answer: {beside_answer} (promised: constant): {}",
        met(beside_answer == 0)
    );
    println!("  by two sets: {sets_took:.1?}, {by_sets} bytes");
}

fn fastest(act: impl Fn()) -> Duration {
    let round = |_| {
        let start = Instant::now();
        act();
        start.elapsed()
    };
    (0..ROUNDS).map(round).min().unwrap_or(Duration::MAX)
}

fn measure(desired: &[PlannedSeat], observed: &[PlannedSeat]) {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("differences");
    group.sample_size(10).throughput(Throughput::Elements(desired.len() as u64));
    group.bench_function("merged", |bencher| {
        bencher.iter_batched(|| (), |()| merged(desired, observed), BatchSize::PerIteration);
    });
    group.bench_function("by two sets", |bencher| {
        bencher.iter_batched(|| (), |()| of_sets(desired, observed), BatchSize::PerIteration);
    });
    group.finish();
    criterion.final_summary();
}
