//! The cost of a full sync for this process, without limits at Apple.

use std::time::Duration;

use mdm_vpp_world::BoxError;

use crate::{
    apple::{Apple, Size},
    client::Client,
    measured::measured,
    row_by_row,
    stores::{Database, Kind},
    verdict::{Judge, line, times},
};

/// Rows of the baseline that writes each in its own transaction; few, because each waits for the disk.
const ROWS_EACH: usize = 1_000;
/// Changes that the measured delta read finds.
const CHANGES: usize = 1_000;

pub(crate) async fn measure(judge: &Judge) -> Result<(), BoxError> {
    let size = if judge.full_size {
        Size { assets: 500, assignments: 100_000, page: 1_000 }
    } else {
        Size { assets: 20, assignments: 1_000, page: 100 }
    };
    for kind in Kind::BOTH {
        println!("A full sync without limits into {}: {size:?}", kind.name());
        measure_store(judge, size, kind).await?;
    }
    Ok(())
}

async fn measure_store(judge: &Judge, size: Size, kind: Kind) -> Result<(), BoxError> {
    let mut apple = Apple::start(size, None)?;
    let database = Database::new(kind).await?;
    let client = Client::of(database.store.clone(), &apple).await?;
    client.claim().await?;
    apple.counted()?;

    let (done, cold) = measured(client.work()).await;
    done?;
    let counted = apple.counted()?;
    assert_eq!((counted.assets, counted.assignments), (1, size.pages() + 1), "requests");
    let most = if kind == Kind::Sqlite { 800 } else { 600 };
    line("cold", format_args!("{:.2?}", cold.time));
    judge.at_most("cold, CPU", cold.cpu, Duration::from_millis(most));

    let (done, again) = measured(client.full_read()).await;
    done?;
    assert_eq!(apple.counted()?.assignments, size.pages() + 1, "requests of a second full read");
    line("a second full read, nothing changed", format_args!("{:.2?}", again.time));
    judge.at_most("a second full read, CPU", again.cpu, Duration::from_millis(500));

    let changes = CHANGES.min(size.assignments / 2);
    apple.change(changes)?;
    let (done, delta) = measured(client.delta()).await;
    done?;
    let counted = apple.counted()?;
    assert!(counted.assignments + counted.other <= 5, "requests of a delta read: {counted:?}");
    line("a delta read", format_args!("{changes} changes, {counted:?}, CPU {:.2?}", delta.cpu));
    judge.at_most("a delta read", delta.time, Duration::from_millis(50));
    let (done, rest) = measured(client.work()).await;
    done?;
    line("the jobs that it enqueued", format_args!("{:.2?}, CPU {:.2?}", rest.time, rest.cpu));

    let (read, pages) = measured(client.read_one_after_the_other()).await;
    assert_eq!(read?, size.assignments + changes, "assignments");
    line(
        "only reading the pages, one after the other",
        format_args!("{:.2?}, CPU {:.2?}", pages.time, pages.cpu),
    );
    let rows = row_by_row::write(&database, size.assignments, false).await?;
    line(
        "baseline, row by row, one transaction",
        format_args!(
            "{:.2?}, CPU {:.2?}, {} the CPU of the cold sync",
            rows.time,
            rows.cpu,
            times(rows.cpu, cold.cpu)
        ),
    );
    let few = ROWS_EACH.min(size.assignments / 10);
    let rows = row_by_row::write(&database, few, true).await?;
    line(
        "baseline, a transaction a row",
        format_args!("{few} rows in {:.2?}, CPU {:.2?}", rows.time, rows.cpu),
    );
    Ok(())
}
