//! `mmp rerun`: asks every question of a conversation again, of another model, into a branch of its own. Each is asked with
//! what the new branch says before it.
//!
//! What two texts have in common is `diff`'s, what is said of two answers `report`'s.

mod diff;
mod report;

use std::{collections::HashMap, time::Duration};

use mmp_shared::{
    ApiError, ConversationId, MessageId,
    chat::{ChatRequest, ComparedAnswer},
    conversations::ConversationChange,
    export::{ExportedConversation, ExportedMessage},
    message::{Content, Role, Status, text_of},
    phrase,
};
use serde::Serialize;

use self::report::{Difference, Numbers, TurnReport, diff_text, numbers_line};
use crate::{
    answering::{Collected, Collecting, exit_of},
    client::Client,
    context::Context,
    error::{CliError, Exit, Outcome, bad_request},
    everywhere::OutputFormat,
    input::env_keys,
    output::{
        self, json,
        markdown::Markdown,
        neutralise::{Neutraliser, neutralise_line},
    },
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[arg(value_name = "ID|TITLE")]
    conversation: String,
    #[arg(short, long, value_name = "NAME")]
    model: String,
    #[arg(long)]
    diff: bool,
    #[arg(long)]
    no_fallback: bool,
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    timeout: Option<Duration>,
}

/// A question of the current branch, and its answer.
struct Turn {
    question: ExportedMessage,
    old: Option<ExportedMessage>,
}

/// All that was asked again, as `--json` prints it.
#[derive(Serialize)]
struct Report<'a> {
    conversation_id: ConversationId,
    /// The end of the branch that was the current one.
    old_leaf_id: Option<MessageId>,
    /// The end of the one that is current now: the new one, if anything was said on it.
    leaf_id: Option<MessageId>,
    turns: &'a [TurnReport],
    old: Numbers,
    new: Numbers,
    change: Difference,
}

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        if context.format() == OutputFormat::Csv {
            return Err(bad_request(phrase!("error-no-csv")).into());
        }
        let client = Client::new(context)?;
        let exported = client.export_conversation(&self.conversation).await?;
        let (id, old_leaf_id) = (exported.conversation.id, exported.conversation.leaf_id);
        let turns = turns(exported);
        if turns.is_empty() {
            return Err(bad_request(phrase!("error-nothing-to-rerun", id = id.short())).into());
        }
        let mut rerun = Rerun { arguments: self, context, id, turns, reports: Vec::new(), codes: Vec::new(), stopped: None };
        let asked = rerun.ask_all(&client).await;
        if !rerun.reports.is_empty() {
            let is_kept = rerun.has_some() || !rerun.go_back(&client, old_leaf_id).await?;
            rerun.finish(old_leaf_id, is_kept)?;
        }
        rerun.end(asked)
    }

    fn request(&self, context: &Context, id: ConversationId, turn: &Turn, parent: Option<MessageId>) -> Result<ChatRequest, ApiError> {
        let mut request = ChatRequest::new("");
        request.content = Content::Parts(turn.question.content.clone());
        request.models = vec![self.model.clone()];
        request.conversation_id = Some(id);
        request.parent_id = parent;
        request.beside_id = parent.is_none().then_some(turn.question.id);
        request.fallback = !self.no_fallback;
        request.timeout_ms = self.timeout.map(|timeout| u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX));
        if context.config()?.switch("import_env") {
            request.env_keys = env_keys::providers();
        }
        Ok(request)
    }
}

/// A conversation that is asked again.
struct Rerun<'a> {
    arguments: Arguments,
    context: &'a Context,
    id: ConversationId,
    turns: Vec<Turn>,
    reports: Vec<TurnReport>,
    /// The exit codes of the answers.
    codes: Vec<u8>,
    stopped: Option<Exit>,
}

