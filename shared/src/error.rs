//! The one table of error codes: what each is over HTTP, as an exit code, and whether a retry can help.
//!
//! Both sides and the docs read it here. Which error a situation is belongs to those who meet the situation.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    message::Status,
    words::{Language, Phrase},
};

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $http:literal, $exit:literal, $retry:ident;)*) => {
        /// What kind of error it is. The words are part of the contract and never translated.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $word)] $variant,)*
        }

        impl ErrorCode {
            /// Every code, in the table's order.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The HTTP status that carries it; 0 for the one that only a client can meet.
            pub const fn http_status(self) -> u16 {
                match self { $(Self::$variant => $http,)* }
            }

            /// The exit code of a command that ends with it.
            pub const fn exit_code(self) -> u8 {
                match self { $(Self::$variant => $exit,)* }
            }

            /// Whether the same request may succeed later.
            pub const fn is_retryable(self) -> bool {
                match self { $(Self::$variant => codes!(@retry $retry),)* }
            }
        }
    };
    (@retry yes) => { true };
    (@retry no) => { false };
}

codes! {
    /// The request makes no sense as it stands; the message names the field.
    BadRequest = "bad_request", 400, 2, no;
    /// Something is larger than its limit; the message names both.
    TooLarge = "too_large", 413, 2, no;
    /// The request makes sense, and what it asks for cannot be had here.
    Unsupported = "unsupported", 422, 2, no;
    /// Nobody knows who is calling.
    Unauthenticated = "unauthenticated", 401, 3, no;
    /// The caller is known and may not.
    Forbidden = "forbidden", 403, 3, no;
    /// The provider wants a key, and there is none.
    NoKey = "no_key", 409, 3, no;
    /// There is no such thing, for this caller.
    NotFound = "not_found", 404, 1, no;
    /// It exists already, or has changed meanwhile.
    Conflict = "conflict", 409, 1, no;
    /// The store could not be read or written.
    StorageFailed = "storage_failed", 500, 1, no;
    /// A mistake of mmp's own.
    Internal = "internal", 500, 1, no;
    /// The disk is full; nothing was changed.
    StorageFull = "storage_full", 507, 1, yes;
    /// Too many requests of this caller; a locked account too.
    RateLimited = "rate_limited", 429, 5, yes;
    /// The budget is spent.
    BudgetExceeded = "budget_exceeded", 402, 5, no;
    /// The daemon is starting or stopping.
    Unavailable = "unavailable", 503, 6, yes;
    /// No daemon answers. Only a client says this.
    DaemonUnreachable = "daemon_unreachable", 0, 6, yes;
    /// The provider refused the key.
    ProviderAuth = "provider_auth", 502, 4, no;
    /// The provider refused the request.
    ProviderBadRequest = "provider_bad_request", 400, 4, no;
    /// The conversation is longer than the model's window.
    ContextTooLong = "context_too_long", 400, 4, no;
    /// The provider's filter refused the prompt.
    ContentBlocked = "content_blocked", 400, 4, no;
    /// Nobody knows the model.
    ModelNotFound = "model_not_found", 404, 4, no;
    /// What the provider sent makes no sense.
    ProviderProtocol = "provider_protocol", 502, 4, no;
    /// The provider's account has no credit left.
    ProviderQuota = "provider_quota", 402, 5, no;
    /// The provider wants fewer requests.
    ProviderRateLimited = "provider_rate_limited", 429, 5, yes;
    /// The provider has too much to do, or failed inside.
    ProviderOverloaded = "provider_overloaded", 503, 4, yes;
    /// No connection to the provider could be made, or it broke before an answer.
    ProviderUnreachable = "provider_unreachable", 502, 4, yes;
    /// The provider said nothing for too long.
    ProviderTimeout = "provider_timeout", 504, 4, yes;
    /// The answer ended without its end.
    StreamTruncated = "stream_truncated", 502, 4, yes;
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The exit code of an answer that is only in part what was asked for, or failed after its first text.
pub const EXIT_PARTIAL: u8 = 7;
/// The exit code after Ctrl-C.
pub const EXIT_INTERRUPTED: u8 = 130;
/// The exit code after SIGTERM.
pub const EXIT_TERMINATED: u8 = 143;

/// The exit code of an answer: 0 when complete; 7 when cut, filtered or interrupted, and on any failure after the
/// first text; otherwise the error's own.
pub fn answer_exit_code(status: Status, has_text: bool, error: Option<ErrorCode>) -> u8 {
    match status {
        Status::Complete | Status::Running => 0,
        Status::Truncated if !has_text => error.map_or(EXIT_PARTIAL, ErrorCode::exit_code),
        Status::Truncated | Status::Filtered | Status::Interrupted => EXIT_PARTIAL,
        Status::Cancelled => EXIT_INTERRUPTED,
        Status::Failed if has_text => EXIT_PARTIAL,
        Status::Failed => error.unwrap_or(ErrorCode::Internal).exit_code(),
    }
}

/// An error as both sides hand it on: the kind, what happened in words, what to do, and where it came from.
///
/// Its JSON form is what `--json` prints on stderr and what `failed` events carry. `message` and `hint` there are
/// English; `phrase` and `hint_phrase` let a client say the same in its user's language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    /// What kind of error it is.
    pub code: ErrorCode,
    /// What happened, to what.
    pub message: String,
    /// What to do about it.
    #[serde(default)]
    pub hint: Option<String>,
    /// Whether the same request may succeed later.
    pub retryable: bool,
    /// The provider that caused it.
    #[serde(default)]
    pub provider: Option<String>,
    /// The HTTP status that the provider, or else the daemon, answered with.
    #[serde(default)]
    pub http_status: Option<u16>,
    /// The request that met it, as the daemon's log names it.
    #[serde(default)]
    pub request_id: Option<String>,
    /// How long to wait before the same request may succeed, in milliseconds, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// The message as a key of the catalogues.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phrase: Option<Phrase>,
    /// The hint as a key of the catalogues.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint_phrase: Option<Phrase>,
}

