//! Runs: begun by a turn of a chat, made by the daemon, read and stopped by whoever may.
//!
//! A run belongs to the daemon, not to a connection. `execute` makes it, `making` keeps it on the way, `log` holds its events, `reader` reads them,
//! `record` says what goes to the store, `recover` ends what a crash cut. What is asked, and of whom, is decided in
//! `services/chat`.

pub mod answer;
mod estimate;
mod execute;
pub mod live;
pub mod log;
mod making;
pub mod reader;
mod record;
mod recover;

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use jiff::Timestamp;
use mmp_shared::{
    ApiError, ConversationId, ErrorCode, MessageId, RunId, UserId,
    chat::AnswerBuilder,
    events::{Ending, Piece, StreamEvent, UsageReport},
    message::{ContentPart, Status},
    page::{Page, PageQuery},
    phrase,
    runs::Run,
    usage::{Timing, Usage},
};
use tokio::sync::watch;

use super::{
    pages::page_request,
    references::{MOST_CANDIDATES, only, suffix_of},
};
use crate::{
    config::RunsConfig,
    providers::Ask,
    store::{Batch, Operation, Store, records::RunRecord},
    telemetry::metrics::Metrics,
};

use answer::Answer;
pub use execute::{Candidate, Opening, Task};
use execute::{Helpers, execute};
use live::{EarlyEnd, LiveRun, SavedIn};
use log::LogEntry;
use reader::RunReader;

/// How many runs are forgotten in one batch.
const FORGOTTEN_AT_ONCE: usize = 200;

/// The service of runs.
pub struct Runs {
    helpers: Helpers,
    config: RunsConfig,
    live: Mutex<HashMap<RunId, Arc<LiveRun>>>,
    count: watch::Sender<usize>,
    /// The questions that are being answered, and by how many runs.
    answering: Mutex<HashMap<MessageId, usize>>,
    /// Those whose runs are to end.
    barred: Mutex<HashSet<UserId>>,
}

impl Runs {
    /// The service over a store, the one who asks providers, and the one who counts.
    pub fn new(store: Arc<dyn Store>, ask: Arc<dyn Ask>, metrics: Arc<Metrics>, config: RunsConfig) -> Self {
        Self {
            helpers: Helpers { ask, store, metrics },
            config,
            live: Mutex::default(),
            count: watch::Sender::new(0),
            answering: Mutex::default(),
            barred: Mutex::default(),
        }
    }

