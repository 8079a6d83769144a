//! Rules: decisions a second on one core. `cargo bench --bench rules`.
//!
//! The baseline is the same loop over the same facts without the decision, which shows the cost of the loop.
#![expect(clippy::print_stdout, reason = "a bench prints its results")]

mod choices;
mod departures;
mod updates;

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use criterion::{Criterion, Throughput};

/// Promised decisions about departures and updates a second on one core.
const DECISIONS: f64 = 5_000_000.0;

/// Promised choices a second on one core.
const CHOICES: f64 = 1_000_000.0;

/// Number of measured rounds. The fastest counts, because the machine may be shared.
const ROUNDS: usize = 50;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let departures = departures::all();
    run(&mut criterion, "departure", DECISIONS, &departures, departures::decide, departures::read);
    for (name, facts) in updates::all() {
        run(&mut criterion, name, DECISIONS, &facts, updates::decide, updates::read);
    }
    choices(&mut criterion);
    criterion.final_summary();
}

/// Measures the choice, and a sweep that decides on recipients who are alike only once.
fn choices(criterion: &mut Criterion) {
    let name = "choice, 5 tokens, recipients in 10 groups";
    let sweep = choices::Sweep::new();
    let owners = sweep.owners();
    let with_memory = || {
        sweep.with_memory(&owners, |choice| {
            black_box(choice);
        });
    };
    run(criterion, name, CHOICES, &sweep.recipients, |one| sweep.decide(&owners, one), choices::read);
    let rate = rate(sweep.recipients.len(), with_memory);
    println!(
        "  {} sets of groups, each chosen for once: {:>7.1} million a second",
        choices::SETS,
        rate / 1e6
    );
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(sweep.recipients.len() as u64));
    group.bench_function("each set once", |bencher| bencher.iter(with_memory));
    group.finish();
}

/// Measures a rule, and prints its rate beside the baseline's.
fn run<I, D, B>(
    criterion: &mut Criterion,
    name: &str,
    promised: f64,
    inputs: &[I],
    decide: impl Fn(&I) -> D,
    read: impl Fn(&I) -> B,
) {
    let decided = rate(inputs.len(), || all(inputs, &decide));
    let read_only = rate(inputs.len(), || all(inputs, &read));
    let verdict = match decided >= promised {
        _ if cfg!(debug_assertions) => "not judged in a build without optimisation",
        true => "met",
        false => "MISSED",
    };
    println!("\n{name}: {} inputs", inputs.len());
    println!(
        "  decisions:         {:>7.1} million a second (promised: {:.1}): {verdict}",
        decided / 1e6,
        promised / 1e6
    );
    println!("  loop without them: {:>7.1} million a second", read_only / 1e6);

    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(inputs.len() as u64));
    group.warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3)).sample_size(20);
    group.bench_function("decisions", |bencher| bencher.iter(|| all(inputs, &decide)));
    group.bench_function("loop without them", |bencher| bencher.iter(|| all(inputs, &read)));
    group.finish();
}

fn all<I, D>(inputs: &[I], decide: impl Fn(&I) -> D) {
    for input in inputs {
        black_box(decide(black_box(input)));
    }
}

/// Decisions a second in the fastest of [`ROUNDS`] rounds of `count` decisions.
fn rate(count: usize, go_through: impl Fn()) -> f64 {
    let round = |_| {
        let start = Instant::now();
        go_through();
        start.elapsed()
    };
    let best = (0..ROUNDS).map(round).min().unwrap_or(Duration::MAX);
    count as f64 / best.as_secs_f64().max(f64::MIN_POSITIVE)
}
