//! Answers that go on for long: they end when their caller is no longer who they were, and the runs do not, unless the
//! account is disabled.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, Response, StatusCode},
};
use futures_util::StreamExt;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    time::timeout,
};

use crate::world::{PASSWORD, Who, World};

/// More than any of this takes; a test that meets it has failed.
const LONG: Duration = Duration::from_secs(20);

/// A provider that says one word and then nothing, for as long as anybody listens.
async fn silent_provider() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/v1", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 65_536];
                let _ = stream.read(&mut request).await;
                let piece = r#"{"choices":[{"index":0,"delta":{"content":"word"}}]}"#;
                let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
                let _ = stream.write_all(format!("{head}data: {piece}\n\n").as_bytes()).await;
                while stream.read(&mut request).await.is_ok_and(|read| read > 0) {}
            });
        }
    });
    url
}

/// A stream that has said its word, and its run.
async fn talking(world: &World, who: &Who) -> (Response<Body>, String) {
    let provider = json!({ "mode": "add", "kind": "openai", "base_url": silent_provider().await });
    let added = world.put(who, "/api/v1/providers/silent", provider).await;
    assert_eq!(added.status, StatusCode::OK, "{added:?}");
    let body = json!({ "content": "hello", "models": ["silent/x"] });
    let mut response = world.stream(who, Method::POST, "/api/v1/chat", Some(body)).await;
    assert_eq!(response.status(), StatusCode::OK);
    let mut seen = String::new();
    let mut pieces = std::mem::replace(response.body_mut(), Body::empty()).into_data_stream();
    while !seen.contains("\"word\"") {
        let piece = timeout(LONG, pieces.next()).await.expect("in time").expect("not the end").expect("a piece");
        seen += &String::from_utf8_lossy(&piece);
    }
    *response.body_mut() = Body::from_stream(pieces);
    let run = world.get(who, "/api/v1/runs").await.body["items"][0]["id"].as_str().expect("a run").to_owned();
    (response, run)
}

/// Reads to the end of a stream.
async fn ends(response: Response<Body>) {
    let mut pieces = response.into_body().into_data_stream();
    let to_end = async { while pieces.next().await.is_some() {} };
    timeout(LONG, to_end).await.expect("the stream ends");
}

#[tokio::test]
async fn a_stream_ends_with_its_login_and_its_run_goes_on() {
    let world = World::new().await;
    let ann = world.account("ann", "user").await;
    let (response, run) = talking(&world, &ann).await;
    let attached = world.stream(&ann, Method::GET, &format!("/api/v1/runs/{run}/events"), None).await;
    assert_eq!(world.ask(&ann, Method::POST, "/api/v1/auth/logout", None).await.status, StatusCode::NO_CONTENT);
    ends(response).await;
    ends(attached).await;
    let again = world.log_in("ann").await;
    let shown = world.get(&again, &format!("/api/v1/runs/{run}")).await;
    assert_eq!(shown.body["status"], "running", "{shown:?}");
}

#[tokio::test]
async fn streams_of_other_logins_end_with_a_new_password() {
    let world = World::new().await;
    let (mine, other) = (world.account("ann", "user").await, world.log_in("ann").await);
    let (response, run) = talking(&world, &other).await;
    let mut kept = world.stream(&mine, Method::GET, &format!("/api/v1/runs/{run}/events"), None).await;
    let change = json!({ "old_password": PASSWORD, "new_password": "lantern pebble sofa quartz" });
    assert_eq!(world.put(&mine, "/api/v1/users/me/password", change).await.status, StatusCode::NO_CONTENT);
    ends(response).await;
    assert_eq!(world.post(&mine, &format!("/api/v1/runs/{run}/stop"), json!(null)).await.status, StatusCode::OK);
    let last = axum::body::to_bytes(std::mem::replace(kept.body_mut(), Body::empty()), 1 << 20).await.expect("a body");
    assert!(String::from_utf8_lossy(&last).contains("event: failed"), "the caller's own stream went on to the run's end");
}

#[tokio::test]
async fn the_runs_of_a_disabled_account_are_stopped_and_its_streams_end() {
    let world = World::new().await;
    let ann = world.account("ann", "user").await;
    let (response, run) = talking(&world, &ann).await;
    let disabled = world.patch(&Who::own(), "/api/v1/admin/users/ann", json!({ "disabled": true })).await;
    assert_eq!(disabled.status, StatusCode::OK, "{disabled:?}");
    ends(response).await;
    timeout(LONG, async {
        while world.services.runs.live_count() > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the run ends");
    world.patch(&Who::own(), "/api/v1/admin/users/ann", json!({ "disabled": false })).await;
    let again = world.log_in("ann").await;
    assert_eq!(world.get(&again, &format!("/api/v1/runs/{run}")).await.body["status"], "cancelled");
}

#[tokio::test]
async fn a_stream_ends_with_its_access_token() {
    let world = World::new().await;
    let ann = world.account("ann", "user").await;
    let token = world.token(&ann, &["chat", "read", "write"]).await;
    let (response, _) = talking(&world, &token).await;
    assert_eq!(world.delete(&ann, "/api/v1/users/me/tokens/test").await.status, StatusCode::NO_CONTENT);
    ends(response).await;
}
