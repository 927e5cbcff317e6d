//! The pooled HTTP clients, built when they are first needed: loading the system's certificates takes time that a
//! daemon does not spend for a model on the same machine, nor for the demo.

use std::{cell::Cell, net::IpAddr, sync::OnceLock, time::Duration};

use reqwest::{Client, Request, Response, Url};
use tokio::sync::OnceCell;
use tower::util::MapResponseLayer;

tokio::task_local! {
    /// Whether the request of this task uses a connection made for it, rather than one from the pool.
    static HAS_CONNECTED: Cell<bool>;
}

/// How many stale connections one request may meet before that counts as a failure.
const STALE_CONNECTIONS: usize = 8;

/// The clients, by where they go.
#[derive(Debug)]
pub(super) struct Clients {
    connect_timeout: Duration,
    near_plain: OnceCell<Client>,
    near_tls: OnceCell<Client>,
    far: OnceCell<Client>,
}

/// Why a request has no answer.
#[derive(Debug)]
pub(super) enum SendError {
    /// The client could not be built: the system has no certificates, say.
    Client(String),
    /// The request failed on its way.
    Request(reqwest::Error),
}

impl Clients {
    pub(super) const fn new(connect_timeout: Duration) -> Self {
        Self { connect_timeout, near_plain: OnceCell::const_new(), near_tls: OnceCell::const_new(), far: OnceCell::const_new() }
    }

    /// Sends a request. A server may close a pooled connection just as it is taken again: that is no failure of the
    /// request, and it is sent once more for every such connection, until one was made for it.
    pub(super) async fn send(&self, request: Request) -> Result<Response, SendError> {
        let client = self.client_for(request.url()).await?;
        let mut attempts = 0;
        loop {
            attempts += 1;
            let again = request.try_clone().filter(|_| attempts < STALE_CONNECTIONS);
            let Some(this) = again else {
                return client.execute(request).await.map_err(told);
            };
            let (result, has_connected) = execute(client, this).await;
            match result {
                Err(error) if !has_connected && is_broken(&error) => {
                    tracing::debug!("a pooled connection was closed; asking again");
                }
                result => return result.map_err(told),
            }
        }
    }

    async fn client_for(&self, url: &Url) -> Result<&Client, SendError> {
        let is_near = is_loopback(url);
        let needs_certificates = !is_near || url.scheme() == "https";
        let cell = match (is_near, needs_certificates) {
            (true, false) => &self.near_plain,
            (true, true) => &self.near_tls,
            (false, _) => &self.far,
        };
        let connect_timeout = self.connect_timeout;
        let build = move || build(connect_timeout, is_near, needs_certificates);
        cell.get_or_try_init(|| async move {
            match tokio::task::spawn_blocking(build).await {
                Ok(client) => client.map_err(|error| SendError::Client(innermost(&error))),
                Err(error) => Err(SendError::Client(error.to_string())),
            }
        })
        .await
    }
}

/// A URL may hold a token.
fn told(error: reqwest::Error) -> SendError {
    SendError::Request(error.without_url())
}

async fn execute(client: &Client, request: Request) -> (Result<Response, reqwest::Error>, bool) {
    HAS_CONNECTED
        .scope(Cell::new(false), async {
            let result = client.execute(request).await;
            (result, HAS_CONNECTED.with(Cell::get))
        })
        .await
}

fn build(connect_timeout: Duration, is_near: bool, needs_certificates: bool) -> reqwest::Result<Client> {
    static PROVIDER: OnceLock<()> = OnceLock::new();
    // Another part of the process may have installed it; either will do.
    PROVIDER.get_or_init(|| drop(rustls::crypto::ring::default_provider().install_default()));
    let mut builder = Client::builder()
        .user_agent(concat!("mmp/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(connect_timeout)
        .tcp_nodelay(true)
        .redirect(reqwest::redirect::Policy::none())
        .connector_layer(MapResponseLayer::new(note_connection));
    if is_near {
        builder = builder.no_proxy();
    }
    if !needs_certificates {
        builder = builder.tls_certs_only([]);
    }
    builder.build()
}

/// A connection is ready. Where one from the pool was faster, it is finished by another task: then there is nobody to
/// tell, and the request did not use it.
fn note_connection<T>(connection: T) -> T {
    let _ = HAS_CONNECTED.try_with(|has_connected| has_connected.set(true));
    connection
}

/// Whether the connection broke before the answer began.
pub(super) fn is_broken(error: &reqwest::Error) -> bool {
    error.is_request() && !error.is_connect() && !error.is_timeout()
}

/// Whether a URL means this machine: no proxy is asked for it.
pub(super) fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match host.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback() || address.is_unspecified(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

/// The words of the deepest cause: the outer ones only say that there is one.
pub(super) fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known_by_every_name() {
        for url in
            ["http://localhost:1/v1", "http://127.0.0.2", "https://[::1]:8080/", "http://a.localhost", "http://0.0.0.0:8080"]
        {
            assert!(is_loopback(&url.parse().expect("a URL")), "{url}");
        }
        for url in ["http://localhost.example", "http://10.0.0.1", "https://api.openai.com"] {
            assert!(!is_loopback(&url.parse().expect("a URL")), "{url}");
        }
    }
}
