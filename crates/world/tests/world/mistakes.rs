//! Worlds find mistakes: each of those that a program like ours could make ends badly for some seed.

use mdm_vpp_world::{Mistake, World, WorldFailure};

use crate::STEPS;

/// Within so many worlds each mistake is found.
const WITHIN: u64 = 1_000;

/// Which world found a mistake the last time: it is told first, so that the test is quick.
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

async fn tell(seed: u64, mistake: Mistake) -> Result<(), WorldFailure> {
    let mut world = World::with_mistake(seed, mistake).await?;
    for _ in 0..STEPS {
        world.step().await?;
    }
    world.settle().await
}

async fn finds(mistake: Mistake) -> bool {
    for seed in [found_by(mistake)].into_iter().chain(0..WITHIN) {
        if let Err(ended) = tell(seed, mistake).await {
            let how = ended.to_string();
            println!("{mistake:?}: {}", how.lines().next().unwrap_or_default());
            return true;
        }
    }
    false
}

#[tokio::test(flavor = "current_thread")]
async fn each_mistake_is_found() {
    let mut not_found = Vec::new();
    for mistake in Mistake::ALL {
        if !finds(mistake).await {
            not_found.push(mistake);
        }
    }
    assert!(not_found.is_empty(), "{not_found:?}");
}
