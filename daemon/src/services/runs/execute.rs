//! The making of one answer: asks the provider, writes events to the log and checkpoints to the store, and ends.
//!
//! The last event is published only after the run's last record is on disk. A checkpoint is written beside the stream,
//! not between its pieces: a slow disk slows no provider.

use std::{sync::Arc, time::Duration};

use mmp_shared::{
    ApiError, ErrorCode,
    events::{Ending, Notice, Started, StreamEvent},
    message::Status,
    phrase,
};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep, sleep_until},
};

use super::{
    answer::{Answer, Outcome},
    live::LiveRun,
    log::LogEntry,
    record,
};
use crate::{
    catalogue::CatalogueModel,
    providers::{Answering, Ask, ChatCall, Provider},
    services::error::of_provider,
    store::{Batch, Operation, Store, StoreError},
};

/// The longest that an event waits to be on disk.
const CHECKPOINT: Duration = Duration::from_millis(250);

/// The pauses between tries to write an end that the store did not take.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// What there is to do.
pub struct Task {
    /// Whose wire.
    pub wire: Arc<dyn Provider>,
    /// The question.
    pub call: ChatCall,
    /// What the answer costs, if the catalogue knows.
    pub price: Option<&'static CatalogueModel>,
    /// The longest that the whole answer may take.
    pub timeout: Option<Duration>,
}

/// Those who help.
#[derive(Clone)]
pub(super) struct Helpers {
    /// Who asks.
    pub ask: Arc<dyn Ask>,
    /// Who keeps.
    pub store: Arc<dyn Store>,
}

/// Publishes the beginning of a run: it is in the log before anybody reads it, so that a reader's first write holds it.
pub(super) fn begin(run: &LiveRun, notices: Vec<Notice>) -> Vec<LogEntry> {
    let started = Started {
        run_id: run.id,
        conversation_id: run.saved_in.map(|saved| saved.conversation_id),
        message_id: run.saved_in.map(|saved| saved.message_id),
        user_message_id: run.saved_in.map(|saved| saved.user_message_id),
        model: run.model.clone(),
        provider: run.provider.clone(),
        created_at: run.created_at,
        reset: false,
    };
    let events = std::iter::once(StreamEvent::Started(started)).chain(notices.into_iter().map(StreamEvent::Notice));
    let entries: Vec<_> = (run.log.next_id()..).zip(events).map(|(id, event)| LogEntry::new(id, &event)).collect();
    run.log.publish(&entries, false);
    entries
}

/// Makes the answer, to its end. `first` was published already.
pub(super) async fn execute(run: Arc<LiveRun>, task: Task, first: Vec<LogEntry>, helpers: Helpers) {
    let mut making = Making::after(Arc::clone(&run), helpers.store, first);
    let mut answer = Answer::default();
    let outcome = tokio::select! {
        biased;
        early = run.early_end() => Outcome::Early(early),
        outcome = stream(&mut making, &mut answer, &helpers.ask, task.wire, task.call, task.timeout) => outcome,
    };
    making.end(&answer, outcome, task.price).await;
}

async fn stream(
    making: &mut Making,
    answer: &mut Answer,
    ask: &Arc<dyn Ask>,
    wire: Arc<dyn Provider>,
    call: ChatCall,
    timeout: Option<Duration>,
) -> Outcome {
    let provider = call.endpoint.provider.clone();
    let mut answering = ask.chat(wire, call, timeout).await;
    loop {
        match making.next_of(answering.as_mut()).await {
            Some(Ok(deltas)) => {
                let events = answer.take(deltas, making.now_ms());
                making.publish(&events);
            }
            Some(Err(error)) => return Outcome::Failed(of_provider(error, &provider)),
            None => return Outcome::Whole,
        }
    }
}

/// Events that are being written, and the writing.
type Checkpoint = (Vec<LogEntry>, JoinHandle<Result<(), StoreError>>);

