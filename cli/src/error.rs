//! How a command ends: with an exit code, or with an error that is told on stderr.
//!
//! Which kind of error is which exit code stands in `mmp_shared::error`; here is only the way to a person's eyes
//! (`error: …`, `hint: …`) or a script's (one line of JSON).

use std::io::{self, Write as _};

use mmp_shared::{ApiError, ErrorCode, Language, phrase};

use crate::{everywhere::ErrorFormat, neutralise::neutralise_line};

/// The code that the process ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exit(pub(crate) u8);

impl Exit {
    /// All is well.
    pub(crate) const SUCCESS: Self = Self(0);
}

/// What a command gives back.
pub(crate) type Outcome = Result<Exit, CliError>;

/// Why a command ends early.
#[derive(Debug)]
pub(crate) enum CliError {
    /// An error to tell. Boxed, as it is large and rare.
    Told(Box<ApiError>),
    /// An error to tell, with an exit code that is not its own.
    ToldWith(Box<ApiError>, Exit),
    /// Nobody reads our output any more: no error, only the end.
    OutputClosed,
    /// There is nothing to tell.
    Silent(Exit),
}

impl From<ApiError> for CliError {
    fn from(error: ApiError) -> Self {
        Self::Told(Box::new(error))
    }
}

impl CliError {
    /// The error of a write to standard output.
    pub(crate) fn output(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::OutputClosed;
        }
        let code = if error.kind() == io::ErrorKind::StorageFull { ErrorCode::StorageFull } else { ErrorCode::StorageFailed };
        ApiError::new(code, phrase!("error-output", reason = error)).into()
    }
}

/// A mistake of the command line.
pub(crate) fn bad_request(phrase: mmp_shared::Phrase) -> ApiError {
    ApiError::new(ErrorCode::BadRequest, phrase)
}

/// Something that the system refused and that has no better words.
pub(crate) fn system_call(what: &str, error: &io::Error) -> ApiError {
    ApiError::new(ErrorCode::Internal, phrase!("error-system", what = what, reason = error))
}

/// Tells the error and says how to end.
pub(crate) fn report(error: CliError, language: Language, format: ErrorFormat) -> Exit {
    let (error, exit) = match error {
        CliError::OutputClosed => return Exit::SUCCESS,
        CliError::Silent(exit) => return exit,
        CliError::Told(error) => {
            let exit = Exit(error.code.exit_code());
            (error, exit)
        }
        CliError::ToldWith(error, exit) => (error, exit),
    };
    tell(&error, language, format);
    exit
}

/// Writes an error to stderr. Where stderr is gone too, there is nobody to tell.
pub(crate) fn tell(error: &ApiError, language: Language, format: ErrorFormat) {
    let _ = io::stderr().lock().write_all(words(error, language, format).as_bytes());
}

fn words(error: &ApiError, language: Language, format: ErrorFormat) -> String {
    match format {
        ErrorFormat::Json => format!("{}\n", serde_json::json!({ "error": error.to_public_json() })),
        ErrorFormat::Text => {
            let mut text = format!("error: {}\n", neutralise_line(&error.message_in(language)));
            if let Some(hint) = error.hint_in(language) {
                for line in hint.lines() {
                    text.push_str("hint: ");
                    text.push_str(&neutralise_line(line));
                    text.push('\n');
                }
            }
            text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error() -> ApiError {
        bad_request(phrase!("error-prompt-empty")).with_hint(phrase!("hint-prompt"))
    }

    #[test]
    fn a_person_reads_two_lines() {
        let text = words(&error(), Language::English, ErrorFormat::Text);
        let lines: Vec<_> = text.lines().collect();
        assert!(lines[0].starts_with("error: ") && lines[1].starts_with("hint: "), "{text}");
    }

    #[test]
    fn a_script_reads_one_line_in_english() {
        let text = words(&error(), Language::Chinese, ErrorFormat::Json);
        assert_eq!(text.lines().count(), 1);
        let json: serde_json::Value = serde_json::from_str(&text).expect("one line of JSON");
        assert_eq!(json["error"]["code"], "bad_request");
        assert_eq!(json["error"]["message"], "the prompt is empty");
    }

    #[test]
    fn an_error_of_a_provider_cannot_drive_the_terminal() {
        let mut error = error();
        error.phrase = None;
        error.message = "a\u{1b}[2Jb".into();
        assert!(!words(&error, Language::English, ErrorFormat::Text).contains('\u{1b}'));
    }

    #[test]
    fn a_closed_output_is_no_error() {
        let error = CliError::output(&io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(report(error, Language::English, ErrorFormat::Text), Exit::SUCCESS);
    }
}
