//! Worlds of many seeds: no invariant is ever broken, in the end desired and observed agree, and planted mistakes are
//! found.

use mdm_vpp_world::{Mistake, World, WorldFailure};

/// Seeds and steps of each in a test run, observed: about three seconds.
const SEEDS: u64 = 60;
const STEPS: usize = 60;
/// Seeds among which each mistake has to be found.
const SEEDS_FOR_A_MISTAKE: u64 = 1_000;

/// Runs a world to its end; the answer is the number of notifications in it.
pub(crate) async fn run(mut world: World, steps: usize) -> Result<usize, WorldFailure> {
    for _ in 0..steps {
        world.step().await?;
    }
    world.settle().await?;
    Ok(world.notified())
}

#[tokio::test(flavor = "current_thread")]
async fn whatever_goes_wrong_no_license_is_doubled_or_lost_and_desired_and_observed_agree_in_the_end() {
    let variable = |name| std::env::var(name).ok().and_then(|number| number.parse::<u64>().ok());
    let seeds = 0..variable("WORLD_SEEDS").unwrap_or(SEEDS);
    let one = variable("WORLD_SEED");
    let (mut silent, mut notified) = (0, 0);
    for seed in one.map_or(seeds, |seed| seed..seed + 1) {
        match run(World::of(seed).await.unwrap(), STEPS).await {
            Ok(0) => silent += 1,
            Ok(_) => notified += 1,
            Err(failure) => panic!("{failure}\nreplay it with WORLD_SEED={seed}"),
        }
    }
    let enough = silent + notified >= SEEDS;
    assert!(!enough || (silent > 0 && notified > silent / 4), "{silent} silent, {notified} notified");
}

/// The seed that found a mistake the last time. It is tried first, so that the test is quick.
const fn found_by(mistake: Mistake) -> u64 {
    match mistake {
        Mistake::DropsTheFence | Mistake::ShortensTheFence => 32,
        Mistake::ConfirmsByTheReport => 1,
        Mistake::TakesALossForARefusal => 13,
        Mistake::TakesPendingForComplete | Mistake::TakesBackForeign => 2,
        Mistake::TakesAnErrorForAnEmptyList => 42,
        Mistake::KeepsNoPace => 20,
        Mistake::ReadsOnePage
        | Mistake::KeepsTheEpoch
        | Mistake::CountsNothing
        | Mistake::ForgetsTheRequest => 0,
    }
}

async fn is_found(mistake: Mistake) -> bool {
    for seed in [found_by(mistake)].into_iter().chain(0..SEEDS_FOR_A_MISTAKE) {
        let failure = match World::with_mistake(seed, mistake).await {
            Ok(world) => run(world, STEPS).await.err(),
            Err(failure) => Some(failure),
        };
        if let Some(failure) = failure {
            println!("{mistake:?}: {}", failure.to_string().lines().next().unwrap_or_default());
            return true;
        }
    }
    false
}

#[tokio::test(flavor = "current_thread")]
async fn each_planted_mistake_is_found() {
    let mut not_found = Vec::new();
    for mistake in Mistake::ALL {
        if !is_found(mistake).await {
            not_found.push(mistake);
        }
    }
    assert!(not_found.is_empty(), "{not_found:?}");
}
