//! What accounts cost: telling who is calling, and what a flood of logins does to an answer that is on its way.
//!
//! `cargo bench -p mmpd --bench accounts`. All of it within this process, over the daemon's own router and a store in memory; the
//! provider is a thread of this program that says something every five milliseconds. What the figures mean stands in
//! `docs/performance.md`.
#![allow(clippy::print_stdout)] // It is here to print.

mod support;

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    time::{Duration, Instant},
};

use axum::{body::Body, http::Request};
use futures_util::StreamExt as _;
use mmp_shared::auth::Secret;
use mmpd::services::auth::Credentials;
use serde_json::{Value, json};
use support::{World, quantile};
use tower::ServiceExt as _;

const FRAMES: usize = 600;
const PACE: Duration = Duration::from_millis(5);
const LOGINS: usize = 200;
const ROUNDS: usize = 20_000;

#[tokio::main]
async fn main() {
    let home = tempfile::tempdir().expect("a folder");
    let world = World::open(home.path(), "memory:").await;
    who_is_calling(&world).await;
    flood(&world).await;
}

/// The median over batches, for each way of being known.
async fn who_is_calling(world: &World) {
    let password = "kettle orbit marble fence";
    let login = world.json("POST", "/api/v1/auth/register", json!({ "username": "ann", "password": password })).await;
    let token = world.json("POST", "/api/v1/users/me/tokens", json!({ "name": "bench", "scopes": ["chat"] })).await;
    let bearer = |text: &Value| Some(Secret::new(text.as_str().expect("a token")));
    let ways = [
        ("the socket's peer", Credentials { bearer: None, peer: Some(rustix::process::geteuid().as_raw()) }),
        ("a login's JWT", Credentials { bearer: bearer(&login["access_token"]), peer: None }),
        ("an access token", Credentials { bearer: bearer(&token["token"]), peer: None }),
    ];
    for (name, credentials) in ways {
        let mut batches = Vec::new();
        for _ in 0..ROUNDS / 100 {
            let begun = Instant::now();
            for _ in 0..100 {
                std::hint::black_box(world.services.auth.identify(&credentials).await.expect("a caller"));
            }
            batches.push(begun.elapsed() / 100);
        }
        let (median, p99) = (quantile(&mut batches, 0.5), quantile(&mut batches, 0.99));
        println!("telling who is calling by {name}: median {median:?}, p99 {p99:?}");
    }
}

/// Frames of an answer, quiet and in a flood, three times in alternation.
async fn flood(world: &World) {
    let url = provider();
    world.json("PUT", "/api/v1/providers/paced", json!({ "mode": "add", "kind": "openai", "base_url": url })).await;
    let _warm = frames(world).await;
    for _ in 0..3 {
        let quiet = frames(world).await;
        let app = world.app.clone();
        let begun = Instant::now();
        let logins: Vec<_> = (0..LOGINS)
            .map(|number| {
                let body = json!({ "username": format!("nobody{number}"), "password": "a password that is long enough" });
                let request = Request::post("/api/v1/auth/login").body(Body::from(body.to_string())).expect("a request");
                tokio::spawn(app.clone().oneshot(request))
            })
            .collect();
        let flooded = frames(world).await;
        for login in logins {
            let _ = login.await;
        }
        println!(
            "frames every {PACE:?}, p99 between two: quiet {quiet:?}, with {LOGINS} logins at once {flooded:?}, ratio {:.2} (the logins took {:?})",
            flooded.as_secs_f64() / quiet.as_secs_f64(),
            begun.elapsed()
        );
    }
}

/// The p99 of the time between two frames of one answer.
async fn frames(world: &World) -> Duration {
    let request = json!({ "content": "go", "models": ["paced/x"], "save": false });
    let mut body = world.ask("POST", "/api/v1/chat", request).await.into_body().into_data_stream();
    let (mut gaps, mut last) = (Vec::with_capacity(FRAMES), Instant::now());
    while let Some(frame) = body.next().await {
        frame.expect("a frame");
        gaps.push(last.elapsed());
        last = Instant::now();
    }
    assert!(gaps.len() > FRAMES / 2, "the frames came together");
    quantile(&mut gaps, 0.99)
}

/// A provider that says a word every [`PACE`].
fn provider() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/v1", listener.local_addr().expect("bound"));
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let _ = stream.set_nodelay(true);
                let _ = stream.read(&mut [0; 65536]);
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n");
                let begun = Instant::now();
                for number in 0..FRAMES {
                    let frame = json!({ "choices": [{ "index": 0, "delta": { "content": "word " } }] });
                    if write!(stream, "data: {frame}\n\n").is_err() {
                        return;
                    }
                    let next = begun + PACE * u32::try_from(number + 1).expect("a few hundred");
                    std::thread::sleep(next.saturating_duration_since(Instant::now()));
                }
                let _ = stream.write_all(
                    b"data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n",
                );
            });
        }
    });
    url
}
