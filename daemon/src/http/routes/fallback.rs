//! What is no route, and no method of one.

use axum::http::{Method, Uri};
use mmp_shared::{ApiError, ErrorCode, phrase};

use crate::http::error::Problem;

/// There is no such route.
pub async fn no_such_route(uri: Uri) -> Problem {
    ApiError::new(ErrorCode::NotFound, phrase!("error-no-such-route", path = uri.path())).into()
}

/// The route has no such method.
pub async fn no_such_method(method: Method, uri: Uri) -> Problem {
    ApiError::new(ErrorCode::NotFound, phrase!("error-no-such-method", method = method, path = uri.path())).into()
}