impl ApiError {
    /// An error with words from the catalogues.
    pub fn new(code: ErrorCode, phrase: Phrase) -> Self {
        Self {
            code,
            message: phrase.render(Language::English),
            hint: None,
            retryable: code.is_retryable(),
            provider: None,
            http_status: None,
            request_id: None,
            retry_after_ms: None,
            phrase: Some(phrase),
            hint_phrase: None,
        }
    }

    /// The same error with advice.
    #[must_use]
    pub fn with_hint(mut self, phrase: Phrase) -> Self {
        self.hint = Some(phrase.render(Language::English));
        self.hint_phrase = Some(phrase);
        self
    }

    /// The same error, with how long to wait before another try.
    #[must_use]
    pub fn with_retry_after(mut self, wait: std::time::Duration) -> Self {
        self.retry_after_ms = Some(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        self
    }

    /// The same error, said to be a provider's.
    #[must_use]
    pub fn with_provider(mut self, provider: impl Into<String>) -> Self {
        self.provider = Some(provider.into());
        self
    }

    /// The same error with the HTTP status that carried it.
    #[must_use]
    pub fn with_http_status(mut self, status: u16) -> Self {
        self.http_status = Some(status);
        self
    }

    /// What happened, in a user's language.
    pub fn message_in(&self, language: Language) -> String {
        self.phrase.as_ref().map_or_else(|| self.message.clone(), |phrase| phrase.render(language))
    }

    /// What to do, in a user's language.
    pub fn hint_in(&self, language: Language) -> Option<String> {
        self.hint_phrase.as_ref().map(|phrase| phrase.render(language)).or_else(|| self.hint.clone())
    }

    /// The object that `--json` prints: the contract's fields and no others.
    pub fn to_public_json(&self) -> serde_json::Value {
        serde_json::json!({
            "code": self.code, "message": self.message, "hint": self.hint, "retryable": self.retryable,
            "provider": self.provider, "http_status": self.http_status, "request_id": self.request_id,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_survives_its_word() {
        for code in ErrorCode::ALL {
            let json = serde_json::to_string(code).expect("a code is JSON");
            assert_eq!(json, format!("\"{code}\""));
            assert_eq!(serde_json::from_str::<ErrorCode>(&json).expect("its own word"), *code);
        }
    }

    #[test]
    fn what_is_cut_after_text_exits_with_seven() {
        assert_eq!(answer_exit_code(Status::Complete, true, None), 0);
        assert_eq!(answer_exit_code(Status::Truncated, true, None), 7);
        assert_eq!(answer_exit_code(Status::Truncated, true, Some(ErrorCode::StreamTruncated)), 7);
        assert_eq!(answer_exit_code(Status::Truncated, false, Some(ErrorCode::StreamTruncated)), 4);
        assert_eq!(answer_exit_code(Status::Filtered, false, None), 7);
        assert_eq!(answer_exit_code(Status::Failed, true, Some(ErrorCode::ProviderTimeout)), 7);
        assert_eq!(answer_exit_code(Status::Failed, false, Some(ErrorCode::ProviderQuota)), 5);
        assert_eq!(answer_exit_code(Status::Cancelled, false, None), 130);
    }
}
