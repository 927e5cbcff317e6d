//! The doctor with daemons of other versions, and of other people.

use serde_json::{Value, json};

use crate::{
    fake::{RUN, Reply, Request},
    world::{Ran, World},
};

fn found(ran: &Ran, check: &str) -> (String, String) {
    let list: Value = serde_json::from_str(&ran.stdout).expect("a list");
    let item = list["items"].as_array().expect("items").iter().find(|item| item["check"] == check).expect("said").clone();
    (item["status"].as_str().expect("a status").to_owned(), format!("{} {}", item["message"], item["hint"]))
}

/// A daemon of this version that knows no more than who it is.
fn daemon(version: &'static str) -> impl Fn(&Request, usize) -> Reply {
    move |request, _| {
        let about = json!({"pid": 7, "version": version, "socket": "/s", "started_at": "2026-01-02T03:04:05Z", "runs": 0});
        match request.path.split('?').next().unwrap_or_default() {
            "/api/v1/admin/system" => Reply::json(&about),
            "/api/v1/providers" => Reply::json(&json!({"items": [], "next_cursor": null})),
            _ => Reply::error(404, "not_found", "there is no such route"),
        }
    }
}

#[test]
fn a_daemon_of_another_version_is_said() {
    for (version, words) in [("0.0.1", "mmp daemon restart"), ("99.0.0", "command -v mmp")] {
        let world = World::new();
        world.fake(daemon(version));
        let ran = world.run(&["doctor", "-o", "json"]);
        let (status, said) = found(&ran, "daemon");
        assert_eq!((ran.code, status.as_str()), (0, "warning"), "{}", ran.stdout);
        assert!(said.contains(version) && said.contains(env!("CARGO_PKG_VERSION")) && said.contains(words), "{said}");
        assert_eq!(found(&ran, "store").0, "warning", "what it cannot say is said to be missing");
        assert_eq!(found(&ran, "providers").0, "warning");
    }
}

#[test]
fn whoever_is_no_admin_is_told_what_is_theirs() {
    let world = World::new();
    world.fake(|request, _| match request.path.split('?').next().unwrap_or_default() {
        "/api/v1/providers" => Reply::json(&json!({"items": [provider()], "next_cursor": null})),
        "/api/v1/providers/mine/test" => Reply::json(&json!({"latency_ms": 7, "models": ["a", "b"]})),
        "/api/v1/users/me" => Reply::json(&json!({"id": RUN, "username": "ada", "role": "user", "via": "peer"})),
        _ => Reply::error(403, "forbidden", "only admins may do this"),
    });
    let ran = world.run(&["doctor", "-o", "json"]);
    assert_eq!((ran.code, found(&ran, "daemon").0.as_str(), found(&ran, "store").0.as_str()), (0, "ok", "ok"), "{}", ran.stdout);
    assert!(found(&ran, "provider:mine").1.contains("7 ms"), "{}", ran.stdout);
}

#[test]
fn whoever_answers_without_the_lock_is_a_stranger() {
    let world = World::new();
    world.fake(daemon(env!("CARGO_PKG_VERSION")));
    let (status, said) = found(&world.run(&["doctor", "-o", "json"]), "lock");
    assert!(status == "warning" && said.contains("does not hold this data folder"), "{said}");
}

fn provider() -> Value {
    json!({"name": "mine", "kind": "openai", "base_url": "http://x/v1", "origin": "added", "key": "not_needed", "env": [],
        "default_model": null, "configured": true})
}
