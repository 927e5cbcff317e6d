//! A daemon that forgets at its end, and ways to ask it.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, Response, StatusCode, header},
};
use jiff::Timestamp;
use mmp_shared::{
    config::{Config, Side, Sources},
    places::Places,
};
use mmpd::{
    compose::{Composed, compose},
    config::{DaemonConfig, PeerLogin, RatesConfig, Registration},
    http::{About, AppState, Web, middleware::RateLimits, router::router},
    listen::{
        peer::{Peer, PeerCredential},
        shutdown::Ending,
    },
    services::Services,
    store::Store,
};
use serde_json::{Value, json};
use tower::ServiceExt;

/// A password that will do.
pub(crate) const PASSWORD: &str = "kettle orbit marble fence";

/// A daemon, put together as the real one is.
pub(crate) struct World {
    pub(crate) services: Services,
    pub(crate) store: Arc<dyn Store>,
    app: Router,
    home: tempfile::TempDir,
}

/// Who asks.
#[derive(Debug, Clone, Default)]
pub(crate) struct Who {
    peer: Option<u32>,
    address: Option<std::net::SocketAddr>,
    bearer: Option<String>,
}

impl Who {
    /// Nobody that is known, over no socket.
    pub(crate) fn nobody() -> Self {
        Self::default()
    }

    /// The OS user that the daemon runs as.
    pub(crate) fn own() -> Self {
        Self::peer(rustix::process::geteuid().as_raw())
    }

    /// An OS user.
    pub(crate) fn peer(user_id: u32) -> Self {
        Self { peer: Some(user_id), ..Self::default() }
    }

    /// Whoever has this token.
    pub(crate) fn bearer(token: &str) -> Self {
        Self { bearer: Some(token.to_owned()), ..Self::default() }
    }
}

impl Who {
    /// The same, over TCP from this address.
    pub(crate) fn at(self, address: &str) -> Self {
        Self { address: Some(address.parse().expect("an address")), ..self }
    }

    /// The same, with a token.
    pub(crate) fn and_bearer(self, token: &str) -> Self {
        Self { bearer: Some(token.to_owned()), ..self }
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// The code of a problem.
    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// A text of the body.
    pub(crate) fn text(&self, name: &str) -> String {
        self.body[name].as_str().unwrap_or_else(|| panic!("{name} in {}", self.body)).to_owned()
    }
}

impl World {
    /// A daemon with the settings that it comes with.
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// A daemon with other settings.
    pub(crate) async fn with(change: impl FnOnce(&mut DaemonConfig)) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let resolved = Config::resolve(&Sources::default(), Some(Side::Daemon)).expect("the built-in settings");
        let mut config = DaemonConfig::from(&resolved);
        config.store.url = "memory:".into();
        // Tests ask as fast as they can.
        config.limits.rates = RatesConfig::default();
        change(&mut config);
        let ending = Ending::default();
        let places = Places::under(home.path());
        let Composed { services, store } = compose(&config, &places, &ending.asked).await.expect("it is put together");
        let about = About {
            socket: places.socket.clone(),
            tcp: None,
            started_at: Timestamp::now(),
            may_step_down: false,
            largest_body: 4 << 20,
            body_timeout: config.listen.body_timeout,
        };
        let web = Arc::new(Web::default());
        let rates = config.limits.rates;
        let rates = Arc::new(RateLimits::new(rates.account, rates.token, rates.source));
        let app =
            router(AppState { services: services.clone(), about: Arc::new(about), web, rates, activity: Arc::default(), ending });
        Self { services, store, app, home }
    }

    /// A daemon where everybody may register.
    pub(crate) async fn open() -> Self {
        Self::with(|config| config.auth.registration = Registration::Open).await
    }

    /// A daemon to which the socket says nothing.
    pub(crate) async fn without_peers() -> Self {
        Self::with(|config| config.auth.peer = PeerLogin::Off).await
    }

    /// Where the daemon is at home.
    pub(crate) fn home(&self) -> &std::path::Path {
        self.home.path()
    }

