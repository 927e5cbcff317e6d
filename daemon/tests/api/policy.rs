//! Who may do what: every route that the server has, asked by everybody there is.

use axum::http::{Method, StatusCode};
use mmp_shared::tokens::Scope;
use mmpd::{
    http::router::routes,
    security::policy::{Access, ROWS, access},
};
use serde_json::json;

use crate::world::{Answer, Who, World};

/// Everybody there is.
struct Callers {
    anonymous: Who,
    owner: Who,
    other: Who,
    admin: Who,
    disabled: Who,
    disabled_token: Who,
    revoked_login: Who,
    revoked_token: Who,
    forged: Who,
    /// A token with each scope alone, of an admin.
    scoped: Vec<(Scope, Who)>,
}

async fn callers(world: &World) -> Callers {
    let owner = world.account("owner-of-things", "user").await;
    let other = world.account("somebody-else", "user").await;
    let admin = world.account("an-admin-too", "admin").await;
    let disabled = world.account("once-here", "user").await;
    let disabled_token = world.token(&disabled, &["chat", "read", "write"]).await;
    let patched = world.patch(&Who::own(), "/api/v1/admin/users/once-here", json!({ "disabled": true })).await;
    assert_eq!(patched.status, StatusCode::OK, "{patched:?}");
    let revoked_login = world.log_in("owner-of-things").await;
    let ended = world.ask(&revoked_login, Method::POST, "/api/v1/auth/logout", None).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT, "{ended:?}");
    let revoked_token = world.token(&owner, &["chat", "read", "write"]).await;
    let gone = world.delete(&owner, "/api/v1/users/me/tokens/test").await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{gone:?}");
    let mut scoped = Vec::new();
    for scope in Scope::ALL {
        scoped.push((scope, world.token(&admin, &[scope.as_str()]).await));
    }
    let forged = Who::bearer("mmp_00000000000000000000000000000000000000");
    let anonymous = Who::nobody();
    Callers { anonymous, owner, other, admin, disabled, disabled_token, revoked_login, revoked_token, forged, scoped }
}

/// Asks for a route in a way that changes nothing that others need: what its path names does not exist, and its body is
/// none. What is asked here is whether one is let in at all.
async fn knock(world: &World, who: &Who, method: &Method, path: &str) -> Answer {
    let path = path.replace("{reference}", "0000dead").replace("{name}", "no-such-name").replace("{id}", "0000dead");
    let body = (*method != Method::GET && *method != Method::DELETE).then(|| json!([]));
    world.ask(who, method.clone(), &path, body).await
}

fn is_let_in(answer: &Answer) -> bool {
    answer.status != StatusCode::UNAUTHORIZED && answer.status != StatusCode::FORBIDDEN
}

/// Routes whose mere use ends something: they are asked where that matters to nobody.
fn ends_the_caller(method: &Method, path: &str) -> bool {
    *method == Method::DELETE && path == "/api/v1/users/me"
}

#[test]
fn every_route_has_its_row_and_every_row_its_route() {
    let routes = routes().routes;
    assert!(routes.len() > 30, "the routes are not where this test looks");
    for (method, path) in &routes {
        assert!(access(method.as_str(), path).is_some(), "{method} {path} has no row in the policy");
    }
    for (method, path, _) in ROWS {
        let is_there = routes.iter().any(|(known, at)| known.as_str() == *method && at == path);
        assert!(is_there, "{method} {path} has a row and no route");
    }
}

#[tokio::test]
async fn everybody_is_let_in_where_the_policy_says_so_and_nowhere_else() {
    let world = World::new().await;
    let callers = callers(&world).await;
    for (method, path) in routes().routes.iter().filter(|(method, path)| !ends_the_caller(method, path)) {
        let row = access(method.as_str(), path).expect("a row");
        let is_open = row == Access::Open;
        let outside = [
            &callers.anonymous,
            &callers.disabled,
            &callers.disabled_token,
            &callers.revoked_login,
            &callers.revoked_token,
            &callers.forged,
        ];
        for who in outside {
            let answer = knock(&world, who, method, path).await;
            // An open route may still refuse what it is told, such as a token that is to be ended.
            assert!(is_open || !is_let_in(&answer), "{who:?} {method} {path}: {answer:?}");
        }
        let is_for_all = !matches!(row, Access::Admin | Access::Metrics);
        for (who, may) in [(&callers.owner, is_for_all), (&callers.other, is_for_all), (&callers.admin, true)] {
            if is_open {
                continue;
            }
            let answer = knock(&world, who, method, path).await;
            assert_eq!(is_let_in(&answer), may, "{who:?} {method} {path}: {answer:?}");
        }
        for (scope, who) in &callers.scoped {
            let may = match row {
                Access::Open | Access::Known => true,
                Access::Scope(needed) => *scope == needed,
                Access::Admin => *scope == Scope::Admin,
                Access::Metrics => *scope == Scope::Metrics,
                Access::InPerson => false,
            };
            if is_open {
                continue;
            }
            let answer = knock(&world, who, method, path).await;
            assert_eq!(is_let_in(&answer), may, "a token for {scope}, {method} {path}: {answer:?}");
            assert!(may || answer.code() == "forbidden", "{answer:?}");
        }
    }
}

