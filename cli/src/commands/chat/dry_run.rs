//! `mmp chat --dry-run`: what would be sent, its tokens and its cost. Nobody is asked, nothing is kept.

use mmp_shared::{
    chat::ChatRequest,
    dry_run::DryRun,
    message::{ContentPart, Role},
    phrase,
};

use crate::{
    client::Client,
    context::Context,
    error::{Exit, Outcome},
    everywhere::OutputFormat,
    output::{
        self, json,
        neutralise::{Neutraliser, neutralise_line},
        text::notice_words,
        time,
    },
};

pub(super) async fn run(context: &Context, client: &Client, mut request: ChatRequest) -> Outcome {
    (request.dry_run, request.detach) = (true, false);
    let dry = client.chat_dry_run(&request).await?;
    match context.format() {
        OutputFormat::Json | OutputFormat::Jsonl => json::print(&dry)?,
        OutputFormat::Text | OutputFormat::Csv => {
            output::print(&text_of(context, &dry))?;
            for notice in dry.notices.iter().filter(|_| !context.everywhere.quiet) {
                output::note_line(&notice_words(notice, context.language));
            }
        }
    }
    Ok(Exit::SUCCESS)
}

fn text_of(context: &Context, dry: &DryRun) -> String {
    let mut text = format!("{}\n", neutralise_line(&format!("{}/{}", dry.provider, dry.model)));
    let mut about = Vec::new();
    about.extend(Some(neutralise_line(&dry.base_url)).filter(|url| !url.is_empty()));
    about.extend(dry.params.iter().map(|(name, value)| neutralise_line(&format!("{name} {value}"))));
    if !about.is_empty() {
        text.push_str(&dim(context, &about.join(" · ")));
        text.push('\n');
    }
    if let Some(system) = &dry.system {
        text.push_str(&said(context, Role::System, system));
    }
    for message in &dry.messages {
        let parts: Vec<String> = message.content.iter().map(part).filter(|part| !part.is_empty()).collect();
        text.push_str(&said(context, message.role, &parts.join("\n")));
    }
    text.push('\n');
    text.push_str(&dim(context, &numbers(context, dry)));
    text.push('\n');
    text
}

/// A part as it is read. Thinking is not sent again.
fn part(part: &ContentPart) -> String {
    match part {
        ContentPart::Text { text } | ContentPart::ToolResult { text, .. } => text.clone(),
        ContentPart::ToolCall(call) => format!("{}({})", call.name, call.arguments_raw),
        _ => String::new(),
    }
}

fn said(context: &Context, role: Role, text: &str) -> String {
    let who = if role == Role::User { phrase!("speaker-you").render(context.language) } else { role.as_str().to_owned() };
    let mut body = String::new();
    if context.stdout.is_terminal || context.stdout.is_styled {
        let mut neutraliser = Neutraliser::default();
        neutraliser.push(text, &mut body);
        neutraliser.finish(&mut body);
    } else {
        body.push_str(text);
    }
    let end = if body.ends_with('\n') { "" } else { "\n" };
    format!("\n{}\n{body}{end}", dim(context, &format!("── {who}")))
}

/// Tokens and cost, as far as they are known.
fn numbers(context: &Context, dry: &DryRun) -> String {
    let tokens = dry.usage.prompt_tokens.unwrap_or_default();
    let mut parts = vec![match dry.context_window {
        Some(window) => phrase!("dry-run-tokens-of", tokens = tokens, window = window),
        None => phrase!("dry-run-tokens", tokens = tokens),
    }];
    let cost = &dry.cost;
    parts.push(match (cost.input_usd, cost.most_usd, cost.most_completion_tokens) {
        (Some(input), Some(most), Some(limit)) => {
            phrase!("dry-run-cost-most", input = time::cost(input), most = time::cost(most), limit = limit)
        }
        (Some(input), ..) => phrase!("dry-run-cost", input = time::cost(input)),
        (None, ..) => phrase!("dry-run-cost-unknown"),
    });
    if !dry.fallbacks.is_empty() {
        parts.push(phrase!("dry-run-fallbacks", models = neutralise_line(&dry.fallbacks.join(", "))));
    }
    parts.iter().map(|phrase| phrase.render(context.language)).collect::<Vec<_>>().join(" · ")
}

fn dim(context: &Context, text: &str) -> String {
    if context.stdout.is_styled { format!("\u{1b}[2m{text}\u{1b}[0m") } else { text.to_owned() }
}
