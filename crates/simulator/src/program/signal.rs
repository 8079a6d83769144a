//! Being told to stop.

use std::io;

/// Returns at ctrl-c or, on Unix, SIGTERM.
#[cfg(unix)]
pub(super) async fn told_to_stop() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed,
        _ = terminate.recv() => Ok(()),
    }
}

/// Returns at ctrl-c.
#[cfg(not(unix))]
pub(super) async fn told_to_stop() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
