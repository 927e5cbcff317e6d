//! The token of Wenxin's older API: fetched once for all, kept sealed over a restart, forgotten with its key, and fetched
//! anew once where it is refused.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::json;

use crate::{
    asked::wants_token,
    replies::says,
    support::{
        Home, http, until,
        upstream::{Upstream, server::Step},
    },
    world::{KEY, QUESTION},
};

const MODEL: &str = "w/ernie-3.5-8k";

/// The older API. Its tokens count up; it takes those from `good` on.
struct Qianfan {
    upstream: Upstream,
    good: Arc<AtomicUsize>,
    /// The tokens that questions came with, in order.
    shown: Arc<Mutex<Vec<usize>>>,
    given: Arc<AtomicUsize>,
}

impl Qianfan {
    fn start(lifetime: u64, refusal: u32) -> Self {
        let (good, given, shown) =
            (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)), Arc::<Mutex<Vec<usize>>>::default());
        let (first_good, count, seen) = (Arc::clone(&good), Arc::clone(&given), Arc::clone(&shown));
        let upstream = Upstream::start(move |request| {
            if wants_token(request) {
                let token = token(count.fetch_add(1, Ordering::SeqCst));
                return says(200, &json!({"access_token": token, "expires_in": lifetime}).to_string());
            }
            let number = number_in(&request.head);
            seen.lock().expect("no panic").push(number);
            if number < first_good.load(Ordering::SeqCst) { refused(refusal) } else { answered() }
        });
        Self { upstream, good, shown, given }
    }

    fn given(&self) -> usize {
        self.given.load(Ordering::SeqCst)
    }

    fn shown(&self) -> Vec<usize> {
        self.shown.lock().expect("no panic").clone()
    }

    fn add_to(&self, home: Home) -> Home {
        let home = home.with("KEY", KEY).with("SECRET", format!("{KEY}-2")).with("OTHER", format!("{KEY}-3"));
        let add = ["providers", "add", "w", "--kind", "wenxin", "--base-url", &self.upstream.root()];
        home.text(&[&add[..], &["--api-key-env", "KEY", "--secret-key-env", "SECRET"]].concat());
        home
    }
}

fn token(number: usize) -> String {
    format!("24.scripted-token-{number}")
}

fn number_in(head: &str) -> usize {
    let rest = head.split("access_token=24.scripted-token-").nth(1).expect("a question shows its token");
    rest.split(' ').next().and_then(|number| number.parse().ok()).expect("tokens are numbered")
}

fn answered() -> Vec<Step> {
    says(200, &json!({"id": "as-1", "result": "你好", "usage": {"prompt_tokens": 1, "total_tokens": 2}}).to_string())
}

fn refused(code: u32) -> Vec<Step> {
    says(200, &json!({"error_code": code, "error_msg": "Access token invalid or no longer valid"}).to_string())
}

#[track_caller]
fn ask(home: &Home) {
    assert_eq!(home.json(&["chat", "--json", "-m", MODEL, QUESTION])["text"], "你好");
}

#[test]
fn a_restarted_daemon_goes_on_with_the_token_that_it_had() {
    let qianfan = Qianfan::start(2_592_000, 110);
    let home = qianfan.add_to(Home::new());
    ask(&home);
    home.text(&["daemon", "restart"]);
    ask(&home);
    home.kill_daemon();
    ask(&home);
    assert_eq!((qianfan.given(), qianfan.shown()), (1, vec![0, 0, 0]));
    for (path, bytes) in home.files() {
        for secret in [token(0), KEY.to_owned()] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{} holds `{secret}`", path.display());
        }
    }
}

#[test]
fn another_key_has_another_token() {
    let qianfan = Qianfan::start(2_592_000, 110);
    let home = qianfan.add_to(Home::new());
    ask(&home);
    home.text(&["providers", "set", "w", "--api-key-env", "KEY", "--secret-key-env", "OTHER"]);
    home.text(&["daemon", "restart"]);
    ask(&home);
    assert_eq!((qianfan.given(), qianfan.shown()), (2, vec![0, 1]));
    // The same server at another place is not shown the token either.
    let elsewhere = Qianfan::start(2_592_000, 110);
    home.text(&["providers", "set", "w", "--base-url", &elsewhere.upstream.root()]);
    home.text(&["daemon", "restart"]);
    ask(&home);
    assert_eq!((qianfan.given(), elsewhere.given()), (2, 1));
}

#[test]
fn a_token_about_to_end_is_not_kept_for_long() {
    let qianfan = Qianfan::start(0, 110);
    let home = qianfan.add_to(Home::new());
    ask(&home);
    home.text(&["daemon", "restart"]);
    ask(&home);
    assert_eq!((qianfan.given(), qianfan.shown()), (2, vec![0, 1]));
}

#[test]
fn a_kept_token_that_is_refused_is_fetched_anew_once_and_kept() {
    for code in [110, 111] {
        let qianfan = Qianfan::start(2_592_000, code);
        let home = qianfan.add_to(Home::new());
        ask(&home);
        home.text(&["daemon", "restart"]);
        qianfan.good.store(1, Ordering::SeqCst);
        ask(&home);
        home.text(&["daemon", "restart"]);
        ask(&home);
        assert_eq!((qianfan.given(), qianfan.shown()), (2, vec![0, 0, 1, 1]), "{code}");
        // Where a fresh one does not help either, that is an error.
        qianfan.good.store(usize::MAX, Ordering::SeqCst);
        let output = home.run(&["chat", "--json", "-m", MODEL, QUESTION]);
        assert_eq!(crate::support::json_error(&output)["code"], "provider_auth");
        assert_eq!((qianfan.given(), qianfan.shown()), (3, vec![0, 0, 1, 1, 1, 2]), "{code}");
    }
}

