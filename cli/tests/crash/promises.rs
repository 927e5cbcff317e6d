//! What the daemon has acknowledged, and what may be there besides because its answer never came.

use std::{collections::BTreeMap, time::Instant};

use serde_json::Value;

/// An event as a client received it.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) data: Value,
    pub(crate) at: Instant,
}

/// A turn whose `started` was received.
#[derive(Debug, Clone)]
pub(crate) struct Turn {
    pub(crate) prompt: String,
    pub(crate) model: Model,
    /// What came, `started` first.
    pub(crate) events: Vec<Received>,
    /// When the daemon was killed; none for a turn that was over before.
    pub(crate) killed_at: Option<Instant>,
}

/// Who was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Model {
    /// The built-in demo, which answers at once.
    Demo,
    /// The slow upstream; its model's name.
    Slow(String),
}

impl Turn {
    /// A field of `started`.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.events[0].data[name].as_str().expect("a saved turn has all its ids")
    }

    /// The last event, where the turn ended before the client's eyes.
    pub(crate) fn end(&self) -> Option<&Received> {
        self.events.last().filter(|event| matches!(event.name.as_str(), "done" | "failed"))
    }

    /// What was said, as far as it was received.
    pub(crate) fn text(&self) -> String {
        self.events.iter().filter(|event| event.name == "text").filter_map(|event| event.data["text"].as_str()).collect()
    }
}

/// A conversation: the turns that were acknowledged, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Conversation {
    pub(crate) turns: Vec<Turn>,
    /// Whether it was looked at since the last turn.
    pub(crate) is_checked: bool,
}

impl Conversation {
    pub(crate) fn id(&self) -> &str {
        self.turns[0].field("conversation_id")
    }
}

/// A value that is written again and again by one writer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    /// The number that was acknowledged last; none where there must be nothing.
    pub(crate) acknowledged: Option<u64>,
    /// A change whose answer did not come: it may have happened.
    pub(crate) on_its_way: Option<Option<u64>>,
    /// How many changes were acknowledged.
    pub(crate) changes: u64,
}

impl Cell {
    /// Notes that a change is asked for.
    pub(crate) const fn ask(&mut self, value: Option<u64>) {
        self.on_its_way = Some(value);
    }

    /// Notes that it was acknowledged.
    pub(crate) const fn acknowledge(&mut self) {
        if let Some(value) = self.on_its_way.take() {
            self.acknowledged = value;
            self.changes += 1;
        }
    }

    /// Checks what is there, and goes on from it.
    pub(crate) fn settle(&mut self, name: &str, found: Option<u64>) {
        let is_allowed = found == self.acknowledged || self.on_its_way == Some(found);
        assert!(
            is_allowed,
            "{name}: {:?} was acknowledged, {:?} was on its way, {found:?} is there",
            self.acknowledged, self.on_its_way
        );
        (self.acknowledged, self.on_its_way) = (found, None);
    }
}

/// Everything that must be there.
#[derive(Debug, Default)]
pub(crate) struct Promises {
    /// Added providers; the number is in the base URL and in the key.
    pub(crate) providers: BTreeMap<String, Cell>,
    /// The user's setting; the number is the end of its value.
    pub(crate) setting: Cell,
}

impl Promises {
    /// How many changes of settings and providers were acknowledged.
    pub(crate) fn changes(&self) -> u64 {
        self.setting.changes + self.providers.values().map(|cell| cell.changes).sum::<u64>()
    }
}