/// A run's log and what of it is not on disk yet.
struct Making {
    run: Arc<LiveRun>,
    store: Arc<dyn Store>,
    waiting: Vec<LogEntry>,
    waiting_since: Option<Instant>,
    checkpoint: Option<Checkpoint>,
}

impl Making {
    fn after(run: Arc<LiveRun>, store: Arc<dyn Store>, first: Vec<LogEntry>) -> Self {
        let mut making = Self { run, store, waiting: Vec::new(), waiting_since: None, checkpoint: None };
        making.wait_for_disk(first);
        making
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.run.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn entries(&self, events: &[StreamEvent]) -> Vec<LogEntry> {
        (self.run.log.next_id()..).zip(events).map(|(id, event)| LogEntry::new(id, event)).collect()
    }

    fn publish(&mut self, events: &[StreamEvent]) {
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

    /// The provider's next pieces; checkpoints are begun and finished while they are waited for.
    async fn next_of(
        &mut self,
        answering: &mut dyn Answering,
    ) -> Option<Result<Vec<crate::providers::Delta>, crate::providers::ProviderError>> {
        loop {
            let due = self.waiting_since.filter(|_| self.checkpoint.is_none()).map(|since| since + CHECKPOINT);
            let running = self.checkpoint.as_mut().map(|(_, task)| task);
            tokio::select! {
                deltas = answering.next() => return deltas,
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

    async fn end(mut self, answer: &Answer, outcome: Outcome, price: Option<&CatalogueModel>) {
        if let Some((_, task)) = &mut self.checkpoint {
            let written = task.await.unwrap_or_else(|error| Err(StoreError::Failed(error.to_string())));
            self.checkpoint_ended(written);
        }
        let (report, last) = answer.end(&outcome, (&self.run.provider, &self.run.model), self.now_ms(), price);
        let entries = self.entries(&[StreamEvent::Usage(report), last.clone()]);
        let (StreamEvent::Done(ending) | StreamEvent::Failed(ending)) = last else { return };
        let batch = match self.run.saved_in {
            Some(saved_in) => {
                let events: Vec<_> = self.waiting.iter().chain(&entries).cloned().collect();
                record::ending(record::beginning(&self.run, saved_in), &ending, answer.parts(), &events)
            }
            None => record::ledger_only(&self.run, &ending),
        };
        let (ending, entries) = match self.store.commit(batch).await {
            Ok(()) => (ending, entries),
            Err(error) => self.end_unkept(answer, ending, error),
        };
        tracing::info!(
            run = %self.run.id, provider = self.run.provider, model = self.run.model, status = ending.status.as_str(),
            error = ending.error.as_ref().map(|error| error.code.as_str()), total_ms = ending.timing.total_ms, "run ended"
        );
        self.run.log.publish(&entries, true);
    }

    /// The end that is told where the end could not be written. It is written as soon as the store takes it: a run does
    /// not stay without an end because the disk was full for a while.
    fn end_unkept(&self, answer: &Answer, ending: Ending, error: StoreError) -> (Ending, Vec<LogEntry>) {
        let ending = not_kept(ending, error.into());
        let entries = self.entries(&[StreamEvent::Failed(ending.clone())]);
        if let Some(saved_in) = self.run.saved_in {
            let events: Vec<_> = self.waiting.iter().chain(&entries).cloned().collect();
            let batch = record::ending(record::beginning(&self.run, saved_in), &ending, answer.parts(), &events);
            tokio::spawn(write_when_possible(Arc::clone(&self.run), Arc::clone(&self.store), batch));
        }
        (ending, entries)
    }
}

/// Tries again and again to write the end of a run. A daemon that stops before it succeeds leaves it to the next one.
async fn write_when_possible(run: Arc<LiveRun>, store: Arc<dyn Store>, batch: Batch) {
    let mut pause = FIRST_PAUSE;
    loop {
        sleep(pause).await;
        match store.commit(batch.clone()).await {
            Ok(()) => return tracing::info!(run = %run.id, "the end of a run was written at last"),
            Err(error) => tracing::warn!(run = %run.id, %error, "the end of a run was not written and is tried again"),
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
