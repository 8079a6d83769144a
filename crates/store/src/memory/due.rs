//! The due rows of a tenant.

use std::collections::BTreeMap;

use mdm_vpp_core::transaction::{CompletedJob, Job};

use crate::kept;

/// Jobs by kind and subject, as text.
#[derive(Clone, Default)]
pub(super) struct DueRows {
    rows: BTreeMap<(&'static str, String), Job>,
    /// The highest count of a row that was settled: rows that come back count on from there.
    settled_n: u64,
}

impl DueRows {
    pub(super) fn note(&mut self, due: &Job) {
        let at = kept::due_time(kept::due_micros(due.at)).unwrap_or(due.at);
        let first = self.settled_n.saturating_add(1);
        self.rows
            .entry(due.kind.key())
            .and_modify(|row| {
                row.at = row.at.min(at);
                row.generation = row.generation.saturating_add(1);
                row.tries = due.tries;
            })
            .or_insert_with(|| Job { at, generation: first, ..due.clone() });
    }

    pub(super) fn settle(&mut self, settled: &CompletedJob) {
        let key = settled.kind.key();
        if self.rows.get(&key).is_some_and(|row| row.generation == settled.generation) {
            self.rows.remove(&key);
            self.settled_n = self.settled_n.max(settled.generation);
        }
    }

    /// All rows, by key.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Job> {
        self.rows.values()
    }
}