    /// Asks, and gives the answer with its body still to come.
    pub(crate) async fn stream(&self, who: &Who, method: Method, path: &str, body: Option<Value>) -> Response<Body> {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(bearer) = &who.bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {bearer}"));
        }
        let mut request = request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).expect("a request");
        if let Some(user_id) = who.peer {
            request.extensions_mut().insert(ConnectInfo(Peer::Unix(Arc::new(PeerCredential { user_id }))));
        }
        if let Some(address) = who.address {
            request.headers_mut().insert(header::HOST, "localhost".parse().expect("a header"));
            request.extensions_mut().insert(ConnectInfo(Peer::Tcp(address)));
        }
        self.app.clone().oneshot(request).await.expect("the router never fails")
    }

    /// Asks for one JSON answer, not for a stream.
    pub(crate) async fn ask_for_json(&self, who: &Who, method: Method, path: &str, body: Value) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header(header::ACCEPT, "application/json");
        if let Some(bearer) = &who.bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {bearer}"));
        }
        let mut request = request.body(Body::from(body.to_string())).expect("a request");
        if let Some(user_id) = who.peer {
            request.extensions_mut().insert(ConnectInfo(Peer::Unix(Arc::new(PeerCredential { user_id }))));
        }
        answer(self.app.clone().oneshot(request).await.expect("the router never fails")).await
    }

    /// Asks with a body that never comes.
    pub(crate) async fn ask_slowly(&self, who: &Who, method: Method, path: &str) -> Answer {
        let body = Body::from_stream(futures_util::stream::pending::<Result<bytes::Bytes, std::io::Error>>());
        let mut request = Request::builder().method(method).uri(path).body(body).expect("a request");
        let user_id = who.peer.expect("somebody at the socket");
        request.extensions_mut().insert(ConnectInfo(Peer::Unix(Arc::new(PeerCredential { user_id }))));
        answer(self.app.clone().oneshot(request).await.expect("the router never fails")).await
    }

    /// Asks, and waits for the whole answer.
    pub(crate) async fn ask(&self, who: &Who, method: Method, path: &str, body: Option<Value>) -> Answer {
        answer(self.stream(who, method, path, body).await).await
    }

    pub(crate) async fn get(&self, who: &Who, path: &str) -> Answer {
        self.ask(who, Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, who: &Who, path: &str, body: Value) -> Answer {
        self.ask(who, Method::POST, path, Some(body)).await
    }

    pub(crate) async fn put(&self, who: &Who, path: &str, body: Value) -> Answer {
        self.ask(who, Method::PUT, path, Some(body)).await
    }

    pub(crate) async fn patch(&self, who: &Who, path: &str, body: Value) -> Answer {
        self.ask(who, Method::PATCH, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, who: &Who, path: &str) -> Answer {
        self.ask(who, Method::DELETE, path, None).await
    }

    /// Makes an account by the daemon's own OS user, and logs in as it.
    pub(crate) async fn account(&self, username: &str, role: &str) -> Who {
        let body = json!({ "username": username, "password": PASSWORD, "role": role });
        let made = self.post(&Who::own(), "/api/v1/admin/users", body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        self.log_in(username).await
    }

    /// Logs in by password.
    pub(crate) async fn log_in(&self, username: &str) -> Who {
        let login = self.post(&Who::nobody(), "/api/v1/auth/login", json!({ "username": username, "password": PASSWORD })).await;
        assert_eq!(login.status, StatusCode::OK, "{login:?}");
        Who::bearer(&login.text("access_token"))
    }

    /// Makes an access token.
    pub(crate) async fn token(&self, who: &Who, scopes: &[&str]) -> Who {
        let made = self.post(who, "/api/v1/users/me/tokens", json!({ "name": "test", "scopes": scopes })).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        Who::bearer(&made.text("token"))
    }
}

async fn answer(response: Response<Body>) -> Answer {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, 16 << 20).await.expect("a body");
    let body = serde_json::from_slice(&bytes).unwrap_or_else(|_| Value::from(String::from_utf8_lossy(&bytes)));
    Answer { status: parts.status, headers: parts.headers, body }
}
