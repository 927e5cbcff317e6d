//! The daemon is killed at random moments, under writers that remember what it acknowledged; all of that must be there
//! when the next one has started.
//!
//! `MMP_CRASH_ROUNDS` says how often (20), `MMP_CRASH_SEED` with which random numbers. The kills come with SIGKILL: this
//! tests the process, not the power. Some come while a daemon is still starting, and opens and repairs the store.

#[path = "../support/mod.rs"]
mod support;

mod check;
mod promises;
mod random;
mod upstream;
mod writers;

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use check::Check;
use promises::{Cell, Conversation, Model, Promises};
use random::Random;
use support::Home;
use upstream::Upstream;
use writers::Line;

/// How many writers chat with the demo, and how many with the slow upstream.
const QUICK_CHATTERS: usize = 2;
const SLOW_CHATTERS: usize = 2;

/// The providers that one writer adds, changes and removes.
const PROVIDERS: [&str; 3] = ["first", "second", "third"];

/// In one of so many rounds the writers have the time for answers with events older than the bound of checkpoints.
const LONG_ROUND: u64 = 7;

/// One home over all rounds.
struct Crashes {
    home: Home,
    upstream: Upstream,
    random: Random,
    promises: Promises,
    /// The conversations of each chatter are its own.
    conversations: Vec<Vec<Conversation>>,
    known_runs: HashSet<String>,
}

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number, not `{text}`")))
}

#[test]
fn nothing_acknowledged_is_lost_whenever_the_daemon_is_killed() {
    let rounds = variable("MMP_CRASH_ROUNDS").unwrap_or(20);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later than 1970");
    let seed = variable("MMP_CRASH_SEED").unwrap_or_else(|| u64::from(now.subsec_nanos()) ^ now.as_secs());
    println!("{rounds} rounds with MMP_CRASH_SEED={seed}");
    let mut crashes = Crashes::new(seed);
    for round in 0..rounds {
        crashes.round(round);
    }
    crashes.check_everything();
    println!("{}", crashes.summary());
}

impl Crashes {
    fn new(seed: u64) -> Self {
        let (home, upstream) = (Home::new(), Upstream::start());
        home.text(&["daemon", "start"]);
        writers::add_slow_provider(&home.socket(), &upstream);
        home.kill_daemon();
        let providers = PROVIDERS.iter().map(|name| ((*name).to_owned(), Cell::default())).collect();
        Self {
            home,
            upstream,
            random: Random::new(seed),
            promises: Promises { providers, ..Promises::default() },
            conversations: vec![Vec::new(); QUICK_CHATTERS + SLOW_CHATTERS],
            known_runs: HashSet::new(),
        }
    }

    fn round(&mut self, round: u64) {
        if self.random.once_in(3) {
            self.kill_a_starting_daemon();
        }
        self.home.text(&["daemon", "start"]);
        let is_long = round % LONG_ROUND == LONG_ROUND - 1;
        let (from, to) = if is_long { (2_300, 3_000) } else { (5, 700) };
        let life = self.random.between(Duration::from_millis(from), Duration::from_millis(to));
        self.write_until_killed(round, life);
        self.home.text(&["daemon", "start"]);
        self.check();
        if self.random.once_in(2) {
            self.home.kill_daemon();
        } else {
            self.home.text(&["daemon", "stop"]);
        }
    }

    /// A kill while the store is opened and cut runs are ended, of which nobody is told.
    fn kill_a_starting_daemon(&mut self) {
        let mut daemon = self.home.mmpd(&["run"]).spawn().expect("mmpd starts");
        thread::sleep(self.random.between(Duration::ZERO, Duration::from_millis(60)));
        daemon.kill().expect("it runs");
        daemon.wait().expect("it ends");
    }

    fn write_until_killed(&mut self, round: u64, life: Duration) {
        let line = Line { socket: self.home.socket(), is_killed: Arc::new(AtomicBool::new(false)) };
        let mut providers: Vec<_> = std::mem::take(&mut self.promises.providers).into_iter().collect();
        let setting = &mut self.promises.setting;
        let (home, upstream, random, conversations) = (&self.home, &self.upstream, &mut self.random, &mut self.conversations);
        let first_number = round * 1_000_000;
        let killed_at = thread::scope(|scope| {
            let line = &line;
            for (number, mine) in conversations.iter_mut().enumerate() {
                let random = random.fork(number as u64);
                scope.spawn(move || {
                    let model = move |random: &mut Random| {
                        if number < QUICK_CHATTERS { Model::Demo } else { Model::Slow((10 + random.below(400)).to_string()) }
                    };
                    writers::chat(line, &format!("{round}.{number}"), model, random, mine);
                });
            }
            let random = random.fork(99);
            let providers = &mut providers;
            scope.spawn(move || writers::configure(line, upstream, random, providers, first_number));
            scope.spawn(move || writers::set(line, setting, first_number));
            thread::sleep(life);
            line.is_killed.store(true, Ordering::SeqCst);
            let killed_at = Instant::now();
            home.kill_daemon();
            killed_at
        });
        for turn in self.conversations.iter_mut().flatten().flat_map(|conversation| &mut conversation.turns) {
            turn.killed_at.get_or_insert(killed_at);
        }
        self.promises.providers = providers.into_iter().collect();
    }

    /// Checks what this round changed.
    fn check(&mut self) {
        let socket = self.home.socket();
        let check = Check { socket: &socket };
        check.settle(&mut self.promises);
        thread::scope(|scope| {
            for mine in &mut self.conversations {
                scope.spawn(|| {
                    for conversation in mine.iter_mut().filter(|conversation| !conversation.is_checked) {
                        check.conversation(conversation);
                        conversation.is_checked = true;
                    }
                });
            }
        });
        let turns = self.conversations.iter().flatten().flat_map(|conversation| &conversation.turns);
        let acknowledged = turns.map(|turn| turn.field("run_id")).collect();
        check.runs(&mut self.known_runs, &acknowledged);
    }

    /// Checks what all rounds have left, once more.
    fn check_everything(&mut self) {
        self.home.text(&["daemon", "start"]);
        self.known_runs.clear();
        for conversation in self.conversations.iter_mut().flatten() {
            conversation.is_checked = false;
        }
        self.check();
    }

    fn summary(&self) -> String {
        let turns = || self.conversations.iter().flatten().flat_map(|conversation| &conversation.turns);
        let whole = turns().filter(|turn| turn.end().is_some()).count();
        format!(
            "{} acknowledged turns, {whole} of them to their end, {} runs, {} changes of settings and providers",
            turns().count(),
            self.known_runs.len(),
            self.promises.changes()
        )
    }
}
