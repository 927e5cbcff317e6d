//! HTTP to one place: a Unix socket or a host. One request at a time, nothing of its meaning.
//!
//! The local path loads no certificate store and reads no proxy settings: building its client costs next to nothing.

use std::{
    error::Error as _,
    io,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use mmp_shared::{
    ApiError, ErrorCode, Phrase, phrase,
    system::{VERSION, VERSION_HEADER},
};
use reqwest::{
    Client, Method, Response, Url,
    header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue},
};

use crate::{
    error::bad_request,
    remote::{self, root_cause},
};

/// Where a daemon listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A Unix socket.
    Socket(PathBuf),
    /// A host, by its URL without a closing slash.
    Host(String),
}

impl Target {
    /// Reads `unix:///path` or `http(s)://host:port`.
    pub(crate) fn parse(text: &str) -> Result<Self, ApiError> {
        let invalid = || bad_request(phrase!("error-host", host = text)).with_hint(phrase!("hint-host-forms"));
        if let Some(path) = text.strip_prefix("unix://") {
            return if path.starts_with('/') { Ok(Self::Socket(path.into())) } else { Err(invalid()) };
        }
        let url = Url::parse(text).map_err(|_| invalid())?;
        let is_http = matches!(url.scheme(), "http" | "https") && url.has_host();
        let is_bare = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        if is_http && is_bare { Ok(Self::Host(text.trim_end_matches('/').to_owned())) } else { Err(invalid()) }
    }

    /// Whether it is a Unix socket of this very user: the only way that keys of the environment may take.
    pub(crate) fn is_own_socket(&self) -> bool {
        use std::os::unix::fs::MetadataExt as _;
        let Self::Socket(path) = self else { return false };
        std::fs::metadata(path).is_ok_and(|metadata| metadata.uid() == rustix::process::geteuid().as_raw())
    }

    fn base(&self) -> &str {
        match self {
            Self::Socket(_) => "http://mmp",
            Self::Host(url) => url,
        }
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Socket(path) => write!(formatter, "{}", path.display()),
            Self::Host(url) => formatter.write_str(url),
        }
    }
}

/// What a request carries.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    /// Nothing.
    Empty,
    /// A JSON value, as bytes.
    Json(Bytes),
}

/// A request that can be sent more than once.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    method: Method,
    path: String,
    body: Body,
    is_stream: bool,
    last_event_id: Option<u64>,
}

impl Request {
    fn new(method: Method, path: impl Into<String>, body: Body) -> Self {
        Self { method, path: path.into(), body, is_stream: false, last_event_id: None }
    }

    /// `GET` of a path, `/api/v1` aside.
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path, Body::Empty)
    }

    /// `POST` of a JSON body, or of none.
    pub(crate) fn post(path: impl Into<String>, body: Body) -> Self {
        Self::new(Method::POST, path, body)
    }

    /// `PUT` of a JSON body.
    pub(crate) fn put(path: impl Into<String>, body: Body) -> Self {
        Self::new(Method::PUT, path, body)
    }

    /// `DELETE`.
    pub(crate) fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path, Body::Empty)
    }

    /// Whether a name in its path is empty: it would be another path.
    pub(crate) fn names_nothing(&self) -> bool {
        self.path.ends_with('/') || self.path.contains("//")
    }

    /// The same request, answered by a stream of events.
    #[must_use]
    pub(crate) fn streamed(mut self) -> Self {
        self.is_stream = true;
        self
    }

    /// The same request, going on behind an event.
    #[must_use]
    pub(crate) fn behind(mut self, last_event_id: Option<u64>) -> Self {
        self.last_event_id = last_event_id;
        self
    }
}

impl Body {
    /// A value as JSON.
    pub(crate) fn json<T: serde::Serialize>(value: &T) -> Self {
        // Requests are structs with text keys: JSON can say all of them.
        Self::Json(Bytes::from(serde_json::to_vec(value).unwrap_or_default()))
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum SendError {
    /// There is no socket, or nobody behind it. Nothing was sent.
    NobodyListens,
    /// The connection could not be made for another reason. Nothing was sent.
    Connect(String),
    /// The connection broke before the answer.
    Broken(String),
}

impl SendError {
    /// What happened, in words.
    pub(crate) fn phrase(&self, target: &Target) -> Phrase {
        match self {
            Self::NobodyListens => phrase!("error-nobody-listens", target = target),
            Self::Connect(reason) => phrase!("error-connect", target = target, reason = reason),
            Self::Broken(reason) => phrase!("error-answer-broken", reason = reason),
        }
    }
}

/// HTTP to one place.
#[derive(Debug)]
pub(crate) struct Transport {
    http: Client,
    target: Target,
}

impl Transport {
    /// A transport to `target`; connects at the first request.
    pub(crate) fn new(target: Target) -> Result<Self, ApiError> {
        let http = match &target {
            Target::Socket(path) => local_client(path),
            Target::Host(_) => remote::client(),
        };
        let http = http.map_err(|error| {
            ApiError::new(ErrorCode::Internal, phrase!("error-system", what = "tls", reason = root_cause(&error)))
        })?;
        Ok(Self { http, target })
    }

    /// Where it goes.
    pub(crate) const fn target(&self) -> &Target {
        &self.target
    }

    /// Sends a request. The future holds nothing of `self`.
    pub(crate) fn send(&self, request: &Request) -> impl Future<Output = Result<Response, SendError>> + use<> {
        let url = format!("{}/api/v1{}", self.target.base(), request.path);
        let accept = if request.is_stream { "text/event-stream" } else { "application/json" };
        let mut builder = self.http.request(request.method.clone(), url).header(ACCEPT, HeaderValue::from_static(accept));
        builder = builder.header(HeaderName::from_static(VERSION_HEADER), HeaderValue::from_static(VERSION));
        if let Some(id) = request.last_event_id {
            builder = builder.header("last-event-id", id);
        }
        if let Body::Json(bytes) = &request.body {
            builder = builder.header(CONTENT_TYPE, HeaderValue::from_static("application/json")).body(bytes.clone());
        }
        async move { builder.send().await.map_err(|error| classify(&error)) }
    }
}

fn local_client(path: &Path) -> reqwest::Result<Client> {
    remote::install_cryptography();
    Client::builder().unix_socket(path).no_proxy().tls_certs_only([]).http1_only().pool_max_idle_per_host(0).build()
}

fn classify(error: &reqwest::Error) -> SendError {
    if !error.is_connect() {
        return SendError::Broken(root_cause(error));
    }
    match io_kind(error) {
        Some(io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => SendError::NobodyListens,
        _ => SendError::Connect(root_cause(error)),
    }
}

fn io_kind(error: &reqwest::Error) -> Option<io::ErrorKind> {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return Some(error.kind());
        }
        source = error.source();
    }
    None
}

/// A text as one segment of a path, or one value of a query.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_socket_or_a_url() {
        assert_eq!(Target::parse("unix:///run/x.sock").expect("a socket"), Target::Socket("/run/x.sock".into()));
        assert_eq!(Target::parse("http://h:1/").expect("a host"), Target::Host("http://h:1".into()));
        for text in ["unix://x.sock", "/run/x.sock", "h:1", "ftp://h", "http://", "http://h?x"] {
            assert!(Target::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_name_is_one_segment() {
        assert_eq!(encode("openrouter/anthropic/claude 5"), "openrouter%2Fanthropic%2Fclaude%205");
        assert_eq!(encode("文心"), "%E6%96%87%E5%BF%83");
    }
}
