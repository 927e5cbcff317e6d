//! The history: lists of it, and what is done to one conversation.

use std::{
    fs::File,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use mmp_shared::{
    ApiError, ConversationId, ErrorCode,
    conversations::{ConversationChange, ConversationQuery, NewConversation},
    export::{self, ExportFormat},
    phrase,
};

use crate::{
    client::Client,
    config::{reason, variable},
    error::{bad_request, system_call},
    tui::ask::Told,
    wanted::Wanted,
};

/// How many conversations a page holds.
const PAGE: usize = 60;

/// Fetches a page of conversations; where it begins stands in the query.
pub(super) async fn list(client: &Client, mut query: ConversationQuery) -> Result<Told, ApiError> {
    let wanted = Wanted { limit: Some(PAGE), cursor: query.cursor.take() };
    Ok(Told::History(client.conversations(&query, &wanted).await?, Timestamp::now()))
}

/// Changes a conversation.
pub(super) async fn change(client: &Client, id: ConversationId, change: &ConversationChange) -> Result<Told, ApiError> {
    Ok(Told::Changed(Box::new(client.change_conversation(&id.to_string(), change).await?)))
}

/// Deletes a conversation for good.
pub(super) async fn delete(client: &Client, id: ConversationId) -> Result<Told, ApiError> {
    client.delete_conversation(&id.to_string()).await?;
    Ok(Told::Deleted(id))
}

/// Copies a conversation, as far as its current branch goes, into one of its own.
pub(super) async fn branch(client: &Client, id: ConversationId) -> Result<Told, ApiError> {
    let detail = client.conversation(&id.to_string()).await?;
    let last = detail.messages.last().ok_or_else(|| bad_request(phrase!("views-history-nothing-said")))?;
    let new = NewConversation { from_message_id: Some(last.id), ..NewConversation::default() };
    Ok(Told::Branched(Box::new(client.begin_conversation(&new).await?)))
}

/// Writes a conversation into a file that is not there yet. Its ending says in what form.
pub(super) async fn export(client: &Client, id: ConversationId, path: &str) -> Result<Told, ApiError> {
    let path = at_home(path);
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let Some(format) = ExportFormat::ALL.into_iter().find(|format| format.as_str() == ending) else {
        return Err(bad_request(phrase!("views-history-export-ending", ending = ending)));
    };
    let conversation = client.export_conversation(&id.to_string()).await?;
    let text = match format {
        ExportFormat::Html => [export::html::BEGIN, &export::html::of(&conversation), export::html::END].concat(),
        format => export::write(&conversation, format),
    };
    let shown = path.display().to_string();
    let written =
        tokio::task::spawn_blocking(move || write_new(&path, text.as_bytes()).map_err(|error| unwritten(&path, &error)));
    written.await.map_err(|error| system_call("write", &io::Error::other(error)))??;
    Ok(Told::Exported(shown))
}

/// `~/` is the home, as a shell would have it.
fn at_home(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), variable("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(path),
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).inspect_err(|_| {
        // Half a file is no export.
        let _ = std::fs::remove_file(path);
    })
}

fn unwritten(path: &Path, error: &io::Error) -> ApiError {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::AlreadyExists => bad_request(phrase!("views-history-export-exists", path = path)),
        io::ErrorKind::StorageFull => {
            ApiError::new(ErrorCode::StorageFull, phrase!("views-history-export-failed", path = path, reason = reason(error)))
        }
        _ => bad_request(phrase!("views-history-export-failed", path = path, reason = reason(error))),
    }
}
