#![cfg(test)]
//! Worlds of many seeds: nothing that must hold is ever broken, and in the end all is as desired.

mod mistakes;

use mdm_vpp_world::World;

/// How many worlds are told in a test run, and how many steps each.
const SEEDS: u64 = 60;
const STEPS: usize = 60;

async fn tell(seed: u64) -> Result<(), mdm_vpp_world::Ended> {
    let mut world = World::of(seed).await?;
    for _ in 0..STEPS {
        world.step().await?;
    }
    world.settle().await
}

#[tokio::test(flavor = "current_thread")]
async fn whatever_goes_wrong_no_license_is_doubled_or_lost_and_in_the_end_all_is_as_desired() {
    let asked = |name| std::env::var(name).ok().and_then(|number| number.parse::<u64>().ok());
    let seeds = 0..asked("WORLD_SEEDS").unwrap_or(SEEDS);
    for seed in asked("WORLD_SEED").map_or(seeds, |seed| seed..seed + 1) {
        if let Err(ended) = tell(seed).await {
            panic!("{ended}\ntell it again with WORLD_SEED={seed}");
        }
    }
}
