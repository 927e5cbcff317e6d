//! Sends a request and looks at the status: what comes back is an answer that began well, or an error in words.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use mmp_shared::{ErrorCode, phrase};
use reqwest::{
    Method, Request, Response, Url,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use tokio::time::{Instant, timeout_at};

use super::{DriverSettings, client::Clients, clock, failure, framing::Unreadable, proxy};
use crate::providers::{Endpoint, HttpCall, Provider, ProviderError, Refusal};

/// How much of an error's body is read, and for how long at the most.
const LARGEST_REFUSAL: usize = 64 * 1024;
const REFUSAL_TIMEOUT: Duration = Duration::from_secs(5);
/// The status with which a proxy, and nobody else, asks for a user and a password.
const PROXY_WANTS_PASSWORD: u16 = 407;
/// The longest that a list of models may take.
const LIST_TIMEOUT: Duration = Duration::from_secs(30);
/// The longest wait that a provider may ask for.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// Sends a request; the answer is one of status 200 to 299.
///
/// # Errors
///
/// What kept the answer from coming, or what the provider said instead.
pub(super) async fn ask(
    clients: &Clients,
    settings: DriverSettings,
    provider: &Arc<dyn Provider>,
    endpoint: &Endpoint,
    call: HttpCall,
) -> Result<Response, ProviderError> {
    let request = request(&endpoint.provider, call)?;
    let url = request.url().clone();
    let sent = clients.send(request).await;
    let response = sent.map_err(|error| failure::unreachable(&endpoint.provider, &url, &error))?;
    let patience = REFUSAL_TIMEOUT.min(settings.event_timeout);
    match response.status().as_u16() {
        200..=299 => Ok(response),
        PROXY_WANTS_PASSWORD => match proxy::on_the_way(&url) {
            Some(proxy) => Err(failure::refused_by(&proxy, &endpoint.provider, &url)),
            None => Err(refused(provider.as_ref(), endpoint, response, patience).await),
        },
        300..=399 => Err(redirected(&endpoint.provider, &response)),
        _ => Err(refused(provider.as_ref(), endpoint, response, patience).await),
    }
}

/// Sends a request and reads the whole body.
///
/// # Errors
///
/// As [`ask`], and where the body is too large, too slow or cut.
pub(super) async fn whole(
    clients: &Clients,
    settings: DriverSettings,
    provider: &Arc<dyn Provider>,
    endpoint: &Endpoint,
    call: HttpCall,
) -> Result<Vec<u8>, ProviderError> {
    let total_timeout = settings.total_timeout.min(settings.first_event_timeout).min(LIST_TIMEOUT);
    let until = Instant::now() + total_timeout;
    let work = async {
        let mut response = ask(clients, settings, provider, endpoint, call).await?;
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(bytes)) if body.len() + bytes.len() > settings.largest_event => {
                    return Err(failure::unreadable(&endpoint.provider, Unreadable::TooLarge(settings.largest_event)));
                }
                Ok(Some(bytes)) => body.extend_from_slice(&bytes),
                Ok(None) => return Ok(body),
                Err(error) => return Err(failure::broken(&endpoint.provider, &error)),
            }
        }
    };
    timeout_at(until, work).await.unwrap_or_else(|_| Err(clock::silent(&endpoint.provider, total_timeout)))
}

fn request(provider: &str, call: HttpCall) -> Result<Request, ProviderError> {
    let is_http = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    let mut url = Url::parse(&call.url).ok().filter(is_http).ok_or_else(|| {
        ProviderError::new(ErrorCode::BadRequest, phrase!("upstream-bad-url", provider = provider, url = call.url))
            .with_hint(phrase!("hint-upstream-base-url", provider = provider))
    })?;
    if !call.secret_query.is_empty() {
        url.query_pairs_mut().extend_pairs(call.secret_query.iter().map(|(name, value)| (name, value.as_str())));
    }
    let mut request = Request::new(if call.method == "GET" { Method::GET } else { Method::POST }, url);
    for (name, value) in &call.headers {
        insert(request.headers_mut(), name, value).ok_or_else(|| bad_key(provider))?;
    }
    for (name, value) in &call.secret_headers {
        let header = insert(request.headers_mut(), name, value).ok_or_else(|| bad_key(provider))?;
        header.set_sensitive(true);
    }
    if !call.body.is_empty() {
        *request.body_mut() = Some(call.body.into());
    }
    Ok(request)
}

fn insert<'a>(headers: &'a mut HeaderMap, name: &'static str, value: &str) -> Option<&'a mut HeaderValue> {
    let name = HeaderName::from_static(name);
    headers.insert(name.clone(), HeaderValue::from_str(value).ok()?);
    headers.get_mut(name)
}

