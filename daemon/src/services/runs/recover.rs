//! After a crash: the runs that have no end are given one, with what of their answers survived.

use std::sync::Arc;

use mmp_shared::{
    ApiError, ErrorCode,
    events::{Fallback, StreamEvent},
    phrase,
};

use super::{
    answer::{Answer, Outcome, Trail},
    log::LogEntry,
    record,
};
use crate::store::{Batch, Operation, Store, StoreError, records::RunRecord};

/// Ends every run that has no end as `interrupted`. Returns how many there were.
///
/// # Errors
///
/// The store's.
pub(super) async fn recover(store: &Arc<dyn Store>) -> Result<usize, StoreError> {
    let unfinished = store.unfinished_runs().await?;
    let count = unfinished.len();
    for run in unfinished {
        tracing::warn!(run = %run.id, "a run of a daemon that died is ended as interrupted");
        let id = run.id;
        match end_as_interrupted(store, run).await {
            // Its conversation was deleted.
            Err(StoreError::Conflict(_)) => store.commit(Batch::new().then(Operation::DeleteRun(id))).await?,
            ended => ended?,
        }
    }
    Ok(count)
}

async fn end_as_interrupted(store: &Arc<dyn Store>, run: RunRecord) -> Result<(), StoreError> {
    let (mut answer, mut last_id) = (Answer::default(), 0);
    let mut trail = Trail::begin(&run.provider, &run.model);
    loop {
        let events = store.run_events(run.id, last_id, 512).await?;
        let Some(last) = events.last() else { break };
        last_id = last.id;
        for entry in events.into_iter().map(LogEntry::from) {
            if let Some(logged) = entry.to_event() {
                answer.take_logged(&logged.event);
                if let StreamEvent::Fallback(Fallback { to, .. }) = &logged.event
                    && let Some((provider, model)) = to.split_once('/')
                {
                    trail.next(0, provider, model, 0);
                }
            }
        }
    }
    let error = ApiError::new(ErrorCode::StreamTruncated, phrase!("error-interrupted"));
    let made_for = jiff::Timestamp::now().duration_since(run.created_at).as_millis();
    let total_ms = u64::try_from(made_for).unwrap_or(0);
    let (report, end) = answer.end(&Outcome::Interrupted(error), &trail, total_ms, None);
    // A log that lost its beginning too is begun again, so that every log keeps the law.
    let mut events = if last_id == 0 { vec![beginning_of(&run)] } else { Vec::new() };
    events.push(StreamEvent::Usage(report));
    events.push(end.clone());
    let entries: Vec<_> = (last_id + 1..).zip(&events).map(|(id, event)| LogEntry::new(id, event)).collect();
    let StreamEvent::Failed(ending) = end else { return Ok(()) };
    store.commit(record::ending(record::answered_by(run, &trail), &ending, answer.parts(), &entries)).await
}

/// The first event of a run, made from its record.
pub(super) fn beginning_of(run: &RunRecord) -> StreamEvent {
    StreamEvent::Started(mmp_shared::events::Started {
        run_id: run.id,
        conversation_id: Some(run.conversation_id),
        message_id: Some(run.message_id),
        user_message_id: Some(run.user_message_id),
        model: run.model.clone(),
        provider: run.provider.clone(),
        created_at: run.created_at,
        reset: false,
    })
}
