//! The way of an answer: ask for it or join one that is being made, listen, show, stop or leave it when told to, and end
//! with the right exit code. How it looks is `output`'s; what is asked, the commands'.

mod collect;
mod compare;
mod signals;

use std::{pin::pin, time::Duration};

use mmp_shared::{
    ApiError, ErrorCode, Language,
    chat::{AnswerBuilder, ChatRequest, DetachedResponse},
    error::{EXIT_PARTIAL, answer_exit_code},
    events::{LoggedEvent, StreamEvent},
    message::Status,
    phrase,
    settings::Settings,
};
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

pub(crate) use self::{
    collect::{Collected, Collecting},
    compare::Comparing,
    signals::Signals,
};
use crate::{
    client::{Client, stream::EventStream},
    context::Context,
    error::{CliError, Exit, Outcome, bad_request},
    everywhere::OutputFormat,
    output::{
        self, DEMO,
        json::{JsonView, JsonlView},
        spinner,
        stream::AnswerView,
        text::{Pace, TextOptions, TextView},
    },
};

/// How long a run that was asked to stop may take to say so.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// The exit code where a fenced block was wanted and there was none.
const EXIT_NO_CODE: Exit = Exit(1);

/// What of an answer is printed.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub(crate) struct LookArguments {
    #[arg(short = 'x', long)]
    code: bool,
    #[arg(long, conflicts_with = "hide_thinking")]
    show_thinking: bool,
    #[arg(long)]
    hide_thinking: bool,
}

impl LookArguments {
    /// Whether only code is wanted.
    pub(crate) const fn wants_code(self) -> bool {
        self.code
    }

    /// Refuses what no format can do.
    ///
    /// # Errors
    ///
    /// `bad_request` with the flag.
    pub(crate) fn check(self, format: OutputFormat) -> Result<(), ApiError> {
        if format == OutputFormat::Csv {
            return Err(bad_request(phrase!("error-no-csv")));
        }
        if self.code && format != OutputFormat::Text {
            return Err(bad_request(phrase!("error-usage-conflict", argument = "--code", other = "--output")));
        }
        Ok(())
    }

    /// Refuses what several answers cannot do.
    ///
    /// # Errors
    ///
    /// `bad_request` with the flag.
    pub(crate) fn check_several(self) -> Result<(), ApiError> {
        if !self.code {
            return Ok(());
        }
        Err(bad_request(phrase!("error-code-of-several")).with_hint(phrase!("hint-code-of-several")))
    }
}

/// Whether thinking is shown where no flag says so: the user's setting, then the file.
fn shows_thinking(context: &Context) -> Result<bool, ApiError> {
    match context.settings.get(Settings::THINKING) {
        Some(setting) => Ok(setting == "show"),
        None => Ok(context.config()?.switch("show_thinking")),
    }
}

/// What Ctrl-C and SIGTERM do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnSignal {
    /// They stop the run: it is this terminal's.
    Stop,
    /// They leave it: others may look on.
    Leave,
}

/// One answer on its way.
pub(crate) struct Answering<'a> {
    client: &'a Client,
    context: &'a Context,
    view: View,
    answer: AnswerBuilder,
    signals: Signals,
    on_signal: OnSignal,
    language: Language,
    sends_keys: bool,
    stopped: Option<Stopped>,
}

/// A run that was asked to stop.
#[derive(Debug, Clone, Copy)]
struct Stopped {
    exit: Exit,
    /// When it is waited for no longer.
    until: Instant,
}

enum View {
    Text(Box<TextView>),
    Json(JsonView),
    Jsonl(JsonlView),
}

impl View {
    fn as_view(&mut self) -> &mut dyn AnswerView {
        match self {
            Self::Text(view) => view.as_mut(),
            Self::Json(view) => view,
            Self::Jsonl(view) => view,
        }
    }
}

impl<'a> Answering<'a> {
    /// An answer that has not been asked for yet. One that is `whole` is shown when it is complete.
    pub(crate) fn new(context: &'a Context, client: &'a Client, look: LookArguments, whole: bool) -> Result<Self, ApiError> {
        let view = match context.format() {
            OutputFormat::Json => View::Json(JsonView),
            OutputFormat::Jsonl => View::Jsonl(JsonlView::default()),
            OutputFormat::Text | OutputFormat::Csv => View::Text(Box::new(TextView::new(options(context, look, whole)?))),
        };
        let sends_keys = context.config()?.switch("import_env");
        Ok(Self {
            client,
            context,
            view,
            answer: AnswerBuilder::new(),
            signals: Signals::listen()?,
            on_signal: OnSignal::Stop,
            language: context.language,
            sends_keys,
            stopped: None,
        })
    }

    /// Asks, listens and shows.
    pub(crate) async fn answer(mut self, mut request: ChatRequest) -> Outcome {
        let opening = self.client.with_keys(&mut request, self.sends_keys, Client::chat);
        let mut stream = tokio::select! {
            stream = opening => stream?,
            exit = self.signals.next() => return Ok(exit),
        };
        self.show(&mut stream).await
    }

    /// Listens to a run that was begun elsewhere, and shows it. Ctrl-C leaves it.
    pub(crate) async fn follow(mut self, mut stream: EventStream<'_>) -> Outcome {
        self.on_signal = OnSignal::Leave;
        self.show(&mut stream).await
    }

    async fn show(mut self, stream: &mut EventStream<'_>) -> Outcome {
        let listened = self.listen(stream).await;
        if matches!(listened, Err(CliError::OutputClosed)) {
            return Err(CliError::OutputClosed);
        }
        self.view.as_view().finish(&self.answer).map_err(|error| CliError::output(&error))?;
        match listened {
            // What came before the connection broke is an answer in part.
            Err(CliError::Told(error)) if self.answer.has_answer() => Err(CliError::ToldWith(error, Exit(EXIT_PARTIAL))),
            Err(error) => Err(error),
            Ok(()) => self.end().await,
        }
    }

