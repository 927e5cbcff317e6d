//! An answer over HTTP on its way, as a machine of one step a read: wait for bytes, frame them, decode them, hand over
//! what they said.
//!
//! Every wait is safe to drop: what a wait gave is dealt with at once and without another one.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::FutureExt as _;
use mmp_shared::{ErrorCode, phrase};
use reqwest::Response;
use tokio::{
    task::yield_now,
    time::{timeout, timeout_at},
};
use zeroize::Zeroizing;

use super::{
    asking::{Asking, Began, Beginning},
    clock::Clock,
    failure,
    framing::{Framed, Framing},
    quote::Secrets,
};
use crate::providers::{Answering, Decoder, Delta, HttpCall, Note, ProviderError, Upstream};

/// How many turns the connection gets to bring what has already come.
const TURNS: u32 = 2;

/// The answer to one question.
pub(super) struct HttpAnswer {
    provider: String,
    secrets: Secrets,
    /// Who can ask once more; none after that.
    asking: Option<Arc<Asking>>,
    token: Option<Zeroizing<String>>,
    /// What there is to tell of the question, once it was taken.
    notes: Vec<Note>,
    stage: Stage,
    status: Option<u16>,
    has_said: bool,
    clock: Clock,
    framing: Framing,
    decoder: Box<dyn Decoder>,
    largest_event: usize,
    largest_answer: usize,
    taken: usize,
    /// What was said and is not handed over yet.
    deltas: Vec<Delta>,
    /// What the provider said went wrong; the little that follows is read for its usage.
    failure: Option<ProviderError>,
    /// How it ended; handed over after the last pieces.
    ending: Option<Result<(), ProviderError>>,
}

enum Stage {
    Asking(Beginning),
    Reading(Response),
    Over,
}

/// What a wait gave.
enum Input {
    Began(Began),
    Bytes(Bytes),
    End,
    Failed(ProviderError),
    TimedOut,
}

impl HttpAnswer {
    /// Prepares the question; it is sent at the first wait.
    pub(super) fn new(asking: Asking, mut request: HttpCall) -> Self {
        let notes = std::mem::take(&mut request.notes);
        let (settings, asking) = (asking.settings, Arc::new(asking));
        let largest_event = settings.largest_event.min(settings.largest_answer);
        Self {
            provider: asking.call.endpoint.provider.clone(),
            secrets: Secrets::of(&asking.call.endpoint),
            token: None,
            notes,
            stage: Stage::Asking(asking.begin(request, None)),
            status: None,
            has_said: false,
            clock: Clock::start(&settings),
            framing: Framing::new(largest_event),
            decoder: asking.provider.decoder(&asking.call),
            largest_event,
            largest_answer: settings.largest_answer,
            taken: 0,
            deltas: Vec::new(),
            failure: None,
            ending: None,
            asking: Some(asking),
        }
    }

    /// Whether the question is put once more, because of this error: a token was refused before anything was said.
    fn asks_again(&mut self, error: &ProviderError) -> bool {
        let is_worth_it = error.is_stale_token && !self.has_said;
        let Some(asking) = self.asking.take_if(|_| is_worth_it) else { return false };
        let Ok(Upstream::Http(request)) = asking.provider.chat(&asking.call) else { return false };
        tracing::info!(provider = self.provider, "a token was refused; asking again with a fresh one");
        self.stage = Stage::Asking(asking.begin(request, self.token.take()));
        self.framing = Framing::new(self.largest_event);
        self.decoder = asking.provider.decoder(&asking.call);
        true
    }

