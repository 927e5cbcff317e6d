//! A question that is answered by yes or no.

use std::io::{self, IsTerminal as _};

use mmp_shared::{ApiError, phrase};

use crate::{context::Context, error::bad_request, output};

/// Whether the user agrees. A script is not asked: it said what it wants; nor is anybody who said `--yes`.
pub(crate) fn is_agreed(context: &Context, question: &str) -> bool {
    if context.everywhere.yes || !is_asked(context) {
        return true;
    }
    let choices = phrase!("question-choices").render(context.language);
    output::to_stderr(&format!("{question} {choices} "));
    let mut answer = String::new();
    // No answer is no.
    let _ = io::stdin().read_line(&mut answer);
    is_yes(&answer)
}

/// The same of what nothing brings back: a script has to say `--yes`.
pub(crate) fn is_agreed_for_good(context: &Context, question: &str) -> Result<bool, ApiError> {
    if !context.everywhere.yes && !is_asked(context) {
        return Err(bad_request(phrase!("error-wants-yes")).with_hint(phrase!("hint-wants-yes")));
    }
    Ok(is_agreed(context, question))
}

/// Whether there is somebody to ask.
pub(crate) fn is_asked(context: &Context) -> bool {
    io::stdin().is_terminal() && context.stderr.is_terminal
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "是" | "好")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_yes_is_yes() {
        assert!(is_yes("Y\n") && is_yes("yes\n") && is_yes("是\n"));
        assert!(!is_yes("") && !is_yes("\n") && !is_yes("no\n"));
    }
}
