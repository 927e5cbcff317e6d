//! A daemon for one table of scenarios, and what must hold after each of them: the upstream was asked as it should be, the
//! events keep their law, the answer, the run and the history tell the same, and nothing is left open.

use std::{
    cell::Cell,
    fs,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use mmp_shared::{
    events::{LoggedEvent, StreamEvent},
    order_law::check_all,
};
use serde_json::{Value, json};

use crate::{
    asked::{self, TOKEN, is_v1, wants_token},
    replies::{good, says},
    support::{
        Home, code, http, json_error, stderr, stdout, until,
        upstream::{Upstream, server::Step},
    },
};

/// The key of every provider.
pub(crate) const KEY: &str = "sk-scripted-0123456789";
/// What is asked.
pub(crate) const QUESTION: &str = "hi";

/// A daemon with a home of its own.
pub(crate) struct World {
    home: Home,
    providers: Cell<usize>,
    /// How many files the daemon had open before the first scenario.
    files: usize,
}

/// What came of one scenario.
#[derive(Debug)]
pub(crate) struct Met {
    /// How often the upstream was asked, tokens left out.
    pub(crate) asked: usize,
    /// The exit code.
    pub(crate) exit: i32,
    /// The error on standard error; null where there is none.
    pub(crate) error: Value,
    /// What `--json` printed.
    pub(crate) answer: Value,
    /// The run's events.
    pub(crate) events: Vec<LoggedEvent>,
}

impl World {
    /// A daemon that asks twice at the most: whether something is tried again is seen at the second attempt.
    pub(crate) fn new() -> Self {
        Self::of(Home::new().with("MMPD_ROUTING_ATTEMPTS", "2"))
    }

    /// The same, of a daemon that soon waits no more.
    pub(crate) fn hasty() -> Self {
        let home = Home::new().with("MMPD_ROUTING_ATTEMPTS", "1");
        Self::of(home.with("MMPD_UPSTREAM_FIRST_EVENT_TIMEOUT", "2s").with("MMPD_UPSTREAM_EVENT_TIMEOUT", "500ms"))
    }

    /// A daemon with these settings.
    pub(crate) fn of(home: Home) -> Self {
        let mut world = Self { home: home.with("KEY", KEY).with("KEY2", format!("{KEY}-2")), providers: Cell::new(0), files: 0 };
        // The vault, the store and the pool are open after a first answer.
        world.meet("openai", vec![good("warm")]).ends("complete", 0, None);
        world.files = world.open_files();
        world
    }

    /// Its home.
    pub(crate) fn home(&self) -> &Home {
        &self.home
    }

    /// Adds a provider of a kind; its name.
    pub(crate) fn add(&self, kind: &str, root: &str) -> String {
        let number = self.providers.replace(self.providers.get() + 1);
        let name = format!("p{number}");
        let url = if is_v1(kind) { root.to_owned() } else { format!("{root}/v1") };
        let mut arguments = vec!["providers", "add", &name, "--kind", kind, "--base-url", &url, "--api-key-env", "KEY"];
        if is_v1(kind) {
            arguments[4] = "wenxin";
            arguments.extend(["--secret-key-env", "KEY2"]);
        }
        self.home.text(&arguments);
        name
    }

    /// Asks a provider of a kind that does this to its requests, the last thing for ever.
    #[track_caller]
    pub(crate) fn meet(&self, kind: &'static str, replies: Vec<Vec<Step>>) -> Met {
        self.meet_with(kind, replies, &[])
    }

    /// The same with more arguments.
    #[track_caller]
    pub(crate) fn meet_with(&self, kind: &'static str, replies: Vec<Vec<Step>>, arguments: &[&str]) -> Met {
        let asked = Arc::new(AtomicUsize::new(0));
        let complaints = Arc::new(Mutex::new(Vec::new()));
        let (counted, complained) = (Arc::clone(&asked), Arc::clone(&complaints));
        let upstream = Upstream::start(move |request| {
            if let Err(complaint) = asked::check(kind, request) {
                complained.lock().expect("no panic").push(complaint);
            }
            if wants_token(request) {
                return says(200, &json!({"access_token": TOKEN, "expires_in": 2_592_000}).to_string());
            }
            let number = counted.fetch_add(1, Ordering::SeqCst);
            replies[number.min(replies.len() - 1)].clone()
        });
        let name = self.add(kind, &upstream.root());
        let mut met = self.ask(&format!("{name}/{}", asked::model(kind)), arguments);
        met.asked = asked.load(Ordering::SeqCst);
        assert_eq!(*complaints.lock().expect("no panic"), Vec::<String>::new(), "{met:#?}");
        until("the connections to be closed", || (upstream.open() == 0).then_some(()));
        met
    }

    /// Asks a model, and checks that all tell the same of it.
    #[track_caller]
    pub(crate) fn ask(&self, model: &str, arguments: &[&str]) -> Met {
        let output = self.home.run(&[&["chat", "--json", "-m", model, QUESTION], arguments].concat());
        // An answer that is cut by its limit or by a filter is no error, whatever the exit code.
        let error = if output.stderr.is_empty() { Value::Null } else { json_error(&output) };
        let answer: Value = serde_json::from_str(&stdout(&output)).unwrap_or_else(|_| panic!("no answer: {}", stderr(&output)));
        let events = self.events(answer["run_id"].as_str().expect("an id"));
        check_all(&events).unwrap_or_else(|breach| panic!("{breach:?} in {events:#?}"));
        let met = Met { asked: 0, exit: code(&output), error, answer, events };
        self.check_records(&met);
        met
    }

    /// The log of a run.
    fn events(&self, run: &str) -> Vec<LoggedEvent> {
        let path = format!("/api/v1/runs/{run}/events");
        let mut body = http::request(&self.home.socket(), "GET", &path, &[("accept", "text/event-stream")], b"");
        std::iter::from_fn(|| body.next_event())
            .map(|(id, name, data)| {
                let event = StreamEvent::from_parts(&name, &data.to_string()).expect("good data").expect("a known event");
                LoggedEvent { id, event }
            })
            .collect()
    }

    /// The run, the history and the last event tell what the answer told.
    #[track_caller]
    fn check_records(&self, met: &Met) {
        let answer = &met.answer;
        let id = |field: &str| answer[field].as_str().expect("an id").to_owned();
        let run = self.home.json(&["runs", "show", &id("run_id"), "-o", "json"]);
        let shown = self.home.json(&["history", "show", &id("conversation_id"), "-o", "json"]);
        let message = &shown["messages"][1];
        for field in ["status", "usage", "provider", "model"] {
            assert_eq!(run[field], answer[field], "{field} of the run: {met:#?}");
            assert_eq!(message[field], answer[field], "{field} of the message: {met:#?}");
        }
        for field in ["attempts", "finish_reason", "timing"] {
            assert_eq!(run[field], answer[field], "{field} of the run: {met:#?}");
        }
        for field in ["text", "reasoning"] {
            assert_eq!(message[field], answer[field], "{field} of the message: {met:#?}");
        }
        assert_eq!(run["error"]["code"], met.error["code"], "{met:#?}");
        assert_eq!(run["error"]["message"], met.error["message"], "{met:#?}");
        let last = met.events.last().map(|logged| &logged.event);
        let Some(StreamEvent::Done(ending) | StreamEvent::Failed(ending)) = last else { panic!("no end: {met:#?}") };
        assert_eq!(json!(ending.status), answer["status"], "{met:#?}");
        assert_eq!(json!(ending.error.as_ref().map(|error| error.code)), met.error["code"], "{met:#?}");
        assert!(!met.error.to_string().contains(KEY), "{met:#?}");
    }

    fn open_files(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.home.daemon_pid())).expect("the daemon runs").count()
    }

    /// Checks that nothing of all the scenarios is left.
    #[track_caller]
    pub(crate) fn ends(self) {
        assert_eq!(self.home.json(&["daemon", "status", "-o", "json"])["runs"], 0);
        until("the daemon to close its files", || (self.open_files() <= self.files).then_some(()));
    }
}