    async fn wait(&mut self) -> Input {
        let until = self.clock.until();
        match &mut self.stage {
            Stage::Over => Input::End,
            Stage::Asking(asking) => match timeout_at(until, asking).await {
                Ok(Ok(response)) => Input::Began(response),
                Ok(Err(error)) => Input::Failed(error),
                Err(_) => Input::TimedOut,
            },
            Stage::Reading(response) => match timeout_at(until, response.chunk()).await {
                Ok(Ok(Some(bytes))) => Input::Bytes(bytes),
                Ok(Ok(None)) => Input::End,
                Ok(Err(error)) if failure::is_unannounced_end(&error) => Input::End,
                Ok(Err(error)) => Input::Failed(failure::broken(&self.provider, &error)),
                Err(_) => Input::TimedOut,
            },
        }
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::Began(Began { response, token, is_last }) => {
                self.status = Some(response.status().as_u16());
                self.stage = Stage::Reading(response);
                self.secrets.add(token.as_ref());
                self.token = token;
                self.asking.take_if(|_| is_last);
                self.deltas.extend(self.notes.drain(..).map(Delta::Note));
            }
            Input::Bytes(bytes) => self.take_bytes(&bytes),
            Input::End => self.take_end(),
            Input::Failed(error) => self.give_up(error),
            Input::TimedOut => self.give_up(self.clock.error(&self.provider)),
        }
        if self.ending.is_none() && self.failure.is_none() && self.decoder.is_complete() {
            self.end(Ok(()));
        }
    }

    /// Takes what came together with the last bytes, so that it is handed over together: an answer that comes all at
    /// once is a few events, not one for each frame. The connection hands over one chunk at a time and needs a turn of
    /// the scheduler to bring the next.
    async fn take_what_is_ready(&mut self) {
        let mut turns = 0;
        while self.ending.is_none() && turns < TURNS {
            let Stage::Reading(response) = &mut self.stage else { return };
            match response.chunk().now_or_never() {
                Some(Ok(Some(bytes))) => {
                    self.take(Input::Bytes(bytes));
                    turns = 0;
                }
                Some(Ok(None)) => self.take(Input::End),
                Some(Err(error)) if failure::is_unannounced_end(&error) => self.take(Input::End),
                Some(Err(error)) => self.take(Input::Failed(failure::broken(&self.provider, &error))),
                None => {
                    turns += 1;
                    yield_now().await;
                }
            }
        }
    }

    fn take_bytes(&mut self, bytes: &[u8]) {
        self.taken += bytes.len();
        if self.taken > self.largest_answer {
            let phrase = phrase!("upstream-answer-too-large", provider = &self.provider, limit = self.largest_answer);
            let error = ProviderError::new(ErrorCode::ProviderProtocol, phrase);
            return self.end(Err(error.with_hint(phrase!("hint-upstream-answer-too-large"))));
        }
        let (mut pieces, was_body) = (Vec::new(), self.framing.is_body());
        let framed = self.framing.push(bytes, &mut pieces);
        if self.framing.is_body() && !was_body {
            self.clock.progress();
        }
        self.decode(pieces);
        if let (Err(unreadable), Stage::Reading(_)) = (framed, &self.stage) {
            self.end(Err(failure::unreadable(&self.provider, unreadable)));
        }
    }

    /// Nothing more comes, for this reason. An answer that has named its end is whole all the same.
    fn give_up(&mut self, error: ProviderError) {
        let is_whole = matches!(self.stage, Stage::Reading(_)) && self.decoder.finish(&mut self.deltas).is_ok();
        self.end(if is_whole { Ok(()) } else { Err(error) });
    }

    fn take_end(&mut self) {
        let (mut pieces, was_sound) = (Vec::new(), self.failure.is_none());
        let framed = self.framing.finish(&mut pieces);
        let is_event = matches!(pieces.first(), Some(Framed::Event(_)));
        self.decode(pieces);
        if matches!(self.stage, Stage::Asking(_)) {
            return;
        }
        // The last event may lack its blank line. One that makes no sense lacks more: it was cut with the answer.
        if is_event && was_sound {
            self.failure.take_if(|error| error.code == ErrorCode::ProviderProtocol);
        }
        let ending = match framed {
            Err(unreadable) => Err(failure::unreadable(&self.provider, unreadable)),
            Ok(()) if self.failure.is_some() => Ok(()),
            Ok(()) => self.decoder.finish(&mut self.deltas),
        };
        self.end(ending);
    }

    fn decode(&mut self, pieces: Vec<Framed>) {
        for piece in pieces {
            let from = self.deltas.len();
            let result = match &piece {
                Framed::Event(event) => self.decoder.event(event, &mut self.deltas),
                Framed::Body(body) => self.decoder.body(body, &mut self.deltas),
            };
            if self.failure.is_some() {
                // The answer is over; only what it cost is still news.
                let late = self.deltas.split_off(from);
                self.deltas.extend(late.into_iter().filter(|delta| matches!(delta, Delta::Usage(_))));
                if self.decoder.is_complete() {
                    self.end(Ok(()));
                }
                continue;
            }
            self.has_said |= self.deltas.len() > from;
            match result {
                Ok(()) => self.clock.progress(),
                Err(error) if self.asks_again(&error) => return,
                Err(error) => {
                    self.failure = Some(error);
                    self.clock.settle();
                }
            }
        }
    }

    /// Ends the answer. What the provider said went wrong comes before how its connection ended.
    fn end(&mut self, ending: Result<(), ProviderError>) {
        if self.ending.is_some() {
            return;
        }
        let ending = self.failure.take().map_or(ending, Err);
        let is_whole = ending.is_ok();
        self.ending = Some(ending.map_err(|mut error| {
            error.http_status = error.http_status.or(self.status);
            self.secrets.clean(error)
        }));
        if let Stage::Reading(response) = std::mem::replace(&mut self.stage, Stage::Over)
            && is_whole
        {
            give_back(response);
        }
    }
}

/// Reads a whole answer to its very end, so that its connection can be used again. Only the framing's last bytes are
/// left, and mostly they are here already.
fn give_back(mut response: Response) {
    const PATIENCE: Duration = Duration::from_secs(1);
    const MOST: usize = 64 * 1024;
    if let Some(Ok(None) | Err(_)) = response.chunk().now_or_never() {
        return;
    }
    tokio::spawn(timeout(PATIENCE, async move {
        let mut read = 0;
        while let Ok(Some(bytes)) = response.chunk().await {
            read += bytes.len();
            if read > MOST {
                break;
            }
        }
    }));
}

#[async_trait]
impl Answering for HttpAnswer {
    async fn next(&mut self) -> Option<Result<Vec<Delta>, ProviderError>> {
        while self.deltas.is_empty() {
            if let Some(ending) = &mut self.ending {
                return std::mem::replace(ending, Ok(())).err().map(Err);
            }
            let input = self.wait().await;
            self.take(input);
        }
        self.take_what_is_ready().await;
        Some(Ok(std::mem::take(&mut self.deltas)))
    }
}
