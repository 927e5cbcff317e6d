//! HTTP to one place: a Unix socket or a host. One request at a time, nothing of its meaning.
//!
//! The local path loads no certificate store and reads no proxy settings: building its client costs next to nothing. What
//! goes to another machine goes by TLS, and nowhere else than where it was sent: no redirect is followed.

use std::{
    error::Error as _,
    io,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use mmp_shared::{
    ApiError, ErrorCode, Phrase,
    auth::Secret,
    phrase,
    system::{VERSION, VERSION_HEADER},
};
use reqwest::{
    Client, ClientBuilder, Method, Response, Url,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue},
    redirect::Policy,
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
        // As `Url` has it: names in lower case, no port that goes without saying. One host has one name.
        if is_http && is_bare { Ok(Self::Host(url.as_str().trim_end_matches('/').to_owned())) } else { Err(invalid()) }
    }

    /// Refuses a way on which others could read along: plain HTTP to another machine.
    pub(crate) fn check_private(&self) -> Result<(), ApiError> {
        match self {
            Self::Host(url) if !url.starts_with("https:") && !is_loopback(url) => {
                let secure = url.replacen("http:", "https:", 1);
                Err(bad_request(phrase!("error-host-in-the-clear", host = url))
                    .with_hint(phrase!("hint-host-secure", host = secure)))
            }
            _ => Ok(()),
        }
    }

    /// Its address, as `MMP_HOST` has it.
    pub(crate) fn address(&self) -> String {
        match self {
            Self::Socket(path) => format!("unix://{}", path.display()),
            Self::Host(url) => url.clone(),
        }
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

fn is_loopback(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let name = url.host_str().unwrap_or_default();
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    address.map_or(name == "localhost", |address| address.to_canonical().is_loopback())
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
    is_anonymous: bool,
    last_event_id: Option<u64>,
}

impl Request {
    fn new(method: Method, path: impl Into<String>, body: Body) -> Self {
        Self { method, path: path.into(), body, is_stream: false, is_anonymous: false, last_event_id: None }
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

    /// `PATCH` of a JSON body.
    pub(crate) fn patch(path: impl Into<String>, body: Body) -> Self {
        Self::new(Method::PATCH, path, body)
    }

    /// `DELETE`.
    pub(crate) fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path, Body::Empty)
    }

    /// Whether a name in its path is empty, or one or two dots, which lead elsewhere however they are written: it would be
    /// another path.
    pub(crate) fn names_nothing(&self) -> bool {
        let path = self.path.split('?').next().unwrap_or_default();
        path.split('/').skip(1).any(|name| matches!(name, "" | "%2E" | "%2E%2E"))
    }

    /// The same request without a token: it brings along what it is known by, or needs nothing.
    #[must_use]
    pub(crate) fn anonymous(mut self) -> Self {
        self.is_anonymous = true;
        self
    }

    /// Whether it goes without a token.
    pub(crate) const fn is_anonymous(&self) -> bool {
        self.is_anonymous
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
    /// The kernel does not let this OS user call there. Nothing was sent.
    KeptOut,
    /// The connection could not be made for another reason. Nothing was sent.
    Connect(String),
    /// The connection broke before the answer.
    Broken(String),
}

impl SendError {
    /// Whether it is the other side's certificate that is not trusted.
    pub(crate) fn is_of_certificate(&self) -> bool {
        matches!(self, Self::Connect(reason) if reason.contains("certificate"))
    }

    /// What happened, in words.
    pub(crate) fn phrase(&self, target: &Target) -> Phrase {
        match self {
            Self::NobodyListens => phrase!("error-nobody-listens", target = target),
            Self::KeptOut => match target {
                Target::Socket(path) => phrase!("error-socket-kept-out", target = path.display()),
                Target::Host(_) => phrase!("error-connect", target = target, reason = "permission denied"),
            },
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
            Target::Host(url) => host_client(url),
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

    /// Sends a request, with what we are known by. The future holds nothing of `self`.
    pub(crate) fn send(
        &self,
        request: &Request,
        bearer: Option<&Secret>,
    ) -> impl Future<Output = Result<Response, SendError>> + use<> {
        let url = format!("{}/api/v1{}", self.target.base(), request.path);
        let accept = if request.is_stream { "text/event-stream" } else { "application/json" };
        let mut builder = self.http.request(request.method.clone(), url).header(ACCEPT, HeaderValue::from_static(accept));
        builder = builder.header(HeaderName::from_static(VERSION_HEADER), HeaderValue::from_static(VERSION));
        if let Some(mut value) = bearer.and_then(|token| HeaderValue::try_from(format!("Bearer {}", token.reveal())).ok()) {
            value.set_sensitive(true);
            builder = builder.header(AUTHORIZATION, value);
        }
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
    bare().unix_socket(path).build()
}

/// A client for one daemon elsewhere. On this machine's loopback no proxy is asked.
fn host_client(url: &str) -> reqwest::Result<Client> {
    let builder = match (url.starts_with("https:"), is_loopback(url)) {
        (false, _) => bare().connect_timeout(remote::CONNECT_TIMEOUT),
        (true, true) => remote::builder().no_proxy(),
        (true, false) => remote::builder(),
    };
    builder.redirect(Policy::none()).build()
}

/// No TLS, and so no certificates; no proxies, no pool.
fn bare() -> ClientBuilder {
    remote::install_cryptography();
    Client::builder().no_proxy().tls_certs_only([]).http1_only().pool_max_idle_per_host(0)
}

fn classify(error: &reqwest::Error) -> SendError {
    if !error.is_connect() {
        return SendError::Broken(root_cause(error));
    }
    match io_kind(error) {
        Some(io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => SendError::NobodyListens,
        Some(io::ErrorKind::PermissionDenied) => SendError::KeptOut,
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
        assert_eq!(Target::parse("https://H.Example:443").expect("a host"), Target::Host("https://h.example".into()));
        for text in ["unix://x.sock", "/run/x.sock", "h:1", "ftp://h", "http://", "http://h?x"] {
            assert!(Target::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn only_this_machine_is_spoken_to_in_the_clear() {
        let check = |text: &str| Target::parse(text).expect("a target").check_private();
        for text in ["unix:///x", "https://h", "http://localhost:1", "http://127.0.0.1:1", "http://127.8.8.8", "http://[::1]:1"] {
            assert!(check(text).is_ok(), "{text}");
        }
        for text in ["http://h:1", "http://10.0.0.1", "http://localhost.example", "http://[::2]", "http://127.0.0.1.example"] {
            assert!(check(text).is_err(), "{text}");
        }
        let hint = check("http://h:1").expect_err("in the clear").hint;
        assert!(hint.is_some_and(|hint| hint.contains("https://h:1")));
    }

    #[test]
    fn a_name_that_leads_elsewhere_is_no_name() {
        for name in ["", ".", ".."] {
            assert!(Request::get(format!("/roles/{}", encode(name))).names_nothing(), "{name}");
            assert!(Request::get(format!("/models/{}/config", encode(name))).names_nothing(), "{name}");
        }
        for path in ["/roles", "/roles/a.b", "/roles/%2E%2E%2E", "/chat?model=%2E&url=a//b"] {
            assert!(!Request::get(path).names_nothing(), "{path}");
        }
    }

    #[test]
    fn a_name_is_one_segment() {
        assert_eq!(encode("openrouter/anthropic/claude 5"), "openrouter%2Fanthropic%2Fclaude%205");
        assert_eq!(encode("文心"), "%E6%96%87%E5%BF%83");
    }
}