#[tokio::test]
async fn an_expired_access_token_is_refused_everywhere() {
    let world = World::new().await;
    let owner = world.account("owner-of-things", "user").await;
    let body = json!({ "name": "short", "scopes": ["read"], "expires_in_s": 1 });
    let token = Who::bearer(&world.post(&owner, "/api/v1/users/me/tokens", body).await.text("token"));
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(10);
    while world.get(&token, "/api/v1/users/me").await.status == StatusCode::OK {
        assert!(tokio::time::Instant::now() < deadline, "it never ends");
        tokio::task::yield_now().await;
    }
    for (method, path) in routes().routes.iter().filter(|(method, path)| access(method.as_str(), path) != Some(Access::Open)) {
        let answer = knock(&world, &token, method, path).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::UNAUTHORIZED, "unauthenticated"), "{method} {path}");
    }
}

#[tokio::test]
async fn another_users_things_are_as_good_as_absent() {
    let world = World::new().await;
    let owner = world.account("owner-of-things", "user").await;
    let other = world.account("somebody-else", "user").await;
    let admin = world.account("an-admin-too", "admin").await;
    let begun = world.post(&owner, "/api/v1/chat", json!({ "content": "hello", "models": ["demo"], "detach": true })).await;
    assert_eq!(begun.status, StatusCode::ACCEPTED, "{begun:?}");
    let (run, conversation) = (begun.text("run_id"), begun.text("conversation_id"));
    let login = world.get(&owner, "/api/v1/auth/logins").await.body["items"][0]["id"].as_str().expect("a login").to_owned();
    world.token(&owner, &["read"]).await;
    let token = world.get(&owner, "/api/v1/users/me/tokens").await.body["items"][0]["id"].as_str().expect("a token").to_owned();
    for who in [&other, &admin] {
        for (method, path) in [
            (Method::GET, format!("/api/v1/conversations/{conversation}")),
            (Method::GET, format!("/api/v1/conversations/{conversation}?tree=true")),
            (Method::GET, format!("/api/v1/conversations/{conversation}/messages")),
            (Method::GET, format!("/api/v1/conversations/{conversation}/export")),
            (Method::PATCH, format!("/api/v1/conversations/{conversation}")),
            (Method::DELETE, format!("/api/v1/conversations/{conversation}")),
            (Method::POST, format!("/api/v1/conversations/{conversation}/messages")),
            (Method::GET, format!("/api/v1/runs/{run}")),
            (Method::GET, format!("/api/v1/runs/{run}/events")),
            (Method::POST, format!("/api/v1/runs/{run}/stop")),
            (Method::DELETE, format!("/api/v1/auth/logins/{login}")),
            (Method::DELETE, format!("/api/v1/users/me/tokens/{token}")),
        ] {
            let body = match method {
                Method::POST => Some(json!({ "content": "hello", "models": ["demo"] })),
                Method::PATCH => Some(json!({ "pinned": true })),
                _ => None,
            };
            let answer = world.ask(who, method.clone(), &path, body).await;
            assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "not_found"), "{method} {path}: {answer:?}");
        }
        assert_eq!(world.get(who, "/api/v1/conversations").await.body["items"], json!([]));
        assert_eq!(world.delete(who, "/api/v1/conversations").await.body, json!({ "deleted": 0 }));
        assert_eq!(world.get(who, "/api/v1/runs").await.body["items"], json!([]));
    }
    assert_eq!(world.get(&owner, &format!("/api/v1/conversations/{conversation}")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_bearer_that_is_not_good_is_never_taken_for_the_peer() {
    let world = World::new().await;
    assert_eq!(world.get(&Who::own(), "/api/v1/users/me").await.status, StatusCode::OK);
    for bearer in ["", "nonsense", "mmp_00000000000000000000000000000000000000", "a.b.c"] {
        let who = Who::own().and_bearer(bearer);
        assert_eq!(world.get(&who, "/api/v1/users/me").await.status, StatusCode::UNAUTHORIZED, "{bearer:?}");
    }
}

#[tokio::test]
async fn with_the_peer_credential_off_the_socket_lets_nobody_in() {
    let world = World::without_peers().await;
    let answer = world.get(&Who::own(), "/api/v1/users/me").await;
    assert_eq!((answer.status, answer.code()), (StatusCode::UNAUTHORIZED, "unauthenticated"));
    assert_eq!(answer.headers["www-authenticate"], "Bearer");
    let body = json!({ "username": "the-first", "password": crate::world::PASSWORD });
    let first = world.post(&Who::own(), "/api/v1/auth/register", body).await;
    assert_eq!((first.status, &first.body["account"]["role"]), (StatusCode::CREATED, &json!("admin")), "{first:?}");
}
