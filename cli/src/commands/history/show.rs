//! `mmp history show`: a conversation as people read it, or as JSON.

use mmp_shared::{
    conversations::{Conversation, ConversationDetail, Message},
    image::ImageView,
    message::{Role, Status},
    phrase,
};

use super::{this_or_last, tree};
use crate::{
    client::Client,
    everywhere::OutputFormat,
    context::Context,
    error::{Exit, Outcome, bad_request},
    output::{
        self, json,
        markdown::Markdown,
        neutralise::{Neutraliser, neutralise_line},
        time,
    },
};

pub(super) async fn run(context: &Context, client: &Client, reference: Option<String>, whole: bool) -> Outcome {
    let reference = this_or_last(client, reference).await?;
    let detail = if whole { client.conversation_tree(&reference).await? } else { client.conversation(&reference).await? };
    match context.format() {
        OutputFormat::Json => json::print(&detail)?,
        OutputFormat::Jsonl => output::print(&detail.messages.iter().map(json::line).collect::<String>())?,
        OutputFormat::Csv => return Err(bad_request(phrase!("error-no-csv")).into()),
        OutputFormat::Text if whole => output::print(&(heading(context, &detail.conversation) + &tree::drawn(context, &detail)))?,
        OutputFormat::Text => output::print(&text_of(context, &detail))?,
    }
    Ok(Exit::SUCCESS)
}

fn heading(context: &Context, conversation: &Conversation) -> String {
    let about = format!("{} · {}", conversation.id.short(), time::local(conversation.updated_at));
    format!("{}\n{}\n", neutralise_line(&conversation.title), dim(context, &about))
}

fn text_of(context: &Context, detail: &ConversationDetail) -> String {
    let mut text = heading(context, &detail.conversation);
    for message in &detail.messages {
        text.push('\n');
        text.push_str(&dim(context, &speaker(context, message)));
        text.push('\n');
        if !message.text.is_empty() || message.images.is_empty() {
            text.push_str(&body(context, &message.text));
        }
        for image in &message.images {
            text.push_str(&dim(context, &in_words(context, image)));
            text.push('\n');
        }
    }
    text
}

/// Who says a message, when, and what became of it.
fn speaker(context: &Context, message: &Message) -> String {
    let status = match message.status {
        Status::Complete => String::new(),
        other => format!(" ({})", other.as_str()),
    };
    let who = who(context, message);
    format!("── {who} · {} · {}{status}{}", message.id.short(), time::local(message.created_at), numbers(message))
}

/// What stands for an image: its name, its kind and its size.
pub(super) fn in_words(context: &Context, image: &ImageView) -> String {
    let kind = image.media_type.media_type();
    let name = neutralise_line(image.name.as_deref().unwrap_or(kind));
    phrase!("shown-image", name = name, kind = kind, size = image.bytes.div_ceil(1024)).render(context.language)
}

/// Tokens, cost and time of an answer, as far as they are known.
fn numbers(message: &Message) -> String {
    let usage = message.usage.unwrap_or_default();
    let tokens = match (usage.prompt_tokens, usage.completion_tokens) {
        (Some(prompt), Some(completion)) => Some(format!("{prompt} + {completion}")),
        _ => None,
    };
    let total = message.timing.and_then(|timing| timing.total_ms).map(time::duration);
    [tokens, message.cost_usd.map(time::cost), total].into_iter().flatten().map(|number| format!(" · {number}")).collect()
}

/// Who says a message.
pub(super) fn who(context: &Context, message: &Message) -> String {
    match (message.role, &message.model) {
        (Role::Assistant, Some(model)) => {
            let provider = message.provider.as_deref().map(|provider| format!("{provider}/")).unwrap_or_default();
            neutralise_line(&format!("{provider}{model}"))
        }
        (Role::User, _) => phrase!("speaker-you").render(context.language),
        (role, _) => role.as_str().to_owned(),
    }
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

pub(super) fn dim(context: &Context, text: &str) -> String {
    if context.stdout.is_styled { format!("\u{1b}[2m{text}\u{1b}[0m") } else { text.to_owned() }
}
