//! How often one may ask: an address over TCP, whoever calls from there; then, once it is known who calls, the account and
//! the access token. The daemon's own OS user at the Unix socket has no limit.
//!
//! The counting is `security/rate`'s. What is left is said in every answer (`RateLimit-…`, as the drafts of the IETF have it),
//! and whoever is told to wait is told how long.

use std::{net::IpAddr, time::Duration};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue},
    middleware::Next,
    response::{IntoResponse, Response},
};
use mmp_shared::{ApiError, ErrorCode, TokenId, UserId, config::Rate, phrase};

use crate::{
    http::{AppState, error::Problem, extract::Caller},
    listen::peer::Peer,
    security::rate::{Allowance, Counter, TooOften, network},
    services::{chat::Connection, users::Credential},
};

/// Everybody who is counted.
pub struct RateLimits {
    accounts: Counter<UserId>,
    tokens: Counter<TokenId>,
    sources: Counter<IpAddr>,
}

impl RateLimits {
    /// Nobody has asked yet. The rates are of one account, one access token, one address; none is as often as one likes.
    pub fn new(account: Option<Rate>, token: Option<Rate>, source: Option<Rate>) -> Self {
        Self { accounts: Counter::new(account), tokens: Counter::new(token), sources: Counter::new(source) }
    }

    /// Counts a caller who is known.
    ///
    /// # Errors
    ///
    /// `rate_limited`.
    pub fn count(&self, caller: &Caller) -> Result<Option<Allowance>, ApiError> {
        if caller.connection == Connection::OwnUser {
            return Ok(None);
        }
        let of_token = match caller.account.credential {
            Credential::Token(id) => self.tokens.count(&id).map_err(|often| refused("token", often))?,
            _ => None,
        };
        let of_account = self.accounts.count(&caller.account.id).map_err(|often| refused("account", often))?;
        Ok(nearer(of_token, of_account))
    }
}

/// Counts the address that a request over TCP comes from.
pub async fn source_limit(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let Some(ConnectInfo(Peer::Tcp(address))) = request.extensions().get::<ConnectInfo<Peer>>() else {
        return next.run(request).await;
    };
    match state.rates.sources.count(&network(address.ip())) {
        Ok(left) => said(next.run(request).await, left),
        Err(often) => Problem::from(refused("source", often)).into_response(),
    }
}

/// An answer that says what is left, unless it says so already of something nearer.
pub fn said(mut response: Response, left: Option<Allowance>) -> Response {
    if let Some(left) = left {
        let headers = response.headers_mut();
        if !headers.contains_key("ratelimit-limit") {
            put(headers, "ratelimit-limit", left.limit);
            put(headers, "ratelimit-remaining", left.remaining);
            put(headers, "ratelimit-reset", seconds(left.reset));
        }
    }
    response
}

fn put(headers: &mut HeaderMap, name: &'static str, value: impl Into<u64>) {
    headers.insert(name, HeaderValue::from(value.into()));
}

/// Whole seconds, rounded up: whoever waits so long has waited long enough.
fn seconds(time: Duration) -> u64 {
    time.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX)
}

fn nearer(a: Option<Allowance>, b: Option<Allowance>) -> Option<Allowance> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if a.remaining <= b.remaining { a } else { b }),
        (a, b) => a.or(b),
    }
}

fn refused(what: &str, often: TooOften) -> ApiError {
    let seconds = seconds(often.wait);
    let error = ApiError::new(ErrorCode::RateLimited, phrase!("error-too-often", what = what, limit = often.limit));
    error.with_hint(phrase!("hint-wait", seconds = seconds)).with_retry_after(often.wait)
}
