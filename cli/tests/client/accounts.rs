//! The commands for accounts, access tokens and the audit: what they send, what they print, and what they refuse.

use serde_json::{Value, json};

use crate::{
    fake::{Fake, Reply, Request},
    terminal::Terminal,
    world::World,
};

const ID: &str = "0198c5d2-7b1e-7c61-8f0a-2f7a3f9b1c2d";

fn profile(name: &str, has_password: bool) -> Value {
    json!({
        "id": ID, "username": name, "role": "admin", "via": "peer", "display_name": null, "has_password": has_password,
        "os_user": 1000, "created_at": "2026-01-01T00:00:00Z",
    })
}

fn user(name: &str) -> Value {
    json!({
        "id": ID, "username": name, "display_name": null, "role": "user", "os_user": null, "has_password": false,
        "disabled_at": null, "deleting_at": null, "created_at": "2026-01-01T00:00:00Z",
    })
}

fn token(expires_at: Value) -> Value {
    json!({
        "token": "mmp_secret", "id": ID, "name": "ci", "scopes": ["chat", "read"], "created_at": "2026-01-01T00:00:00Z",
        "expires_at": expires_at, "last_used_at": null,
    })
}

/// A daemon that answers every request with this value.
fn daemon(world: &World, value: Value) -> Fake {
    world.fake(move |_, _| Reply::json(&value))
}

fn sent(fake: &Fake) -> (String, Value) {
    let last = fake.requests().pop().expect("a request");
    let body = if last.body.is_empty() { Value::Null } else { last.json() };
    (format!("{} {}", last.method, last.path.trim_start_matches("/api/v1")), body)
}

#[test]
fn a_token_goes_to_stdout_alone_and_as_an_object_with_json() {
    let world = World::new();
    let fake = daemon(&world, token("2026-04-01T00:00:00Z".into()));
    let ran = world.run(&["tokens", "create", "ci", "--scope", "chat,read", "--expires", "90d"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "mmp_secret\n"));
    assert!(ran.stderr.contains("2026-04-01"), "{}", ran.stderr);
    let body = json!({ "name": "ci", "scopes": ["chat", "read"], "expires_in_s": 7_776_000 });
    assert_eq!(sent(&fake), ("POST /users/me/tokens".to_owned(), body));
    let ran = world.run(&["tokens", "create", "ci", "--scope", "chat", "--json"]);
    let value: Value = serde_json::from_str(&ran.stdout).expect("an object");
    assert_eq!((&value["token"], &value["name"]), (&json!("mmp_secret"), &json!("ci")));
    assert_eq!(sent(&fake).1, json!({ "name": "ci", "scopes": ["chat"] }), "no end unless one is said");
}

#[test]
fn a_scope_or_a_life_that_is_none_is_refused_with_what_there_is() {
    let world = World::new();
    for (arguments, words) in [
        (&["tokens", "create", "ci", "--scope", "everything"][..], "chat, read, write, gateway, metrics, admin"),
        (&["tokens", "create", "ci"], "--scope"),
        (&["tokens", "create", "ci", "--scope", "chat", "--expires", "0s"], "--expires"),
        (&["admin", "audit", "--kind", "nonsense"], "login_failed"),
        (&["admin", "audit", "--since", "yesterday"], "--since"),
        (&["admin", "users", "map", "ann"], "--os-user"),
        (&["admin", "users", "set", "ann"], "--role"),
        (&["account", "set"], "--display-name"),
    ] {
        let ran = world.run(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.stderr.contains(words), "{arguments:?}: {}", ran.stderr);
    }
}

#[test]
fn a_password_is_changed_by_two_lines_and_a_first_one_by_one() {
    for (has_password, input, body) in [
        (true, "old one\nnew one\n", json!({ "old_password": "old one", "new_password": "new one" })),
        (false, "new one\n", json!({ "new_password": "new one" })),
        (false, "\nnew one\n", json!({ "new_password": "new one" })),
    ] {
        let world = World::new();
        let fake = daemon(&world, profile("ann", has_password));
        let ran = world.run_with_input(&["passwd", "--password-stdin"], input.as_bytes());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(sent(&fake), ("PUT /users/me/password".to_owned(), body));
    }
    let world = World::new();
    let fake = daemon(&world, profile("ann", true));
    let ran = world.run_with_input(&["passwd", "--password-stdin"], b"only one\n");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("two are needed"), "{}", ran.stderr);
    assert_eq!(fake.requests().len(), 1, "nothing was changed");
}

