//! What is said: the arguments, then a blank line, then standard input, then the files.

use mmp_shared::{ApiError, phrase};

use super::Arguments;
use crate::{
    context::Context,
    error::bad_request,
    input::{
        files::{self, NamedText},
        stdin::{self, StdinMode},
    },
};

/// The word that means standard input.
const DASH: &str = "-";

/// Reads everything that the arguments name and puts it together.
pub(super) async fn assemble(arguments: &Arguments, context: &Context) -> Result<String, ApiError> {
    let is_file = arguments.file.iter().any(|file| file == DASH);
    let is_demanded = is_file || arguments.prompt.iter().any(|word| word == DASH);
    if is_demanded && arguments.no_stdin {
        return Err(bad_request(phrase!("error-usage-conflict", argument = "-", other = "--no-stdin")));
    }
    let mode = match (arguments.no_stdin, is_demanded) {
        (true, _) => StdinMode::Never,
        (false, true) => StdinMode::Always,
        (false, false) => StdinMode::IfPiped,
    };
    let teller = (context.stderr.is_terminal && !context.everywhere.quiet).then_some(context.language);
    // Files first: a name that is wrong is an error at once, whatever standard input may still say.
    let mut files = Vec::new();
    for name in arguments.file.iter().filter(|name| *name != DASH) {
        files.push(files::read(name).await?);
    }
    let mut input = stdin::read(mode, teller)?;
    if is_file {
        files.extend(input.take().map(|text| NamedText { name: stdin::NAME.to_owned(), text }));
    }
    let words = arguments.prompt.iter().filter(|word| *word != DASH).map(String::as_str);
    let text = join(&words.collect::<Vec<_>>().join(" "), input.as_deref(), &files);
    if text.trim().is_empty() {
        return Err(bad_request(phrase!("error-prompt-empty")).with_hint(phrase!("hint-prompt")));
    }
    Ok(text)
}

fn join(words: &str, input: Option<&str>, files: &[NamedText]) -> String {
    let words = Some(words).filter(|words| !words.trim().is_empty()).map(str::to_owned);
    let input = input.filter(|input| !input.trim().is_empty()).map(str::to_owned);
    let mut text = String::new();
    for part in words.into_iter().chain(input).chain(files.iter().map(NamedText::fenced)) {
        if !text.is_empty() {
            text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
        }
        text.push_str(&part);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_line_stands_between_words_and_input() {
        assert_eq!(join("sum up", Some("a\nb\n"), &[]), "sum up\n\na\nb\n");
        assert_eq!(join("sum up", None, &[]), "sum up");
        assert_eq!(join("", Some("a"), &[]), "a");
        assert_eq!(join("", Some(" \n"), &[]), "");
    }

    #[test]
    fn files_come_last_by_their_names() {
        let file = NamedText { name: "x".into(), text: "1\n".into() };
        assert_eq!(join("look", Some("y\n"), &[file]), "look\n\ny\n\nx:\n```\n1\n```");
    }
}
