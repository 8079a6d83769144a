#![cfg(test)]
//! Worlds of many seeds: nothing that must hold is ever broken, and in the end all is as desired.

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
    let only = std::env::var("WORLD_SEED").ok().and_then(|seed| seed.parse().ok());
    for seed in only.map_or(0..SEEDS, |seed: u64| seed..seed + 1) {
        if let Err(ended) = tell(seed).await {
            panic!("{ended}\ntell it again with WORLD_SEED={seed}");
        }
    }
}
