//! Writers: each speaks HTTP over the socket until the daemon dies under it, and returns what it was promised.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use serde_json::{Value, json};

use crate::{
    promises::{Cell, Conversation, Model, Received, Turn},
    random::Random,
    support::http::{Answer, try_request},
    upstream::Upstream,
};

/// How many turns a conversation gets.
const MOST_TURNS: usize = 5;

/// A way to the daemon that knows whether it may be dead.
#[derive(Clone)]
pub(crate) struct Line {
    pub(crate) socket: PathBuf,
    /// Set just before the daemon is killed.
    pub(crate) is_killed: Arc<AtomicBool>,
}

impl Line {
    /// Sends a request; `None` where the daemon died.
    fn ask(&self, method: &str, path: &str, body: &Value) -> Option<Answer> {
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        match try_request(&self.socket, method, path, &[("content-type", "application/json")], &body) {
            Ok(answer) => Some(answer),
            Err(error) => {
                self.assert_killed(&format!("{method} {path}: {error}"));
                None
            }
        }
    }

    fn assert_killed(&self, what: &str) {
        assert!(self.is_killed.load(Ordering::SeqCst), "{what}, of a daemon that nobody killed");
    }

    /// Makes a change; whether it was acknowledged.
    fn change(&self, method: &str, path: &str, body: &Value) -> bool {
        let Some(answer) = self.ask(method, path, body) else { return false };
        let status = answer.status;
        assert!(matches!(status, 200 | 204), "{method} {path} {body}: {status} {}", answer.text());
        true
    }
}

/// Chats, one turn after another, in new conversations and in those of earlier rounds.
pub(crate) fn chat(
    line: &Line,
    name: &str,
    model: impl Fn(&mut Random) -> Model,
    mut random: Random,
    mine: &mut Vec<Conversation>,
) {
    for number in 0.. {
        let open: Vec<usize> = (0..mine.len()).filter(|index| mine[*index].turns.len() < MOST_TURNS).collect();
        let prompt = format!("{name}.{number}");
        let continues = !open.is_empty() && !random.once_in(3);
        let index = if continues { open[usize::try_from(random.below(open.len() as u64)).unwrap_or(0)] } else { mine.len() };
        let conversation = mine.get(index).map(|conversation| conversation.id().to_owned());
        let Some(turn) = turn(line, prompt, model(&mut random), conversation.as_deref()) else { return };
        let is_over = turn.end().is_some();
        match mine.get_mut(index) {
            Some(conversation) => {
                conversation.turns.push(turn);
                conversation.is_checked = false;
            }
            None => mine.push(Conversation { turns: vec![turn], is_checked: false }),
        }
        if !is_over {
            line.assert_killed("an answer without an end");
            return;
        }
    }
}

/// One turn; `None` where nothing of it was acknowledged.
fn turn(line: &Line, prompt: String, model: Model, conversation: Option<&str>) -> Option<Turn> {
    let name = match &model {
        Model::Demo => "demo".to_owned(),
        Model::Slow(name) => format!("slow/{name}"),
    };
    let mut request = json!({"content": prompt, "models": [name]});
    if let Some(id) = conversation {
        request["conversation_id"] = json!(id);
    }
    let mut answer = line.ask("POST", "/api/v1/chat", &request)?;
    if answer.status != 200 {
        panic!("{request}: {}", answer.text());
    }
    let mut events = Vec::new();
    while let Some((id, name, data)) = answer.next_event() {
        events.push(Received { id, name, data, at: Instant::now() });
    }
    (!events.is_empty()).then_some(Turn { prompt, model, events, killed_at: None })
}

/// Adds, changes and removes providers, each change with its key in one request.
pub(crate) fn configure(line: &Line, upstream: &Upstream, mut random: Random, mine: &mut [(String, Cell)], mut number: u64) {
    loop {
        let index = usize::try_from(random.below(mine.len() as u64)).unwrap_or(0);
        let (name, cell) = &mut mine[index];
        let path = format!("/api/v1/providers/{name}");
        let is_there = cell.acknowledged.is_some();
        number += 1;
        let was_acknowledged = if is_there && random.once_in(4) {
            cell.ask(None);
            line.change("DELETE", &path, &Value::Null)
        } else {
            cell.ask(Some(number));
            let (mode, kind) = if is_there { ("set", Value::Null) } else { ("add", json!("openai")) };
            let url = upstream.base_url(&number.to_string());
            line.change("PUT", &path, &json!({"mode": mode, "kind": kind, "base_url": url, "key": {"api_key": key(number)}}))
        };
        if !was_acknowledged {
            return;
        }
        cell.acknowledge();
    }
}

/// The key of a number.
pub(crate) fn key(number: u64) -> String {
    format!("key-{number}")
}

/// Sets the one setting again and again.
pub(crate) fn set(line: &Line, setting: &mut Cell, mut number: u64) {
    loop {
        number += 1;
        setting.ask(Some(number));
        if !line.change("PUT", "/api/v1/users/me/settings", &json!({"model": format!("demo/{number}")})) {
            return;
        }
        setting.acknowledge();
    }
}

/// Adds the provider that the slow writers ask.
pub(crate) fn add_slow_provider(socket: &Path, upstream: &Upstream) {
    let request = json!({"mode": "add", "kind": "openai", "base_url": upstream.base_url("slow")});
    let (status, body) = crate::support::http::json(socket, "PUT", "/api/v1/providers/slow", &request);
    assert_eq!(status, 200, "{body}");
}
