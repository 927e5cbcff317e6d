//! Network failures in words, by their cause.

use std::{error::Error, io};

use mmp_shared::{ErrorCode, Phrase, phrase};
use reqwest::Url;

use super::{
    client::{SendError, innermost},
    framing::Unreadable,
    proxy::{self, OnTheWay},
    tls,
};
use crate::providers::ProviderError;

/// No answer began: what to say of it.
pub(super) fn unreachable(provider: &str, url: &Url, error: &SendError) -> ProviderError {
    let (phrase, hint) = match error {
        SendError::Client(reason) => {
            (Phrase::new("upstream-no-certificates").with("words", reason), Phrase::new("hint-upstream-certificates"))
        }
        SendError::Request(error) => match proxy::on_the_way(url).filter(|_| error.is_connect()) {
            Some(proxy) => cause_on_the_way(&proxy, error),
            None => cause(url, error),
        },
    };
    let phrase = phrase.with("provider", provider).with("host", host_of(url));
    ProviderError::new(ErrorCode::ProviderUnreachable, phrase).with_hint(hint.with("provider", provider))
}

/// A proxy answered in the place of the provider: it wants to know who asks.
pub(super) fn refused_by(proxy: &OnTheWay, provider: &str, url: &Url) -> ProviderError {
    let (phrase, hint) = of_proxy(proxy, "password", "");
    let phrase = phrase.with("provider", provider).with("host", host_of(url));
    ProviderError::new(ErrorCode::ProviderUnreachable, phrase).with_hint(hint)
}

/// A list of models that was refused. Nobody asked for a model: what was not found is the list, so the place is wrong.
pub(super) fn of_list(provider: &str, error: ProviderError) -> ProviderError {
    let is_place = matches!(error.http_status, Some(404 | 405));
    if !is_place || !matches!(error.code, ErrorCode::ModelNotFound | ErrorCode::ProviderBadRequest) {
        return error;
    }
    let words = error.phrase.args.get("words").cloned().unwrap_or_default();
    let phrase = phrase!("upstream-no-list", provider = provider, words = words);
    let told = ProviderError { code: ErrorCode::ProviderBadRequest, phrase, ..error };
    told.with_hint(phrase!("hint-upstream-base-url", provider = provider))
}

/// A host and its port, as people know them.
pub(super) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The answer broke off.
pub(super) fn broken(provider: &str, error: &reqwest::Error) -> ProviderError {
    let phrase = phrase!("upstream-cut", provider = provider, words = innermost(error));
    ProviderError::new(ErrorCode::StreamTruncated, phrase)
}

/// Whether a broken body is only one whose TLS connection was closed without saying so.
pub(super) fn is_unannounced_end(error: &reqwest::Error) -> bool {
    chain(error).any(|cause| io_kind(cause) == Some(io::ErrorKind::UnexpectedEof))
}

/// The answer is nothing that can be read.
pub(super) fn unreadable(provider: &str, unreadable: Unreadable) -> ProviderError {
    let base_url = phrase!("hint-upstream-base-url", provider = provider);
    match unreadable {
        Unreadable::TooLarge(limit) => {
            let phrase = phrase!("upstream-event-too-large", provider = provider, limit = limit);
            ProviderError::new(ErrorCode::ProviderProtocol, phrase).with_hint(phrase!("hint-upstream-event-too-large"))
        }
        Unreadable::Html => {
            ProviderError::new(ErrorCode::ProviderProtocol, phrase!("upstream-html", provider = provider)).with_hint(base_url)
        }
        Unreadable::Nonsense(words) => {
            let phrase = phrase!("upstream-nonsense", provider = provider, words = words);
            ProviderError::new(ErrorCode::ProviderProtocol, phrase).with_hint(base_url)
        }
    }
}

fn cause(url: &Url, error: &reqwest::Error) -> (Phrase, Phrase) {
    let network = Phrase::new("hint-upstream-network");
    if error.is_dns() {
        (Phrase::new("upstream-dns"), network)
    } else if let Some(error) = tls::of(error) {
        tls::cause(error)
    } else if has_kind(error, &[io::ErrorKind::ConnectionRefused]) {
        (Phrase::new("upstream-refused"), Phrase::new("hint-upstream-refused"))
    } else if is_timeout(error) {
        (Phrase::new("upstream-connect-timeout"), network)
    } else if url.scheme() == "http" && says(error, &["invalid http version"]) {
        (Phrase::new("upstream-not-http"), Phrase::new("hint-upstream-not-http"))
    } else if super::client::is_broken(error) {
        (Phrase::new("upstream-closed"), Phrase::new("hint-upstream-closed"))
    } else {
        (Phrase::new("upstream-no-connection").with("words", innermost(error)), network)
    }
}

/// The connection was to be made by way of a proxy. What is secure is made behind it, with the provider itself.
fn cause_on_the_way(proxy: &OnTheWay, error: &reqwest::Error) -> (Phrase, Phrase) {
    if let Some(error) = tls::of(error) {
        return tls::cause(error);
    }
    let why = if says(error, &["authorization required", "authentication"]) {
        "password"
    } else if says(error, &["tunnel error: unsuccessful"]) {
        "denied"
    } else if error.is_dns() {
        "dns"
    } else if has_kind(error, &[io::ErrorKind::ConnectionRefused]) {
        "refused"
    } else if is_timeout(error) {
        "silent"
    } else {
        "other"
    };
    of_proxy(proxy, why, &innermost(error))
}

fn of_proxy(proxy: &OnTheWay, why: &'static str, words: &str) -> (Phrase, Phrase) {
    let hint = match (proxy.variable.as_str(), why) {
        ("", _) => Phrase::new("hint-upstream-proxy-system"),
        (_, "password") => Phrase::new("hint-upstream-proxy-password"),
        _ => Phrase::new("hint-upstream-proxy"),
    };
    let phrase = Phrase::new("upstream-proxy").with("why", why).with("proxy", &proxy.url).with("words", words);
    (phrase, hint.with("variable", &proxy.variable))
}

fn says(error: &reqwest::Error, words: &[&str]) -> bool {
    chain(error).any(|cause| words.iter().any(|word| cause.to_string().to_lowercase().contains(word)))
}

fn has_kind(error: &reqwest::Error, kinds: &[io::ErrorKind]) -> bool {
    chain(error).filter_map(io_kind).any(|kind| kinds.contains(&kind))
}

fn is_timeout(error: &reqwest::Error) -> bool {
    error.is_connect() && (error.is_timeout() || has_kind(error, &[io::ErrorKind::TimedOut]))
}

/// An error and all its causes.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

fn io_kind(error: &(dyn Error + 'static)) -> Option<io::ErrorKind> {
    error.downcast_ref::<io::Error>().map(io::Error::kind)
}

/// What the operating system said, without its number.
pub(super) fn in_words(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}
