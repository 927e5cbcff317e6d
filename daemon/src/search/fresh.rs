//! Changes that the index on disk does not hold yet, found by looking at each. There are few.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use mmp_shared::MessageId;

use super::{Change, Document, Found, Question, Start, words::Words};

/// How quickly a word that stands often counts for more, and how much long texts count for less: as in the index.
const K1: f32 = 1.2;
const B: f32 = 0.75;

/// A change, its text as words.
#[derive(Debug)]
pub(super) struct FreshChange {
    pub(super) position: u64,
    pub(super) message_id: MessageId,
    pub(super) document: Option<(Document, Words)>,
}

/// The last changes, one a message.
#[derive(Debug, Default, Clone)]
pub(super) struct Fresh {
    /// Searches look at them as they were at one moment.
    changes: Arc<BTreeMap<MessageId, Arc<FreshChange>>>,
}

/// What the index on disk knows of words.
pub(super) trait Statistics {
    /// How rare a clause is: the more, the rarer.
    fn rarity(&self, clause: usize) -> f32;
    /// How many words a message has.
    fn average_length(&self) -> f32;
}

impl Fresh {
    pub(super) fn add(&mut self, changes: Vec<FreshChange>) {
        Arc::make_mut(&mut self.changes).extend(changes.into_iter().map(|change| (change.message_id, Arc::new(change))));
    }

    pub(super) fn len(&self) -> usize {
        self.changes.len()
    }

    pub(super) fn contains(&self, id: MessageId) -> bool {
        self.changes.contains_key(&id)
    }

    pub(super) fn in_order(&self) -> Vec<Arc<FreshChange>> {
        let mut changes: Vec<_> = self.changes.values().cloned().collect();
        changes.sort_by_key(|change| change.position);
        changes
    }

    /// Forgets what is on disk up to a position.
    pub(super) fn forget(&mut self, position: u64) {
        Arc::make_mut(&mut self.changes).retain(|_, change| change.position > position);
    }

    /// What of these changes a question finds, in no order.
    pub(super) fn find(&self, question: &Question, statistics: &impl Statistics) -> Vec<Found> {
        self.changes.values().filter_map(|change| found(change, question, statistics)).collect()
    }
}

impl From<Change> for FreshChange {
    fn from(change: Change) -> Self {
        let document = change.document.map(|mut document| {
            let words = Words::of(&std::mem::take(&mut document.text));
            (document, words)
        });
        Self { position: change.position, message_id: change.message_id, document }
    }
}

fn found(change: &FreshChange, question: &Question, statistics: &impl Statistics) -> Option<Found> {
    let (document, words) = change.document.as_ref()?;
    if !is_asked_for(document, question) || !is_below(document.at, change.message_id, question.start) {
        return None;
    }
    let counts: Vec<usize> = question.clauses.iter().map(|clause| words.count(clause)).collect();
    if counts.contains(&0) {
        return None;
    }
    let score = match question.start {
        Start::Newest { .. } => None,
        Start::Best { .. } => Some(score(question, &counts, words.length, statistics)),
    };
    Some(Found { message_id: change.message_id, at: document.at, score })
}

fn is_asked_for(document: &Document, question: &Question) -> bool {
    document.user_id == question.user_id
        && question.models.iter().all(|name| document.models.contains(name))
        && question.roles.iter().all(|role| document.role == *role)
        && question.conversations.iter().all(|id| document.conversation_id == *id)
        && question.after.is_none_or(|after| document.at >= after)
        && question.before.is_none_or(|before| document.at < before)
}

fn is_below(at: Timestamp, id: MessageId, start: Start) -> bool {
    match start {
        Start::Newest { below: Some(below) } => (at, id) < below,
        _ => true,
    }
}

#[allow(clippy::cast_precision_loss, reason = "nobody counts a score to its last digit")]
fn score(question: &Question, counts: &[usize], length: usize, statistics: &impl Statistics) -> f32 {
    let norm = K1 * (1.0 - B + B * length as f32 / statistics.average_length());
    let of = |(index, count): (usize, &usize)| match (&question.clauses[index], *count as f32) {
        (clause, _) if clause.is_beginning && clause.words.len() == 1 => 1.0,
        (_, count) => statistics.rarity(index) * (1.0 + K1) * count / (count + norm),
    };
    counts.iter().enumerate().map(of).sum()
}
