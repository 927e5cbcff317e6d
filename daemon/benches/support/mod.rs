//! What the benchmarks share: a daemon's router in this process, asked as its own OS user.
#![allow(dead_code)] // Each benchmark uses its own part.

use std::{path::Path, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{Request, Response},
};
use jiff::Timestamp;
use mmp_shared::{
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
    services::Services,
    store::Store,
};
use serde_json::Value;
use tower::ServiceExt as _;

/// A daemon without a process of its own.
pub(crate) struct World {
    /// Its routes.
    pub(crate) app: Router,
    /// Its services.
    pub(crate) services: Services,
    /// Its store.
    pub(crate) store: Arc<dyn Store>,
}

impl World {
    /// One whose places are under a folder, with the store of this URL.
    pub(crate) async fn open(home: &Path, store: &str) -> Self {
        let resolved = Config::resolve(&Sources::default(), Some(Side::Daemon)).expect("the built-in settings");
        let mut config = DaemonConfig::from(&resolved);
        config.store.url = store.into();
        let ending = Ending::default();
        let Composed { services, store } = compose(&config, &Places::under(home), &ending.asked).await.expect("a daemon");
        let about = About {
            socket: home.join("mmp.sock"),
            tcp: None,
            started_at: Timestamp::now(),
            may_step_down: false,
            largest_body: 4 << 20,
            body_timeout: config.listen.body_timeout,
        };
        let rates = Arc::new(RateLimits::new(None, None, None));
        let state = AppState {
            services: services.clone(),
            about: Arc::new(about),
            web: Arc::new(Web::default()),
            rates,
            activity: Arc::default(),
            ending,
        };
        Self { app: router(state), services, store }
    }

    /// Asks as the daemon's own OS user.
    pub(crate) async fn ask(&self, method: &str, path: &str, body: Value) -> Response<Body> {
        let mut request = Request::builder().method(method).uri(path).body(Body::from(body.to_string())).expect("a request");
        let user_id = rustix::process::geteuid().as_raw();
        request.extensions_mut().insert(ConnectInfo(Peer::Unix(Arc::new(PeerCredential { user_id }))));
        self.app.clone().oneshot(request).await.expect("the router never fails")
    }

    /// The same, with the whole answer.
    pub(crate) async fn json(&self, method: &str, path: &str, body: Value) -> Value {
        let bytes = to_bytes(self.ask(method, path, body).await.into_body(), 64 << 20).await.expect("a body");
        serde_json::from_slice(&bytes).expect("JSON")
    }
}

/// The value below which this part of them lies.
pub(crate) fn quantile(times: &mut [Duration], part: f64) -> Duration {
    times.sort_unstable();
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
    let index = (times.len() as f64 * part) as usize;
    times[index.min(times.len() - 1)]
}
