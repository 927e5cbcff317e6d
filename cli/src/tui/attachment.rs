//! What goes along with a question: files, read when they were chosen.

use mmp_shared::message::{Content, ContentPart};

use crate::input::files::append;

/// A file that goes along.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Attachment {
    /// What it is called.
    pub(crate) name: String,
    /// What it holds: text, set apart by its name, or an image.
    pub(crate) part: ContentPart,
}

/// What is said: the words, then the texts; behind them the images.
pub(crate) fn content(words: &str, attached: Vec<Attachment>) -> (String, Content) {
    let mut text = words.to_owned();
    let mut images = Vec::new();
    for Attachment { part, .. } in attached {
        match part {
            ContentPart::Text { text: part } => append(&mut text, &part),
            part => images.push(part),
        }
    }
    if images.is_empty() {
        return (text.clone(), Content::Text(text));
    }
    let words = (!text.trim().is_empty()).then(|| ContentPart::Text { text: text.clone() });
    (text, Content::Parts(words.into_iter().chain(images).collect()))
}
