//! An answer that is shown when it is whole: asked for, listened to, and stopped when told to. A sign of life stands on stderr
//! meanwhile.

use std::pin::pin;

use mmp_shared::{
    ApiError,
    chat::{AnswerBuilder, ChatRequest},
    events::{LoggedEvent, StreamEvent},
    phrase,
};
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::{STOP_TIMEOUT, Signals, Stopped, exit_of, sleep_until};
use crate::{
    client::{Client, stream::EventStream},
    context::Context,
    error::{CliError, Exit},
    output::{self, DEMO, neutralise::neutralise_line, spinner, spinner::Spinner, text::notice_words},
};

/// Collects answers, one after another.
pub(crate) struct Collecting<'a> {
    client: &'a Client,
    context: &'a Context,
    signals: Signals,
    sends_keys: bool,
    has_told_demo: bool,
}

/// An answer, and how it came to its end.
pub(crate) struct Collected {
    /// What there is of it.
    pub(crate) answer: AnswerBuilder,
    /// What went wrong.
    pub(crate) error: Option<ApiError>,
    /// The exit code of the signal that stopped it.
    pub(crate) stopped: Option<Exit>,
}

impl<'a> Collecting<'a> {
    /// One that has asked nothing yet.
    pub(crate) fn new(context: &'a Context, client: &'a Client) -> Result<Self, ApiError> {
        let sends_keys = context.config()?.switch("import_env");
        Ok(Self { client, context, signals: Signals::listen()?, sends_keys, has_told_demo: false })
    }

    /// Asks, and waits for the end. The label says on a terminal what is waited for.
    pub(crate) async fn ask(&mut self, mut request: ChatRequest, label: &str) -> Result<Collected, CliError> {
        let mut stream = tokio::select! {
            stream = self.client.with_keys(&mut request, self.sends_keys, Client::chat) => stream?,
            exit = self.signals.next() => return Err(CliError::Silent(exit)),
        };
        let mut answer = AnswerBuilder::new();
        let stopped = self.listen(&mut stream, &mut answer, label).await?;
        let error = match exit_of(&answer).1 {
            Some(error) => Some(self.client.explain_refused_key(error, self.context).await),
            None => None,
        };
        Ok(Collected { answer, error, stopped: stopped.map(|stopped| stopped.exit) })
    }

    async fn listen(
        &mut self,
        stream: &mut EventStream<'_>,
        answer: &mut AnswerBuilder,
        label: &str,
    ) -> Result<Option<Stopped>, CliError> {
        let is_watched = self.context.stderr.is_terminal && self.context.stderr.is_styled && !self.context.everywhere.quiet;
        let mut spinner = Spinner::new();
        spinner.set_label(neutralise_line(label));
        let mut ticker = interval_at(Instant::now() + spinner::DELAY, spinner::PERIOD);
        ticker.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut stopped: Option<Stopped> = None;
        loop {
            // A batch that is being waited for is never given up: a new connection may be in the making.
            let mut next = pin!(stream.next_batch());
            let batch = loop {
                tokio::select! {
                    batch = &mut next => break batch?,
                    exit = self.signals.next() => stopped = Some(self.stop(answer, stopped, exit).await?),
                    () = sleep_until(stopped) => return Ok(stopped),
                    _ = ticker.tick(), if is_watched => spinner.tick(),
                }
            };
            if batch.is_empty() {
                return Ok(stopped);
            }
            for LoggedEvent { event, .. } in &batch {
                answer.push(event);
                self.tell(event, &mut spinner);
            }
        }
    }

    /// Asks the daemon to stop the run. The first time its end is waited for, the second time not.
    async fn stop(&self, answer: &AnswerBuilder, stopped: Option<Stopped>, exit: Exit) -> Result<Stopped, CliError> {
        let Some(started) = answer.started().filter(|_| stopped.is_none()) else { return Err(CliError::Silent(exit)) };
        let run = started.run_id.to_string();
        // A run that has just ended by itself cannot be stopped, and that is as good.
        let _ = timeout(STOP_TIMEOUT, self.client.stop_run(&run)).await;
        Ok(Stopped { exit, until: Instant::now() + STOP_TIMEOUT })
    }

    /// Says what there is to know beside the answer.
    fn tell(&mut self, event: &StreamEvent, spinner: &mut Spinner) {
        let language = self.context.language;
        let words = match event {
            StreamEvent::Started(started) if started.provider == DEMO && !self.has_told_demo => {
                self.has_told_demo = true;
                spinner.clear();
                return output::note(&phrase!("note-demo"), language);
            }
            StreamEvent::Retry(retry) => {
                let model = format!("{}/{}", retry.provider, retry.model);
                phrase!("note-retry", model = model, code = retry.error_code).render(language)
            }
            StreamEvent::Fallback(fallback) => {
                phrase!("note-fallback", from = &fallback.from, to = &fallback.to, code = fallback.error_code).render(language)
            }
            StreamEvent::Notice(notice) => notice_words(notice, language),
            _ => return,
        };
        if !self.context.everywhere.quiet {
            spinner.clear();
            output::note_line(&words);
        }
    }
}
