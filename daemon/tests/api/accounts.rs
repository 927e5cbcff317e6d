//! Accounts over HTTP: names, passwords, invitations, tokens, and what the audit says of them.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::world::{Answer, PASSWORD, Who, World};

async fn register(world: &World, username: &str, password: &str) -> Answer {
    world.post(&Who::nobody(), "/api/v1/auth/register", json!({ "username": username, "password": password })).await
}

#[tokio::test]
async fn one_registers_logs_in_changes_the_password_and_logs_out() {
    let world = World::open().await;
    let made = register(&world, "Ann", PASSWORD).await;
    assert_eq!((made.status, made.body["account"]["via"].as_str()), (StatusCode::CREATED, Some("login")), "{made:?}");
    let ann = Who::bearer(&made.text("access_token"));
    let me = world.get(&ann, "/api/v1/users/me").await;
    assert_eq!(
        (me.body["username"].as_str(), me.body["role"].as_str(), me.body["has_password"].as_bool()),
        (Some("Ann"), Some("user"), Some(true))
    );
    let patched = world.patch(&ann, "/api/v1/users/me", json!({ "display_name": "Ann of 家", "username": "anna" })).await;
    assert_eq!((patched.text("display_name"), patched.text("username")), ("Ann of 家".into(), "anna".into()));
    let other = world.log_in("ANNA").await;
    let changed = json!({ "old_password": PASSWORD, "new_password": "lantern pebble sofa quartz" });
    assert_eq!(world.put(&ann, "/api/v1/users/me/password", changed).await.status, StatusCode::NO_CONTENT);
    assert_eq!(world.get(&other, "/api/v1/users/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(world.get(&ann, "/api/v1/auth/logins").await.body["items"].as_array().map(Vec::len), Some(1));
    let refreshed =
        world.post(&Who::nobody(), "/api/v1/auth/refresh", json!({ "refresh_token": made.text("refresh_token") })).await;
    assert_eq!(refreshed.status, StatusCode::OK, "{refreshed:?}");
    let ended = json!({ "refresh_token": refreshed.text("refresh_token") });
    assert_eq!(world.post(&Who::nobody(), "/api/v1/auth/logout", ended).await.status, StatusCode::NO_CONTENT);
    assert_eq!(world.get(&ann, "/api/v1/users/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_name_that_will_not_do_is_refused_with_what_is_wrong_with_it() {
    let world = World::open().await;
    assert_eq!(register(&world, "Ann", PASSWORD).await.status, StatusCode::CREATED);
    let long = "x".repeat(10_000);
    for (name, code) in [
        ("", "bad_request"),
        ("a\u{0}b", "bad_request"),
        ("a\u{1b}[2J", "bad_request"),
        ("ann\u{202e}", "bad_request"),
        (long.as_str(), "bad_request"),
        ("root", "bad_request"),
        ("adm\u{131}n", "bad_request"),
        ("аdmin", "bad_request"),
        ("ann", "conflict"),
        ("ＡＮＮ", "conflict"),
    ] {
        let answer = register(&world, name, PASSWORD).await;
        assert_eq!(answer.code(), code, "{name:.20}: {answer:?}");
        assert!(answer.text("message").contains("name"), "{answer:?}");
        assert!(answer.text("message").len() < 300, "{answer:?}");
    }
    assert_eq!(register(&world, "scope", PASSWORD).await.status, StatusCode::CREATED);
    assert_eq!(register(&world, "ѕсоре", PASSWORD).await.code(), "conflict", "it looks the same");
}

#[tokio::test]
async fn a_password_that_will_not_do_is_refused_with_what_is_wrong_with_it() {
    let world = World::open().await;
    for (password, code) in [
        (String::new(), "bad_request"),
        ("x".repeat(1 << 20), "too_large"),
        ("kettle orbit\0marble fence".into(), "bad_request"),
        ("tiny one".into(), "bad_request"),
        ("passwordpassword".into(), "bad_request"),
        ("ann-ann-ann-ann-ann".into(), "bad_request"),
    ] {
        let answer = register(&world, "ann", &password).await;
        assert_eq!(answer.code(), code, "{answer:?}");
        assert!(password.is_empty() || !answer.body.to_string().contains(&password), "it is never said again");
        assert!(answer.text("message").contains("password"), "{answer:?}");
    }
    let huge = json!({ "username": "ann", "password": "x".repeat(1 << 20) });
    assert_eq!(world.post(&Who::nobody(), "/api/v1/auth/login", huge).await.code(), "too_large");
}

#[tokio::test]
async fn a_wrong_password_is_answered_like_an_unknown_name_and_then_with_a_wait() {
    let world = World::new().await;
    world.account("ann", "user").await;
    for attempt in 1..=12 {
        let body = |name: &str| json!({ "username": name, "password": "not the password" });
        let known = world.post(&Who::peer(7), "/api/v1/auth/login", body("ann")).await;
        let unknown = world.post(&Who::peer(7), "/api/v1/auth/login", body("nobody-here")).await;
        assert_eq!((known.status, known.text("message")), (unknown.status, unknown.text("message")), "attempt {attempt}");
        let expected = if attempt < 4 { StatusCode::UNAUTHORIZED } else { StatusCode::TOO_MANY_REQUESTS };
        assert_eq!(known.status, expected, "attempt {attempt}: {known:?}");
        assert_eq!(known.headers.contains_key("retry-after"), attempt >= 4, "attempt {attempt}");
    }
    let right = json!({ "username": "ann", "password": PASSWORD });
    let locked = world.post(&Who::peer(7), "/api/v1/auth/login", right.clone()).await;
    assert_eq!((locked.code(), &locked.headers["retry-after"] > "800"), ("rate_limited", true), "{locked:?}");
    let elsewhere = world.post(&Who::peer(8), "/api/v1/auth/login", right).await;
    assert_eq!(elsewhere.status, StatusCode::OK);
    assert!(elsewhere.body["failures_since"].as_u64() >= Some(12), "{elsewhere:?}");
}

#[tokio::test]
async fn an_invitation_makes_one_account_once() {
    let world = World::with(|config| config.auth.registration = mmpd::config::Registration::Invite).await;
    let made = world.post(&Who::own(), "/api/v1/admin/users/invites", json!({})).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let with = |name: &str| json!({ "username": name, "password": PASSWORD, "invite": made.text("code") });
    let listed = world.get(&Who::own(), "/api/v1/admin/users/invites").await;
    assert!(!listed.body.to_string().contains(&made.text("code")), "the code is shown once");
    assert_eq!(register(&world, "eve", PASSWORD).await.code(), "forbidden");
    let first = world.post(&Who::nobody(), "/api/v1/auth/register", with("ann")).await;
    assert_eq!(first.status, StatusCode::CREATED, "{first:?}");
    assert_eq!(world.post(&Who::nobody(), "/api/v1/auth/register", with("bob")).await.code(), "forbidden");
    let other = world.post(&Who::own(), "/api/v1/admin/users/invites", json!({ "expires_in_s": 60 })).await;
    let gone = world.delete(&Who::own(), &format!("/api/v1/admin/users/invites/{}", other.text("id"))).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    let taken_back = json!({ "username": "cy", "password": PASSWORD, "invite": other.text("code") });
    assert_eq!(world.post(&Who::nobody(), "/api/v1/auth/register", taken_back).await.code(), "forbidden");
}

#[tokio::test]
async fn another_os_user_is_who_an_admin_says() {
    let world = World::new().await;
    let stranger = Who::peer(54_321);
    let unknown = world.get(&stranger, "/api/v1/users/me").await;
    assert_eq!(unknown.code(), "unauthenticated");
    assert!(unknown.text("hint").contains("54321"), "{unknown:?}");
    world.account("ann", "user").await;
    let mapped = world.patch(&Who::own(), "/api/v1/admin/users/ann", json!({ "os_user": 54_321 })).await;
    assert_eq!(mapped.body["os_user"], 54_321, "{mapped:?}");
    assert_eq!(world.get(&stranger, "/api/v1/users/me").await.text("username"), "ann");
    assert_eq!(world.patch(&Who::own(), "/api/v1/admin/users/ann", json!({ "os_user": null })).await.status, StatusCode::OK);
    assert_eq!(world.get(&stranger, "/api/v1/users/me").await.code(), "unauthenticated");
}

#[tokio::test]
async fn an_admin_makes_lists_and_resets_accounts() {
    let world = World::new().await;
    let login = world.account("ann", "user").await;
    world.account("bob", "user").await;
    let page = world.get(&Who::own(), "/api/v1/admin/users?limit=2").await;
    let cursor = page.text("next_cursor");
    let rest = world.get(&Who::own(), &format!("/api/v1/admin/users?limit=2&cursor={cursor}")).await;
    let names: Vec<_> = [&page, &rest]
        .iter()
        .flat_map(|page| page.body["items"].as_array().expect("items"))
        .map(|user| user["username"].clone())
        .collect();
    assert_eq!(names[1..], ["ann", "bob"]);
    let reset = world.put(&Who::own(), "/api/v1/admin/users/ann/password", json!({})).await;
    let drawn = reset.text("password");
    assert_eq!(world.get(&login, "/api/v1/users/me").await.status, StatusCode::UNAUTHORIZED, "every login has ended");
    let again = world.post(&Who::nobody(), "/api/v1/auth/login", json!({ "username": "ann", "password": drawn })).await;
    assert_eq!(again.status, StatusCode::OK, "{again:?}");
    assert_eq!(world.get(&Who::own(), "/api/v1/admin/users/nobody-here").await.code(), "not_found");
    let taken = json!({ "username": "ANN", "password": PASSWORD });
    assert_eq!(world.post(&Who::own(), "/api/v1/admin/users", taken).await.code(), "conflict");
}

#[tokio::test]
async fn the_audit_has_every_event_and_no_secret() {
    let world = World::new().await;
    let ann = world.account("ann", "user").await;
    let made = world.post(&ann, "/api/v1/users/me/tokens", json!({ "name": "ci", "scopes": ["chat"] })).await;
    world.delete(&ann, "/api/v1/users/me/tokens/ci").await;
    for _ in 0..11 {
        world.post(&Who::peer(9), "/api/v1/auth/login", json!({ "username": "ann", "password": "a wrong password" })).await;
    }
    let key = json!({ "mode": "set", "key": { "api_key": "sk-very-secret" } });
    let set = world.put(&ann, "/api/v1/providers/openai", key).await;
    assert_eq!(set.status, StatusCode::OK, "{set:?}");
    world.patch(&Who::own(), "/api/v1/admin/users/ann", json!({ "role": "admin" })).await;
    let all = world.get(&Who::own(), "/api/v1/admin/audit?user=ann").await;
    let lines = all.body["items"].as_array().expect("lines").clone();
    let of = |kind: &str| lines.iter().filter(|line| line["kind"] == kind).cloned().collect::<Vec<Value>>();
    for (kind, count) in [
        ("register", 1),
        ("login", 1),
        ("token_created", 1),
        ("token_revoked", 1),
        ("login_failed", 4),
        ("login_locked", 1),
        ("key_set", 1),
        ("role_changed", 1),
    ] {
        assert_eq!(of(kind).len(), count, "{kind}: {lines:#?}");
    }
    assert_eq!(of("login_failed")[0]["source"], "unix:9");
    assert_eq!(of("role_changed")[0]["target_name"], "ann");
    assert!(lines.iter().all(|line| line["request_id"].is_string()), "{lines:#?}");
    for secret in ["sk-very-secret", PASSWORD, "a wrong password", &made.text("token")] {
        assert!(!all.body.to_string().contains(secret), "{secret}");
    }
    let logins = world.get(&Who::own(), "/api/v1/admin/audit?kind=login&limit=1").await;
    assert_eq!(logins.body["items"][0]["kind"], "login");
    assert_eq!(world.get(&Who::own(), "/api/v1/admin/audit?kind=nonsense").await.code(), "bad_request");
    let none = world.get(&Who::own(), "/api/v1/admin/audit?since=2999-01-01T00:00:00Z").await;
    assert_eq!(none.body["items"], json!([]));
}

#[tokio::test]
async fn a_token_asks_for_what_there_is() {
    let world = World::new().await;
    let ann = world.account("ann", "user").await;
    let ask = |body: Value| {
        let (world, ann) = (&world, &ann);
        async move { world.post(ann, "/api/v1/users/me/tokens", body).await.code().to_owned() }
    };
    assert_eq!(ask(json!({ "name": "x", "scopes": [] })).await, "bad_request");
    assert_eq!(ask(json!({ "name": "", "scopes": ["chat"] })).await, "bad_request");
    assert_eq!(ask(json!({ "name": "x", "scopes": ["everything"] })).await, "bad_request");
    assert_eq!(ask(json!({ "name": "x", "scopes": ["chat"], "expires_in_s": 0 })).await, "bad_request");
    assert_eq!(ask(json!({ "name": "x", "scopes": ["admin"] })).await, "forbidden");
    let used = world.token(&ann, &["chat", "read"]).await;
    assert_eq!(world.get(&used, "/api/v1/users/me").await.text("via"), "token");
    let listed = world.get(&ann, "/api/v1/users/me/tokens").await;
    assert!(listed.body["items"][0]["last_used_at"].is_string(), "{listed:?}");
    assert!(!listed.body.to_string().contains("mmp_"), "a token is shown once");
    let head = world.ask(&used, Method::HEAD, "/api/v1/users/me", None).await;
    assert_eq!(head.status, StatusCode::OK);
}
