//! The way of several answers to one question: asked for at once, shown while they come, stopped together.

use std::pin::pin;

use futures_util::future::join_all;
use mmp_shared::{ApiError, ErrorCode, chat::ChatRequest, error::EXIT_PARTIAL, events::StreamEvent, phrase};
use tokio::time::{Duration, Instant, MissedTickBehavior, interval_at, timeout};

use super::{LookArguments, STOP_TIMEOUT, Signals, Stopped, exit_of, options, sleep_until};
use crate::{
    client::{
        Client,
        turn::{RunEvent, TurnStream},
    },
    context::Context,
    error::{CliError, Exit, Outcome},
    everywhere::OutputFormat,
    output::{
        self, DEMO,
        compare::{
            CompareView, Compared,
            columns::ColumnsView,
            data::{ArrayView, LinesView},
            sequence::SequenceView,
        },
        spinner,
    },
};

/// How often what is shown moves by itself.
const MOMENT: Duration = Duration::from_millis(100);

/// Several answers on their way.
pub(crate) struct Comparing<'a> {
    client: &'a Client,
    context: &'a Context,
    look: LookArguments,
    whole: bool,
    all: Vec<Compared>,
    signals: Signals,
    sends_keys: bool,
    stopped: Option<Stopped>,
}

impl<'a> Comparing<'a> {
    /// Answers that have not been asked for yet. Those that are `whole` are shown when they are complete.
    pub(crate) fn new(context: &'a Context, client: &'a Client, look: LookArguments, whole: bool) -> Result<Self, ApiError> {
        let sends_keys = context.config()?.switch("import_env");
        let signals = Signals::listen()?;
        Ok(Self { client, context, look, whole, all: Vec::new(), signals, sends_keys, stopped: None })
    }

    /// Asks all, listens and shows.
    pub(crate) async fn answer(mut self, mut request: ChatRequest) -> Outcome {
        self.all.resize_with(request.models.len(), Compared::default);
        let opening = self.client.with_keys(&mut request, self.sends_keys, Client::compare);
        let mut stream = tokio::select! {
            stream = opening => stream?,
            exit = self.signals.next() => return Ok(exit),
        };
        let mut view = self.view()?;
        let listened = self.listen(&mut stream, view.as_mut()).await;
        if matches!(listened, Err(CliError::OutputClosed)) {
            return Err(CliError::OutputClosed);
        }
        view.finish(&self.all).map_err(|error| CliError::output(&error))?;
        // The terminal is as it was before anything more is said.
        drop(view);
        match listened {
            Err(CliError::Told(error)) if self.all.iter().any(|compared| compared.answer.has_answer()) => {
                Err(CliError::ToldWith(error, Exit(EXIT_PARTIAL)))
            }
            Err(error) => Err(error),
            Ok(()) => self.end(),
        }
    }

    fn view(&self) -> Result<Box<dyn CompareView>, ApiError> {
        let count = self.all.len();
        let options = options(self.context, self.look, self.whole)?;
        Ok(match self.context.format() {
            OutputFormat::Json => Box::new(ArrayView),
            OutputFormat::Jsonl => Box::new(LinesView::default()),
            OutputFormat::Text | OutputFormat::Csv => {
                let can_draw = options.stdout.is_terminal && !is_dumb();
                match if can_draw { ColumnsView::open(options, count) } else { None } {
                    Some(columns) => Box::new(columns),
                    None => Box::new(SequenceView::new(options, count)),
                }
            }
        })
    }

