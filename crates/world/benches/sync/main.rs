//! A sync of a location over real HTTP: its requests, its time, and its cost for this process.
//!
//! `cargo bench -p mdm-vpp-world --bench sync`, and with `-- million` for a million assignments. Apple's service runs
//! in a process of its own. Counts of requests are asserted, times are not. Without `--bench`, as in `cargo test
//! --benches`, all sizes are a hundred times smaller.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

mod apple;
mod client;
mod cost;
mod measured;
mod million;
mod pace;
mod row_by_row;
mod stores;
mod verdict;

use mdm_vpp_world::BoxError;

use crate::verdict::Judge;

fn main() -> Result<(), BoxError> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(run(&arguments))
}

async fn run(arguments: &[String]) -> Result<(), BoxError> {
    match arguments {
        [role, rest @ ..] if role == apple::ROLE => return apple::serve(rest).await,
        [role, rest @ ..] if role == million::ROLE => return million::measure(rest).await,
        _ => {}
    }
    let given = |word: &str| arguments.iter().any(|argument| argument == word);
    let judge = Judge { full_size: given("--bench") };
    if given("million") {
        return million::measure_both(&judge);
    }
    cost::measure(&judge).await?;
    pace::measure(&judge).await?;
    if judge.full_size { Ok(()) } else { million::measure_both(&judge) }
}
