//! The words under which a backup carries the master key: typed unseen, or a line of standard input.

use mmp_shared::{ApiError, auth::Secret, phrase};

use super::{confirm, password, secret};
use crate::{
    context::Context,
    error::{CliError, Exit, bad_request, system_call},
};

/// Words that are to be: asked for twice.
pub(crate) fn chosen(context: &Context, from_stdin: bool) -> Result<Secret, CliError> {
    let first = known(context, from_stdin)?;
    if !from_stdin && ask(context, &phrase!("question-passphrase-again"))? != first {
        return Err(bad_request(phrase!("error-passphrases-differ")).into());
    }
    Ok(first)
}

/// Words that there are.
pub(crate) fn known(context: &Context, from_stdin: bool) -> Result<Secret, CliError> {
    if from_stdin {
        return Ok(password::line()?.ok_or_else(none)?);
    }
    ask(context, &phrase!("question-passphrase"))
}

fn ask(context: &Context, question: &mmp_shared::Phrase) -> Result<Secret, CliError> {
    if !confirm::is_asked(context) {
        return Err(none().into());
    }
    let typed = secret::ask(&question.render(context.language)).map_err(|error| system_call("terminal", &error))?;
    typed.map(Secret::new).ok_or(CliError::Silent(Exit(mmp_shared::error::EXIT_INTERRUPTED)))
}

fn none() -> ApiError {
    bad_request(phrase!("error-no-passphrase")).with_hint(phrase!("hint-no-passphrase"))
}
