//! The help: words of the catalogues, attached to the tree of commands when, and only when, they are to be printed.
//!
//! A command's words are `help-PATH` (`help-providers-add`), an argument's `help-PATH--NAME`, or `help-any--NAME` where
//! it means the same everywhere. A test walks the tree and finds what has no words.

use std::{
    ffi::OsString,
    io::{IsTerminal as _, Write as _},
};

use clap::{Arg, Command, CommandFactory as _};
use mmp_shared::{Language, Phrase, places::Places, settings::Settings};

use crate::{arguments::Arguments, config, context, error::CliError, everywhere::Glance, known_settings};

/// Prints the help or the version that the words ask for; without any, the help of the whole program.
pub(crate) fn print(words: &[OsString], glance: &Glance) -> Result<(), CliError> {
    let mut command = with_words(<Arguments>::command(), language(glance));
    let is_styled = context::is_styled(glance.color.unwrap_or_default(), std::io::stdout().is_terminal());
    let text = match command.try_get_matches_from_mut(words) {
        Err(error) if words.len() > 1 => error.render(),
        _ => command.render_help(),
    };
    let text = if is_styled { text.ansi().to_string() } else { text.to_string() };
    std::io::stdout().lock().write_all(text.as_bytes()).map_err(|error| CliError::output(&error))
}

/// The language of what is printed before a command runs. The file of settings has a say too, if it can be read.
pub(crate) fn language(glance: &Glance) -> Language {
    let current_dir = std::env::current_dir().unwrap_or_default();
    let home = std::env::var_os(mmp_shared::places::HOME_VARIABLE);
    let places = Places::find(home, &current_dir, rustix::process::getuid().as_raw()).ok();
    let config = places.as_ref().and_then(|places| config::load(places, std::collections::BTreeMap::new(), None).ok());
    let host = config.as_ref().and_then(|config| config.text("host"));
    let settings = places.map(|places| known_settings::load(&places, host)).unwrap_or_default();
    config::language(glance.lang.as_deref(), settings.get(Settings::LANGUAGE), config.as_ref())
}

/// The tree with its words.
pub(crate) fn with_words(command: Command, language: Language) -> Command {
    attach(command, "", language)
}

fn attach(command: Command, path: &str, language: Language) -> Command {
    let say = |key: &str| find(key, language).unwrap_or_default();
    let about = find(&command_key(path), language);
    let template = format!("{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}{{after-help}}", say("help-heading-usage"));
    let command = command
        .about(about.unwrap_or_default())
        .long_about(None)
        .help_template(template)
        .subcommand_help_heading(say("help-heading-commands"))
        .subcommand_value_name(say("help-heading-command-value"))
        .mut_args(|argument| attach_argument(argument, path, language));
    command.mut_subcommands(|inner| {
        let path = if path.is_empty() { inner.get_name().to_owned() } else { format!("{path}-{}", inner.get_name()) };
        attach(inner, &path, language)
    })
}

fn attach_argument(argument: Arg, path: &str, language: Language) -> Arg {
    let mut words = argument_words(&argument, path, language).unwrap_or_default();
    let takes_values = argument.get_action().takes_values();
    let values: Vec<_> = argument.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    if takes_values && !values.is_empty() {
        words = format!("{words} [{}]", values.join(", "));
    }
    let heading = match () {
        () if argument.is_positional() => "help-heading-arguments",
        () if argument.is_global_set() || argument.get_id() == "version" => "help-heading-everywhere",
        () => "help-heading-options",
    };
    argument
        .help(words)
        .long_help(None)
        .hide_possible_values(takes_values)
        .help_heading(find(heading, language).unwrap_or_default())
}

fn argument_words(argument: &Arg, path: &str, language: Language) -> Option<String> {
    let name = argument.get_id().as_str().replace('_', "-");
    find(&format!("{}--{name}", command_key(path)), language).or_else(|| find(&format!("help-any--{name}"), language))
}

fn command_key(path: &str) -> String {
    if path.is_empty() { "help-mmp".to_owned() } else { format!("help-{path}") }
}

fn find(key: &str, language: Language) -> Option<String> {
    Phrase { key: key.to_owned().into(), args: std::collections::BTreeMap::new() }.render_in(language)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wordless(command: &Command, path: &str, language: Language, found: &mut Vec<String>) {
        if find(&command_key(path), language).is_none() {
            found.push(command_key(path));
        }
        for argument in command.get_arguments() {
            if argument_words(argument, path, language).is_none() {
                found.push(format!("{}--{}", command_key(path), argument.get_id()));
            }
        }
        for inner in command.get_subcommands() {
            let path = if path.is_empty() { inner.get_name().to_owned() } else { format!("{path}-{}", inner.get_name()) };
            wordless(inner, &path, language, found);
        }
    }

    #[test]
    fn every_command_and_argument_has_words_in_every_language() {
        for language in Language::ALL {
            let mut found = Vec::new();
            wordless(&<Arguments>::command(), "", language, &mut found);
            assert!(found.is_empty(), "without words in {}: {found:#?}", language.tag());
        }
    }

    #[test]
    fn the_tree_of_commands_is_sound() {
        <Arguments>::command().debug_assert();
        Arguments::<crate::commands::Named>::command().debug_assert();
    }
}