    /// Ends the runs that a crash cut. To be called once, before requests are taken.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn recover(&self) -> Result<usize, ApiError> {
        Ok(recover::recover(&self.helpers.store).await?)
    }

    /// The operation that writes the beginning of a run, for the batch that holds what it answers.
    pub fn beginning(run: &LiveRun, saved_in: SavedIn) -> Operation {
        Operation::PutRun(record::beginning(run, saved_in))
    }

    /// Makes a run, whose beginning is on disk, in the background; without a task it ends at once, with why. What it
    /// opens with stands before the answer.
    pub fn begin(self: &Arc<Self>, run: Arc<LiveRun>, opening: Opening, task: Result<Task, ApiError>) {
        let first = execute::begin(&run, &opening);
        let answer = opening.part.as_deref().map_or_else(Answer::default, Answer::after);
        let live_now = {
            let mut live = self.live();
            live.insert(run.id, Arc::clone(&run));
            live.len()
        };
        self.count.send_replace(live_now);
        // Whoever bars an account does so before looking for its runs: one of the two sees the other.
        if self.barred().contains(&run.user_id) {
            run.end_early(EarlyEnd::Stopped);
        }
        let runs = Arc::clone(self);
        tokio::spawn(async move {
            // A panic while an answer is made ends that answer, not the daemon, and not silently.
            let made = tokio::spawn(execute(Arc::clone(&run), (answer, first), task, runs.helpers.clone())).await;
            if let Err(error) = made {
                tracing::error!(run = %run.id, %error, "a run broke");
                runs.end_broken(&run).await;
            }
            if let Some(saved_in) = run.saved_in {
                runs.answered_once(saved_in.user_message_id);
            }
            let live_now = {
                let mut live = runs.live();
                live.remove(&run.id);
                live.len()
            };
            runs.count.send_replace(live_now);
        });
    }

    /// Has a question answered that is in no list and stops with nobody; gives the text of a whole answer.
    ///
    /// # Errors
    ///
    /// Those of the answer.
    pub async fn ask_aside(&self, run: LiveRun, task: Task) -> Result<Option<String>, ApiError> {
        let run = Arc::new(run);
        let first = execute::begin(&run, &Opening::default());
        execute(Arc::clone(&run), (Answer::default(), first), Ok(task), self.helpers.clone()).await;
        let (mut reader, mut said) = (self.read_live(run), AnswerBuilder::new());
        while let Some(entries) = reader.next().await {
            entries?.iter().filter_map(LogEntry::to_event).for_each(|logged| said.push(&logged.event));
        }
        match said.ending() {
            Some(Ending { error: Some(error), .. }) => Err(error.clone()),
            Some(Ending { status: Status::Complete, .. }) => Ok(Some(said.text().to_owned())),
            _ => Ok(None),
        }
    }

    async fn end_broken(&self, run: &LiveRun) {
        let error = ApiError::new(ErrorCode::Internal, phrase!("error-internal"));
        let (_, end) = answer::Answer::default().end(
            &answer::Outcome::Failed(error),
            &answer::Trail::begin(&run.provider, &run.model),
            0,
            None,
        );
        let entry = LogEntry::new(run.log.next_id(), &end);
        if let (StreamEvent::Failed(ending), Some(saved_in)) = (&end, run.saved_in) {
            let batch = record::ending(record::beginning(run, saved_in), ending, Vec::new(), std::slice::from_ref(&entry));
            let _ = self.helpers.store.commit(batch).await;
        }
        run.log.publish(&[entry], true);
    }

    /// Stops the runs of a conversation and waits for their ends.
    pub async fn stop_in(&self, conversation_id: ConversationId) {
        let is_there = |run: &&Arc<LiveRun>| run.saved_in.is_some_and(|saved| saved.conversation_id == conversation_id);
        let runs: Vec<_> = self.live().values().filter(is_there).cloned().collect();
        for run in &runs {
            run.end_early(EarlyEnd::Stopped);
        }
        for run in runs {
            run.ended().await;
        }
    }

    /// Notes that a question is being answered by this many runs, before it is on disk.
    pub fn announce(&self, question: MessageId, runs: usize) {
        self.answering().insert(question, runs);
    }

    /// Notes that a question is not being answered, or not any more.
    pub fn retract(&self, question: MessageId) {
        self.answering().remove(&question);
    }

    /// Notes that one of those who answer a question has ended.
    fn answered_once(&self, question: MessageId) {
        let mut answering = self.answering();
        let left = answering.get(&question).map_or(0, |runs| runs.saturating_sub(1));
        if left == 0 {
            answering.remove(&question);
        } else {
            answering.insert(question, left);
        }
    }

    /// Whether a question is being answered: its answer is not in the conversation yet.
    pub fn is_answering(&self, question: MessageId) -> bool {
        self.answering().contains_key(&question)
    }

    fn answering(&self) -> MutexGuard<'_, HashMap<MessageId, usize>> {
        self.answering.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Stops an account's runs, and those that it still begins.
    pub fn bar(&self, user_id: UserId) {
        self.barred().insert(user_id);
        for run in self.live().values().filter(|run| run.user_id == user_id) {
            run.end_early(EarlyEnd::Stopped);
        }
    }

    /// Lets an account have runs again.
    pub fn admit(&self, user_id: UserId) {
        self.barred().remove(&user_id);
    }

    /// Waits until an account has no live run.
    pub async fn ended_of(&self, user_id: UserId) {
        let mut count = self.count.subscribe();
        loop {
            count.borrow_and_update();
            if self.live().values().all(|run| run.user_id != user_id) || count.changed().await.is_err() {
                return;
            }
        }
    }

    fn barred(&self) -> MutexGuard<'_, HashSet<UserId>> {
        self.barred.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// How many runs are live.
    pub fn live_count(&self) -> usize {
        self.live().len()
    }

    /// A reader of a run that is being made.
    pub fn read_live(&self, run: Arc<LiveRun>) -> RunReader {
        RunReader::live(run, Arc::clone(&self.helpers.store), 0)
    }

    /// A reader of a run, live or finished, from the event after `after`. Where the log does not reach that far any
    /// more, the reader begins with a `started` that says so.
    ///
    /// # Errors
    ///
    /// `not_found` where there is no such run.
    pub async fn read(&self, user_id: UserId, reference: &str, after: u64) -> Result<RunReader, ApiError> {
        let store = Arc::clone(&self.helpers.store);
        if let Some(run) = self.live_by_reference(user_id, reference) {
            if after < run.log.next_id() {
                return Ok(RunReader::live(run, store, after));
            }
            let first = RunReader::live(Arc::clone(&run), Arc::clone(&store), 0).next().await.transpose()?;
            let first = first.and_then(|entries| entries.first().and_then(reader::as_reset));
            let reader = RunReader::live(run, store, 0);
            return Ok(match first {
                Some(first) => reader.with_reset(first),
                None => reader,
            });
        }
        let record = self.find(user_id, reference).await?;
        let first = store.run_events(record.id, 0, 1).await?.into_iter().next().map(LogEntry::from);
        let Some(first) = first else { return self.rest_of(record, after).await };
        let has_next = after == 0 || !store.run_events(record.id, after - 1, 1).await?.is_empty();
        let reader = RunReader::stored(record.id, store, after);
        match reader::as_reset(&first) {
            Some(first) if !has_next => Ok(reader.with_reset(first)),
            _ => Ok(reader),
        }
    }

    /// What is left of a run whose events were forgotten: its beginning, its stored answer, its cost and its end.
    async fn rest_of(&self, record: RunRecord, after: u64) -> Result<RunReader, ApiError> {
        let message = self.helpers.store.message(record.user_id, record.message_id).await?;
        let mut events = vec![recover::beginning_of(&record)];
        for part in message.iter().flat_map(|message| &message.content) {
            events.push(match part {
                ContentPart::Reasoning { text } => StreamEvent::Reasoning(Piece { text: text.clone() }),
                ContentPart::Text { text } => StreamEvent::Text(Piece { text: text.clone() }),
                ContentPart::ToolCall(call) => StreamEvent::ToolCall(call.clone()),
                ContentPart::Image(_) | ContentPart::ToolResult { .. } => continue,
            });
        }
        let refusal = message.and_then(|message| message.refusal);
        events.push(StreamEvent::Usage(UsageReport { usage: record.usage, cost_usd: record.cost_usd }));
        events.push(end_of(&record, refusal));
        let entries = (1..).zip(&events).map(|(id, event)| LogEntry::new(id, event)).collect();
        Ok(RunReader::rest(entries, Arc::clone(&self.helpers.store), after))
    }

    /// A page of a user's runs, the newest first.
    ///
    /// # Errors
    ///
    /// `bad_request` for a cursor of another list, and the store's.
    pub async fn list(&self, user_id: UserId, query: PageQuery) -> Result<Page<Run>, ApiError> {
        let is_first = query.cursor.is_none();
        let page = self.helpers.store.runs(user_id, page_request(query)).await?;
        let stored = page.items.into_iter().map(view);
        // Live runs that are not saved are nowhere but here.
        let unsaved = self
            .live()
            .values()
            .filter(|run| is_first && run.user_id == user_id && run.saved_in.is_none())
            .map(|run| live_view(run))
            .collect::<Vec<_>>();
        Ok(Page { items: unsaved.into_iter().chain(stored).collect(), next_cursor: page.next_cursor })
    }

    /// One run.
    ///
    /// # Errors
    ///
    /// `not_found` where there is none, `bad_request` where there are several.
    pub async fn show(&self, user_id: UserId, reference: &str) -> Result<Run, ApiError> {
        match self.live_by_reference(user_id, reference) {
            Some(run) => Ok(live_view(&run)),
            None => Ok(view(self.find(user_id, reference).await?)),
        }
    }

    /// Stops a run and returns it as it ended. One that has ended is returned as it is.
    ///
    /// # Errors
    ///
    /// As [`Self::show`].
    pub async fn stop(&self, user_id: UserId, reference: &str) -> Result<Run, ApiError> {
        let Some(run) = self.live_by_reference(user_id, reference) else { return self.show(user_id, reference).await };
        run.end_early(EarlyEnd::Stopped);
        run.ended().await;
        match run.saved_in {
            Some(_) => Ok(view(self.find(user_id, &run.id.to_string()).await?)),
            None => Ok(Run { status: Status::Cancelled, finished_at: Some(Timestamp::now()), ..live_view(&run) }),
        }
    }

    /// Lets live runs finish for a while, then ends the rest as interrupted.
    pub async fn shut_down(&self) {
        let mut count = self.count.subscribe();
        if tokio::time::timeout(self.config.stop_timeout, count.wait_for(|count| *count == 0)).await.is_ok() {
            return;
        }
        let rest: Vec<_> = self.live().values().cloned().collect();
        tracing::warn!(runs = rest.len(), "runs are cut by the daemon's end");
        for run in &rest {
            run.end_early(EarlyEnd::Shutdown);
        }
        let _ = tokio::time::timeout(Duration::from_secs(10), count.wait_for(|count| *count == 0)).await;
    }

    /// Forgets the events of runs that ended long enough ago. Returns how many runs that were.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn forget_old_events(&self) -> Result<usize, ApiError> {
        let before = Timestamp::now().checked_sub(self.config.keep).unwrap_or(Timestamp::MIN);
        let mut forgotten = 0;
        loop {
            let ids = self.helpers.store.runs_to_forget(before, FORGOTTEN_AT_ONCE).await?;
            if ids.is_empty() {
                return Ok(forgotten);
            }
            forgotten += ids.len();
            let operations = ids.into_iter().map(Operation::DeleteRunEvents).collect();
            self.helpers.store.commit(Batch { preconditions: Vec::new(), operations }).await?;
        }
    }

    fn live(&self) -> MutexGuard<'_, HashMap<RunId, Arc<LiveRun>>> {
        self.live.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn live_by_reference(&self, user_id: UserId, reference: &str) -> Option<Arc<LiveRun>> {
        let live = self.live();
        if let Ok(id) = reference.parse::<RunId>() {
            return live.get(&id).filter(|run| run.user_id == user_id).cloned();
        }
        let suffix = suffix_of(reference)?;
        let mut matching =
            live.values().filter(|run| run.user_id == user_id && run.id.to_string().replace('-', "").ends_with(&suffix));
        matching.next().filter(|_| matching.next().is_none()).cloned()
    }

    async fn find(&self, user_id: UserId, reference: &str) -> Result<RunRecord, ApiError> {
        let mut candidates = Vec::new();
        if let Ok(id) = reference.parse::<RunId>() {
            candidates.extend(self.helpers.store.run(user_id, id).await?);
        } else if let Some(suffix) = suffix_of(reference) {
            candidates = self.helpers.store.runs_by_suffix(user_id, &suffix, MOST_CANDIDATES).await?;
        }
        let none = phrase!("error-no-such-run", reference = reference);
        let several = phrase!("error-several-runs", reference = reference);
        only(candidates, none, several, |found| format!("{} {}/{}", found.id.short(), found.provider, found.model))
    }
}

