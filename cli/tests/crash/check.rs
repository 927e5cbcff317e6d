//! What must hold after a crash, read over HTTP from the daemon that was started next.

use std::{
    collections::HashSet,
    path::Path,
    time::{Duration, Instant},
};

use mmp_shared::{
    events::{LoggedEvent, StreamEvent},
    order_law::check_all,
};
use serde_json::{Value, json};

use crate::{
    promises::{Cell, Conversation, Model, Promises, Received, Turn},
    support::http,
    upstream::{pieces, word_of},
    writers::key,
};

/// An event this old when the daemon is killed must be on disk. The promise is 250 ms; the rest is for a busy machine.
const LONG_AGO: Duration = Duration::from_secs(2);

/// Reads a running daemon.
pub(crate) struct Check<'a> {
    pub(crate) socket: &'a Path,
}

impl Check<'_> {
    fn get(&self, path: &str) -> Value {
        let (status, body) = http::json(self.socket, "GET", &format!("/api/v1{path}"), &Value::Null);
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// Checks the providers, their keys and the setting, and goes on from what is there.
    pub(crate) fn settle(&self, promises: &mut Promises) {
        for (name, cell) in &mut promises.providers {
            self.settle_provider(name, cell);
        }
        let found = self.get("/users/me/settings");
        let number = found["model"].as_str().and_then(|value| value.strip_prefix("demo/")?.parse().ok());
        promises.setting.settle("the setting", number);
    }

    fn settle_provider(&self, name: &str, cell: &mut Cell) {
        let path = format!("/api/v1/providers/{name}");
        let (status, body) = http::json(self.socket, "GET", &path, &Value::Null);
        assert!(matches!(status, 200 | 404), "{name}: {body}");
        let number = body["base_url"].as_str().and_then(word_of).and_then(|word| word.parse().ok());
        cell.settle(name, number);
        let Some(number) = number else { return };
        // The key came with the URL in one change: both are there, or neither.
        assert_eq!(body["key"], "sealed", "{name}");
        let (status, body) = http::json(self.socket, "POST", &format!("{path}/test"), &Value::Null);
        assert_eq!((status, &body["models"]), (200, &json!([number.to_string(), key(number)])), "{name}: {body}");
    }

    /// Checks a conversation: its counts, its chain, and every turn that was acknowledged.
    pub(crate) fn conversation(&self, conversation: &Conversation) {
        let found = self.get(&format!("/conversations/{}", conversation.id()));
        let messages = found["messages"].as_array().expect("messages");
        self.whole_chain(&found);
        for turn in &conversation.turns {
            let at = messages.iter().position(|message| message["id"] == turn.field("user_message_id"));
            let at = at.unwrap_or_else(|| panic!("the question `{}` is gone", turn.prompt));
            assert_eq!((&messages[at]["text"], &messages[at]["role"]), (&json!(turn.prompt), &json!("user")));
            let answer = &messages[at + 1];
            assert_eq!(answer["id"], turn.field("message_id"), "{}", turn.prompt);
            self.turn(turn, answer);
        }
    }

    /// Questions and answers by turns, each the parent of the next, as many as the conversation counts. Nobody wrote to
    /// a conversation from two sides, so its current branch is all of it, and its leaf the last answer.
    fn whole_chain(&self, found: &Value) {
        let messages = found["messages"].as_array().expect("messages");
        let id = &found["conversation"]["id"];
        assert_eq!(found["conversation"]["messages"], messages.len(), "{id}: the count fits the messages");
        assert_eq!(messages.len() % 2, 0, "{id}: every question has its answer");
        for (number, message) in messages.iter().enumerate() {
            let (role, parent) = if number % 2 == 0 { ("user", number.checked_sub(1)) } else { ("assistant", Some(number - 1)) };
            assert_eq!(message["role"], role, "{id}");
            assert_eq!(message["parent_id"], parent.map_or(Value::Null, |parent| messages[parent]["id"].clone()), "{id}");
            assert_ne!(message["status"], "running", "{id}");
        }
    }

    fn turn(&self, turn: &Turn, answer: &Value) {
        let run = self.get(&format!("/runs/{}", turn.field("run_id")));
        for name in ["conversation_id", "message_id", "user_message_id", "model", "provider", "created_at"] {
            assert_eq!(run[name], turn.field(name), "{}: {name}", turn.prompt);
        }
        assert_eq!(run["status"], answer["status"], "{}", turn.prompt);
        assert_eq!(run["usage"], answer["usage"], "{}", turn.prompt);
        let log = self.log(turn.field("run_id"));
        match turn.end() {
            Some(end) => whole_turn(turn, end, answer, &run, &log),
            None => cut_turn(turn, answer, &log),
        }
    }

    /// The log of a run, which must keep the law.
    fn log(&self, run_id: &str) -> Vec<(u64, String, Value)> {
        let mut answer = http::request(self.socket, "GET", &format!("/api/v1/runs/{run_id}/events"), &[], b"");
        assert_eq!(answer.status, 200, "the log of run {run_id}");
        let log: Vec<_> = std::iter::from_fn(|| answer.next_event()).collect();
        let events = log.iter().map(|(id, name, data)| LoggedEvent { id: *id, event: event(name, data) });
        check_all(&events.collect::<Vec<_>>()).unwrap_or_else(|breach| panic!("run {run_id}: {breach}: {log:?}"));
        log
    }

    /// Checks that every run that is not yet `known` has an end, and those of which nobody heard, a lawful log and a
    /// whole conversation as well.
    pub(crate) fn runs(&self, known: &mut HashSet<String>, acknowledged: &HashSet<&str>) {
        let mut cursor = String::new();
        let mut conversations = HashSet::new();
        loop {
            let page = self.get(&format!("/runs?limit=200{cursor}"));
            let mut has_news = false;
            for run in page["items"].as_array().expect("items") {
                let id = run["id"].as_str().expect("an id").to_owned();
                assert!(run["status"] != "running" && run["finished_at"].is_string(), "a run without an end: {run}");
                if known.insert(id.clone()) {
                    has_news = true;
                    if acknowledged.contains(id.as_str()) {
                        continue;
                    }
                    self.log(&id);
                    conversations.insert(run["conversation_id"].as_str().expect("it is saved").to_owned());
                }
            }
            match page["next_cursor"].as_str() {
                Some(next) if has_news => cursor = format!("&cursor={next}"),
                _ => break,
            }
        }
        for id in conversations {
            self.whole_chain(&self.get(&format!("/conversations/{id}")));
        }
    }
}

