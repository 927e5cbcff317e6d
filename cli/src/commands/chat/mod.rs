//! `mmp chat`: one turn. What is said is put together in `prompt`, what is asked in `request`; `answering` shows what comes.

mod dry_run;
mod prompt;
mod request;

use std::time::Duration;

use clap::ArgAction;

use crate::{
    answering::{Answering, LookArguments},
    client::Client,
    everywhere::OutputFormat,
    context::Context,
    error::{Exit, Outcome},
    input::params::ParamArguments,
    output::{self, json},
};

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Arguments {
    #[arg(value_name = "PROMPT")]
    prompt: Vec<String>,
    #[arg(short, long, value_name = "NAME")]
    model: Option<String>,
    #[arg(short, long, value_name = "TEXT")]
    system: Option<String>,
    #[arg(short, long, value_name = "NAME")]
    role: Option<String>,
    #[arg(short = 'c', long = "continue", conflicts_with = "conversation")]
    continues: bool,
    #[arg(short = 'C', long, value_name = "ID|TITLE")]
    conversation: Option<String>,
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
        self.look.check(context.format())?;
        let content = prompt::assemble(&self, context).await?;
        let client = Client::new(context)?;
        let request = request::build(&self, content, context, &client).await?;
        if self.dry_run {
            return dry_run::run(context, &client, request).await;
        }
        let answering = Answering::new(context, &client, self.look, self.no_stream)?;
        if !self.detach {
            return answering.answer(request).await;
        }
        let begun = answering.detach(request).await?;
        match context.format() {
            OutputFormat::Text | OutputFormat::Csv => output::print(&format!("{}\n", begun.run_id))?,
            OutputFormat::Json | OutputFormat::Jsonl => json::print(&begun)?,
        }
        Ok(Exit::SUCCESS)
    }
}
