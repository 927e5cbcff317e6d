//! The mistakes of a command line, from clap's kinds to the words of the catalogues.

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use mmp_shared::{ApiError, Phrase, phrase};

use crate::error::bad_request;

/// Whether it is no mistake but a wish to read the help or the version.
pub(crate) fn asks_for_words(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    )
}

/// The mistake in words, with what to do about it.
pub(crate) fn explain(error: &Error) -> ApiError {
    let explained = bad_request(message(error));
    match hint(error) {
        Some(hint) => explained.with_hint(hint),
        None => explained.with_hint(phrase!("hint-usage")),
    }
}

fn message(error: &Error) -> Phrase {
    let of = |kind| context(error, kind).unwrap_or_default();
    let argument = of(ContextKind::InvalidArg);
    match error.kind() {
        ErrorKind::UnknownArgument => phrase!("error-usage-unknown-argument", argument = argument),
        ErrorKind::InvalidSubcommand => phrase!("error-usage-unknown-command", command = of(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingRequiredArgument => phrase!("error-usage-missing-argument", argument = argument),
        ErrorKind::MissingSubcommand => phrase!("error-usage-missing-command", command = of(ContextKind::InvalidSubcommand)),
        ErrorKind::ArgumentConflict => {
            phrase!("error-usage-conflict", argument = argument, other = of(ContextKind::PriorArg))
        }
        ErrorKind::InvalidValue if of(ContextKind::InvalidValue).is_empty() => {
            phrase!("error-usage-missing-value", argument = argument)
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            phrase!("error-usage-value", argument = argument, value = of(ContextKind::InvalidValue))
        }
        ErrorKind::InvalidUtf8 => phrase!("error-usage-not-text"),
        _ => phrase!("error-usage-other", reason = first_line(error)),
    }
}

fn hint(error: &Error) -> Option<Phrase> {
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    if let Some(near) = near.into_iter().find_map(|kind| context(error, kind)).filter(|near| !near.is_empty()) {
        return Some(phrase!("hint-usage-nearest", near = near));
    }
    let valid = [ContextKind::ValidValue, ContextKind::ValidSubcommand];
    let valid = valid.into_iter().find_map(|kind| context(error, kind)).filter(|valid| !valid.is_empty())?;
    Some(phrase!("hint-usage-values", values = valid))
}

fn context(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join(", ")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        ContextValue::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn first_line(error: &Error) -> String {
    let text = error.render().to_string();
    text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
}
