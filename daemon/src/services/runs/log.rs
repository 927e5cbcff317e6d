//! A run's log in memory: what its readers read while it is live.
//!
//! A reader is a place in the log, no queue: nothing is dropped for a slow one, and it slows nobody. Events that are
//! on disk leave memory when the log grows; a reader that far behind reads them from the store. Writing to the store
//! is left to `execute`.

use std::{
    borrow::Cow,
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard},
};

use mmp_shared::events::{LoggedEvent, StreamEvent};
use tokio::sync::watch;

use crate::store::records::EventRecord;

/// How many bytes of events that are on disk stay in memory, for readers that are a little behind.
const KEPT_BYTES: usize = 256 * 1024;

/// How many bytes a reader is handed at once.
const READ_BYTES: usize = 128 * 1024;

/// An event of the log, its data written as JSON once for all readers and the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// Its number, counted from 1.
    pub id: u64,
    /// Its name.
    pub name: Cow<'static, str>,
    /// Its data, as JSON on one line.
    pub data: Arc<str>,
}

impl LogEntry {
    /// The event as an entry with this number.
    pub fn new(id: u64, event: &StreamEvent) -> Self {
        Self { id, name: Cow::Borrowed(event.name()), data: event.data_json().into() }
    }

    /// The entry as the store keeps it.
    pub fn to_record(&self) -> EventRecord {
        EventRecord { id: self.id, name: self.name.clone().into_owned(), data: self.data.as_ref().to_owned() }
    }

    /// The event again; `None` where this version does not know it.
    pub fn to_event(&self) -> Option<LoggedEvent> {
        let event = StreamEvent::from_parts(&self.name, &self.data).ok().flatten()?;
        Some(LoggedEvent { id: self.id, event })
    }
}

impl From<EventRecord> for LogEntry {
    fn from(record: EventRecord) -> Self {
        Self { id: record.id, name: Cow::Owned(record.name), data: record.data.into() }
    }
}

/// What a reader finds at its place.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// These come next.
    Entries(Vec<LogEntry>),
    /// What comes next has left memory and is in the store.
    InStore,
    /// Nothing yet.
    Nothing,
    /// Nothing ever.
    End,
}

#[derive(Debug)]
struct State {
    entries: VecDeque<LogEntry>,
    bytes: usize,
    next_id: u64,
    stored_to: u64,
    has_ended: bool,
}

/// The log of one live run.
#[derive(Debug)]
pub struct RunLog {
    state: Mutex<State>,
    changed: watch::Sender<u64>,
}

impl Default for RunLog {
    fn default() -> Self {
        let state = State { entries: VecDeque::new(), bytes: 0, next_id: 1, stored_to: 0, has_ended: false };
        Self { state: Mutex::new(state), changed: watch::Sender::new(0) }
    }
}

impl RunLog {
    /// The number of the event that comes next.
    pub fn next_id(&self) -> u64 {
        self.state().next_id
    }

    /// Adds entries, numbered on from [`Self::next_id`], and tells the readers. The last of a run ends the log.
    pub fn publish(&self, entries: &[LogEntry], is_end: bool) {
        let last = {
            let mut state = self.state();
            for entry in entries {
                debug_assert_eq!(entry.id, state.next_id, "a log has no gaps");
                state.next_id = entry.id + 1;
                state.bytes += entry.data.len();
                state.entries.push_back(entry.clone());
            }
            state.has_ended |= is_end;
            state.next_id
        };
        self.changed.send_replace(last);
    }

    /// Notes that everything up to this event is on disk, and lets go of the oldest of it.
    pub fn stored(&self, to: u64) {
        let mut state = self.state();
        state.stored_to = state.stored_to.max(to);
        while state.bytes > KEPT_BYTES && state.entries.front().is_some_and(|entry| entry.id <= state.stored_to) {
            if let Some(entry) = state.entries.pop_front() {
                state.bytes -= entry.data.len();
            }
        }
    }

    /// What comes after the event numbered `after`.
    pub fn read(&self, after: u64) -> Found {
        let state = self.state();
        let first = state.entries.front().map_or(state.next_id, |entry| entry.id);
        if after + 1 < first {
            return Found::InStore;
        }
        let skip = usize::try_from(after + 1 - first).unwrap_or(usize::MAX);
        let mut bytes = 0;
        let entries: Vec<_> = state
            .entries
            .iter()
            .skip(skip)
            .take_while(|entry| {
                let is_first = bytes == 0;
                bytes += entry.data.len().max(1);
                is_first || bytes <= READ_BYTES
            })
            .cloned()
            .collect();
        match (entries.is_empty(), state.has_ended) {
            (false, _) => Found::Entries(entries),
            (true, true) => Found::End,
            (true, false) => Found::Nothing,
        }
    }

    /// Tells of every change from now on.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that holds the lock can panic half way through a change.
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

#[cfg(test)]
mod tests {
    use mmp_shared::events::Piece;

    use super::*;

    fn text(id: u64, length: usize) -> LogEntry {
        LogEntry::new(id, &StreamEvent::Text(Piece { text: "x".repeat(length) }))
    }

    #[test]
    fn a_reader_gets_what_comes_after_its_place() {
        let log = RunLog::default();
        assert_eq!(log.read(0), Found::Nothing);
        log.publish(&[text(1, 1), text(2, 1)], false);
        assert_eq!(log.read(1), Found::Entries(vec![text(2, 1)]));
        assert_eq!(log.read(2), Found::Nothing);
        log.publish(&[text(3, 1)], true);
        assert_eq!(log.read(2), Found::Entries(vec![text(3, 1)]));
        assert_eq!(log.read(3), Found::End);
    }

    #[test]
    fn only_what_is_on_disk_leaves_memory() {
        let log = RunLog::default();
        let entries: Vec<_> = (1..=8).map(|id| text(id, KEPT_BYTES / 4)).collect();
        log.publish(&entries, false);
        assert!(matches!(log.read(0), Found::Entries(_)));
        log.stored(2);
        assert_eq!(log.read(0), Found::InStore);
        assert!(matches!(log.read(2), Found::Entries(_)), "the third is not on disk");
    }

    #[test]
    fn a_reader_is_handed_a_bounded_piece_and_at_least_one_entry() {
        let log = RunLog::default();
        log.publish(&[text(1, READ_BYTES * 2), text(2, 1)], false);
        assert_eq!(log.read(0), Found::Entries(vec![text(1, READ_BYTES * 2)]));
    }

    #[test]
    fn an_entry_is_the_event_again() {
        let entry = text(7, 3);
        let again = LogEntry::from(entry.to_record());
        assert_eq!(again, entry);
        assert_eq!(again.to_event().expect("it is known").id, 7);
    }
}