/// A key with a line end or a control character in it, which no header can carry.
fn bad_key(provider: &str) -> ProviderError {
    ProviderError::new(ErrorCode::ProviderAuth, phrase!("upstream-bad-key", provider = provider))
        .with_hint(phrase!("hint-upstream-auth", provider = provider))
}

/// Redirects are not followed: the key would go with them.
fn redirected(provider: &str, response: &Response) -> ProviderError {
    let target = response.headers().get("location").and_then(|value| value.to_str().ok()).unwrap_or("?");
    let phrase = phrase!("upstream-redirect", provider = provider, url = target);
    let mut error = ProviderError::new(ErrorCode::ProviderProtocol, phrase);
    error.http_status = Some(response.status().as_u16());
    error.with_hint(phrase!("hint-upstream-base-url", provider = provider))
}

async fn refused(provider: &dyn Provider, endpoint: &Endpoint, mut response: Response, patience: Duration) -> ProviderError {
    let status = response.status().as_u16();
    let retry_after = retry_after(response.headers(), SystemTime::now());
    let until = Instant::now() + patience;
    let mut body = Vec::new();
    // What was read of it is better than nothing, however it ends.
    while let Ok(Ok(Some(bytes))) = timeout_at(until, response.chunk()).await {
        body.extend_from_slice(&bytes);
        if body.len() > LARGEST_REFUSAL {
            break;
        }
    }
    body.truncate(LARGEST_REFUSAL);
    let mut error = provider.refused(Refusal { provider: &endpoint.provider, status, body: &body });
    if error.code == ErrorCode::ProviderAuth && endpoint.api_key.is_none() {
        // There was no key to be refused.
        error.phrase.key = "upstream-wants-key".into();
        error = error.with_hint(phrase!("hint-upstream-wants-key", provider = endpoint.provider));
    }
    error.http_status = Some(status);
    error.retry_after = retry_after.or(error.retry_after);
    match error.retry_after.filter(|wait| error.code.is_retryable() && !wait.is_zero()) {
        Some(wait) => {
            error.with_hint(phrase!("hint-upstream-retry-after", provider = endpoint.provider, duration = rounded(wait)))
        }
        None => error,
    }
}

/// A wait in words: of one that is longer than a second, nobody wants to know the milliseconds.
fn rounded(wait: Duration) -> String {
    let is_long = wait > Duration::from_secs(1);
    clock::words(if is_long { Duration::from_secs_f64(wait.as_secs_f64().ceil()) } else { wait })
}

/// How long to wait, as seconds, as a date or as milliseconds; the longest where several are named (Azure names one
/// second and no milliseconds).
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let number = |text: &str, unit: f64| {
        let seconds = text.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0)? * unit;
        Some(Duration::from_secs_f64(seconds.min(LONGEST_RETRY_AFTER.as_secs_f64())))
    };
    let date = |text: &str| {
        let at = httpdate::parse_http_date(text).ok()?;
        Some(at.duration_since(now).unwrap_or_default().min(LONGEST_RETRY_AFTER))
    };
    let in_seconds = text("retry-after").and_then(|text| number(text, 1.0).or_else(|| date(text)));
    let in_milliseconds = text("retry-after-ms").and_then(|text| number(text, 0.001));
    in_seconds.max(in_milliseconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(headers: &[(&'static str, &str)]) -> Option<Duration> {
        let headers =
            headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).expect("a value")));
        let now = httpdate::parse_http_date("Mon, 23 Nov 2026 12:00:00 GMT").expect("a date");
        retry_after(&headers.collect(), now)
    }

    #[test]
    fn every_form_of_retry_after_is_read() {
        assert_eq!(waits(&[("retry-after", "7")]), Some(Duration::from_secs(7)));
        assert_eq!(waits(&[("retry-after", "0.5")]), Some(Duration::from_millis(500)));
        assert_eq!(waits(&[("retry-after", "Mon, 23 Nov 2026 12:00:09 GMT")]), Some(Duration::from_secs(9)));
        assert_eq!(waits(&[("retry-after", "Mon, 23 Nov 2026 11:00:00 GMT")]), Some(Duration::ZERO));
        assert_eq!(waits(&[("retry-after-ms", "250")]), Some(Duration::from_millis(250)));
        assert_eq!(waits(&[("retry-after", "1"), ("retry-after-ms", "0")]), Some(Duration::from_secs(1)));
        assert_eq!(waits(&[("retry-after", "soon")]), None);
        assert_eq!(waits(&[("retry-after", "1e30")]), Some(LONGEST_RETRY_AFTER));
    }
}
