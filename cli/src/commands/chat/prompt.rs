//! What is said: the arguments, then a blank line, then standard input, then the files; behind all words the images.

use mmp_shared::{
    ApiError,
    message::{Content, ContentPart},
    phrase,
};

use super::Arguments;
use crate::{
    context::Context,
    error::bad_request,
    input::{
        files::{self, Gathered, NamedText},
        images,
        stdin::{self, StdinMode},
    },
    output,
};

/// The word that means standard input.
const DASH: &str = "-";

/// Reads everything that the arguments name and puts it together.
pub(super) async fn assemble(arguments: &Arguments, context: &Context) -> Result<Content, ApiError> {
    let is_file = arguments.file.iter().any(|file| file == DASH);
    let is_image = arguments.attach.iter().any(|image| image == DASH);
    let is_demanded = is_file || arguments.prompt.iter().any(|word| word == DASH);
    check_stdin(arguments, is_demanded, is_image)?;
    let mode = match (arguments.no_stdin || is_image, is_demanded) {
        (true, _) => StdinMode::Never,
        (false, true) => StdinMode::Always,
        (false, false) => StdinMode::IfPiped,
    };
    let teller = (context.stderr.is_terminal && !context.everywhere.quiet).then_some(context.language);
    // Files first: a name that is wrong is an error at once, whatever standard input may still say.
    let mut gathered = Gathered::default();
    for name in arguments.file.iter().filter(|name| *name != DASH) {
        gathered.read(name).await?;
    }
    let mut attached = Vec::new();
    for name in &arguments.attach {
        attached.push(ContentPart::Image(images::read(name).await?));
    }
    if !context.everywhere.quiet {
        gathered.notes.iter().for_each(|words| output::note(words, context.language));
    }
    let mut files = gathered.texts;
    let mut input = stdin::read(mode, teller)?;
    if is_file {
        files.extend(input.take().map(|text| NamedText { name: stdin::NAME.to_owned(), text }));
    }
    let words = arguments.prompt.iter().filter(|word| *word != DASH).map(String::as_str);
    let text = join(&words.collect::<Vec<_>>().join(" "), input.as_deref(), &files);
    match (text.trim().is_empty(), attached.is_empty()) {
        (true, true) => Err(bad_request(phrase!("error-prompt-empty")).with_hint(phrase!("hint-prompt"))),
        (false, true) => Ok(Content::Text(text)),
        (true, false) => Ok(Content::Parts(attached)),
        (false, false) => Ok(Content::Parts([ContentPart::Text { text }].into_iter().chain(attached).collect())),
    }
}

/// Standard input is read once, as words or as an image.
fn check_stdin(arguments: &Arguments, is_words: bool, is_image: bool) -> Result<(), ApiError> {
    let conflict = |argument, other| Err(bad_request(phrase!("error-usage-conflict", argument = argument, other = other)));
    match () {
        () if is_words && arguments.no_stdin => conflict("-", "--no-stdin"),
        () if is_image && arguments.no_stdin => conflict("--attach -", "--no-stdin"),
        () if is_image && is_words => conflict("--attach -", "-"),
        () if arguments.attach.iter().filter(|name| *name == DASH).count() > 1 => conflict("--attach -", "--attach -"),
        () => Ok(()),
    }
}

fn join(words: &str, input: Option<&str>, files: &[NamedText]) -> String {
    let words = Some(words).filter(|words| !words.trim().is_empty()).map(str::to_owned);
    let input = input.filter(|input| !input.trim().is_empty()).map(str::to_owned);
    let mut text = String::new();
    for part in words.into_iter().chain(input).chain(files.iter().map(NamedText::fenced)) {
        files::append(&mut text, &part);
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
