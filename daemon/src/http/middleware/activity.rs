//! Whether anybody is being answered, and since when nobody is: for a daemon that is to end when it has nothing to do.
//!
//! A request counts until the last byte of its answer is on its way, so that a stream or a backup is no idleness. Whoever
//! only asks how the daemon is keeps it from nothing.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::{Duration, Instant},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http_body::{Frame, SizeHint};

use crate::http::AppState;

/// Who is being answered.
#[derive(Debug)]
pub struct Activity {
    now: Mutex<Now>,
}

#[derive(Debug)]
struct Now {
    answering: usize,
    last: Instant,
}

impl Default for Activity {
    fn default() -> Self {
        Self { now: Mutex::new(Now { answering: 0, last: Instant::now() }) }
    }
}

impl Activity {
    /// How long nobody has been answered; nothing while somebody is.
    pub fn idle(&self) -> Duration {
        let now = self.now();
        if now.answering > 0 { Duration::ZERO } else { now.last.elapsed() }
    }

    /// Something else was done.
    pub fn touch(&self) {
        self.now().last = Instant::now();
    }

    fn begin(self: &Arc<Self>) -> Answering {
        self.now().answering += 1;
        Answering(Arc::clone(self))
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One who is being answered, until this is dropped.
struct Answering(Arc<Activity>);

impl Drop for Answering {
    fn drop(&mut self) {
        let mut now = self.0.now();
        now.answering -= 1;
        now.last = Instant::now();
    }
}

/// A body, and whom it answers.
struct Counted {
    body: Body,
    _answering: Answering,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Counts a request until its answer has gone.
pub async fn activity(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/health") || path == "/metrics" {
        return next.run(request).await;
    }
    let answering = state.activity.begin();
    next.run(request).await.map(|body| Body::new(Counted { body, _answering: answering }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_idle_while_a_body_is_there_to_be_read() {
        let activity = Arc::new(Activity::default());
        let body = Body::new(Counted { body: Body::from("words"), _answering: activity.begin() });
        assert_eq!(body.size_hint().exact(), Some(5));
        assert_eq!(activity.idle(), Duration::ZERO);
        let second = activity.begin();
        drop(body);
        assert_eq!(activity.idle(), Duration::ZERO);
        drop(second);
        let before = activity.now().last;
        assert!(activity.idle() <= before.elapsed());
        assert_eq!(activity.now().answering, 0);
    }
}
