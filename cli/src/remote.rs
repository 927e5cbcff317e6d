use std::time::Duration;

use reqwest::Client;

/// How long a connection to a host may take. A Unix socket answers at once or never.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A client for hosts.
pub(crate) fn client() -> reqwest::Result<Client> {
    install_cryptography();
    Client::builder().connect_timeout(CONNECT_TIMEOUT).build()
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
