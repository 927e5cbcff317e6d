//! `mmp runs`: the making of answers, live and finished.

use clap::Subcommand;
use mmp_shared::{chat::AnswerBuilder, phrase, runs::Run};

use crate::{
    answering::exit_of,
    client::Client,
    everywhere::OutputFormat,
    context::Context,
    error::{CliError, Exit, Outcome},
    output::{
        self, json,
        listing::{print_one, print_page},
        table::Column,
        time,
    },
    wanted::ListArguments,
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    List(ListArguments),
    Show {
        #[arg(value_name = "RUN")]
        run: String,
    },
    Wait {
        #[arg(value_name = "RUN")]
        runs: Vec<String>,
    },
    Stop {
        #[arg(value_name = "RUN")]
        run: String,
    },
}

const COLUMNS: &[Column<Run>] = &[
    Column { field: "id", show: |run| run.id.short() },
    Column { field: "created_at", show: |run| time::local(run.created_at) },
    Column { field: "status", show: |run| run.status.as_str().to_owned() },
    Column { field: "conversation_id", show: |run| run.conversation_id.map(|id| id.short()).unwrap_or_default() },
    Column { field: "model", show: model },
];

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        let client = Client::new(context)?;
        match self.action {
            Action::List(list) => print_page(context, &client.runs(&list.into()).await?, COLUMNS),
            Action::Show { run } => show(context, &client.run(&run).await?),
            Action::Wait { runs } => wait(context, &client, runs).await,
            Action::Stop { run } => {
                let run = client.stop_run(&run).await?;
                if context.format() == OutputFormat::Text {
                    if !context.everywhere.quiet {
                        output::note(&phrase!("note-run-stopped", run = run.id.short()), context.language);
                    }
                    return Ok(Exit::SUCCESS);
                }
                show(context, &run)
            }
        }
    }
}

/// Waits for the end of runs, the last one unless they are named. Ends as they would have: with the first failure, if any.
async fn wait(context: &Context, client: &Client, references: Vec<String>) -> Outcome {
    let mut runs = Vec::with_capacity(references.len().max(1));
    for reference in &references {
        runs.push(client.run(reference).await?.id);
    }
    if references.is_empty() {
        runs.push(super::attach::last(client).await?.id);
    }
    let mut exit = Exit::SUCCESS;
    for id in runs {
        let mut stream = client.attach(id, None).await?;
        let mut answer = AnswerBuilder::new();
        loop {
            let batch = stream.next_batch().await?;
            if batch.is_empty() {
                break;
            }
            batch.iter().for_each(|logged| answer.push(&logged.event));
        }
        let (code, error) = exit_of(&answer);
        exit = if exit == Exit::SUCCESS { Exit(code) } else { exit };
        if context.format() != OutputFormat::Text {
            json::print(&client.run(&id.to_string()).await?)?;
        }
        if let Some(error) = error {
            return Err(CliError::ToldWith(Box::new(error), exit));
        }
    }
    Ok(exit)
}

fn show(context: &Context, run: &Run) -> Outcome {
    let number = |tokens: Option<u64>| tokens.map(|tokens| tokens.to_string()).unwrap_or_default();
    let error = run.error.as_ref().map(|error| error.message_in(context.language));
    let shown = [
        ("id", run.id.to_string()),
        ("model", model(run)),
        ("status", run.status.as_str().to_owned()),
        ("error", error.unwrap_or_default()),
        ("created_at", time::local(run.created_at)),
        ("finished_at", run.finished_at.map(time::local).unwrap_or_default()),
        ("conversation_id", run.conversation_id.map(|id| id.to_string()).unwrap_or_default()),
        ("prompt_tokens", number(run.usage.prompt_tokens)),
        ("completion_tokens", number(run.usage.completion_tokens)),
        ("cost_usd", run.cost_usd.map(time::cost).unwrap_or_default()),
        ("first_token", run.timing.first_token_ms.map(time::duration).unwrap_or_default()),
        ("total", run.timing.total_ms.map(time::duration).unwrap_or_default()),
    ];
    print_one(context, run, &shown)
}

fn model(run: &Run) -> String {
    format!("{}/{}", run.provider, run.model)
}

