//! Reading a run from any event on: while it is live from its log, and after its end from the store.

use std::sync::Arc;

use mmp_shared::{ApiError, events::StreamEvent};

use super::{
    live::{EarlyEnd, LiveRun},
    log::{Found, LogEntry},
};
use crate::store::Store;

/// How many stored events are read at once.
const STORED_AT_ONCE: usize = 512;

/// Where a reader reads.
enum Source {
    Live(Arc<LiveRun>),
    Stored(mmp_shared::RunId),
    /// What is left of a run whose events were forgotten.
    Rest(Vec<LogEntry>),
}

/// A place in a run's events.
pub struct RunReader {
    source: Source,
    store: Arc<dyn Store>,
    after: u64,
    /// A `started` with `reset`, for a reader whose place the log no longer has.
    reset: Option<LogEntry>,
    ends_run: bool,
}

impl RunReader {
    pub(super) fn live(run: Arc<LiveRun>, store: Arc<dyn Store>, after: u64) -> Self {
        Self { source: Source::Live(run), store, after, reset: None, ends_run: false }
    }

    pub(super) fn stored(id: mmp_shared::RunId, store: Arc<dyn Store>, after: u64) -> Self {
        Self { source: Source::Stored(id), store, after, reset: None, ends_run: false }
    }

    pub(super) fn rest(entries: Vec<LogEntry>, store: Arc<dyn Store>, after: u64) -> Self {
        let entries = entries.into_iter().filter(|entry| entry.id > after).collect();
        Self { source: Source::Rest(entries), store, after, reset: None, ends_run: false }
    }

    /// The same reader, from the start of the log, with a first event that tells its client to drop what it holds.
    pub(super) fn with_reset(mut self, first: LogEntry) -> Self {
        self.after = first.id;
        self.reset = Some(first);
        self
    }

    /// The same reader, on whose end the run ends too: the client of a run that is not saved.
    #[must_use]
    pub fn ending_the_run(mut self) -> Self {
        self.ends_run = true;
        self
    }

    /// The next events, one or more; `None` after the last one.
    ///
    /// # Errors
    ///
    /// The store's, for what is no longer in memory.
    pub async fn next(&mut self) -> Option<Result<Vec<LogEntry>, ApiError>> {
        if let Some(first) = self.reset.take() {
            return Some(Ok(vec![first]));
        }
        let entries = match &mut self.source {
            Source::Rest(entries) => Ok(std::mem::take(entries)),
            Source::Stored(id) => from_store(self.store.as_ref(), *id, self.after).await,
            Source::Live(run) => {
                let run = Arc::clone(run);
                self.of_live(&run).await
            }
        };
        match entries {
            Ok(entries) => {
                self.after = entries.last()?.id;
                Some(Ok(entries))
            }
            Err(error) => Some(Err(error)),
        }
    }

    async fn of_live(&self, run: &LiveRun) -> Result<Vec<LogEntry>, ApiError> {
        let mut changed = run.log.subscribe();
        loop {
            changed.borrow_and_update();
            match run.log.read(self.after) {
                Found::Entries(entries) => return Ok(entries),
                Found::InStore => return from_store(self.store.as_ref(), run.id, self.after).await,
                Found::End => return Ok(Vec::new()),
                // The run is held here, so its log, which tells of changes, does not go away.
                Found::Nothing => _ = changed.changed().await,
            }
        }
    }
}

impl Drop for RunReader {
    fn drop(&mut self) {
        if let (true, Source::Live(run)) = (self.ends_run, &self.source) {
            run.end_early(EarlyEnd::Stopped);
        }
    }
}

async fn from_store(store: &dyn Store, id: mmp_shared::RunId, after: u64) -> Result<Vec<LogEntry>, ApiError> {
    Ok(store.run_events(id, after, STORED_AT_ONCE).await?.into_iter().map(LogEntry::from).collect())
}

/// The first entry of a log, told to be a new beginning.
pub(super) fn as_reset(first: &LogEntry) -> Option<LogEntry> {
    match first.to_event()?.event {
        StreamEvent::Started(mut started) => {
            started.reset = true;
            Some(LogEntry::new(first.id, &StreamEvent::Started(started)))
        }
        _ => None,
    }
}
