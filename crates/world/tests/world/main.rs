#![cfg(test)]
//! Worlds of many seeds, and real processes: nothing that must hold is ever broken, and in the end all is as desired.

mod apples_time;
mod frozen;
mod killed;
mod killed_fixture;
mod pausing;
mod rows;
mod shared_database;
mod two_workers;

mod mistakes;

use mdm_vpp_world::World;

/// How many worlds are told in a test run, and how many steps each.
const SEEDS: u64 = 60;
const STEPS: usize = 60;

/// Tells the story of a seed, and how many notifications there were in it.
async fn tell(seed: u64, steps: usize) -> Result<usize, mdm_vpp_world::WorldFailure> {
    let mut world = World::of(seed).await?;
    for _ in 0..steps {
        world.step().await?;
    }
    world.settle().await?;
    Ok(world.notified())
}

#[tokio::test(flavor = "current_thread")]
async fn whatever_goes_wrong_no_license_is_doubled_or_lost_and_in_the_end_all_is_as_desired() {
    let asked = |name| std::env::var(name).ok().and_then(|number| number.parse::<u64>().ok());
    let seeds = 0..asked("WORLD_SEEDS").unwrap_or(SEEDS);
    let one = asked("WORLD_SEED");
    let (mut silent, mut notified) = (0, 0);
    for seed in one.map_or(seeds, |seed| seed..seed + 1) {
        match tell(seed, STEPS).await {
            Ok(0) => silent += 1,
            Ok(_) => notified += 1,
            Err(ended) => panic!("{ended}\ntell it again with WORLD_SEED={seed}"),
        }
    }
    let enough = silent + notified >= SEEDS;
    assert!(!enough || (silent > 0 && notified > silent / 4), "{silent} silent, {notified} notified");
}
