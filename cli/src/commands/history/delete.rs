//! Forgetting conversations, for good: a person at a terminal is asked first, a script says `--yes`.

use std::io::{self, IsTerminal as _};

use mmp_shared::{Phrase, phrase};

use crate::{
    client::Client,
    context::Context,
    error::{CliError, Exit, Outcome, bad_request},
    everywhere::OutputFormat,
    input::confirm,
    output::{self, json, neutralise::neutralise_line},
};

/// How many titles a question shows.
const MOST_SHOWN: usize = 10;

pub(super) async fn some(context: &Context, client: &Client, references: Vec<String>) -> Outcome {
    let mut found = Vec::new();
    // Every name is looked up before anything is gone.
    for reference in &references {
        let conversation = client.conversation(reference).await?.conversation;
        if !found.iter().any(|(id, _)| *id == conversation.id) {
            found.push((conversation.id, conversation.title));
        }
    }
    if context.stderr.is_terminal && !context.everywhere.yes {
        for (id, title) in found.iter().take(MOST_SHOWN) {
            output::to_stderr(&format!("{}  {}\n", id.short(), neutralise_line(title)));
        }
    }
    agree(context, &phrase!("question-delete", count = found.len()))?;
    for (id, _) in &found {
        client.delete_conversation(&id.to_string()).await?;
    }
    tell(context, found.len() as u64)
}

pub(super) async fn all(context: &Context, client: &Client) -> Outcome {
    agree(context, &phrase!("question-delete-all"))?;
    tell(context, client.delete_conversations().await?)
}

/// What is final wants to be wanted: a script must say so itself.
fn agree(context: &Context, question: &Phrase) -> Result<(), CliError> {
    if context.everywhere.yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() || !context.stderr.is_terminal {
        return Err(bad_request(phrase!("error-delete-unasked")).with_hint(phrase!("hint-delete-unasked")).into());
    }
    if confirm::is_agreed(context, &question.render(context.language)) {
        return Ok(());
    }
    output::note(&phrase!("note-nothing-deleted"), context.language);
    Err(CliError::Silent(Exit(1)))
}

fn tell(context: &Context, count: u64) -> Outcome {
    if context.format() != OutputFormat::Text {
        json::print(&serde_json::json!({ "deleted": count }))?;
    } else if !context.everywhere.quiet {
        output::note(&phrase!("note-deleted", count = count), context.language);
    }
    Ok(Exit::SUCCESS)
}
