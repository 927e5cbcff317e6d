//! The views of the full-screen program, each on its main path: the real program, a real daemon, a real terminal.

use serde_json::{Value, json};

use crate::support::{
    Home,
    screen::{F3, Screen},
    upstream::{Upstream, server::answer},
};

const JSON: &str = "application/json";

/// Models that say their names and what they were asked.
fn upstream() -> Upstream {
    Upstream::start(|request| {
        let asked: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let model = asked["model"].as_str().unwrap_or_default();
        let last = asked["messages"].as_array().and_then(|all| all.last()).map_or("", |last| last["content"].as_str().unwrap_or(""));
        let body = json!({
            "choices": [{"message": {"content": format!("{model} says: {last}")}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 10, "completion_tokens": 5},
        });
        answer(200, JSON, &[], body.to_string().as_bytes(), &[])
    })
}

fn home(upstream: &Upstream) -> Home {
    upstream.add_to(Home::new().with("MMPD_ROUTING_ATTEMPTS", "1"))
}

#[test]
fn a_search_finds_what_was_said_and_jumps_there() {
    let upstream = upstream();
    let home = home(&upstream);
    home.text(&["chat", "-m", "rec/a", "where do quokkas live?"]);
    home.text(&["chat", "-m", "rec/a", "something else"]);
    let mut screen = Screen::ready(&home, &[]);
    screen.send(F3);
    screen.wait_for("type what to look for");
    screen.send("quok");
    screen.send("*");
    screen.wait_for("where do quokkas live?");
    screen.wait_for("Enter opens");
    screen.send("\r");
    screen.wait_for("▌ where do quokkas live?");
    screen.wait_for("a says: where do quokkas live?");
    screen.quit();
}
