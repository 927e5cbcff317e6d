//! A run's log while it is made: events are published at once, written to the store beside the stream, and ended with
//! one last record.
//!
//! The last event is published only after the run's last record is on disk. A checkpoint is written beside the stream,
//! not between its pieces: a slow disk slows no provider.

use std::{sync::Arc, time::Duration};

use mmp_shared::{
    ApiError, ErrorCode, RunId,
    events::{Ending, StreamEvent},
    message::Status,
    phrase,
};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep, sleep_until},
};

use super::{
    answer::{Answer, Outcome, Trail},
    execute::Helpers,
    live::{LiveRun, SavedIn},
    log::LogEntry,
    record,
};
use crate::{
    catalogue::Tariff,
    providers::{Answering, Delta, ProviderError},
    store::{Batch, Operation, Store, StoreError},
    telemetry::metrics::Metrics,
};

/// The longest that an event waits to be on disk.
const CHECKPOINT: Duration = Duration::from_millis(250);

/// The pauses between tries to write an end that the store did not take.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// A checkpoint on its way to the disk.
type Writing = JoinHandle<Result<(), StoreError>>;

/// A run's log and what of it is not on disk yet.
pub(super) struct Making {
    run: Arc<LiveRun>,
    store: Arc<dyn Store>,
    metrics: Arc<Metrics>,
    waiting: Vec<LogEntry>,
    waiting_since: Option<Instant>,
    checkpoint: Option<(Vec<LogEntry>, Writing)>,
}

impl Making {
    /// The log of a run after its first entries, which were published already.
    pub(super) fn after(run: Arc<LiveRun>, helpers: &Helpers, first: Vec<LogEntry>) -> Self {
        let (store, metrics) = (Arc::clone(&helpers.store), Arc::clone(&helpers.metrics));
        let mut making = Self { run, store, metrics, waiting: Vec::new(), waiting_since: None, checkpoint: None };
        making.wait_for_disk(first);
        making
    }

    pub(super) fn run_id(&self) -> RunId {
        self.run.id
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.run.begun.elapsed()
    }

