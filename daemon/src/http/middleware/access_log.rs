//! One line a request in the log: which route, from where, what came of it, how long it took. The path is the route's, not
//! the request's: names of things are their owner's business.

use std::time::Instant;

use axum::{
    extract::{ConnectInfo, MatchedPath, Request},
    middleware::Next,
    response::Response,
};

use crate::listen::peer::Peer;

/// Writes the line once the answer has begun.
pub async fn access_log(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let from = match request.extensions().get::<ConnectInfo<Peer>>() {
        Some(ConnectInfo(Peer::Unix(credential))) => format!("unix:{}", credential.user_id),
        Some(ConnectInfo(Peer::Tcp(address))) => address.ip().to_string(),
        None => "nowhere".to_owned(),
    };
    let response = next.run(request).await;
    let (status, micros) = (response.status().as_u16(), u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX));
    // That somebody asks every few seconds whether all is well is worth no line.
    if route.starts_with("/health") {
        tracing::debug!(%method, route, from, status, micros, "answered");
    } else {
        tracing::info!(%method, route, from, status, micros, "answered");
    }
    response
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use axum::{Router, body::Body, http::Request, middleware::from_fn, routing::get};
    use tower::ServiceExt as _;
    use tracing::instrument::WithSubscriber as _;

    use super::*;
    use crate::{http::middleware::request_id, listen::peer::PeerCredential};

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no panic").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_request_is_one_line_with_its_route_its_id_and_no_name_of_anything() {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).with_ansi(false).finish();
        let app = Router::new()
            .route("/conversations/{reference}", get(|| async { "" }))
            .layer(from_fn(access_log))
            .layer(from_fn(request_id));
        let mut request =
            Request::get("/conversations/my-diary").header("x-request-id", "mine-8").body(Body::empty()).expect("a request");
        request.extensions_mut().insert(ConnectInfo(Peer::Unix(Arc::new(PeerCredential { user_id: 7 }))));
        app.oneshot(request).with_subscriber(subscriber).await.expect("the router never fails");
        let text = String::from_utf8(lines.0.lock().expect("no panic").clone()).expect("text");
        assert_eq!(text.lines().count(), 1, "{text}");
        for part in ["/conversations/{reference}", "unix:7", "status=200", "mine-8"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("diary"), "{text}");
    }
}
