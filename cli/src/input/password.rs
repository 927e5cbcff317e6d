//! Names and passwords: from standard input, a line each, or typed at a terminal. What makes a good one is the daemon's to
//! say.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _};

use clap::Args;
use mmp_shared::{ApiError, auth::Secret, error::EXIT_INTERRUPTED, phrase};

use super::{secret, stdin};
use crate::{
    config::reason,
    context::Context,
    error::{CliError, Exit, bad_request, system_call},
    output,
};

/// More than any line that is a password; the rest of a longer one is not read.
const LONGEST_LINE: u64 = 2 << 20;

/// Whose password, and where it comes from.
#[derive(Debug, Args)]
pub(crate) struct PasswordArguments {
    #[arg(long, value_name = "NAME")]
    pub(crate) username: Option<String>,
    #[arg(long)]
    pub(crate) password_stdin: bool,
}

impl PasswordArguments {
    /// The account's name: as an argument, or asked for.
    pub(crate) fn name(&self, context: &Context) -> Result<String, CliError> {
        if let Some(name) = &self.username {
            return Ok(name.clone());
        }
        if self.password_stdin || !is_asked() {
            return Err(bad_request(phrase!("error-no-username")).with_hint(phrase!("hint-no-username")).into());
        }
        output::to_stderr(&format!("{} ", phrase!("question-username").render(context.language)));
        let mut name = String::new();
        let read = io::stdin().read_line(&mut name).map_err(|error| system_call("terminal", &error))?;
        if read == 0 { Err(given_up()) } else { Ok(name.trim().to_owned()) }
    }

    /// A password that there is.
    pub(crate) fn known(&self, context: &Context, name: &str) -> Result<Secret, CliError> {
        if self.password_stdin { Ok(required_line()?) } else { ask(context, &phrase!("question-password", name = name)) }
    }

    /// A password that is to be.
    pub(crate) fn chosen(&self, context: &Context, name: &str) -> Result<Secret, CliError> {
        if self.password_stdin { Ok(required_line()?) } else { ask_twice(context, name) }
    }

    /// The password until now and the one from now on.
    pub(crate) fn both(&self, context: &Context, name: &str) -> Result<(Secret, Secret), CliError> {
        if self.password_stdin {
            let old = required_line()?;
            let second =
                line()?.ok_or_else(|| bad_request(phrase!("error-one-password")).with_hint(phrase!("hint-one-password")));
            return Ok((old, second?));
        }
        let old = ask(context, &phrase!("question-old-password", name = name))?;
        Ok((old, ask_twice(context, name)?))
    }

    /// The first password of an account that has none. Of two lines the second counts, as everywhere.
    pub(crate) fn first(&self, context: &Context, name: &str) -> Result<Secret, CliError> {
        if !self.password_stdin {
            return ask_twice(context, name);
        }
        let only = required_line()?;
        Ok(line()?.unwrap_or(only))
    }
}

fn is_asked() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

fn ask_twice(context: &Context, name: &str) -> Result<Secret, CliError> {
    let first = ask(context, &phrase!("question-new-password", name = name))?;
    let second = ask(context, &phrase!("question-new-password-again"))?;
    if first == second { Ok(first) } else { Err(bad_request(phrase!("error-passwords-differ")).into()) }
}

fn ask(context: &Context, question: &mmp_shared::Phrase) -> Result<Secret, CliError> {
    if !is_asked() {
        return Err(bad_request(phrase!("error-no-password")).with_hint(phrase!("hint-no-password")).into());
    }
    let typed = secret::ask(&question.render(context.language)).map_err(|error| system_call("terminal", &error))?;
    typed.map(Secret::new).ok_or_else(given_up)
}

fn given_up() -> CliError {
    CliError::Silent(Exit(EXIT_INTERRUPTED))
}

fn required_line() -> Result<Secret, ApiError> {
    line()?.ok_or_else(|| bad_request(phrase!("error-no-password")).with_hint(phrase!("hint-no-password")))
}

/// The next line of standard input less its line end; `None` at its end.
pub(super) fn line() -> Result<Option<Secret>, ApiError> {
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(LONGEST_LINE).read_until(b'\n', &mut bytes);
    let read =
        read.map_err(|error| bad_request(phrase!("error-file-unreadable", name = stdin::NAME, reason = reason(&error))))?;
    if read == 0 {
        return Ok(None);
    }
    let text = super::into_text(stdin::NAME, bytes)?;
    Ok(Some(Secret::new(less_its_end(&text))))
}

fn less_its_end(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_loses_its_end_and_nothing_else() {
        for (line, password) in [("a b \n", "a b "), ("a\r\n", "a"), ("a", "a"), ("\n", ""), (" a\n", " a")] {
            assert_eq!(less_its_end(line), password);
        }
    }
}
