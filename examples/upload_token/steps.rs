//! The steps, printed on standard error, with a progress bar on a terminal.

use std::io::{self, Write as _};

use async_trait::async_trait;
use indicatif::{ProgressBar, ProgressStyle};
use mdm_vpp::{
    catalog::App,
    id::TenantId,
    ports::{AppCatalog, AppCatalogError},
    transaction::AuditAct,
};

/// The steps so far.
pub(crate) struct Steps {
    bar: ProgressBar,
    silent: bool,
}

impl Steps {
    /// Begins with five steps: read, upload, claim, sync, active. Each added app is one more.
    pub(crate) fn begin(silent: bool) -> Self {
        let bar = if silent { ProgressBar::hidden() } else { ProgressBar::new(5) };
        if let Ok(style) = ProgressStyle::with_template("[{bar:30}] {pos} of {len} steps") {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar, silent }
    }

    pub(crate) fn done(&self, step: &str) {
        if !self.silent {
            // A write fails when the terminal is closed, and then there is no one to report that to.
            let _ = self.bar.suspend(|| writeln!(io::stderr(), "- {step}"));
        }
        self.bar.inc(1);
    }

    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// The embedder's catalog. A real one would save the app for its portal.
#[async_trait]
impl AppCatalog for Steps {
    async fn put_app(&self, _tenant: &TenantId, app: &App) -> Result<(), AppCatalogError> {
        self.bar.inc_length(1);
        self.done(&format!("told the embedder's catalog about {}", app.name));
        Ok(())
    }
}

/// Prints a warning.
pub(crate) fn warn(text: &str) {
    let _ = writeln!(io::stderr(), "warning: {text}");
}

/// An entry of the audit log as a step.
pub(crate) fn in_words(act: &AuditAct) -> Option<String> {
    match act {
        AuditAct::LocationClaimed { .. } => Some("claimed the location at Apple".to_owned()),
        AuditAct::AppsAdded { adam_ids, .. } => {
            Some(format!("synced: {} apps were added to the catalog", adam_ids.len()))
        }
        AuditAct::StatusChanged { from, to, .. } => Some(format!("the token was {from} and is {to}")),
        _ => None,
    }
}
