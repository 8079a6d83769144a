//! Packing: the number of requests, and the time to find them. `cargo bench --bench pack`.
//!
//! Each input is packed once and compared with one app a request before its time is measured. Without `--bench`, as
//! in `cargo test --benches`, everything is ten times smaller, Apple's limits too, so the same counts are checked.
#![expect(clippy::print_stdout, reason = "a bench prints its results")]

mod inputs;
mod one_app_a_request;

use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion, Throughput};
use mdm_vpp::plan::{PackLimits, PackedRequest, pack_devices};

use crate::inputs::{Input, Pair, Scale};

/// Longest time for 1.5 million pairs. Ours: the first plan of a large tenant packs that many.
const LONGEST: Duration = Duration::from_secs(1);

fn main() {
    let scale =
        if std::env::args().any(|argument| argument == "--bench") { Scale::FULL } else { Scale::TENTH };
    let mut criterion = Criterion::default().configure_from_args();
    println!("scale: {scale}; limits: {:?}", scale.limits());
    for input in inputs::all(scale) {
        compare(&input, &scale.limits());
        measure(&mut criterion, &input, &scale.limits());
    }
    criterion.final_summary();
}

fn pack(pairs: &[Pair], limits: &PackLimits) -> Vec<PackedRequest<mdm_vpp::id::SerialNumber>> {
    pack_devices(pairs.iter().map(|(asset, device)| (asset, device)), limits)
}

/// Counts requests beside the baseline, and checks the promise.
fn compare(input: &Input, limits: &PackLimits) {
    let start = Instant::now();
    let requests = pack(&input.pairs, limits);
    let took = start.elapsed();
    let start = Instant::now();
    let baseline = one_app_a_request::pack(&input.pairs, limits);
    let baseline_took = start.elapsed();

    let promised = input.most.map_or("no promise".to_owned(), |most| format!("promised: at most {most}"));
    let area = limits.max_assets.get() as usize * limits.max_serial_numbers.get() as usize;
    println!("\n{}: {} pairs", input.name, input.pairs.len());
    println!("  packed:            {:>6} requests ({promised}), {took:.1?}", requests.len());
    println!("  one app a request: {:>6} requests, {baseline_took:.1?}", baseline.len());
    println!("  bound below:       {:>6} requests", input.pairs.len().div_ceil(area));
    if input.pairs.len() >= 1_500_000 {
        let verdict = if took <= LONGEST { "met" } else { "MISSED" };
        println!("  1.5 million pairs within {LONGEST:?}: {verdict}");
    }

    let covered: usize = requests.iter().map(PackedRequest::pairs).sum();
    assert_eq!(covered, input.pairs.len(), "{}: not exactly the needed pairs", input.name);
    assert!(
        input.most.is_none_or(|most| requests.len() <= most),
        "{}: {} requests",
        input.name,
        requests.len()
    );
    assert!(requests.len() <= baseline.len(), "{}: more than one app a request", input.name);
}

fn measure(criterion: &mut Criterion, input: &Input, limits: &PackLimits) {
    let mut group = criterion.benchmark_group(input.name);
    group.sample_size(10).throughput(Throughput::Elements(input.pairs.len() as u64));
    group.bench_function("packed", |bencher| {
        bencher.iter_batched(|| (), |()| pack(&input.pairs, limits), BatchSize::PerIteration);
    });
    group.bench_function("one app a request", |bencher| {
        let baseline = |()| one_app_a_request::pack(&input.pairs, limits);
        bencher.iter_batched(|| (), baseline, BatchSize::PerIteration);
    });
    group.finish();
}
