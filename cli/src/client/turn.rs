//! The events of a turn that several models answer: one stream, in which each event says whose it is.
//!
//! When its connection breaks each run is gone on with by itself, over a stream of its own; nothing is given out twice.

use futures_util::{
    StreamExt as _,
    future::LocalBoxFuture,
    stream::{LocalBoxStream, SelectAll, unfold},
};
use mmp_shared::{
    ApiError, ErrorCode, RunId,
    events::{LoggedEvent, StreamEvent},
    phrase,
    sse::{Event, Frame, Reader},
};
use reqwest::Response;
use serde::Deserialize;

use super::{
    Client, broken, not_understood,
    stream::{EventStream, LONGEST_EVENT, too_long},
};

/// An event of one of several runs.
#[derive(Debug)]
pub(crate) struct RunEvent {
    /// The place of its model among those that were asked.
    pub(crate) place: usize,
    /// The run.
    pub(crate) run_id: RunId,
    /// The event.
    pub(crate) logged: LoggedEvent,
}

/// The events of several runs as they come.
pub(crate) struct TurnStream<'a> {
    client: &'a Client,
    source: Source<'a>,
    /// How many runs there are to be.
    expected: usize,
    /// Those that have begun, in the order of the models.
    runs: Vec<Heard>,
}

/// How far a run has been heard.
struct Heard {
    id: RunId,
    last: u64,
    has_ended: bool,
}

enum Source<'a> {
    /// The stream of all.
    Together(Response, Reader),
    /// A stream for each that has not ended.
    Apart(SelectAll<LocalBoxStream<'a, Batch>>),
}

/// Whose an event is.
#[derive(Deserialize)]
struct OfRun {
    run_id: RunId,
}

impl<'a> TurnStream<'a> {
    /// The stream of a turn that so many models answer.
    pub(crate) fn new(client: &'a Client, response: Response, expected: usize) -> Self {
        let source = Source::Together(response, Reader::new(LONGEST_EVENT));
        Self { client, source, expected, runs: Vec::new() }
    }

    /// The next events. Empty after the end of all.
    pub(crate) async fn next_batch(&mut self) -> Result<Vec<RunEvent>, ApiError> {
        let mut batch = Vec::new();
        while batch.is_empty() && !self.has_ended() {
            match &mut self.source {
                Source::Together(response, reader) => {
                    let read = response.chunk().await;
                    let mut frames = Vec::new();
                    let cause = match &read {
                        Ok(Some(bytes)) => {
                            reader.push(bytes, &mut frames).map_err(too_long)?;
                            None
                        }
                        Ok(None) => {
                            reader.finish(&mut frames).map_err(too_long)?;
                            Some(lost())
                        }
                        Err(error) => Some(broken(error)),
                    };
                    self.take(frames, &mut batch)?;
                    if let Some(cause) = cause.filter(|_| !self.has_ended()) {
                        self.part(cause).await?;
                    }
                }
                Source::Apart(streams) => {
                    let Some((place, events)) = streams.next().await else { return Err(lost()) };
                    for logged in events? {
                        self.keep(place, logged, &mut batch);
                    }
                }
            }
        }
        Ok(batch)
    }

    fn has_ended(&self) -> bool {
        self.runs.len() >= self.expected && self.runs.iter().all(|run| run.has_ended)
    }

    fn take(&mut self, frames: Vec<Frame>, batch: &mut Vec<RunEvent>) -> Result<(), ApiError> {
        for frame in frames {
            let Frame::Event(Event { name, data, id }) = frame else { continue };
            let OfRun { run_id } = serde_json::from_str(&data).map_err(|error| not_understood(&error))?;
            let place = self.runs.iter().position(|run| run.id == run_id).unwrap_or_else(|| {
                self.runs.push(Heard { id: run_id, last: 0, has_ended: false });
                self.runs.len() - 1
            });
            let event = StreamEvent::from_parts(&name, &data).map_err(|error| not_understood(&error))?;
            let run = &mut self.runs[place];
            let id = id.and_then(|id| id.parse().ok()).unwrap_or(run.last + 1);
            match event {
                Some(event) => self.keep(place, LoggedEvent { id, event: without_run(event) }, batch),
                // A name that this version does not know.
                None => run.last = run.last.max(id),
            }
        }
        Ok(())
    }

    fn keep(&mut self, place: usize, logged: LoggedEvent, batch: &mut Vec<RunEvent>) {
        let run = &mut self.runs[place];
        let is_reset = matches!(&logged.event, StreamEvent::Started(started) if started.reset);
        if logged.id <= run.last && !is_reset {
            return;
        }
        run.last = logged.id;
        run.has_ended = logged.event.is_last();
        batch.push(RunEvent { place, run_id: run.id, logged });
    }

    /// Goes on with each run by itself.
    async fn part(&mut self, cause: ApiError) -> Result<(), ApiError> {
        if self.runs.len() < self.expected {
            return Err(cause);
        }
        let mut streams = SelectAll::new();
        for (place, run) in self.runs.iter().enumerate().filter(|(_, run)| !run.has_ended) {
            let stream = self.client.attach(run.id, Some(run.last)).await?;
            streams.push(unfold(Some(stream), move |stream| batches(place, stream)).boxed_local());
        }
        self.source = Source::Apart(streams);
        Ok(())
    }
}

/// What came over the stream of the run at a place.
type Batch = (usize, Result<Vec<LoggedEvent>, ApiError>);

/// The next batch of one run's stream; nothing after its end or its loss.
fn batches(place: usize, stream: Option<EventStream<'_>>) -> LocalBoxFuture<'_, Option<(Batch, Option<EventStream<'_>>)>> {
    Box::pin(async move {
        let mut stream = stream?;
        match stream.next_batch().await {
            Ok(events) if events.is_empty() => None,
            Ok(events) => Some(((place, Ok(events)), Some(stream))),
            Err(error) => Some(((place, Err(error)), None)),
        }
    })
}

/// An event as it stands in its run's own log. A notice keeps every field that it does not know.
fn without_run(mut event: StreamEvent) -> StreamEvent {
    if let StreamEvent::Notice(notice) = &mut event {
        notice.fields.remove("run_id");
    }
    event
}

fn lost() -> ApiError {
    ApiError::new(ErrorCode::DaemonUnreachable, phrase!("error-answer-lost"))
}
