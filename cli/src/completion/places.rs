//! Which argument takes which names: read off the names that the arguments have anyhow.

use clap::{Arg, Command, builder::StyledStr};
use clap_complete::{ArgValueCandidates, ArgValueCompleter, CompletionCandidate, PathCompleter};
use mmp_shared::{Phrase, config::KEYS, settings::SETTINGS};

use super::names::{Asker, Names};

/// What an argument takes that its own definition does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    Names(Names),
    ConfigKeys,
    Settings,
    Files,
    Folders,
}

/// The tree with what completes its arguments.
pub(super) fn attach(command: Command, path: &str, asker: &Asker) -> Command {
    let command = command.mut_args(|argument| match takes(path, &argument) {
        Some(takes) => complete(argument, takes, asker),
        None => argument,
    });
    command.mut_subcommands(|inner| {
        let path = if path.is_empty() { inner.get_name().to_owned() } else { format!("{path}-{}", inner.get_name()) };
        attach(inner, &path, asker)
    })
}

fn takes(path: &str, argument: &Arg) -> Option<Takes> {
    let value = argument.get_value_names().and_then(|names| names.first()).map_or("", |name| name.as_str());
    match (path, argument.get_id().as_str(), value) {
        (_, _, "ID|TITLE") => Some(Takes::Names(Names::Conversations)),
        (_, _, "RUN") => Some(Takes::Names(Names::Runs)),
        ("providers-add", "name", _) => None,
        (path, "name", _) if path.starts_with("providers-") => Some(Takes::Names(Names::Providers)),
        (_, "provider" | "providers", _) => Some(Takes::Names(Names::Providers)),
        (path, "name", _) if path.starts_with("models-") => Some(Takes::Names(Names::Models)),
        (_, "model" | "models", "NAME") => Some(Takes::Names(Names::Models)),
        (_, "role" | "roles", "NAME") => Some(Takes::Names(Names::Roles)),
        (path, "key", _) if path.starts_with("config-") => Some(Takes::ConfigKeys),
        (_, "setting", _) => Some(Takes::Settings),
        (_, _, "FILE" | "FILE|-" | "PATH|-" | "PATH|URL|-" | "IMAGE") => Some(Takes::Files),
        (_, _, "DIR") => Some(Takes::Folders),
        _ => None,
    }
}

fn complete(argument: Arg, takes: Takes, asker: &Asker) -> Arg {
    match takes {
        Takes::Names(names) => {
            let asker = asker.clone();
            argument.add(ArgValueCompleter::new(move |current: &std::ffi::OsStr| asker.candidates(names, current)))
        }
        Takes::ConfigKeys => argument.add(ArgValueCandidates::new(config_keys)),
        Takes::Settings => {
            argument.add(ArgValueCandidates::new(|| SETTINGS.iter().map(|one| CompletionCandidate::new(one.name)).collect()))
        }
        Takes::Files => argument.add(ArgValueCompleter::new(PathCompleter::any())),
        Takes::Folders => argument.add(ArgValueCompleter::new(PathCompleter::dir())),
    }
}

fn config_keys() -> Vec<CompletionCandidate> {
    let language = crate::config::language_of_environment(None);
    let words = |key: String| Phrase { key: key.into(), args: std::collections::BTreeMap::new() }.render_in(language);
    KEYS.iter().map(|key| CompletionCandidate::new(key.name).help(words(key.phrase_key()).map(StyledStr::from))).collect()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::arguments::Arguments;

    fn found(command: &Command, path: &[&str], id: &str) -> Option<Takes> {
        let inner = path.iter().fold(command, |command, name| command.find_subcommand(name).expect("a command"));
        takes(&path.join("-"), inner.get_arguments().find(|argument| argument.get_id() == id).expect("an argument"))
    }

    #[test]
    fn every_argument_that_names_something_is_completed() {
        let command = <Arguments>::command();
        for (path, id, names) in [
            (&["chat"][..], "model", Names::Models),
            (&["chat"], "role", Names::Roles),
            (&["chat"], "conversation", Names::Conversations),
            (&["history", "show"], "conversation", Names::Conversations),
            (&["history", "delete"], "conversations", Names::Conversations),
            (&["rerun"], "conversation", Names::Conversations),
            (&["runs", "wait"], "runs", Names::Runs),
            (&["attach"], "run", Names::Runs),
            (&["providers", "test"], "name", Names::Providers),
            (&["models", "refresh"], "providers", Names::Providers),
            (&["models", "show"], "name", Names::Models),
            (&["models", "disable"], "models", Names::Models),
            (&["roles", "delete"], "roles", Names::Roles),
            (&[], "model", Names::Models),
        ] {
            assert_eq!(found(&command, path, id), Some(Takes::Names(names)), "{path:?} {id}");
        }
        assert_eq!(found(&command, &["providers", "add"], "name"), None);
        assert_eq!(found(&command, &["config", "set"], "key"), Some(Takes::ConfigKeys));
        assert_eq!(found(&command, &["chat"], "file"), Some(Takes::Files));
    }

    #[test]
    fn keys_are_explained_in_words() {
        assert_eq!(config_keys().len(), KEYS.len());
        assert!(config_keys().iter().all(|candidate| candidate.get_help().is_some()));
    }
}
