//! A million assignments in one location: the memory and the disk space that they take.
//!
//! Each store is measured in a process of its own, because the system tells only the peak memory of a process.

use std::process::Command;

use mdm_vpp_world::BoxError;

use crate::{
    apple::{Apple, Size},
    client::Client,
    measured::{measured, peak_memory},
    stores::{Database, Kind},
    verdict::{Judge, line},
};

/// The first argument of a process that measures one store.
pub(crate) const ROLE: &str = "one-store";

pub(crate) fn measure_both(judge: &Judge) -> Result<(), BoxError> {
    for kind in Kind::BOTH {
        let size = if judge.full_size { "full" } else { "small" };
        let status = Command::new(std::env::current_exe()?).args([ROLE, kind.name(), size]).status()?;
        assert!(status.success(), "{}: {status}", kind.name());
    }
    Ok(())
}

pub(crate) async fn measure(arguments: &[String]) -> Result<(), BoxError> {
    let kind = Kind::BOTH.into_iter().find(|kind| arguments.iter().any(|argument| argument == kind.name()));
    let kind = kind.ok_or("no such store")?;
    let judge = Judge { full_size: arguments.iter().any(|argument| argument == "full") };
    let size = if judge.full_size {
        Size { assets: 500, assignments: 1_000_000, page: 1_000 }
    } else {
        Size { assets: 20, assignments: 10_000, page: 1_000 }
    };
    println!("Many assignments into {}: {size:?}", kind.name());
    let mut apple = Apple::start(size, None)?;
    let database = Database::new(kind).await?;
    let client = Client::of(database.store.clone(), &apple).await?;
    client.claim().await?;
    apple.counted()?;
    let before = peak_memory();
    let (done, cold) = measured(client.work()).await;
    done?;
    assert_eq!(apple.counted()?.assignments, size.pages() + 1, "requests");
    line("a cold sync", format_args!("{:.1?}, CPU {:.1?}", cold.time, cold.cpu));
    if let (Some(before), Some(after)) = (before, peak_memory()) {
        line("peak memory before, in MB", before / 1_000_000);
        judge.at_most("peak memory, in MB", after / 1_000_000, 300);
    }
    let each = database.bytes_of_seats().await?.div_ceil(size.assignments as u64);
    judge.at_most("bytes a seat", each, if kind == Kind::Sqlite { 80 } else { 180 });
    let (done, again) = measured(client.full_read()).await;
    done?;
    line("a second full read", format_args!("{:.1?}, CPU {:.1?}", again.time, again.cpu));
    if let Some(after) = peak_memory() {
        judge.at_most("peak memory after it, in MB", after / 1_000_000, 300);
    }
    Ok(())
}
