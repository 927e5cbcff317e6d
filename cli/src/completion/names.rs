//! Names that only the daemon knows, for a shell that waits. A daemon that does not run is not started, and one that takes
//! too long is not waited for: there are no names then.

use std::{ffi::OsStr, time::Duration};

use clap::builder::StyledStr;
use clap_complete::CompletionCandidate;
use mmp_shared::{
    ApiError,
    conversations::Conversation,
    models::{Model, ProviderInfo},
    roles::Role,
    runs::Run,
};

use crate::{
    client::Client,
    context::Context,
    everywhere::Everywhere,
    output::{neutralise::neutralise_line, time},
};

/// The longest that a shell is kept waiting.
const PATIENCE: Duration = Duration::from_millis(700);

/// What may be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    Conversations,
    Models,
    Providers,
    Roles,
    Runs,
}

/// Who asks, and where.
#[derive(Debug, Clone)]
pub(super) struct Asker {
    /// The host that the line names.
    pub(super) host: Option<String>,
    /// Whether the shell takes a candidate as it stands, and would break it at a space.
    pub(super) quotes: bool,
}

/// A name, and what is said beside it.
#[derive(Debug, PartialEq, Eq)]
struct Named {
    name: String,
    about: String,
}

impl Asker {
    /// The names that begin with what is written.
    pub(super) fn candidates(&self, names: Names, current: &OsStr) -> Vec<CompletionCandidate> {
        let Some(current) = current.to_str() else { return Vec::new() };
        let known = self.ask(names, current).unwrap_or_default();
        known.into_iter().filter(|named| named.name.starts_with(current)).map(|named| self.candidate(named)).collect()
    }

    fn candidate(&self, named: Named) -> CompletionCandidate {
        let is_plain = named.name.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:".contains(c));
        let name = if self.quotes && !is_plain { format!("'{}'", named.name.replace('\'', "''")) } else { named.name };
        let about = (!named.about.is_empty()).then(|| StyledStr::from(neutralise_line(&named.about)));
        CompletionCandidate::new(name).help(about)
    }

    fn ask(&self, names: Names, current: &str) -> Option<Vec<Named>> {
        let mut everywhere = Everywhere::default();
        everywhere.host.clone_from(&self.host);
        everywhere.quiet = true;
        let context = Context::new(everywhere).ok()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
        let asked = runtime.block_on(async { tokio::time::timeout(PATIENCE, fetch(&context, names, current)).await });
        // Whoever waits for a keyring must not be waited for.
        runtime.shutdown_background();
        asked.ok()?.ok()
    }
}

async fn fetch(context: &Context, names: Names, current: &str) -> Result<Vec<Named>, ApiError> {
    let client = Client::new(context)?;
    Ok(match names {
        Names::Conversations => conversations(&client.first_if_running("/conversations", 1).await?, current),
        Names::Models => client.first_if_running("/models", 5).await?.into_iter().flat_map(model).collect(),
        Names::Providers => client.first_if_running("/providers", 1).await?.into_iter().map(provider).collect(),
        Names::Roles => client.first_if_running("/roles", 1).await?.into_iter().map(role).collect(),
        Names::Runs => client.first_if_running("/runs", 1).await?.into_iter().map(|made| run(&made)).collect(),
    })
}

/// A title where it names one conversation and can be written, else the end of the id; the id too where one begins it.
fn conversations(all: &[Conversation], current: &str) -> Vec<Named> {
    let is_name = |one: &Conversation| {
        let title = &one.title;
        let is_plain = !title.is_empty() && !title.starts_with('-') && neutralise_line(title) == *title;
        is_plain && all.iter().filter(|other| other.title == *title).count() == 1
    };
    let by_title = |one: &Conversation| Named {
        name: one.title.clone(),
        about: format!("{} · {}", one.id.short(), time::local(one.updated_at)),
    };
    let by_id = |one: &Conversation| Named { name: one.id.short(), about: one.title.clone() };
    let named = all.iter().map(|one| if is_name(one) { by_title(one) } else { by_id(one) });
    let begun = all.iter().filter(|one| !current.is_empty() && is_name(one)).map(by_id);
    named.chain(begun).collect()
}

fn model(model: Model) -> Vec<Named> {
    if !model.enabled {
        return Vec::new();
    }
    let aliases = model.aliases.iter().map(|alias| Named { name: alias.clone(), about: model.name.clone() });
    let aliases: Vec<_> = aliases.collect();
    std::iter::once(Named { name: model.name, about: String::new() }).chain(aliases).collect()
}

fn provider(provider: ProviderInfo) -> Named {
    Named { name: provider.name, about: String::new() }
}

fn role(role: Role) -> Named {
    Named { name: role.name, about: role.model.unwrap_or_default() }
}

fn run(run: &Run) -> Named {
    Named { name: run.id.short(), about: format!("{} · {}/{}", time::local(run.created_at), run.provider, run.model) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conversation(id: &str, title: &str) -> Conversation {
        let at = "2026-01-02T03:04:05Z";
        let json = serde_json::json!({
            "id": format!("0198c5d2-7b1e-7c61-8f0a-2f7a{id}"), "title": title, "created_at": at, "updated_at": at, "model": null, "messages": 2,
        });
        serde_json::from_value(json).expect("a conversation")
    }

    fn names(all: &[Conversation], current: &str) -> Vec<String> {
        conversations(all, current).into_iter().map(|named| named.name).collect()
    }

    #[test]
    fn a_conversation_is_named_by_its_title_where_that_is_a_name() {
        let all = [conversation("3f9b1c2d", "a talk"), conversation("3f9b1c2e", "twice"), conversation("3f9b1c2f", "twice")];
        assert_eq!(names(&all, ""), ["a talk", "3f9b1c2e", "3f9b1c2f"]);
        assert_eq!(names(&all, "3f"), ["a talk", "3f9b1c2e", "3f9b1c2f", "3f9b1c2d"]);
    }

    #[test]
    fn a_title_that_would_be_a_flag_or_drive_the_terminal_is_no_name() {
        let all = [conversation("00000001", "--yes"), conversation("00000002", "a\u{1b}[2J"), conversation("00000003", "")];
        assert_eq!(names(&all, ""), ["00000001", "00000002", "00000003"]);
    }

    #[test]
    fn a_shell_that_takes_words_as_they_stand_is_given_quotes() {
        let asker = Asker { host: None, quotes: true };
        let value = |name: &str| {
            let candidate = asker.candidate(Named { name: name.to_owned(), about: String::new() });
            candidate.get_value().to_string_lossy().into_owned()
        };
        assert_eq!((value("it's here"), value("openai/gpt")), ("'it''s here'".to_owned(), "openai/gpt".to_owned()));
    }
}