    async fn listen(&mut self, stream: &mut TurnStream<'_>, view: &mut dyn CompareView) -> Result<(), CliError> {
        let mut ticker = interval_at(Instant::now() + spinner::DELAY, MOMENT);
        ticker.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            // A batch that is being waited for is never given up: new connections may be in the making.
            let mut next = pin!(stream.next_batch());
            let batch = loop {
                tokio::select! {
                    batch = &mut next => break batch?,
                    exit = self.signals.next() => self.stop(exit).await?,
                    () = sleep_until(self.stopped) => return Ok(()),
                    _ = ticker.tick() => view.tick().map_err(|error| CliError::output(&error))?,
                }
            };
            if batch.is_empty() {
                return Ok(());
            }
            for event in batch {
                self.take(event, view).await?;
            }
            view.flush().map_err(|error| CliError::output(&error))?;
        }
    }

    async fn take(&mut self, RunEvent { place, run_id, logged }: RunEvent, view: &mut dyn CompareView) -> Result<(), CliError> {
        let Some(compared) = self.all.get_mut(place) else { return Ok(()) };
        if let StreamEvent::Started(started) = &logged.event {
            if started.reset && !view.can_begin_anew(place) {
                return Err(began_anew());
            }
            if started.provider == DEMO && self.context.format() != OutputFormat::Text {
                output::note(&phrase!("note-demo"), self.context.language);
            }
        }
        compared.answer.push(&logged.event);
        view.take(place, run_id, &logged).map_err(|error| CliError::output(&error))?;
        if logged.event.is_last() {
            if let (_, Some(error)) = exit_of(&compared.answer) {
                compared.error = Some(self.client.explain_refused_key(error, self.context).await);
            }
            view.ended(place, compared).map_err(|error| CliError::output(&error))?;
        }
        Ok(())
    }

    /// Asks the daemon to stop every run. The first time their ends are waited for, the second time not.
    async fn stop(&mut self, exit: Exit) -> Result<(), CliError> {
        let live = self.all.iter().filter(|compared| compared.answer.ending().is_none());
        let runs: Vec<_> = live.filter_map(|compared| Some(compared.answer.started()?.run_id.to_string())).collect();
        if runs.is_empty() || self.stopped.is_some() {
            return Err(CliError::Silent(exit));
        }
        self.stopped = Some(Stopped { exit, until: Instant::now() + STOP_TIMEOUT });
        // A run that has just ended by itself cannot be stopped, and that is as good.
        let _ = timeout(STOP_TIMEOUT, join_all(runs.iter().map(|run| self.client.stop_run(run)))).await;
        Ok(())
    }

    /// 0 where all are complete, 7 where some are, else as the first.
    fn end(self) -> Outcome {
        if let Some(stopped) = self.stopped {
            return Ok(stopped.exit);
        }
        let codes: Vec<_> = self.all.iter().map(|compared| exit_of(&compared.answer).0).collect();
        let exit = Exit(exit_of_all(&codes));
        // The views for people have told what went wrong in its place.
        let is_told = self.context.format() == OutputFormat::Text;
        match self.all.into_iter().find_map(|compared| compared.error).filter(|_| !is_told) {
            Some(error) => Err(CliError::ToldWith(Box::new(error), exit)),
            None => Ok(exit),
        }
    }
}

/// The exit code of several answers.
pub(crate) fn exit_of_all(codes: &[u8]) -> u8 {
    match codes.iter().filter(|code| **code == 0).count() {
        whole if whole == codes.len() => 0,
        0 => codes.first().copied().unwrap_or(0),
        _ => EXIT_PARTIAL,
    }
}

fn began_anew() -> CliError {
    let error = ApiError::new(ErrorCode::StreamTruncated, phrase!("error-answer-began-anew"));
    CliError::ToldWith(Box::new(error.with_hint(phrase!("hint-history-show"))), Exit(EXIT_PARTIAL))
}

fn is_dumb() -> bool {
    crate::config::variable("TERM").is_some_and(|term| term == "dumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_some_or_none_decide_the_exit_code() {
        assert_eq!(exit_of_all(&[0, 0]), 0);
        assert_eq!(exit_of_all(&[4, 0]), 7);
        assert_eq!(exit_of_all(&[0, 7]), 7);
        assert_eq!(exit_of_all(&[3, 4]), 3);
    }
}
