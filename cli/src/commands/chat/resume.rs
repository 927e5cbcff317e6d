//! Going on with an answer that was cut: which one is meant, and whether it is offered. How it is shown is `answering`'s.

use mmp_shared::{
    ApiError, ErrorCode, MessageId,
    conversations::{ConversationDetail, Message},
    message::Role,
    phrase,
};

use super::Arguments;
use crate::{client::Client, context::Context, input::confirm};

/// The answer to go on with: the one that `--resume` asks for, or one that was offered and is wanted.
pub(super) async fn wanted(arguments: &Arguments, context: &Context, client: &Client) -> Result<Option<MessageId>, ApiError> {
    let goes_on = arguments.continues || arguments.conversation.is_some();
    let may_offer = goes_on && arguments.says_nothing() && !arguments.no_stdin && confirm::is_asked(context);
    if !arguments.resume && !may_offer {
        return Ok(None);
    }
    let Some(detail) = last_of(arguments, client).await? else {
        return Err(ApiError::new(ErrorCode::NotFound, phrase!("error-no-conversation")));
    };
    let cut = detail.messages.last().filter(|message| is_cut(message)).map(|message| message.id);
    match (cut, arguments.resume) {
        (None, true) => {
            let phrase = phrase!("error-nothing-cut", title = detail.conversation.title);
            Err(ApiError::new(ErrorCode::BadRequest, phrase).with_hint(phrase!("hint-not-cut")))
        }
        (Some(cut), false) if confirm::is_agreed(context, &phrase!("question-resume").render(context.language)) => Ok(Some(cut)),
        (cut, resumes) => Ok(cut.filter(|_| resumes)),
    }
}

/// Whether an answer stopped before its end and has something to go on from.
fn is_cut(message: &Message) -> bool {
    message.role == Role::Assistant && message.status.is_cut() && !message.text.trim().is_empty()
}

async fn last_of(arguments: &Arguments, client: &Client) -> Result<Option<ConversationDetail>, ApiError> {
    let reference = match &arguments.conversation {
        Some(reference) => reference.clone(),
        None => match client.last_conversation().await? {
            Some(last) => last.id.to_string(),
            None => return Ok(None),
        },
    };
    client.conversation(&reference).await.map(Some)
}