fn end_of(record: &RunRecord, refusal: Option<String>) -> StreamEvent {
    let ending = Ending {
        status: record.status,
        finish_reason: record.finish_reason,
        refusal,
        usage: record.usage,
        cost_usd: record.cost_usd,
        timing: record.timing,
        attempts: record.attempts.clone(),
        error: record.error.clone(),
    };
    let is_done = record.error.is_none() && matches!(record.status, Status::Complete | Status::Truncated | Status::Filtered);
    if is_done { StreamEvent::Done(ending) } else { StreamEvent::Failed(ending) }
}

fn view(record: RunRecord) -> Run {
    Run {
        id: record.id,
        conversation_id: Some(record.conversation_id),
        message_id: Some(record.message_id),
        user_message_id: Some(record.user_message_id),
        model: record.model,
        provider: record.provider,
        status: record.status,
        finish_reason: record.finish_reason,
        created_at: record.created_at,
        finished_at: record.finished_at,
        usage: record.usage,
        cost_usd: record.cost_usd,
        timing: record.timing,
        attempts: record.attempts,
        error: record.error,
    }
}

fn live_view(run: &LiveRun) -> Run {
    Run {
        id: run.id,
        conversation_id: run.saved_in.map(|saved| saved.conversation_id),
        message_id: run.saved_in.map(|saved| saved.message_id),
        user_message_id: run.saved_in.map(|saved| saved.user_message_id),
        model: run.model.clone(),
        provider: run.provider.clone(),
        status: Status::Running,
        finish_reason: None,
        created_at: run.created_at,
        finished_at: None,
        usage: Usage::default(),
        cost_usd: None,
        timing: Timing::default(),
        attempts: Vec::new(),
        error: None,
    }
}
