//! Keeps web pages out: a page that somebody has open must not reach a daemon on their machine, neither by its own origin nor
//! under a name that was turned to an address of this machine (DNS rebinding).
//!
//! Only over TCP: no browser opens a Unix socket. An address in figures needs no look: only names can be turned.

use std::net::IpAddr;

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, Method, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};
use mmp_shared::{
    ApiError, ErrorCode, phrase,
    system::{REQUEST_ID_HEADER, VERSION_HEADER},
};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::{
    http::{AppState, Web, error::Problem},
    listen::peer::Peer,
};

/// Lets a request over TCP pass if the host and the origin that it names are known.
pub async fn web_pages(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if let Some(ConnectInfo(Peer::Tcp(_))) = request.extensions().get::<ConnectInfo<Peer>>()
        && let Err(error) = check(&state.web, request.uri().authority(), request.headers())
    {
        return Problem::from(error).into_response();
    }
    next.run(request).await
}

fn check(web: &Web, authority: Option<&Authority>, headers: &HeaderMap) -> Result<(), ApiError> {
    let of_header = || headers.get(header::HOST)?.to_str().ok()?.parse::<Authority>().ok();
    let Some(authority) = authority.cloned().or_else(of_header) else {
        return Err(ApiError::new(ErrorCode::BadRequest, phrase!("error-no-host")));
    };
    let host = authority.host().trim_matches(['[', ']']).to_ascii_lowercase();
    let is_known = host == "localhost" || host.parse::<IpAddr>().is_ok() || web.hosts.contains(&host);
    if !is_known {
        let error = ApiError::new(ErrorCode::Forbidden, phrase!("error-unknown-host", host = host));
        return Err(error.with_hint(phrase!("hint-unknown-host")));
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let origin = origin.to_str().unwrap_or_default().to_ascii_lowercase();
    let own = format!("{}://{}", if web.is_encrypted { "https" } else { "http" }, authority.as_str().to_ascii_lowercase());
    if origin == own || web.origins.contains(&origin) {
        return Ok(());
    }
    let error = ApiError::new(ErrorCode::Forbidden, phrase!("error-unknown-origin", origin = origin));
    Err(error.with_hint(phrase!("hint-unknown-origin")))
}

/// What browsers are told about the origins that may call; none where none may.
pub fn cors(web: &Web) -> Option<CorsLayer> {
    let origins: Vec<HeaderValue> = web.origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect();
    if origins.is_empty() {
        return None;
    }
    let last_event_id = header::HeaderName::from_static("last-event-id");
    let own = [REQUEST_ID_HEADER, VERSION_HEADER].map(header::HeaderName::from_static);
    Some(
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(origins))
            .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
            .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::ACCEPT, last_event_id])
            .expose_headers(own.into_iter().chain([header::RETRY_AFTER]).collect::<Vec<_>>()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn web() -> Web {
        Web { hosts: vec!["mmp.example.org".into()], origins: vec!["https://app.example.org".into()], ..Web::default() }
    }

    fn code(host: &str, origin: Option<&str>) -> Option<ErrorCode> {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_str(host).expect("a header"));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, HeaderValue::from_str(origin).expect("a header"));
        }
        check(&web(), None, &headers).err().map(|error| error.code)
    }

    #[test]
    fn only_known_names_and_addresses_are_hosts() {
        for host in ["localhost:8800", "127.0.0.1", "[::1]:8800", "192.168.1.5:8800", "MMP.example.org"] {
            assert_eq!(code(host, None), None, "{host}");
        }
        for host in ["evil.example", "localhost.evil.example:8800", "127.0.0.1.evil.example", "mmp.example.org.evil"] {
            assert_eq!(code(host, None), Some(ErrorCode::Forbidden), "{host}");
        }
        assert_eq!(check(&web(), None, &HeaderMap::new()).expect_err("no host").code, ErrorCode::BadRequest);
    }

    #[test]
    fn only_known_origins_may_call() {
        assert_eq!(code("127.0.0.1:8800", Some("http://127.0.0.1:8800")), None, "its own pages");
        assert_eq!(code("127.0.0.1:8800", Some("https://app.example.org")), None, "one that is listed");
        for origin in ["null", "http://evil.example", "http://127.0.0.1:9", "https://127.0.0.1:8800", ""] {
            assert_eq!(code("127.0.0.1:8800", Some(origin)), Some(ErrorCode::Forbidden), "{origin}");
        }
    }

    #[test]
    fn no_origin_is_told_of_unless_one_is_listed() {
        assert!(cors(&Web::default()).is_none());
        assert!(cors(&web()).is_some());
    }
}
