//! A panic ends its request alone: the caller is told that something went wrong and under which id to look for it, and nothing
//! of what is inside.

use std::any::Any;

use axum::response::{IntoResponse, Response};
use mmp_shared::{ApiError, ErrorCode, phrase};

use crate::http::error::Problem;

/// The answer in the place of one whose making panicked.
pub fn answer(panic: Box<dyn Any + Send + 'static>) -> Response {
    let words = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(panic = words.unwrap_or("without words"), "a request panicked");
    let error = ApiError::new(ErrorCode::Internal, phrase!("error-internal")).with_hint(phrase!("hint-internal"));
    Problem::from(error).into_response()
}

#[cfg(test)]
mod tests {
    use axum::{
        Router,
        body::{Body, to_bytes},
        http::{Request, StatusCode},
        middleware::from_fn,
        routing::get,
    };
    use tower::ServiceExt as _;
    use tower_http::catch_panic::CatchPanicLayer;

    use crate::http::middleware::request_id;

    async fn break_down() -> &'static str {
        panic!("what is inside")
    }

    #[tokio::test]
    async fn a_panic_is_told_with_its_id_and_nothing_of_what_is_inside() {
        let app =
            Router::new().route("/", get(break_down)).layer(CatchPanicLayer::custom(super::answer)).layer(from_fn(request_id));
        let request = Request::get("/").header("x-request-id", "mine-7").body(Body::empty()).expect("a request");
        let response = app.oneshot(request).await.expect("the router never fails");
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = to_bytes(response.into_body(), 1 << 20).await.expect("a body");
        let text = String::from_utf8_lossy(&body);
        assert!(text.contains("\"internal\"") && text.contains("mine-7") && !text.contains("inside"), "{text}");
    }
}
