//! Every request has an id: the caller's own where it is a plain word, else a new one. It is in the answer's header, in
//! the body of a problem, and beside every line that is logged on the request's behalf.

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use mmp_shared::{RunId, system::REQUEST_ID_HEADER};
use serde_json::Value;
use tracing::Instrument as _;

use crate::http::error::IsProblem;

/// Where callers' own ids are looked for.
const HEADERS: [&str; 2] = [REQUEST_ID_HEADER, "x-request-id"];

/// The longest id that is taken from a caller.
const LONGEST_ID: usize = 64;

/// The largest problem whose body is opened to write the request's id into it, in bytes.
const LARGEST_PROBLEM: usize = 64 << 20;

/// The id of a request, among its extensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

/// Gives the request its id and the answer too.
pub async fn request_id(mut request: Request, next: Next) -> Response {
    let id = of_caller(request.headers()).unwrap_or_else(|| RunId::generate().short());
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).instrument(tracing::info_span!("request", id)).await;
    if response.extensions_mut().remove::<IsProblem>().is_some() {
        response = in_the_body(response, &id).await;
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID_HEADER, value);
    }
    response
}

fn of_caller(headers: &HeaderMap) -> Option<String> {
    let id = HEADERS.iter().find_map(|name| headers.get(*name))?.to_str().ok()?;
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (!id.is_empty() && id.len() <= LONGEST_ID && id.chars().all(is_word)).then(|| id.to_owned())
}

async fn in_the_body(response: Response, id: &str) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, LARGEST_PROBLEM).await.unwrap_or_default();
    let body = match serde_json::from_slice::<Value>(&bytes) {
        Ok(Value::Object(mut fields)) => {
            fields.insert("request_id".into(), id.into());
            Body::from(Value::Object(fields).to_string())
        }
        _ => Body::from(bytes),
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(id: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert("x-request-id", HeaderValue::from_str(id).expect("a header"));
        of_caller(&headers)
    }

    #[test]
    fn only_a_plain_word_is_taken_from_a_caller() {
        assert_eq!(taken("0198c5d2-7b1e").as_deref(), Some("0198c5d2-7b1e"));
        for id in ["", "a b", "a\"b", &"x".repeat(65)] {
            assert_eq!(taken(id), None, "{id}");
        }
    }
}