fn event(name: &str, data: &Value) -> StreamEvent {
    StreamEvent::from_parts(name, &data.to_string()).expect("it is as it should be").expect("it is known")
}

/// A turn that ended before its client's eyes is there to the last byte.
fn whole_turn(turn: &Turn, end: &Received, answer: &Value, run: &Value, log: &[(u64, String, Value)]) {
    let received: Vec<_> = turn.events.iter().map(|event| (event.id, event.name.clone(), event.data.clone())).collect();
    assert_eq!(log, received, "{}: the log is what was received", turn.prompt);
    assert_eq!(answer["text"], turn.text(), "{}", turn.prompt);
    for name in ["status", "usage", "cost_usd"] {
        assert_eq!((&answer[name], &run[name]), (&end.data[name], &end.data[name]), "{}: {name}", turn.prompt);
    }
    for name in ["finish_reason", "timing", "attempts"] {
        assert_eq!(run[name], end.data[name], "{}: {name}", turn.prompt);
    }
    if let Model::Slow(model) = &turn.model {
        assert_eq!(turn.text(), pieces(model, &turn.prompt).concat(), "{}: all of it was said", turn.prompt);
        assert_eq!(end.data["status"], "complete");
    }
}

/// Of a turn that the crash cut there is a beginning: nothing that was not said, and everything said long before.
fn cut_turn(turn: &Turn, answer: &Value, log: &[(u64, String, Value)]) {
    let text = answer["text"].as_str().expect("a text");
    let is_whole = log.last().is_some_and(|(_, name, _)| name == "done");
    if let Model::Slow(model) = &turn.model {
        let said = pieces(model, &turn.prompt).concat();
        assert!(said.starts_with(text), "{}: `{text}` was never said", turn.prompt);
        assert_eq!(is_whole, text == said && answer["status"] == "complete", "{}: {answer}", turn.prompt);
    }
    if !is_whole {
        assert_eq!(answer["status"], "interrupted", "{}", turn.prompt);
    }
    // An interrupted run's usage and end were added at the next start.
    let survived = if is_whole { log } else { &log[..log.len() - 2] };
    let logged: String =
        survived.iter().filter(|(_, name, _)| name == "text").filter_map(|(.., data)| data["text"].as_str()).collect();
    assert_eq!(logged, text, "{}: the message is what the log says", turn.prompt);
    let killed_at = turn.killed_at.unwrap_or_else(Instant::now);
    for event in &turn.events {
        match survived.iter().find(|(id, ..)| *id == event.id) {
            Some((_, name, data)) => assert_eq!((name, data), (&event.name, &event.data), "{}: event {}", turn.prompt, event.id),
            None => {
                let age = killed_at.saturating_duration_since(event.at);
                assert!(age < LONG_AGO, "{}: event {}, {age:?} old at the kill, is gone", turn.prompt, event.id);
            }
        }
    }
}