impl Rerun<'_> {
    /// Asks one question after another, as far as there are answers to go on from. What went wrong last is given back.
    async fn ask_all(&mut self, client: &Client) -> Result<Option<ApiError>, CliError> {
        let mut collecting = Collecting::new(self.context, client)?;
        let mut parent = None;
        for place in 0..self.turns.len() {
            let request = self.arguments.request(self.context, self.id, &self.turns[place], parent)?;
            let label = format!("{}/{} {}", place + 1, self.turns.len(), self.arguments.model);
            let Collected { answer, error, stopped } = match collecting.ask(request, &label).await {
                Ok(collected) => collected,
                Err(CliError::Silent(exit)) => {
                    self.stopped = Some(exit);
                    return Ok(None);
                }
                Err(error) => return Err(error),
            };
            let Some(mut new) = answer.build_compared() else { return Ok(error) };
            new.error.clone_from(&error);
            parent = new.answer.message_id;
            let goes_on = !matches!(new.answer.status, Status::Failed | Status::Cancelled | Status::Interrupted);
            self.codes.push(exit_of(&answer).0);
            self.report(place, new)?;
            self.stopped = stopped;
            if !goes_on || self.stopped.is_some() {
                return Ok(error);
            }
        }
        Ok(None)
    }

    fn report(&mut self, place: usize, new: ComparedAnswer) -> Result<(), CliError> {
        let turn = &self.turns[place];
        let report = TurnReport::new(text_of(&turn.question.content), turn.old.as_ref(), new, self.arguments.diff);
        match self.context.format() {
            OutputFormat::Json => {}
            OutputFormat::Jsonl => json::print(&report)?,
            OutputFormat::Text | OutputFormat::Csv => output::print(&self.words(place, &report))?,
        }
        self.reports.push(report);
        Ok(())
    }

    /// A turn as people read it: the question, the answer or how it became another, and the numbers.
    fn words(&self, place: usize, report: &TurnReport) -> String {
        let line = report.question.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let heading = format!("== {}/{} · {} ==", place + 1, self.turns.len(), neutralise_line(line.trim()));
        let blank = if place == 0 { "" } else { "\n" };
        let mut body = match &report.diff {
            Some(pieces) => {
                let safe: Vec<_> = pieces.iter().map(|piece| diff::Piece { text: self.safe(&piece.text), ..piece.clone() }).collect();
                diff_text(&safe, self.is_styled())
            }
            None => self.styled(&self.safe(&report.new.answer.text)),
        };
        if !body.is_empty() && !body.ends_with('\n') {
            body.push('\n');
        }
        let (old, new) = report.numbers();
        let numbers = numbers_line(old, new, self.context.language);
        let about = [report.models(), numbers].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        format!("{blank}{}\n{body}{}\n", self.painted("1", &heading), self.painted("2", &about))
    }

    const fn is_styled(&self) -> bool {
        self.context.stdout.is_styled
    }

    fn painted(&self, code: &str, text: &str) -> String {
        if self.is_styled() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// A pipe gets the text as it came.
    fn safe(&self, text: &str) -> String {
        if !self.context.stdout.is_terminal && !self.is_styled() {
            return text.to_owned();
        }
        let (mut neutraliser, mut safe) = (Neutraliser::default(), String::new());
        neutraliser.push(text, &mut safe);
        neutraliser.finish(&mut safe);
        safe
    }

    fn styled(&self, text: &str) -> String {
        if !self.is_styled() {
            return text.to_owned();
        }
        let (mut markdown, mut styled) = (Markdown::default(), String::new());
        markdown.push(text, &mut styled);
        markdown.finish(&mut styled);
        styled
    }

    /// Whether any model has said anything.
    fn has_some(&self) -> bool {
        self.reports.iter().any(|report| !report.new.answer.text.is_empty())
    }

    /// A branch on which nobody has answered is not the one to go on with.
    async fn go_back(&self, client: &Client, old_leaf_id: Option<MessageId>) -> Result<bool, ApiError> {
        let Some(leaf_id) = old_leaf_id else { return Ok(false) };
        let change = ConversationChange { leaf_id: Some(leaf_id), ..ConversationChange::default() };
        client.change_conversation(&self.id.to_string(), &change).await?;
        Ok(true)
    }

    /// Says what all of it came to, and the way back.
    fn finish(&self, old_leaf_id: Option<MessageId>, is_kept: bool) -> Result<(), CliError> {
        let sums = self.reports.iter().map(TurnReport::numbers);
        let (old, new) = sums.fold((Numbers::ZERO, Numbers::ZERO), |(old, new), (before, now)| (old.and(before), new.and(now)));
        let language = self.context.language;
        let last = self.reports.last().and_then(|report| report.new.answer.message_id);
        let leaf_id = if is_kept { last } else { old_leaf_id };
        match self.context.format() {
            OutputFormat::Json => {
                let (conversation_id, turns) = (self.id, self.reports.as_slice());
                json::print(&Report { conversation_id, old_leaf_id, leaf_id, turns, old, new, change: old.to(new) })?;
            }
            OutputFormat::Text if self.reports.len() > 1 => {
                let numbers = numbers_line(old, new, language);
                let line = phrase!("rerun-together", numbers = numbers).render(language);
                output::print(&format!("\n{}\n", self.painted("2", &line)))?;
            }
            _ => {}
        }
        if self.context.everywhere.quiet {
            return Ok(());
        }
        let (done, all) = (self.reports.len(), self.turns.len());
        if done < all || self.stopped.is_some() {
            output::note(&phrase!("note-rerun-cut", done = done, all = all), language);
        }
        if let (true, Some(_), Some(leaf)) = (is_kept, leaf_id, old_leaf_id) {
            output::note(&phrase!("note-rerun-branch", id = self.id.short(), message = leaf.short()), language);
        }
        Ok(())
    }

    /// As an answer's: 0 where all are complete, 7 where something is there, else as the first failure says.
    fn end(&self, asked: Result<Option<ApiError>, CliError>) -> Outcome {
        let has_some = self.has_some();
        let partial = Exit(mmp_shared::error::EXIT_PARTIAL);
        let error = match (asked, self.stopped) {
            (_, Some(exit)) => return Ok(exit),
            (Err(CliError::Told(error)), None) if has_some => return Err(CliError::ToldWith(error, partial)),
            (Err(error), None) => return Err(error),
            (Ok(error), None) => error,
        };
        let worst = self.codes.iter().copied().find(|code| *code != 0).unwrap_or(0);
        let exit = if worst != 0 && has_some { partial } else { Exit(worst) };
        match error {
            Some(error) => Err(CliError::ToldWith(Box::new(error), exit)),
            None => Ok(exit),
        }
    }
}

/// The questions along the current branch, each with the last answer before the next one.
fn turns(exported: ExportedConversation) -> Vec<Turn> {
    let mut next = exported.conversation.leaf_id;
    let mut by_id: HashMap<_, _> = exported.messages.into_iter().map(|message| (message.id, message)).collect();
    let (mut turns, mut old) = (Vec::new(), None);
    while let Some(message) = next.and_then(|id| by_id.remove(&id)) {
        next = message.parent_id;
        match message.role {
            Role::User => turns.push(Turn { question: message, old: old.take() }),
            Role::Assistant if old.is_none() => old = Some(message),
            _ => {}
        }
    }
    turns.reverse();
    turns
}
