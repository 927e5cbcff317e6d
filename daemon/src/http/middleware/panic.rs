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