    pub(super) fn now_ms(&self) -> u64 {
        u64::try_from(self.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn entries(&self, events: &[StreamEvent]) -> Vec<LogEntry> {
        (self.run.log.next_id()..).zip(events).map(|(id, event)| LogEntry::new(id, event)).collect()
    }

    pub(super) fn publish(&mut self, events: &[StreamEvent]) {
        if events.is_empty() {
            return;
        }
        let entries = self.entries(events);
        self.run.log.publish(&entries, false);
        self.wait_for_disk(entries);
    }

    fn wait_for_disk(&mut self, entries: Vec<LogEntry>) {
        if self.run.saved_in.is_some() {
            self.waiting.extend(entries);
            self.waiting_since.get_or_insert_with(Instant::now);
        }
    }

    /// The provider's next pieces.
    pub(super) async fn next_of(&mut self, answering: &mut dyn Answering) -> Option<Result<Vec<Delta>, ProviderError>> {
        self.beside(answering.next()).await
    }

    /// Waits; checkpoints go on meanwhile.
    pub(super) async fn wait(&mut self, wait: Duration) {
        self.beside(sleep(wait)).await;
    }

    /// Awaits something, and begins and ends checkpoints meanwhile.
    async fn beside<T>(&mut self, awaited: impl Future<Output = T>) -> T {
        tokio::pin!(awaited);
        loop {
            let due = self.waiting_since.filter(|_| self.checkpoint.is_none()).map(|since| since + CHECKPOINT);
            let running = self.checkpoint.as_mut().map(|(_, task)| task);
            tokio::select! {
                done = &mut awaited => return done,
                written = async { running.expect("the branch is off without one").await }, if running.is_some() => {
                    self.checkpoint_ended(written.unwrap_or_else(|error| Err(StoreError::Failed(error.to_string()))));
                }
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => self.begin_checkpoint(),
            }
        }
    }

    fn begin_checkpoint(&mut self) {
        let entries = std::mem::take(&mut self.waiting);
        self.waiting_since = None;
        let events = entries.iter().map(LogEntry::to_record).collect();
        let batch = Batch::new().then(Operation::AppendRunEvents { run_id: self.run.id, events });
        let store = Arc::clone(&self.store);
        self.checkpoint = Some((entries, tokio::spawn(async move { store.commit(batch).await })));
    }

    /// What a failed checkpoint held is tried again with the next one.
    fn checkpoint_ended(&mut self, written: Result<(), StoreError>) {
        let Some((mut entries, _)) = self.checkpoint.take() else { return };
        match written {
            Ok(()) => self.run.log.stored(entries.last().map_or(0, |entry| entry.id)),
            Err(error) => {
                tracing::warn!(run = %self.run.id, %error, "a checkpoint was not written and is tried again");
                entries.append(&mut self.waiting);
                self.waiting = entries;
                self.waiting_since = Some(Instant::now());
            }
        }
    }

    pub(super) async fn end(mut self, answer: &Answer, outcome: &Outcome, trail: &Trail, tariff: Option<Tariff>) {
        if let Some((_, task)) = &mut self.checkpoint {
            let written = task.await.unwrap_or_else(|error| Err(StoreError::Failed(error.to_string())));
            self.checkpoint_ended(written);
        }
        let (report, last) = answer.end(outcome, trail, self.now_ms(), tariff);
        let entries = self.entries(&[StreamEvent::Usage(report), last.clone()]);
        let (StreamEvent::Done(ending) | StreamEvent::Failed(ending)) = last else { return };
        let batch = match self.run.saved_in {
            Some(saved_in) => self.ending(saved_in, answer, trail, &ending, &entries),
            None => record::ledger_only(&self.run, trail, &ending),
        };
        let (ending, entries) = match self.store.commit(batch).await {
            Ok(()) => (ending, entries),
            // Its conversation was deleted meanwhile: there is nothing to keep it in.
            Err(StoreError::Conflict(_)) => {
                self.forget().await;
                (ending, entries)
            }
            Err(error) => self.end_unkept(answer, trail, ending, error),
        };
        tracing::info!(
            run = %self.run.id, provider = trail.provider(), model = trail.model(), status = ending.status.as_str(),
            error = ending.error.as_ref().map(|error| error.code.as_str()), total_ms = ending.timing.total_ms, "run ended"
        );
        self.metrics.run_ended(trail.provider(), trail.model(), &ending);
        self.run.log.publish(&entries, true);
    }

    fn ending(&self, saved_in: SavedIn, answer: &Answer, trail: &Trail, ending: &Ending, last: &[LogEntry]) -> Batch {
        let events: Vec<_> = self.waiting.iter().chain(last).cloned().collect();
        let begun = record::answered_by(record::beginning(&self.run, saved_in), trail);
        record::ending(begun, ending, answer.parts(), &events)
    }

    /// Forgets a run that has no conversation any more.
    async fn forget(&self) {
        if let Err(error) = self.store.commit(Batch::new().then(Operation::DeleteRun(self.run.id))).await {
            tracing::warn!(run = %self.run.id, %error, "a run without a conversation was not forgotten");
        }
    }

    /// The end that is told where the end could not be written. It is written as soon as the store takes it: a run does
    /// not stay without an end because the disk was full for a while.
    fn end_unkept(&self, answer: &Answer, trail: &Trail, ending: Ending, error: StoreError) -> (Ending, Vec<LogEntry>) {
        let ending = not_kept(ending, error.into());
        let entries = self.entries(&[StreamEvent::Failed(ending.clone())]);
        if let Some(saved_in) = self.run.saved_in {
            let batch = self.ending(saved_in, answer, trail, &ending, &entries);
            tokio::spawn(write_when_possible(self.run.id, Arc::clone(&self.store), batch));
        }
        (ending, entries)
    }
}

/// Tries again and again to write the end of a run. A daemon that stops before it succeeds leaves it to the next one.
async fn write_when_possible(run: RunId, store: Arc<dyn Store>, batch: Batch) {
    let mut pause = FIRST_PAUSE;
    loop {
        sleep(pause).await;
        match store.commit(batch.clone()).await {
            Ok(()) => return tracing::info!(%run, "the end of a run was written at last"),
            Err(StoreError::Conflict(_)) => return tracing::info!(%run, "the end of a run has no conversation any more"),
            Err(error) => tracing::warn!(%run, %error, "the end of a run was not written and is tried again"),
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// The end of a run whose end could not be written: an answer that was not kept is not said to be complete.
fn not_kept(ending: Ending, error: ApiError) -> Ending {
    let error = if error.code == ErrorCode::Internal {
        ApiError::new(ErrorCode::StorageFailed, phrase!("error-internal"))
    } else {
        error
    };
    Ending { status: Status::Failed, error: Some(error), ..ending }
}
