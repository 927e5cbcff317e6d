//! Network failures in words, by their cause.

use std::{error::Error, io};

use mmp_shared::{ErrorCode, Phrase, phrase};

use super::{
    client::{SendError, innermost},
    framing::Unreadable,
};
use crate::providers::ProviderError;

/// No answer began: what to say of it.
pub(super) fn unreachable(provider: &str, host: &str, error: &SendError) -> ProviderError {
    let (phrase, hint) = match error {
        SendError::Client(reason) => {
            (Phrase::new("upstream-no-certificates").with("words", reason), Phrase::new("hint-upstream-certificates"))
        }
        SendError::Request(error) => cause(error),
    };
    let phrase = phrase.with("provider", provider).with("host", host);
    ProviderError::new(ErrorCode::ProviderUnreachable, phrase).with_hint(hint.with("provider", provider))
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

fn cause(error: &reqwest::Error) -> (Phrase, Phrase) {
    let has_kind = |kinds: &[io::ErrorKind]| chain(error).filter_map(io_kind).any(|kind| kinds.contains(&kind));
    let says =
        |words: &[&str]| chain(error).any(|cause| words.iter().any(|word| cause.to_string().to_lowercase().contains(word)));
    let network = Phrase::new("hint-upstream-network");
    if says(&["proxy", "tunnel", "socks"]) {
        (Phrase::new("upstream-proxy").with("words", innermost(error)), Phrase::new("hint-upstream-proxy"))
    } else if error.is_dns() {
        (Phrase::new("upstream-dns"), network)
    } else if chain(error).any(is_tls) {
        (Phrase::new("upstream-tls").with("words", innermost(error)), Phrase::new("hint-upstream-tls"))
    } else if has_kind(&[io::ErrorKind::ConnectionRefused]) {
        (Phrase::new("upstream-refused"), Phrase::new("hint-upstream-refused"))
    } else if error.is_connect() && (error.is_timeout() || has_kind(&[io::ErrorKind::TimedOut])) {
        (Phrase::new("upstream-connect-timeout"), network)
    } else if super::client::is_broken(error) {
        (Phrase::new("upstream-closed"), Phrase::new("hint-upstream-closed"))
    } else {
        (Phrase::new("upstream-no-connection").with("words", innermost(error)), network)
    }
}

/// An error and all its causes.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

fn io_kind(error: &(dyn Error + 'static)) -> Option<io::ErrorKind> {
    error.downcast_ref::<io::Error>().map(io::Error::kind)
}

/// rustls hides inside of I/O errors, one in another, which are not among their own causes.
fn is_tls(error: &(dyn Error + 'static)) -> bool {
    let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    error.is::<rustls::Error>() || inner.is_some_and(|inner| is_tls(inner))
}
