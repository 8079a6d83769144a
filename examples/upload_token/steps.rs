//! The steps as a person sees them: on standard error, with a bar where that is a terminal.

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
    /// Begins with five steps to do: read, upload, claim, sync, active. Each app that comes in adds one.
    pub(crate) fn begin(silent: bool) -> Self {
        let bar = if silent { ProgressBar::hidden() } else { ProgressBar::new(5) };
        if let Ok(style) = ProgressStyle::with_template("[{bar:30}] {pos} of {len} steps") {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar, silent }
    }

    pub(crate) fn done(&self, step: &str) {
        if !self.silent {
            // Nobody is left to be told when the terminal is gone.
            let _ = self.bar.suspend(|| writeln!(io::stderr(), "- {step}"));
        }
        self.bar.inc(1);
    }

    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// The host's catalog: a real one would save the app for its portal.
#[async_trait]
impl AppCatalog for Steps {
    async fn put_app(&self, _tenant: &TenantId, app: &App) -> Result<(), AppCatalogError> {
        self.bar.inc_length(1);
        self.done(&format!("told the host's catalog about {}", app.name));
        Ok(())
    }
}

/// Says something that the user should know before it is too late.
pub(crate) fn warn(text: &str) {
    let _ = writeln!(io::stderr(), "warning: {text}");
}

/// What the audit log says, as steps.
pub(crate) fn in_words(act: &AuditAct) -> Option<String> {
    match act {
        AuditAct::LocationClaimed { .. } => Some("claimed the location at Apple".to_owned()),
        AuditAct::AppsAdded { adam_ids, .. } => {
            Some(format!("synced: {} apps came into the catalog", adam_ids.len()))
        }
        AuditAct::StatusChanged { from, to, .. } => Some(format!("the token was {from} and is {to}")),
        _ => None,
    }
}
