//! A full sync at Apple's pace: 15 requests a second, and 300 ms for each answer.

use std::time::Duration;

use mdm_vpp_world::BoxError;

use crate::{
    apple::{Apple, Size},
    client::Client,
    measured::measured,
    stores::{Database, Kind},
    verdict::{Judge, line, times},
};

/// Requests a second that Apple takes for a location.
const RATE: f64 = 15.0;

pub(crate) async fn measure(judge: &Judge) -> Result<(), BoxError> {
    let (size, latency) = if judge.full_size {
        (Size { assets: 500, assignments: 100_000, page: 1_000 }, 300)
    } else {
        (Size { assets: 20, assignments: 1_000, page: 100 }, 30)
    };
    println!("A full sync with 15 requests a second and answers after {latency} ms: {size:?}");
    let mut apple = Apple::start(size, Some(Duration::from_millis(latency)))?;
    let database = Database::new(Kind::Sqlite).await?;
    let client = Client::of(database.store.clone(), &apple).await?;
    client.claim().await?;
    apple.counted()?;
    let (synced, sync) = measured(client.work()).await;
    synced?;
    let counted = apple.counted()?;
    assert_eq!((counted.assets, counted.assignments, counted.refused), (1, size.pages() + 1, 0), "requests");
    line(
        "requests",
        format_args!(
            "{} of assets and assignments, {} others",
            counted.assets + counted.assignments,
            counted.other
        ),
    );
    let floor = Duration::from_secs_f64((counted.assets + counted.assignments) as f64 / RATE);
    line("the floor that the rate sets", format_args!("{floor:.2?}"));
    line("took", format_args!("{:.2?}, {}", sync.time, times(sync.time, floor)));
    judge.at_most("took, as parts of the floor", sync.time.as_secs_f64() / floor.as_secs_f64(), 1.2);
    let (found, pages) = measured(client.read_one_after_the_other()).await;
    assert_eq!(found?, size.assignments, "assignments");
    line(
        "baseline, only the pages, one after the other",
        format_args!("{:.2?}, {}", pages.time, times(pages.time, sync.time)),
    );
    Ok(())
}
