//! `mmp chat`: one turn. What is said is put together in `prompt`, what is asked in `request`, and `answer` shows what comes.

mod answer;
mod prompt;
mod request;
mod signals;

use std::time::Duration;

use clap::ArgAction;

use self::answer::Answering;
use crate::{
    client::Client,
    everywhere::OutputFormat,
    context::Context,
    error::{Exit, Outcome, bad_request},
    input::params::ParamArguments,
    output,
};

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Arguments {
    #[arg(value_name = "PROMPT")]
    prompt: Vec<String>,
    #[arg(short, long, value_name = "NAME")]
    model: Option<String>,
    #[arg(short, long, value_name = "TEXT")]
    system: Option<String>,
    #[arg(short = 'c', long = "continue", conflicts_with = "conversation")]
    continues: bool,
    #[arg(short = 'C', long, value_name = "ID|TITLE")]
    conversation: Option<String>,
    #[arg(short, long, value_name = "PATH|URL|-", action = ArgAction::Append)]
    file: Vec<String>,
    #[arg(short = 'x', long)]
    code: bool,
    #[arg(long)]
    no_stream: bool,
    #[arg(short, long)]
    no_save: bool,
    #[arg(long)]
    dry_run: bool,
    #[arg(long, conflicts_with = "hide_thinking")]
    show_thinking: bool,
    #[arg(long)]
    hide_thinking: bool,
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
        let format = context.format();
        if format == OutputFormat::Csv {
            return Err(bad_request(mmp_shared::phrase!("error-no-csv")).into());
        }
        if self.code && format != OutputFormat::Text {
            return Err(bad_request(mmp_shared::phrase!("error-usage-conflict", argument = "--code", other = "--output")).into());
        }
        let text = prompt::assemble(&self, context).await?;
        let client = Client::new(context)?;
        let request = request::build(&self, text, context, &client).await?;
        if self.dry_run {
            let pretty = serde_json::to_string_pretty(&request).unwrap_or_default();
            return output::print(&format!("{pretty}\n")).map(|()| Exit::SUCCESS);
        }
        Answering::new(context, &client, &self)?.answer(request).await
    }
}