    /// Has the run begun and does not wait for it.
    pub(crate) async fn detach(mut self, mut request: ChatRequest) -> Result<DetachedResponse, CliError> {
        let opening = self.client.with_keys(&mut request, self.sends_keys, Client::chat_detached);
        tokio::select! {
            begun = opening => Ok(begun?),
            exit = self.signals.next() => Err(CliError::Silent(exit)),
        }
    }

    async fn listen(&mut self, stream: &mut EventStream<'_>) -> Result<(), CliError> {
        let mut ticker = interval_at(Instant::now() + spinner::DELAY, spinner::PERIOD);
        ticker.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            // A batch that is being waited for is never given up: a new connection may be in the making.
            let mut next = pin!(stream.next_batch());
            let batch = loop {
                tokio::select! {
                    batch = &mut next => break batch?,
                    exit = self.signals.next() => self.stop(exit).await?,
                    () = sleep_until(self.stopped) => return Ok(()),
                    _ = ticker.tick(), if self.view.as_view().is_waiting() => self.view.as_view().tick(),
                }
            };
            if batch.is_empty() {
                return Ok(());
            }
            self.take(&batch)?;
        }
    }

    fn take(&mut self, batch: &[LoggedEvent]) -> Result<(), CliError> {
        for logged in batch {
            self.check_reset(&logged.event)?;
            self.answer.push(&logged.event);
            self.tell_demo(&logged.event);
            self.view.as_view().take(logged).map_err(|error| CliError::output(&error))?;
        }
        self.view.as_view().flush().map_err(|error| CliError::output(&error))
    }

    /// JSON shows who answered; that it was no AI is said aloud all the same. The view for people says so itself.
    fn tell_demo(&self, event: &StreamEvent) {
        let is_demo = matches!(event, StreamEvent::Started(started) if started.provider == DEMO);
        if is_demo && !matches!(self.view, View::Text(_)) {
            output::note(&phrase!("note-demo"), self.language);
        }
    }

    /// A pipe cannot take back what it has been given.
    fn check_reset(&mut self, event: &StreamEvent) -> Result<(), CliError> {
        let is_reset = matches!(event, StreamEvent::Started(started) if started.reset);
        if !is_reset || self.view.as_view().can_begin_anew() {
            return Ok(());
        }
        let error =
            ApiError::new(ErrorCode::StreamTruncated, phrase!("error-answer-began-anew")).with_hint(phrase!("hint-history-show"));
        Err(CliError::ToldWith(Box::new(error), Exit(EXIT_PARTIAL)))
    }

    /// Asks the daemon to stop the run. The first time the end is waited for, the second time not.
    async fn stop(&mut self, exit: Exit) -> Result<(), CliError> {
        if self.on_signal == OnSignal::Leave {
            if let Some(started) = self.answer.started().filter(|_| !self.context.everywhere.quiet) {
                output::note(&phrase!("note-run-goes-on", run = started.run_id.short()), self.language);
            }
            return Err(CliError::Silent(exit));
        }
        let started = self.answer.started().filter(|_| self.stopped.is_none());
        let Some(started) = started else { return Err(CliError::Silent(exit)) };
        let run_id = started.run_id.to_string();
        self.stopped = Some(Stopped { exit, until: Instant::now() + STOP_TIMEOUT });
        // A run that has just ended by itself cannot be stopped, and that is as good.
        let _ = timeout(STOP_TIMEOUT, self.client.stop_run(&run_id)).await;
        Ok(())
    }

    async fn end(&self) -> Outcome {
        let (code, error) = exit_of(&self.answer);
        let exit = match (&self.view, self.stopped) {
            (_, Some(stopped)) => return Ok(stopped.exit),
            (View::Text(view), None) if code == 0 && !view.has_what_was_wanted() => EXIT_NO_CODE,
            _ => Exit(code),
        };
        match error {
            Some(error) => {
                let error = self.client.explain_refused_key(error, self.context).await;
                Err(CliError::ToldWith(Box::new(error), exit))
            }
            None => Ok(exit),
        }
    }
}

/// The exit code of an answer, and the error that it ended with.
pub(crate) fn exit_of(answer: &AnswerBuilder) -> (u8, Option<ApiError>) {
    let ending = answer.ending();
    let error = ending.and_then(|ending| ending.error.clone());
    let status = ending.map_or(Status::Interrupted, |ending| ending.status);
    (answer_exit_code(status, answer.has_answer(), error.as_ref().map(|error| error.code)), error)
}

/// The moment after which a stopped run is waited for no longer; never, while nobody has stopped it.
async fn sleep_until(stopped: Option<Stopped>) {
    match stopped {
        Some(stopped) => tokio::time::sleep_until(stopped.until).await,
        None => std::future::pending().await,
    }
}

fn options(context: &Context, look: LookArguments, whole: bool) -> Result<TextOptions, ApiError> {
    let pace = match (look.code, whole) {
        (true, _) => Pace::CodeBlock,
        (false, true) => Pace::Whole,
        (false, false) => Pace::Streaming,
    };
    // A file or a pipe behind stderr gets the thinking only where it was asked for.
    let by_default = context.stderr.is_terminal && !context.everywhere.quiet && shows_thinking(context)?;
    Ok(TextOptions {
        stdout: context.stdout,
        stderr: context.stderr,
        pace,
        shows_thinking: !look.hide_thinking && (look.show_thinking || by_default),
        is_quiet: context.everywhere.quiet,
        is_verbose: context.everywhere.verbose,
        language: context.language,
    })
}