#[test]
fn the_password_of_an_account_that_one_is_not_is_proved_by_a_login_of_its_own() {
    let world = World::new();
    let fake = world.fake(|request, _| match request.path.as_str() {
        "/api/v1/auth/login" => Reply::json(&json!({
            "account": { "id": ID, "username": "bob", "role": "user", "via": "login" }, "login_id": ID, "access_token": "jwt",
            "access_expires_at": "2026-01-02T03:04:05Z", "refresh_token": "refresh", "refresh_expires_at": "2026-01-02T03:04:05Z",
            "last_login_at": null, "failures_since": 0,
        })),
        _ => Reply::json(&profile("ann", true)),
    });
    let ran = world.run_with_input(&["passwd", "--username", "bob", "--password-stdin"], b"old\nnew\n");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let requests = fake.requests();
    let paths: Vec<_> = requests.iter().map(|request: &Request| request.path.trim_start_matches("/api/v1")).collect();
    assert_eq!(paths, ["/users/me", "/auth/login", "/users/me/password", "/auth/logout"]);
    assert_eq!(requests[2].header("authorization"), Some("Bearer jwt"));
    assert!(!world.path().join("state/logins.json").exists(), "it is not kept");
}

#[test]
fn what_is_final_wants_yes_in_a_script() {
    let world = World::new();
    let fake = daemon(&world, user("ann"));
    for arguments in [&["admin", "users", "delete", "ann"][..], &["admin", "users", "delete", "ann", "--json"]] {
        let ran = world.run(arguments);
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains("final") && ran.stderr.contains("--yes"), "{}", ran.stderr);
    }
    assert!(fake.requests().iter().all(|request| request.method == "GET"));
    let ran = world.run(&["admin", "users", "delete", "ann", "--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(sent(&fake).0, format!("DELETE /admin/users/{ID}"), "the one that was shown");
}

#[test]
fn administrators_change_accounts_by_one_request_each() {
    let world = World::new();
    let fake = daemon(&world, user("ann"));
    for (arguments, request, body) in [
        (&["set", "ann", "--role", "admin"][..], "PATCH /admin/users/ann", json!({ "role": "admin" })),
        (&["map", "ann", "--os-user", "1001"], "PATCH /admin/users/ann", json!({ "os_user": 1001 })),
        (&["map", "ann", "--nobody"], "PATCH /admin/users/ann", json!({ "os_user": null })),
        (&["disable", "ann"], "PATCH /admin/users/ann", json!({ "disabled": true })),
        (&["enable", "文 a"], "PATCH /admin/users/%E6%96%87%20a", json!({ "disabled": false })),
        (&["create", "ann", "--role", "user"], "POST /admin/users", json!({ "username": "ann", "role": "user" })),
        (&["show", "ann"], "GET /admin/users/ann", Value::Null),
    ] {
        let ran = world.run(&[&["admin", "users"], arguments].concat());
        assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.stderr);
        assert_eq!(sent(&fake), (request.to_owned(), body));
    }
    let ran = world.run_with_input(&["admin", "users", "create", "ann", "--password-stdin"], b"pass word\n");
    assert_eq!((ran.code, sent(&fake).1), (0, json!({ "username": "ann", "password": "pass word" })));
}

#[test]
fn a_password_that_the_daemon_drew_goes_to_stdout_alone() {
    let world = World::new();
    let fake = daemon(&world, json!({ "password": "drawn" }));
    assert_eq!(world.run(&["admin", "users", "reset-password", "ann"]).stdout, "drawn\n");
    assert_eq!(sent(&fake), ("PUT /admin/users/ann/password".to_owned(), json!({})));
}

