//! Renaming, pinning, putting away, and choosing a branch.

use mmp_shared::{
    ApiError, ErrorCode, MessageId, Phrase,
    conversations::{Conversation, ConversationChange, ConversationDetail, NewConversation},
    ids::is_id_suffix,
    phrase,
};

use super::this_or_last;
use crate::{
    client::Client,
    context::Context,
    error::{Exit, Outcome, bad_request},
    everywhere::OutputFormat,
    output::{self, listing::print_one},
};

pub(super) async fn rename(context: &Context, client: &Client, reference: &str, title: String) -> Outcome {
    let change = ConversationChange { title: Some(title), ..ConversationChange::default() };
    let changed = client.change_conversation(reference, &change).await?;
    let words = phrase!("note-renamed", id = changed.id.short(), title = changed.title);
    tell(context, &changed, words)
}

pub(super) async fn pin(context: &Context, client: &Client, references: &[String], pinned: bool) -> Outcome {
    let change = ConversationChange { pinned: Some(pinned), ..ConversationChange::default() };
    for reference in references {
        let changed = client.change_conversation(reference, &change).await?;
        let (id, title) = (changed.id.short(), changed.title.clone());
        let words = if pinned { phrase!("note-pinned", id = id, title = title) } else { phrase!("note-unpinned", id = id, title = title) };
        tell(context, &changed, words)?;
    }
    Ok(Exit::SUCCESS)
}

pub(super) async fn archive(context: &Context, client: &Client, references: &[String], archived: bool) -> Outcome {
    let change = ConversationChange { archived: Some(archived), ..ConversationChange::default() };
    for reference in references {
        let changed = client.change_conversation(reference, &change).await?;
        let (id, title) = (changed.id.short(), changed.title.clone());
        let words =
            if archived { phrase!("note-archived", id = id, title = title) } else { phrase!("note-unarchived", id = id, title = title) };
        tell(context, &changed, words)?;
    }
    Ok(Exit::SUCCESS)
}

/// Lets the next question stand behind a message, here or in a conversation of its own.
pub(super) async fn branch(
    context: &Context,
    client: &Client,
    message: &str,
    conversation: Option<String>,
    is_new: bool,
) -> Outcome {
    let (detail, message) = find(client, message, conversation).await?;
    if is_new {
        let new = NewConversation { from_message_id: Some(message), ..NewConversation::default() };
        let begun = client.begin_conversation(&new).await?;
        let words = phrase!("note-branched-new", id = begun.id.short(), message = message.short());
        return tell(context, &begun, words);
    }
    let change = ConversationChange { leaf_id: Some(message), ..ConversationChange::default() };
    let changed = client.change_conversation(&detail.conversation.id.to_string(), &change).await?;
    tell(context, &changed, phrase!("note-branched", id = changed.id.short(), message = message.short()))
}

/// Makes the branch of a message the current one.
pub(super) async fn pick(context: &Context, client: &Client, message: &str, conversation: Option<String>) -> Outcome {
    let (detail, message) = find(client, message, conversation).await?;
    let change = ConversationChange { pick: Some(message), ..ConversationChange::default() };
    let changed = client.change_conversation(&detail.conversation.id.to_string(), &change).await?;
    tell(context, &changed, phrase!("note-picked", id = changed.id.short(), message = message.short()))
}

/// The one message of a conversation whose id is this, or ends so.
async fn find(client: &Client, wanted: &str, conversation: Option<String>) -> Result<(ConversationDetail, MessageId), ApiError> {
    let reference = this_or_last(client, conversation).await?;
    let detail = client.conversation_tree(&reference).await?;
    let digits = wanted.replace('-', "").to_lowercase();
    let ends_so = |id: &MessageId| is_id_suffix(wanted) && id.to_string().replace('-', "").ends_with(&digits);
    let found: Vec<_> = detail.messages.iter().map(|message| message.id).filter(ends_so).collect();
    match found[..] {
        [message] => Ok((detail, message)),
        [] => {
            let error = ApiError::new(ErrorCode::NotFound, phrase!("error-no-such-message", reference = wanted));
            Err(error.with_hint(phrase!("hint-no-such-message", id = detail.conversation.id.short())))
        }
        _ => {
            let all: Vec<_> = found.iter().map(MessageId::to_string).collect();
            let error = bad_request(phrase!("error-several-messages", reference = wanted));
            Err(error.with_hint(phrase!("hint-candidates", candidates = all.join(", "))))
        }
    }
}

/// Says what was changed: words for people, the conversation for programs.
fn tell(context: &Context, conversation: &Conversation, words: Phrase) -> Outcome {
    if context.format() != OutputFormat::Text {
        return print_one(context, conversation, &[]);
    }
    if !context.everywhere.quiet {
        output::note(&words, context.language);
    }
    Ok(Exit::SUCCESS)
}
