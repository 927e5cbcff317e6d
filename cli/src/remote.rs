//! HTTP to other machines: what a client for them is made of, and why one fails.

use std::time::Duration;

use reqwest::{Client, ClientBuilder};

/// How long a connection to a host may take. A Unix socket answers at once or never.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// What a client for hosts is made with: TLS by the platform's roots or those of `SSL_CERT_FILE`, proxies by the
/// environment.
pub(crate) fn builder() -> ClientBuilder {
    install_cryptography();
    Client::builder().connect_timeout(CONNECT_TIMEOUT)
}

/// reqwest wants a provider even where no TLS is spoken. A second call changes nothing.
pub(crate) fn install_cryptography() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// The innermost reason of an error, the one that says something.
pub(crate) fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string().split(" (os error").next().unwrap_or_default().to_lowercase()
}
