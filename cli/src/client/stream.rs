//! A run's events as they come, over as many connections as it takes.
//!
//! A stream remembers the last event it gave out. When its connection breaks it asks for the rest, from a daemon that
//! is started anew if need be; what it has given out already it does not give out again, except after a reset.

use std::time::Duration;

use bytes::Bytes;
use mmp_shared::{
    ApiError, RunId,
    events::{LoggedEvent, StreamEvent},
    sse::{Frame, Reader},
};
use reqwest::Response;

use super::{Client, broken, not_understood};
use crate::error::system_call;

/// The longest event that is taken. The daemon has a limit of its own, far below.
pub(super) const LONGEST_EVENT: usize = 128 << 20;
/// How often in a row a connection may break without an event coming over it.
const MOST_RESUMES: u32 = 5;
const RESUME_DELAY: Duration = Duration::from_millis(100);
/// How many turns the connection gets to bring what has already come.
const TURNS: u32 = 2;

/// A run's events as they come.
pub(crate) struct EventStream<'a> {
    client: &'a Client,
    response: Response,
    reader: Reader,
    run_id: Option<RunId>,
    last_id: Option<u64>,
    has_ended: bool,
    resumes: u32,
    /// What a read gave that belongs to the next batch.
    kept: Option<reqwest::Result<Option<Bytes>>>,
}

impl<'a> EventStream<'a> {
    /// The stream of an answer that has just begun.
    pub(crate) fn new(client: &'a Client, response: Response) -> Self {
        let reader = Reader::new(LONGEST_EVENT);
        Self { client, response, reader, run_id: None, last_id: None, has_ended: false, resumes: 0, kept: None }
    }

    /// The stream of a run that is joined behind an event.
    pub(crate) fn joining(client: &'a Client, response: Response, run_id: RunId, after: Option<u64>) -> Self {
        Self { run_id: Some(run_id), last_id: after, ..Self::new(client, response) }
    }

    /// The next events: all that has come when the first of them is here. Empty after the end.
    pub(crate) async fn next_batch(&mut self) -> Result<Vec<LoggedEvent>, ApiError> {
        let mut batch = Vec::new();
        while batch.is_empty() && !self.has_ended {
            let read = match self.kept.take() {
                Some(read) => read,
                None => self.response.chunk().await,
            };
            let mut frames = Vec::new();
            match read {
                Ok(Some(bytes)) => {
                    self.reader.push(&bytes, &mut frames).map_err(too_long)?;
                    self.push_what_is_ready(&mut frames).await?;
                }
                Ok(None) => {
                    self.reader.finish(&mut frames).map_err(too_long)?;
                    self.take(frames, &mut batch)?;
                    if !self.has_ended {
                        self.resume(None).await?;
                    }
                    continue;
                }
                Err(error) => {
                    self.resume(Some(broken(&error))).await?;
                    continue;
                }
            }
            self.take(frames, &mut batch)?;
        }
        Ok(batch)
    }

    /// Takes the chunks that have come already: they are shown with one write. The connection hands over one at a time
    /// and needs a turn of the scheduler to bring the next.
    async fn push_what_is_ready(&mut self, frames: &mut Vec<Frame>) -> Result<(), ApiError> {
        let mut turns = 0;
        while turns < TURNS {
            let read = tokio::select! {
                biased;
                read = self.response.chunk() => read,
                () = tokio::task::yield_now() => {
                    turns += 1;
                    continue;
                }
            };
            turns = 0;
            match read {
                Ok(Some(bytes)) => self.reader.push(&bytes, frames).map_err(too_long)?,
                other => {
                    self.kept = Some(other);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, frames: Vec<Frame>, batch: &mut Vec<LoggedEvent>) -> Result<(), ApiError> {
        for frame in frames {
            let Frame::Event(frame) = frame else { continue };
            let event = StreamEvent::from_parts(&frame.name, &frame.data).map_err(|error| not_understood(&error))?;
            let id = frame.id.as_deref().and_then(|id| id.parse().ok());
            let id = id.unwrap_or_else(|| self.last_id.unwrap_or(0) + 1);
            let is_reset = matches!(&event, Some(StreamEvent::Started(started)) if started.reset);
            if self.last_id.is_some_and(|last| id <= last) && !is_reset {
                continue;
            }
            self.last_id = Some(id);
            self.resumes = 0;
            let Some(event) = event else { continue };
            if let StreamEvent::Started(started) = &event {
                self.run_id = Some(started.run_id);
            }
            self.has_ended |= event.is_last();
            batch.push(LoggedEvent { id, event });
        }
        Ok(())
    }

    /// Asks for the rest over a new connection.
    async fn resume(&mut self, cause: Option<ApiError>) -> Result<(), ApiError> {
        let lost = || ApiError::new(mmp_shared::ErrorCode::DaemonUnreachable, mmp_shared::phrase!("error-answer-lost"));
        let Some(run_id) = self.run_id else { return Err(cause.unwrap_or_else(lost)) };
        if self.resumes >= MOST_RESUMES {
            return Err(cause.unwrap_or_else(lost));
        }
        if self.resumes > 0 {
            tokio::time::sleep(RESUME_DELAY * self.resumes).await;
        }
        self.resumes += 1;
        self.client.connection.send_replace(false);
        self.response = self.client.run_events(run_id, self.last_id).await?;
        self.client.connection.send_replace(true);
        (self.reader, self.kept) = (Reader::new(LONGEST_EVENT), None);
        Ok(())
    }
}

pub(super) fn too_long(error: mmp_shared::sse::TooLong) -> ApiError {
    system_call("sse", &std::io::Error::other(error))
}