#[test]
fn two_hundred_who_ask_at_once_share_one_token() {
    let qianfan = Qianfan::start(2_592_000, 110);
    let home = qianfan.add_to(Home::new());
    let body = json!({"content": QUESTION, "models": [MODEL], "save": false}).to_string();
    let ask = |socket: std::path::PathBuf, body: String| {
        let headers = [("content-type", "application/json"), ("accept", "application/json")];
        let answer = http::request(&socket, "POST", "/api/v1/chat", &headers, body.as_bytes());
        (answer.status, answer.text().contains("你好"))
    };
    let asking: Vec<_> = (0..200)
        .map(|_| {
            let (socket, body) = (home.socket(), body.clone());
            std::thread::spawn(move || ask(socket, body))
        })
        .collect();
    for thread in asking {
        assert_eq!(thread.join().expect("no panic"), (200, true));
    }
    assert_eq!((qianfan.given(), qianfan.shown().len()), (1, 200));
    until("the connections to be closed", || (qianfan.upstream.open() == 0).then_some(()));
    // All of them are refused at once: one fetches.
    qianfan.good.store(1, Ordering::SeqCst);
    let asking: Vec<_> = (0..50)
        .map(|_| {
            let (socket, body) = (home.socket(), body.clone());
            std::thread::spawn(move || ask(socket, body))
        })
        .collect();
    for thread in asking {
        assert_eq!(thread.join().expect("no panic"), (200, true));
    }
    assert_eq!(qianfan.given(), 2);
}

/// An API whose token's endpoint does this, the last thing for ever.
fn stumbling(replies: Vec<Vec<Step>>) -> Upstream {
    let asked = AtomicUsize::new(0);
    Upstream::start(move |request| match wants_token(request) {
        true => replies[asked.fetch_add(1, Ordering::SeqCst).min(replies.len() - 1)].clone(),
        false => answered(),
    })
}

#[test]
fn what_keeps_a_token_from_coming_keeps_the_answer_from_coming() {
    let given = || says(200, &json!({"access_token": token(0), "expires_in": 2_592_000}).to_string());
    let wrong = |reason: &str| says(401, &json!({"error": "invalid_client", "error_description": reason}).to_string());
    for (replies, exit, error, times) in [
        (vec![says(500, "{}"), given()], 0, None, 2),
        (vec![says(200, r#"{"error_code":18,"error_msg":"Open api qps request limit reached"}"#), given()], 0, None, 2),
        (vec![vec![Step::Reset], given()], 0, None, 2),
        (vec![says(503, "{}")], 4, Some("provider_overloaded"), 2),
        (vec![wrong("unknown client id")], 4, Some("provider_auth"), 1),
        (vec![wrong("Client authentication failed")], 4, Some("provider_auth"), 1),
        (vec![says(200, "{}")], 4, Some("provider_protocol"), 1),
        (vec![says(200, "<html></html>")], 4, Some("provider_protocol"), 1),
    ] {
        let upstream = stumbling(replies);
        let home = Home::new().with("MMPD_ROUTING_ATTEMPTS", "2").with("MMPD_UPSTREAM_FIRST_EVENT_TIMEOUT", "1s");
        let home = home.with("KEY", KEY).with("SECRET", format!("{KEY}-2"));
        let add = ["providers", "add", "w", "--kind", "wenxin", "--base-url", &upstream.root()];
        home.text(&[&add[..], &["--api-key-env", "KEY", "--secret-key-env", "SECRET"]].concat());
        let output = home.run(&["chat", "--json", "-m", MODEL, QUESTION]);
        let found =
            if output.stderr.is_empty() { serde_json::Value::Null } else { crate::support::json_error(&output)["code"].clone() };
        assert_eq!((crate::support::code(&output), found), (exit, json!(error)), "{}", crate::support::stderr(&output));
        assert_eq!(upstream.requests().iter().filter(|request| wants_token(request)).count(), times, "{error:?}");
        assert!(!crate::support::stderr(&output).contains(KEY));
        until("the connections to be closed", || (upstream.open() == 0).then_some(()));
    }
}

#[test]
fn a_token_that_never_comes_is_not_waited_for_for_ever() {
    let upstream = stumbling(vec![vec![Step::AwaitClose]]);
    let home = Home::new().with("MMPD_ROUTING_ATTEMPTS", "1").with("MMPD_UPSTREAM_FIRST_EVENT_TIMEOUT", "1s");
    let home = home.with("KEY", KEY).with("SECRET", format!("{KEY}-2"));
    let add = ["providers", "add", "w", "--kind", "wenxin", "--base-url", &upstream.root()];
    home.text(&[&add[..], &["--api-key-env", "KEY", "--secret-key-env", "SECRET"]].concat());
    let output = home.run(&["chat", "--json", "-m", MODEL, QUESTION]);
    assert_eq!((crate::support::code(&output), &crate::support::json_error(&output)["code"]), (4, &json!("provider_timeout")));
    until("the connection to be closed", || (upstream.open() == 0).then_some(()));
}
