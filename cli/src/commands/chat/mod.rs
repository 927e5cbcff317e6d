//! `mmp chat`: one turn, put to one model or to several. What is said is put together in `prompt`, what is asked in `request`; `answering` shows what comes.

mod dry_run;
mod prompt;
mod request;
mod resume;

use std::{io::IsTerminal as _, time::Duration};

use clap::ArgAction;
use mmp_shared::message::Content;

use crate::{
    answering::{Answering, Comparing, LookArguments},
    client::Client,
    everywhere::OutputFormat,
    context::Context,
    error::{Exit, Outcome},
    input::params::ParamArguments,
    opening::{self, Opening},
    output::{self, json},
    tui,
};

#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Arguments {
    #[arg(value_name = "PROMPT")]
    prompt: Vec<String>,
    #[arg(short, long, value_name = "NAME", action = ArgAction::Append)]
    model: Vec<String>,
    #[arg(short, long, value_name = "TEXT")]
    system: Option<String>,
    #[arg(short, long, value_name = "NAME")]
    role: Option<String>,
    #[arg(short = 'c', long = "continue", conflicts_with = "conversation")]
    continues: bool,
    #[arg(short = 'C', long, value_name = "ID|TITLE")]
    conversation: Option<String>,
    #[arg(long, conflicts_with_all = ["prompt", "file", "attach", "system", "role", "no_save"])]
    resume: bool,
    #[arg(short, long, value_name = "PATH|URL|-", action = ArgAction::Append)]
    file: Vec<String>,
    #[arg(short, long, value_name = "IMAGE", action = ArgAction::Append)]
    attach: Vec<String>,
    #[command(flatten)]
    look: LookArguments,
    #[arg(long)]
    no_stream: bool,
    #[arg(short, long)]
    no_save: bool,
    #[arg(short, long, conflicts_with = "no_save")]
    detach: bool,
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    params: ParamArguments,
    #[arg(long)]
    no_fallback: bool,
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    timeout: Option<Duration>,
    #[arg(long)]
    no_stdin: bool,
}

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        if self.is_open_ended(context) {
            return self.open(context).await;
        }
        self.look.check(context.format())?;
        if self.model.len() > 1 {
            self.look.check_several()?;
        }
        let client = Client::new(context)?;
        let resumed = resume::wanted(&self, context, &client).await?;
        let content = match resumed {
            Some(_) => Content::Text(String::new()),
            None => prompt::assemble(&self, context).await?,
        };
        let mut request = request::build(&self, content, context, &client).await?;
        request.resume_id = resumed;
        if self.dry_run {
            return dry_run::run(context, &client, request).await;
        }
        if self.model.len() > 1 && !self.detach {
            return Comparing::new(context, &client, self.look, self.no_stream)?.answer(request).await;
        }
        let answering = Answering::new(context, &client, self.look, self.no_stream)?;
        if !self.detach {
            return answering.answer(request).await;
        }
        let begun = answering.detach(request).await?;
        match context.format() {
            OutputFormat::Text | OutputFormat::Csv => output::print(&begun.runs().iter().map(|run| format!("{run}\n")).collect::<String>())?,
            OutputFormat::Json | OutputFormat::Jsonl => json::print(&begun)?,
        }
        Ok(Exit::SUCCESS)
    }

    /// Opens the full-screen program: these flags hold for all that is asked there.
    pub(crate) async fn open(self, context: &Context) -> Outcome {
        tui::check_terminal()?;
        let client = Client::new(context)?;
        let mut template = request::build(&self, Content::Text(String::new()), context, &client).await?;
        template.watched = true;
        tui::open(context, &client, template).await
    }

    /// Whether nothing is asked yet, and somebody sits there who may.
    fn is_open_ended(&self, context: &Context) -> bool {
        let wants_one_answer =
            self.resume || self.no_save || self.detach || self.dry_run || self.no_stdin || self.look.wants_code();
        // Where no screen can be filled, a cut answer can still be offered.
        let is_offer = (self.continues || self.conversation.is_some()) && !opening::is_possible();
        let is_for_people = !is_offer && context.format() == OutputFormat::Text && context.stdout.is_terminal;
        self.says_nothing() && self.model.len() <= 1 && !wants_one_answer && is_for_people && std::io::stdin().is_terminal()
    }

    /// Whether the command line holds nothing to say.
    fn says_nothing(&self) -> bool {
        self.prompt.is_empty() && self.file.is_empty() && self.attach.is_empty()
    }
}

impl From<Opening> for Arguments {
    fn from(opening: Opening) -> Self {
        let Opening { model, continues, conversation } = opening;
        Self { model: model.into_iter().collect(), continues, conversation, ..Self::default() }
    }
}
