//! One line a request in the log: which route, from where, what came of it, how long it took. The path is the route's, not
//! the request's: names of things are their owner's business.

use std::time::Instant;

use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};

use crate::{http::AppState, listen::peer::Peer};

/// Writes the line, and counts the request, once the answer has begun.
pub async fn access_log(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let from = match request.extensions().get::<ConnectInfo<Peer>>() {
        Some(ConnectInfo(Peer::Unix(credential))) => format!("unix:{}", credential.user_id),
        Some(ConnectInfo(Peer::Tcp(address))) => address.ip().to_string(),
        None => "nowhere".to_owned(),
    };
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    state.services.metrics.answered(method.as_str(), &route, status, took);
    // That somebody asks every few seconds whether all is well is worth no line.
    if route.starts_with("/health") || route == "/metrics" {
        tracing::debug!(%method, route, from, status, micros, "answered");
    } else {
        tracing::info!(%method, route, from, status, micros, "answered");
    }
    response
}
