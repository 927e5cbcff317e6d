//! The making of one answer: asks the candidates by their plan, and turns what they say into events.
//!
//! What is decided after a failure is `routing`'s; keeping the log and its checkpoints is `making`'s.

use std::{sync::Arc, time::Duration};

use mmp_shared::{
    ApiError,
    events::{Fallback, Notice, Piece, Retry, Started, StreamEvent},
    phrase,
};

use super::{
    answer::{Answer, Outcome, Trail},
    estimate,
    live::LiveRun,
    log::LogEntry,
    making::Making,
};
use crate::{
    catalogue::Tariff,
    providers::{Ask, ChatCall, Provider, ProviderError},
    routing::{Budget, Failure, Plan, Step},
    services::{error::of_provider, notice},
    store::Store,
    telemetry::metrics::Metrics,
};

/// Someone who may answer.
pub struct Candidate {
    /// Whose wire.
    pub wire: Arc<dyn Provider>,
    /// The question.
    pub call: ChatCall,
    /// What the answer costs, if anybody says.
    pub tariff: Option<Tariff>,
    /// What the user is told when this one is asked.
    pub notices: Vec<Notice>,
    /// Why this one cannot be asked: it fails at once.
    pub refused: Option<ProviderError>,
}

/// What there is to do.
pub struct Task {
    /// Who may answer, in order; never empty.
    pub candidates: Vec<Candidate>,
    /// What may be spent on failures.
    pub budget: Budget,
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
    /// Who counts.
    pub metrics: Arc<Metrics>,
}

/// What stands in a run's log before anybody is asked.
#[derive(Default)]
pub struct Opening {
    /// What the user is told.
    pub notices: Vec<Notice>,
    /// What there is already of the answer, where one that was cut is gone on with.
    pub part: Option<String>,
}

/// Publishes the beginning of a run: it is in the log before anybody reads it, so that a reader's first write holds it.
pub(super) fn begin(run: &LiveRun, opening: &Opening) -> Vec<LogEntry> {
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
    let notices = opening.notices.iter().cloned().map(StreamEvent::Notice);
    let part = opening.part.iter().flat_map(|part| {
        let seam = notice("seam", phrase!("notice-seam"));
        [StreamEvent::Notice(seam), StreamEvent::Text(Piece { text: part.clone() })]
    });
    let events = std::iter::once(StreamEvent::Started(started)).chain(notices).chain(part);
    let entries: Vec<_> = (run.log.next_id()..).zip(events).map(|(id, event)| LogEntry::new(id, &event)).collect();
    run.log.publish(&entries, false);
    entries
}

/// Makes the answer, to its end; where nobody can be asked, that is its end. What it begins with was published already.
pub(super) async fn execute(
    run: Arc<LiveRun>,
    (mut answer, first): (Answer, Vec<LogEntry>),
    task: Result<Task, ApiError>,
    helpers: Helpers,
) {
    let mut making = Making::after(Arc::clone(&run), &helpers, first);
    let mut trail = Trail::begin(&run.provider, &run.model);
    let outcome = match &task {
        Err(error) => Outcome::Failed(error.clone()),
        Ok(task) => tokio::select! {
            biased;
            early = run.early_end() => Outcome::Early(early),
            outcome = attempts(&mut making, &mut answer, &mut trail, helpers.ask.as_ref(), task) => outcome,
        },
    };
    let last = task.as_ref().ok().and_then(|task| task.candidates.get(trail.candidate()));
    if let Some(candidate) = last {
        estimate::fill_in(&mut answer, &candidate.call).await;
    }
    let tariff = last.and_then(|candidate| candidate.tariff);
    making.end(&answer, &outcome, &trail, tariff).await;
}

/// Asks until someone has answered, or the plan says that the error is to be told.
async fn attempts(making: &mut Making, answer: &mut Answer, trail: &mut Trail, ask: &dyn Ask, task: &Task) -> Outcome {
    let mut plan = Plan::new(task.candidates.len(), task.budget);
    tell(making, &task.candidates[plan.current()]);
    loop {
        let candidate = &task.candidates[plan.current()];
        // The first attempt is given what the user named, so that an error names the same.
        let spent = if plan.attempts() == 1 { Duration::ZERO } else { making.elapsed() };
        let left = task.timeout.map(|timeout| timeout.saturating_sub(spent));
        let Err(error) = stream(making, answer, ask, candidate, left).await else { return Outcome::Whole };
        let failure = Failure { code: error.code, retry_after: error.retry_after, has_answer: answer.is_shown() };
        let told = of_provider(error, &candidate.call.endpoint.provider);
        match plan.after(failure, making.elapsed(), chance()) {
            Step::Stop => return Outcome::Failed(told),
            Step::Retry { wait } => {
                answer.void();
                retry(making, trail, candidate, &told, plan.attempts(), wait).await;
            }
            Step::Fallback => {
                answer.void();
                fall_back(making, trail, (candidate, &task.candidates[plan.current()]), &told, plan.current());
                tell(making, &task.candidates[plan.current()]);
            }
        }
    }
}

fn tell(making: &mut Making, candidate: &Candidate) {
    making.publish(&candidate.notices.iter().cloned().map(StreamEvent::Notice).collect::<Vec<_>>());
}

async fn stream(
    making: &mut Making,
    answer: &mut Answer,
    ask: &dyn Ask,
    candidate: &Candidate,
    left: Option<Duration>,
) -> Result<(), ProviderError> {
    if let Some(error) = &candidate.refused {
        return Err(error.clone());
    }
    let mut answering = ask.chat(Arc::clone(&candidate.wire), candidate.call.clone(), left).await;
    while let Some(deltas) = making.next_of(answering.as_mut()).await {
        let events = answer.take(deltas?, making.now_ms());
        making.publish(&events);
    }
    Ok(())
}

async fn retry(making: &mut Making, trail: &mut Trail, candidate: &Candidate, error: &ApiError, attempt: u32, wait: Duration) {
    tracing::info!(run = %making.run_id(), provider = candidate.call.endpoint.provider, code = error.code.as_str(), attempt, "asked once more");
    making.publish(&[StreamEvent::Retry(Retry {
        attempt,
        provider: candidate.call.endpoint.provider.clone(),
        model: candidate.call.model.clone(),
        error_code: error.code,
        wait_ms: u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
    })]);
    trail.failed(error.code, making.now_ms());
    making.wait(wait).await;
    trail.next(trail.candidate(), &candidate.call.endpoint.provider, &candidate.call.model, making.now_ms());
}

fn fall_back(making: &mut Making, trail: &mut Trail, (from, to): (&Candidate, &Candidate), error: &ApiError, place: usize) {
    let name = |candidate: &Candidate| format!("{}/{}", candidate.call.endpoint.provider, candidate.call.model);
    tracing::info!(run = %making.run_id(), from = name(from), to = name(to), code = error.code.as_str(), "the next candidate is asked");
    making.publish(&[StreamEvent::Fallback(Fallback { from: name(from), to: name(to), error_code: error.code })]);
    trail.failed(error.code, making.now_ms());
    trail.next(place, &to.call.endpoint.provider, &to.call.model, making.now_ms());
}

/// A number drawn evenly from 0 to 1; without randomness the middle, which is as good for one client.
fn chance() -> f64 {
    getrandom::u32().map_or(0.5, |drawn| f64::from(drawn) / f64::from(u32::MAX))
}
