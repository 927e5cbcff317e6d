//! `mmp history`: conversations that were had.

use clap::Subcommand;
use mmp_shared::{
    ApiError, ErrorCode,
    conversations::{Conversation, ConversationDetail, Message},
    message::{Role, Status},
    phrase,
};

use crate::{
    client::Client,
    everywhere::OutputFormat,
    context::Context,
    error::{Exit, Outcome, bad_request},
    output::{
        self, json,
        listing::{print_page},
        markdown::Markdown,
        neutralise::{Neutraliser, neutralise_line},
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
        #[arg(value_name = "ID|TITLE")]
        conversation: Option<String>,
    },
    Search(super::search::Arguments),
}

const COLUMNS: &[Column<Conversation>] = &[
    Column { field: "id", show: |item| item.id.short() },
    Column { field: "updated_at", show: |item| time::local(item.updated_at) },
    Column { field: "messages", show: |item| item.messages.to_string() },
    Column { field: "model", show: |item| item.model.clone().unwrap_or_default() },
    Column { field: "title", show: |item| item.title.clone() },
];

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        match self.action {
            Action::List(list) => print_page(context, &Client::new(context)?.conversations(&list.into()).await?, COLUMNS),
            Action::Show { conversation } => show(context, conversation).await,
            Action::Search(search) => search.run(context).await,
        }
    }
}

async fn show(context: &Context, reference: Option<String>) -> Outcome {
    let client = Client::new(context)?;
    let reference = match reference {
        Some(reference) => reference,
        None => {
            let none = || ApiError::new(ErrorCode::NotFound, phrase!("error-no-conversation"));
            client.last_conversation().await?.ok_or_else(none)?.id.to_string()
        }
    };
    let detail = client.conversation(&reference).await?;
    match context.format() {
        OutputFormat::Json => json::print(&detail)?,
        OutputFormat::Jsonl => output::print(&detail.messages.iter().map(json::line).collect::<String>())?,
        OutputFormat::Csv => return Err(bad_request(phrase!("error-no-csv")).into()),
        OutputFormat::Text => output::print(&text_of(context, &detail))?,
    }
    Ok(Exit::SUCCESS)
}

fn text_of(context: &Context, detail: &ConversationDetail) -> String {
    let conversation = &detail.conversation;
    let about = format!("{} · {}", conversation.id.short(), time::local(conversation.updated_at));
    let mut text = format!("{}\n{}\n", neutralise_line(&conversation.title), dim(context, &about));
    for message in &detail.messages {
        text.push('\n');
        text.push_str(&dim(context, &speaker(context, message)));
        text.push('\n');
        text.push_str(&body(context, &message.text));
    }
    text
}

fn speaker(context: &Context, message: &Message) -> String {
    let who = match (message.role, &message.model) {
        (Role::Assistant, Some(model)) => {
            let provider = message.provider.as_deref().map(|provider| format!("{provider}/")).unwrap_or_default();
            neutralise_line(&format!("{provider}{model}"))
        }
        (Role::User, _) => phrase!("speaker-you").render(context.language),
        (role, _) => role.as_str().to_owned(),
    };
    let status = match message.status {
        Status::Complete => String::new(),
        other => format!(" ({})", other.as_str()),
    };
    format!("── {who} · {}{status}", time::local(message.created_at))
}

/// A message's text with its line end: neutralised and styled for a terminal, as it is for a pipe.
fn body(context: &Context, text: &str) -> String {
    let mut body = String::new();
    if context.stdout.is_terminal || context.stdout.is_styled {
        let mut neutraliser = Neutraliser::default();
        neutraliser.push(text, &mut body);
        neutraliser.finish(&mut body);
    } else {
        body.push_str(text);
    }
    if context.stdout.is_styled {
        let (mut markdown, mut styled) = (Markdown::default(), String::new());
        markdown.push(&body, &mut styled);
        markdown.finish(&mut styled);
        body = styled;
    }
    if !body.ends_with('\n') {
        body.push('\n');
    }
    body
}

fn dim(context: &Context, text: &str) -> String {
    if context.stdout.is_styled { format!("\u{1b}[2m{text}\u{1b}[0m") } else { text.to_owned() }
}
