//! What was found, and how it is shown: a line each as it is found, or all of it as data at the end.

use std::time::Duration;

use mmp_shared::{ApiError, Language, Phrase, page::Page, phrase};
use serde::{Serialize, Serializer};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::{
    context::Context,
    error::{CliError, Exit, Outcome},
    everywhere::OutputFormat,
    output::{self, listing::print_page, neutralise::neutralise_line, spinner, spinner::Spinner, table::Column, wrap::wrap},
};

/// On a narrower terminal what goes on stands almost at the edge.
const NARROW: usize = 60;

/// How good it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    Ok,
    Warning,
    Error,
}

/// Words of our own, or somebody else's as they stand.
#[derive(Debug, Clone)]
pub(super) enum Words {
    Ours(Phrase),
    Theirs(String),
}

/// What one look found.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Finding {
    check: String,
    status: Status,
    message: Words,
    hint: Option<Words>,
    /// The last lines of the daemon's log, where they may say more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    log: Vec<String>,
}

impl Words {
    fn render(&self, language: Language) -> String {
        match self {
            Self::Ours(phrase) => phrase.render(language),
            Self::Theirs(text) => text.clone(),
        }
    }
}

/// Data is English, whatever the language.
impl Serialize for Words {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.render(Language::English))
    }
}

impl From<Phrase> for Words {
    fn from(phrase: Phrase) -> Self {
        Self::Ours(phrase)
    }
}

impl Finding {
    fn new(check: &str, status: Status, message: Words) -> Self {
        Self { check: check.to_owned(), status, message, hint: None, log: Vec::new() }
    }

    pub(super) fn ok(check: &str, message: Phrase) -> Self {
        Self::new(check, Status::Ok, message.into())
    }

    pub(super) fn warning(check: &str, message: Phrase) -> Self {
        Self::new(check, Status::Warning, message.into())
    }

    pub(super) fn error(check: &str, message: Phrase) -> Self {
        Self::new(check, Status::Error, message.into())
    }

    /// An error that was met, with its own advice.
    pub(super) fn met(check: &str, status: Status, error: ApiError) -> Self {
        let message = error.phrase.map_or(Words::Theirs(error.message), Words::Ours);
        let hint = error.hint_phrase.map(Words::Ours).or(error.hint.map(Words::Theirs));
        Self { hint, ..Self::new(check, status, message) }
    }

    pub(super) fn hint(self, hint: Phrase) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    pub(super) fn log(self, log: Vec<String>) -> Self {
        Self { log, ..self }
    }
}

/// Everything that was found so far.
pub(super) struct Report<'a> {
    context: &'a Context,
    findings: Vec<Finding>,
}

const COLUMNS: &[Column<Finding>] = &[
    Column { field: "check", show: |finding| finding.check.clone() },
    Column { field: "status", show: |finding| finding.status.word().to_owned() },
    Column { field: "message", show: |finding| finding.message.render(Language::English) },
    Column { field: "hint", show: |finding| finding.hint.as_ref().map(|hint| hint.render(Language::English)).unwrap_or_default() },
];

impl Status {
    const fn mark(self) -> (char, &'static str) {
        match self {
            Self::Ok => ('✓', "\u{1b}[32m"),
            Self::Warning => ('!', "\u{1b}[33m"),
            Self::Error => ('✗', "\u{1b}[31m"),
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    fn phrase(self) -> Phrase {
        match self {
            Self::Ok => phrase!("doctor-ok"),
            Self::Warning => phrase!("doctor-warning"),
            Self::Error => phrase!("doctor-error"),
        }
    }
}

impl<'a> Report<'a> {
    pub(super) const fn new(context: &'a Context) -> Self {
        Self { context, findings: Vec::new() }
    }

    /// Takes what was found; people see it at once.
    pub(super) fn add(&mut self, finding: Finding) -> Result<(), CliError> {
        if self.context.format() == OutputFormat::Text {
            output::print(&self.lines(&finding))?;
        }
        self.findings.push(finding);
        Ok(())
    }

    /// Waits for something, with a sign of life where somebody looks on.
    pub(super) async fn wait<T>(&self, what: &str, work: impl Future<Output = T>) -> T {
        if !self.context.stderr.is_terminal || !self.context.stderr.is_styled || self.context.everywhere.quiet {
            return work.await;
        }
        let mut spinner = Spinner::new();
        spinner.set_label(neutralise_line(what));
        let mut ticker = interval_at(Instant::now() + spinner::DELAY, spinner::PERIOD);
        ticker.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return done,
                _ = ticker.tick() => spinner.tick(),
            }
        }
    }

    /// The same, for no longer than `patience`.
    pub(super) async fn wait_at_most<T>(&self, what: &str, patience: Duration, work: impl Future<Output = T>) -> Option<T> {
        self.wait(what, tokio::time::timeout(patience, work)).await.ok()
    }

    /// Sums up. Any error is an exit code of 1.
    pub(super) fn finish(self) -> Outcome {
        let count = |status| self.findings.iter().filter(|finding| finding.status == status).count();
        let (errors, warnings) = (count(Status::Error), count(Status::Warning));
        if self.context.format() == OutputFormat::Text {
            let summary = match (errors, warnings) {
                (0, 0) => phrase!("doctor-all-is-well", count = self.findings.len()),
                _ => phrase!("doctor-summary", errors = errors, warnings = warnings, count = self.findings.len()),
            };
            output::print(&format!("\n{}\n", summary.render(self.context.language)))?;
        } else {
            print_page(self.context, &Page { items: self.findings, next_cursor: None }, COLUMNS)?;
        }
        Ok(if errors == 0 { Exit::SUCCESS } else { Exit(1) })
    }

    fn lines(&self, finding: &Finding) -> String {
        let language = self.context.language;
        let (mark, color) = finding.status.mark();
        let word = finding.status.phrase().render(language);
        let head = if self.context.stdout.is_styled { format!("{color}{mark} {word}\u{1b}[0m") } else { format!("{mark} {word}") };
        let width = output::listing::width(self.context);
        let indent = if width.is_none_or(|width| width >= NARROW) { 4 } else { 2 };
        let plain = neutralise_line(&format!("{mark} {word} {}: {}", finding.check, finding.message.render(language)));
        let hint = finding.hint.as_ref().map(|hint| hint.render(language)).unwrap_or_default();
        let below = hint.lines().map(|line| format!("hint: {line}")).chain(finding.log.iter().map(|line| format!("log: {line}")));
        let mut text = fold(&plain, width, indent).replacen(&format!("{mark} {word}"), &head, 1);
        for line in below {
            text.push_str(&" ".repeat(indent));
            text.push_str(&fold(&neutralise_line(&line), width, indent));
        }
        text
    }
}

/// A text in lines that fit, those after the first one indented.
fn fold(text: &str, width: Option<usize>, indent: usize) -> String {
    let Some(width) = width.filter(|width| *width > indent + 8) else { return format!("{text}\n") };
    // All lines are as long as those that are indented: the first may well be longer, and is no worse for it.
    let lines = wrap(text, width - indent);
    lines.join(&format!("\n{}", " ".repeat(indent))) + "\n"
}
