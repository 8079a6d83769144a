//! A worker process, which works until it is killed. Its arguments are the SQLite file, the address of Apple's service
//! and the clock. It prints `ready` before it begins.

use std::{
    env,
    io::{self, Write as _},
    sync::Arc,
};

use chrono::TimeDelta;
use mdm_vpp_engine::WorkLimit;
use mdm_vpp_ports::{Clock as _, Timer as _};
use mdm_vpp_store::sqlite::SqliteOptions;
use mdm_vpp_world::{BoxError, FastClock, key_ring, library};

/// Longest wait between two calls of `work`, in seconds of the worker's clock. Another process of the same database may
/// enqueue a job at any time, and nothing wakes this one.
const LONGEST_WAIT_SECONDS: i64 = 10;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let mut arguments = env::args().skip(1);
    let mut argument = |name: &str| arguments.next().ok_or_else(|| format!("{name} is missing"));
    let (file, base_url, clock) = (argument("the file")?, argument("the address")?, argument("the clock")?);
    let clock: Arc<FastClock> = Arc::new(clock.parse()?);
    let store = SqliteOptions::new().clock(clock.clone()).open(file, key_ring()?).await?;
    let vpp = library(Arc::new(store), &base_url, clock.clone())?;
    writeln!(io::stdout(), "ready")?;
    loop {
        // A job that failed is due again. An error is most likely `Busy`: another process writes to the file now.
        let worked = vpp.work(WorkLimit::default()).await.unwrap_or_default();
        if worked.done == 0 {
            let soon = clock.now() + TimeDelta::seconds(LONGEST_WAIT_SECONDS);
            clock.wait_until(worked.next_due.map_or(soon, |due| due.min(soon))).await;
        }
    }
}