impl Met {
    /// Checks how it ended: the status, the exit code, and the error's code if there is one.
    #[track_caller]
    pub(crate) fn ends(&self, status: &str, exit: i32, error: Option<&str>) -> &Self {
        let found = (self.answer["status"].as_str(), self.exit, self.error["code"].as_str());
        assert_eq!(found, (Some(status), exit, error), "{self:#?}");
        self
    }

    /// Checks the attempts: the code of each that failed, `-` for one that did not.
    #[track_caller]
    pub(crate) fn tried(&self, codes: &[&str]) -> &Self {
        let attempts = self.answer["attempts"].as_array().expect("attempts");
        let found: Vec<_> = attempts.iter().map(|attempt| attempt["error_code"].as_str().unwrap_or("-")).collect();
        assert_eq!(found, codes, "{self:#?}");
        assert_eq!(self.asked, codes.len(), "{self:#?}");
        self
    }

    /// The names of the run's events.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.events.iter().map(|logged| logged.event.name()).collect()
    }

    /// The waits before each retry, in milliseconds.
    pub(crate) fn waits(&self) -> Vec<u64> {
        let wait = |logged: &LoggedEvent| if let StreamEvent::Retry(retry) = &logged.event { Some(retry.wait_ms) } else { None };
        self.events.iter().filter_map(wait).collect()
    }

    /// The codes of the notices.
    pub(crate) fn notices(&self) -> Vec<&str> {
        let notices = self.answer["notices"].as_array().expect("notices");
        notices.iter().filter_map(|notice| notice["code"].as_str()).collect()
    }

    /// Checks the text.
    #[track_caller]
    pub(crate) fn text(&self, text: &str) -> &Self {
        assert_eq!(self.answer["text"], text, "{self:#?}");
        self
    }

    /// Checks the words of the error and of its hint.
    #[track_caller]
    pub(crate) fn words(&self, parts: &[&str]) -> &Self {
        let words = format!("{}\n{}", self.error["message"], self.error["hint"]);
        assert!(parts.iter().all(|part| words.contains(part)), "{parts:?} is not all in: {words}");
        self
    }
}
