//! What of a run goes to the store: the batch that begins it, and the one that ends it.

use jiff::Timestamp;
use mmp_shared::{
    events::Ending,
    message::{ContentPart, Role, Status},
    usage::{Timing, Usage},
};

use super::{
    answer::Trail,
    live::{LiveRun, SavedIn},
    log::LogEntry,
};
use crate::store::{
    Batch, Operation,
    records::{MessageRecord, RunRecord, UsageRecord},
};

/// The record of a run that begins.
pub(super) fn beginning(run: &LiveRun, saved_in: SavedIn) -> RunRecord {
    RunRecord {
        id: run.id,
        user_id: run.user_id,
        version: 1,
        conversation_id: saved_in.conversation_id,
        user_message_id: saved_in.user_message_id,
        message_id: saved_in.message_id,
        leads: saved_in.leads,
        model: run.model.clone(),
        provider: run.provider.clone(),
        status: Status::Running,
        finish_reason: None,
        usage: Usage::default(),
        cost_usd: None,
        timing: Timing::default(),
        attempts: Vec::new(),
        error: None,
        created_at: run.created_at,
        finished_at: None,
    }
}

/// The same record, with who was asked last: the one that answered, where anyone did.
pub(super) fn answered_by(run: RunRecord, trail: &Trail) -> RunRecord {
    RunRecord { provider: trail.provider().to_owned(), model: trail.model().to_owned(), ..run }
}

/// The batch that ends a run: its answer's message, the run, the conversation, the ledger's line, and the events that
/// are not on disk yet, the last one among them.
pub(super) fn ending(begun: RunRecord, ending: &Ending, parts: Vec<ContentPart>, events: &[LogEntry]) -> Batch {
    let now = Timestamp::now();
    let message = MessageRecord {
        id: begun.message_id,
        conversation_id: begun.conversation_id,
        user_id: begun.user_id,
        parent_id: Some(begun.user_message_id),
        run_id: Some(begun.id),
        role: Role::Assistant,
        content: parts,
        refusal: ending.refusal.clone(),
        model: Some(begun.model.clone()),
        provider: Some(begun.provider.clone()),
        status: ending.status,
        finish_reason: ending.finish_reason,
        usage: Some(ending.usage),
        cost_usd: ending.cost_usd,
        timing: Some(ending.timing),
        created_at: now,
    };
    let run = RunRecord {
        version: begun.version + 1,
        status: ending.status,
        finish_reason: ending.finish_reason,
        usage: ending.usage,
        cost_usd: ending.cost_usd,
        timing: ending.timing,
        attempts: ending.attempts.clone(),
        error: ending.error.clone(),
        finished_at: Some(now),
        ..begun
    };
    let advance = Operation::AdvanceConversation {
        id: run.conversation_id,
        // One that merely ended later does not become the branch that is gone on with.
        leaf_id: run.leads.then_some(run.message_id),
        updated_at: now,
        model: None,
        added: 1,
    };
    let usage = UsageRecord {
        run_id: run.id,
        user_id: run.user_id,
        at: now,
        model: run.model.clone(),
        provider: run.provider.clone(),
        status: run.status,
        usage: run.usage,
        cost_usd: run.cost_usd,
        timing: run.timing,
    };
    let mut batch = Batch::new().then(Operation::PutMessage(message)).then(advance).then(Operation::PutUsage(usage));
    if !events.is_empty() {
        let events = events.iter().map(LogEntry::to_record).collect();
        batch = batch.then(Operation::AppendRunEvents { run_id: run.id, events });
    }
    batch.then(Operation::PutRun(run))
}

/// The batch that ends a run that is not saved: the ledger's line, numbers only.
pub(super) fn ledger_only(run: &LiveRun, trail: &Trail, ending: &Ending) -> Batch {
    Batch::new().then(Operation::PutUsage(UsageRecord {
        run_id: run.id,
        user_id: run.user_id,
        at: Timestamp::now(),
        model: trail.model().to_owned(),
        provider: trail.provider().to_owned(),
        status: ending.status,
        usage: ending.usage,
        cost_usd: ending.cost_usd,
        timing: ending.timing,
    }))
}
