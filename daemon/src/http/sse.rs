//! Runs as server-sent events: whatever waits becomes one piece of the body, so that a fast answer costs few writes.
//!
//! One run's stream is its log. The stream of several holds their events as they come, each with its `run_id`; the beginnings
//! stand first, in the order of the models.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use mmp_shared::{ApiError, RunId, sse::write_event};
use tokio::time::timeout;

use crate::services::{
    auth::Standing,
    runs::{log::LogEntry, reader::RunReader},
};

/// How long a stream says nothing before a comment keeps it alive.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

type Piece = Result<Bytes, ApiError>;

/// The answer that streams a run from the reader's place to its end, or until its caller is no longer who they were.
pub fn response(reader: RunReader, standing: Standing) -> Response {
    streamed(pieces(reader, None), standing)
}

/// The answer that streams several runs at once, to the end of the last of them.
pub fn response_of_several(readers: Vec<(RunId, RunReader)>, standing: Standing) -> Response {
    let begun = stream::once(async move {
        let (mut first, mut rest) = (Vec::new(), Vec::new());
        for (run, mut reader) in readers {
            // What a run begins with is in its log before anybody reads it: nobody waits for another here.
            first.extend(reader.next().await.map(|entries| entries.map(|entries| to_bytes(&entries, Some(run)))));
            rest.push(Box::pin(pieces(reader, Some(run))));
        }
        stream::iter(first).chain(stream::select_all(rest))
    });
    streamed(begun.flatten(), standing)
}

/// What a reader reads, as pieces of a body.
fn pieces(reader: RunReader, run: Option<RunId>) -> impl Stream<Item = Piece> + Send + use<> {
    stream::unfold(reader, move |mut reader| async move {
        let entries = reader.next().await?;
        Some((entries.map(|entries| to_bytes(&entries, run)), reader))
    })
}

fn streamed(pieces: impl Stream<Item = Piece> + Send + 'static, standing: Standing) -> Response {
    let body = Body::from_stream(stream::unfold((Box::pin(pieces), standing), |(mut pieces, mut standing)| async move {
        let next = tokio::select! {
            biased;
            () = standing.ended() => return None,
            next = timeout(KEEP_ALIVE, pieces.next()) => next,
        };
        match next {
            Err(_) => Some((Ok::<_, Infallible>(Bytes::from_static(b": keep-alive\n\n")), (pieces, standing))),
            Ok(Some(Ok(piece))) => Some((Ok(piece), (pieces, standing))),
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

/// The entries as events; those of one run among several say whose they are.
fn to_bytes(entries: &[LogEntry], run: Option<RunId>) -> Bytes {
    let mut text = String::with_capacity(entries.iter().map(|entry| entry.data.len() + 96).sum());
    for entry in entries {
        match run {
            Some(run) => write_event(&mut text, entry.id, &entry.name, &with_run(&entry.data, run)),
            None => write_event(&mut text, entry.id, &entry.name, &entry.data),
        }
    }
    text.into()
}

/// An event's data, an object that is never empty, with the run's id. A beginning has it already.
fn with_run(data: &str, run: RunId) -> String {
    match data.strip_prefix('{') {
        Some(rest) if !rest.starts_with("\"run_id\":") => format!("{{\"run_id\":\"{run}\",{rest}"),
        _ => data.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_among_several_says_whose_it_is_once() {
        let run = RunId::generate();
        let expected = format!("{{\"run_id\":\"{run}\",\"text\":\"a\"}}");
        assert_eq!(with_run("{\"text\":\"a\"}", run), expected);
        assert_eq!(with_run(&expected, run), expected);
    }
}
