//! A question that is answered by yes or no.

use std::io::{self, IsTerminal as _};

use mmp_shared::phrase;

use crate::{context::Context, output};

/// Whether the user agrees. A script is not asked: it said what it wants; nor is anybody who said `--yes`.
pub(crate) fn is_agreed(context: &Context, question: &str) -> bool {
    if context.everywhere.yes || !io::stdin().is_terminal() || !context.stderr.is_terminal {
        return true;
    }
    let choices = phrase!("question-choices").render(context.language);
    output::to_stderr(&format!("{question} {choices} "));
    let mut answer = String::new();
    // No answer is no.
    let _ = io::stdin().read_line(&mut answer);
    is_yes(&answer)
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
