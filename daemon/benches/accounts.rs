//! What accounts cost: telling who is calling, and what a flood of logins does to an answer that is on its way.
//!
//! `cargo bench -p mmpd --bench accounts`. All of it within this process, over the daemon's own router and a store in memory; the
//! provider is a thread of this program that says something every five milliseconds. What the figures mean stands in
//! `docs/performance.md`.
#![allow(clippy::print_stdout)] // It is here to print.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{Request, Response},
};
use futures_util::StreamExt as _;
use jiff::Timestamp;
use mmp_shared::{
    auth::Secret,
    config::{Config, Side, Sources},
    places::Places,
};
use mmpd::{
    compose::{Composed, compose},
    config::DaemonConfig,
    http::{About, AppState, Web, middleware::RateLimits, router::router},
    listen::{
        peer::{Peer, PeerCredential},
        shutdown::Ending,
    },
    services::{Services, auth::Credentials},
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

const FRAMES: usize = 600;
const PACE: Duration = Duration::from_millis(5);
const LOGINS: usize = 200;
const ROUNDS: usize = 20_000;

struct World {
    app: Router,
    services: Services,
    _home: tempfile::TempDir,
}

#[tokio::main]
async fn main() {
    let world = world().await;
    who_is_calling(&world).await;
    flood(&world).await;
}

async fn world() -> World {
    let home = tempfile::tempdir().expect("a folder");
    let resolved = Config::resolve(&Sources::default(), Some(Side::Daemon)).expect("the built-in settings");
    let mut config = DaemonConfig::from(&resolved);
    config.store.url = "memory:".into();
    let ending = Ending::default();
    let Composed { services, .. } = compose(&config, &Places::under(home.path()), &ending.asked).await.expect("a daemon");
    let about = About {
        socket: home.path().join("mmp.sock"),
        tcp: None,
        started_at: Timestamp::now(),
        may_step_down: false,
        largest_body: 4 << 20,
        body_timeout: config.listen.body_timeout,
    };
    let rates = Arc::new(RateLimits::new(None, None, None));
    let state = AppState { services: services.clone(), about: Arc::new(about), web: Arc::new(Web::default()), rates, ending };
    World { app: router(state), services, _home: home }
}

impl World {
    async fn ask(&self, method: &str, path: &str, body: Value) -> Response<Body> {
        let mut request = Request::builder().method(method).uri(path).body(Body::from(body.to_string())).expect("a request");
        let user_id = rustix::process::geteuid().as_raw();
        request.extensions_mut().insert(ConnectInfo(Peer::Unix(Arc::new(PeerCredential { user_id }))));
        self.app.clone().oneshot(request).await.expect("the router never fails")
    }

    async fn json(&self, method: &str, path: &str, body: Value) -> Value {
        let bytes = to_bytes(self.ask(method, path, body).await.into_body(), 1 << 20).await.expect("a body");
        serde_json::from_slice(&bytes).expect("JSON")
    }
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
        batches.sort();
        println!(
            "telling who is calling by {name}: median {:?}, p99 {:?}",
            batches[batches.len() / 2],
            batches[batches.len() * 99 / 100]
        );
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
    gaps.sort();
    gaps[gaps.len() * 99 / 100]
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