#[test]
fn an_invitation_is_a_code_on_stdout() {
    let world = World::new();
    let invite = json!({
        "code": "inv_code", "id": ID, "role": "user", "created_by": ID, "created_at": "2026-01-01T00:00:00Z",
        "expires_at": "2026-01-08T00:00:00Z",
    });
    let fake = daemon(&world, invite);
    let ran = world.run(&["admin", "users", "invite", "--expires", "2h"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "inv_code\n"));
    assert_eq!(sent(&fake), ("POST /admin/users/invites".to_owned(), json!({ "expires_in_s": 7200 })));
}

#[test]
fn the_audit_is_narrowed_by_its_flags_and_whole_as_csv() {
    let world = World::new();
    let line = json!({
        "id": ID, "at": "2026-01-02T03:04:05Z", "kind": "login_failed", "actor": null, "actor_name": null, "target": ID,
        "target_name": "a\u{1b}nn", "source": "unix:1000", "request_id": "req-1", "detail": null,
    });
    let fake = daemon(&world, json!({ "items": [line], "next_cursor": null }));
    let flags =
        ["admin", "audit", "--kind", "login_failed", "--user", "ann b", "--since", "2026-01-02T00:00:00Z", "--limit", "5"];
    let ran = world.run(&flags);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let path = "GET /admin/audit?limit=5&kind=login_failed&user=ann%20b&since=2026-01-02T00%3A00%3A00Z";
    assert_eq!(sent(&fake).0, path);
    assert!(ran.stdout.contains("2026-01-02 03:04") && !ran.stdout.contains('\u{1b}'), "{}", ran.stdout);
    let csv = world.run(&["admin", "audit", "-o", "csv"]).stdout;
    assert!(csv.starts_with("id,at,kind,actor,actor_name,target,target_name,source,request_id,detail\n"), "{csv}");
    assert!(csv.contains(&format!("{ID},2026-01-02T03:04:05Z,login_failed,,,{ID},")), "{csv}");
    let jsonl = world.run(&["admin", "audit", "-o", "jsonl"]).stdout;
    assert_eq!(serde_json::from_str::<Value>(&jsonl).expect("a line")["request_id"], "req-1");
}

#[test]
fn on_a_terminal_passwords_are_asked_for_and_not_shown() {
    let world = World::new();
    let fake = daemon(&world, profile("ann", true));
    let mut terminal = Terminal::open(&world, &["passwd"]);
    for (question, answer) in [("until now", "first-1\r"), ("new password of ann", "second-2\r"), ("once more", "second-2\r")] {
        terminal.wait_for(question);
        terminal.type_in(answer);
    }
    let (code, text) = terminal.finish();
    assert_eq!(code, 0, "{text}");
    assert!(!text.contains("first-1") && !text.contains("second-2"), "{text}");
    assert_eq!(sent(&fake).1, json!({ "old_password": "first-1", "new_password": "second-2" }));
}

#[test]
fn two_passwords_that_differ_change_nothing() {
    let world = World::new();
    let fake = daemon(&world, profile("ann", false));
    let mut terminal = Terminal::open(&world, &["passwd"]);
    for (question, answer) in [("new password of ann", "one\r"), ("once more", "two\r")] {
        terminal.wait_for(question);
        terminal.type_in(answer);
    }
    let (code, text) = terminal.finish();
    assert_eq!((code, fake.requests().len()), (2, 1));
    assert!(text.contains("differ"), "{text}");
}

#[test]
fn a_deletion_is_asked_for_on_a_terminal() {
    let world = World::new();
    let fake = daemon(&world, profile("ann", false));
    for (answer, code, requests) in [("n\r", 1, 1), ("y\r", 0, 3)] {
        let mut terminal = Terminal::open(&world, &["account", "delete"]);
        terminal.wait_for("nothing brings them back");
        terminal.type_in(answer);
        assert_eq!((terminal.finish().0, fake.requests().len()), (code, requests));
    }
    assert_eq!(sent(&fake).0, "DELETE /users/me");
}
