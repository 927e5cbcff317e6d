//! A run as server-sent events: whatever waits becomes one piece of the body, so that a fast answer costs few writes.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::stream;
use mmp_shared::sse::write_event;
use tokio::time::timeout;

use crate::services::{
    auth::Standing,
    runs::{log::LogEntry, reader::RunReader},
};

/// How long a stream says nothing before a comment keeps it alive.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The answer that streams a run from the reader's place to its end, or until its caller is no longer who they were.
pub fn response(reader: RunReader, standing: Standing) -> Response {
    let body = Body::from_stream(stream::unfold((reader, standing), |(mut reader, mut standing)| async move {
        let next = tokio::select! {
            biased;
            () = standing.ended() => return None,
            next = timeout(KEEP_ALIVE, reader.next()) => next,
        };
        match next {
            Err(_) => Some((Ok::<_, Infallible>(Bytes::from_static(b": keep-alive\n\n")), (reader, standing))),
            Ok(Some(Ok(entries))) => Some((Ok(to_bytes(&entries)), (reader, standing))),
            Ok(Some(Err(error))) => {
                // The client sees a stream without its end, and comes back to read on.
                tracing::warn!(%error, "a run's events could not be read");
                None
            }
            Ok(None) => None,
        }
    }));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, body).into_response()
}

fn to_bytes(entries: &[LogEntry]) -> Bytes {
    let mut text = String::with_capacity(entries.iter().map(|entry| entry.data.len() + 48).sum());
    for entry in entries {
        write_event(&mut text, entry.id, &entry.name, &entry.data);
    }
    text.into()
}
