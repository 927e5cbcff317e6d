//! `mmp history`: conversations that were had. Showing one is `show`'s and `tree`'s, changing one `change`'s, forgetting
//! `delete`'s, finding messages the command `search`'s, taking along and taking in `export`'s and `import`'s.

mod change;
mod delete;
mod export;
mod import;
mod show;
mod tree;

use clap::Subcommand;
use jiff::Timestamp;
use mmp_shared::{
    ApiError, ErrorCode,
    conversations::{Conversation, ConversationQuery},
    export::ExportFormat,
    phrase,
};

use crate::{
    client::Client,
    context::Context,
    error::Outcome,
    output::{listing::print_page, table::Column, time},
    wanted::ListArguments,
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    List {
        #[command(flatten)]
        filter: FilterArguments,
        #[command(flatten)]
        list: ListArguments,
    },
    Show {
        #[arg(value_name = "ID|TITLE")]
        conversation: Option<String>,
        #[arg(long)]
        tree: bool,
    },
    Search(super::search::Arguments),
    Rename {
        #[arg(value_name = "ID|TITLE")]
        conversation: String,
        #[arg(value_name = "TITLE")]
        title: String,
    },
    Pin {
        #[arg(value_name = "ID|TITLE", required = true)]
        conversations: Vec<String>,
    },
    Unpin {
        #[arg(value_name = "ID|TITLE", required = true)]
        conversations: Vec<String>,
    },
    Archive {
        #[arg(value_name = "ID|TITLE", required = true)]
        conversations: Vec<String>,
    },
    Unarchive {
        #[arg(value_name = "ID|TITLE", required = true)]
        conversations: Vec<String>,
    },
    Branch {
        #[arg(value_name = "MESSAGE")]
        message: String,
        #[arg(short = 'C', long, value_name = "ID|TITLE")]
        conversation: Option<String>,
        #[arg(long)]
        new: bool,
    },
    Pick {
        #[arg(value_name = "MESSAGE")]
        message: String,
        #[arg(short = 'C', long, value_name = "ID|TITLE")]
        conversation: Option<String>,
    },
    Delete {
        #[arg(value_name = "ID|TITLE", required_unless_present = "all")]
        conversations: Vec<String>,
        #[arg(long, conflicts_with = "conversations")]
        all: bool,
    },
    Export {
        #[arg(value_name = "ID|TITLE")]
        conversations: Vec<String>,
        #[arg(long, conflicts_with = "conversations")]
        all: bool,
        #[arg(long, value_name = "FORMAT")]
        format: Option<ExportFormat>,
    },
    Import {
        #[arg(value_name = "FILE|-", required = true)]
        files: Vec<String>,
    },
}

#[derive(Debug, Clone, clap::Args)]
struct FilterArguments {
    #[arg(long, value_name = "NAME")]
    model: Option<String>,
    #[arg(long, value_name = "DATE", value_parser = time::parse)]
    after: Option<Timestamp>,
    #[arg(long, value_name = "DATE", value_parser = time::parse)]
    before: Option<Timestamp>,
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    #[arg(long)]
    pinned: bool,
    #[arg(long)]
    archived: bool,
}

impl From<FilterArguments> for ConversationQuery {
    fn from(arguments: FilterArguments) -> Self {
        let FilterArguments { model, after, before, title, pinned, archived } = arguments;
        Self { limit: None, cursor: None, model, after, before, title, pinned, archived }
    }
}

const COLUMNS: &[Column<Conversation>] = &[
    Column { field: "id", show: |item| item.id.short() },
    Column { field: "updated_at", show: |item| time::local(item.updated_at) },
    Column { field: "messages", show: |item| item.messages.to_string() },
    Column { field: "model", show: |item| item.model.clone().unwrap_or_default() },
    Column { field: "title", show: |item| if item.pinned { format!("★ {}", item.title) } else { item.title.clone() } },
];

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        let client = Client::new(context)?;
        let client = &client;
        match self.action {
            Action::List { filter, list } => {
                print_page(context, &client.conversations(&filter.into(), &list.into()).await?, COLUMNS)
            }
            Action::Show { conversation, tree } => show::run(context, client, conversation, tree).await,
            Action::Search(search) => search.run(context).await,
            Action::Rename { conversation, title } => change::rename(context, client, &conversation, title).await,
            Action::Pin { conversations } => change::pin(context, client, &conversations, true).await,
            Action::Unpin { conversations } => change::pin(context, client, &conversations, false).await,
            Action::Archive { conversations } => change::archive(context, client, &conversations, true).await,
            Action::Unarchive { conversations } => change::archive(context, client, &conversations, false).await,
            Action::Branch { message, conversation, new } => change::branch(context, client, &message, conversation, new).await,
            Action::Pick { message, conversation } => change::pick(context, client, &message, conversation).await,
            Action::Delete { conversations, all: false } => delete::some(context, client, conversations).await,
            Action::Delete { all: true, .. } => delete::all(context, client).await,
            Action::Export { conversations, all, format } => export::run(context, client, conversations, all, format).await,
            Action::Import { files } => import::run(context, client, &files).await,
        }
    }
}

/// The conversation that was named, else the last one.
async fn this_or_last(client: &Client, reference: Option<String>) -> Result<String, ApiError> {
    match reference {
        Some(reference) => Ok(reference),
        None => {
            let none = || ApiError::new(ErrorCode::NotFound, phrase!("error-no-conversation"));
            Ok(client.last_conversation().await?.ok_or_else(none)?.id.to_string())
        }
    }
}
