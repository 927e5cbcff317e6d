//! Files, folders and URLs that go into a prompt, and how they are set apart in it. What folders hold is `folder`'s, what
//! stands behind a URL `web`'s, what bytes are written in `text`'s.

use std::{fs::File, io::Read as _};

use mmp_shared::{ApiError, ErrorCode, Phrase, phrase};

use super::{
    LARGEST_INPUT, folder, html,
    text::{self, Decoded},
    web,
};
use crate::{config::reason, error::bad_request};

/// The most that is fetched of a page.
const LARGEST_PAGE: u64 = 16 << 20;

const ACCEPT: &str = "text/html, text/*;q=0.9, application/json;q=0.9, */*;q=0.5";

/// A file's name and text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedText {
    /// How the user named it.
    pub(crate) name: String,
    /// What it says.
    pub(crate) text: String,
}

impl NamedText {
    /// The text, set apart by its name. The fence is longer than any that the text holds.
    pub(crate) fn fenced(&self) -> String {
        let fence = "`".repeat(longest_fence(&self.text).max(2) + 1);
        let end = if self.text.is_empty() || self.text.ends_with('\n') { "" } else { "\n" };
        // A name may hold a line end, and would then say something of its own.
        let name: String = self.name.chars().map(|c| if c.is_control() { '?' } else { c }).collect();
        format!("{name}:\n{fence}\n{}{end}{fence}", self.text)
    }
}

/// Adds a part to a text, a blank line between them.
pub(crate) fn append(text: &mut String, part: &str) {
    if !text.is_empty() {
        text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
    }
    text.push_str(part);
}

fn longest_fence(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// What was read, and what there is to know about it.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// The texts, in order.
    pub(crate) texts: Vec<NamedText>,
    /// What the user should be told.
    pub(crate) notes: Vec<Phrase>,
}

impl Gathered {
    /// Reads a file, the files of a folder, or what stands behind a URL.
    ///
    /// # Errors
    ///
    /// `bad_request` for what cannot be read or is no text, `too_large` with the limit.
    pub(crate) async fn read(&mut self, name: &str) -> Result<(), ApiError> {
        if web::is_url(name) {
            return self.read_url(name).await;
        }
        if folder::is_folder(name) {
            return self.read_folder(name);
        }
        let decoded = text::decode(name, read_path(name)?, None)?;
        self.add(name, decoded);
        Ok(())
    }

    async fn read_url(&mut self, url: &str) -> Result<(), ApiError> {
        let fetched = web::fetch(url, LARGEST_PAGE, ACCEPT).await?;
        let is_html = fetched.is_html();
        let shown = web::shown(url);
        let mut decoded = text::decode(&shown, fetched.bytes, fetched.encoding)?;
        if is_html {
            decoded.text = html::to_markdown(decoded.text);
        }
        self.add(&shown, decoded);
        Ok(())
    }

    /// What is no text stays out of a folder's files: it was not named.
    fn read_folder(&mut self, folder: &str) -> Result<(), ApiError> {
        let (before, mut left_out) = (self.texts.len(), 0);
        for path in folder::files_of(folder)? {
            let name = path.display().to_string();
            match text::decode(&name, read_path(&name)?, None) {
                Ok(decoded) => self.add(&name, decoded),
                Err(_) => left_out += 1,
            }
        }
        if self.texts.len() == before {
            return Err(bad_request(phrase!("error-folder-no-text", name = folder)).with_hint(phrase!("hint-input-binary")));
        }
        if left_out > 0 {
            self.notes.push(phrase!("note-folder-left-out", name = folder, count = left_out));
        }
        Ok(())
    }

    fn add(&mut self, name: &str, Decoded { text, guessed }: Decoded) {
        self.notes.extend(guessed.map(|encoding| phrase!("note-encoding-guessed", name = name, encoding = encoding)));
        self.texts.push(NamedText { name: name.to_owned(), text });
    }
}

/// A file's text, whatever it is written in.
pub(crate) fn text_of(path: &str) -> Result<String, ApiError> {
    text::decode(path, read_path(path)?, None).map(|decoded| decoded.text)
}

/// A file's bytes.
pub(super) fn read_path(path: &str) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST_INPUT + 1).read_to_end(&mut bytes));
    read.map_err(|error| bad_request(phrase!("error-file-unreadable", name = path, reason = reason(&error))))?;
    if bytes.len() as u64 > LARGEST_INPUT {
        let limit = LARGEST_INPUT >> 20;
        return Err(ApiError::new(ErrorCode::TooLarge, phrase!("error-input-too-large", name = path, limit = limit)));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_set_apart_by_its_name() {
        let file = NamedText { name: "a.md".into(), text: "x".into() };
        assert_eq!(file.fenced(), "a.md:\n```\nx\n```");
        let file = NamedText { name: "a\nb".into(), text: String::new() };
        assert_eq!(file.fenced(), "a?b:\n```\n```");
    }

    #[test]
    fn a_fence_is_longer_than_those_inside() {
        let file = NamedText { name: "a.md".into(), text: "````\nx\n````\n".into() };
        assert_eq!(file.fenced(), "a.md:\n`````\n````\nx\n````\n`````");
    }

    #[tokio::test]
    async fn the_files_of_a_folder_that_are_no_text_stay_out_and_that_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().to_str().expect("a path");
        std::fs::write(folder.path().join("b.png"), b"\x89PNG\r\n\x1a\n").expect("a file");
        let mut gathered = Gathered::default();
        assert!(gathered.read(path).await.is_err(), "nothing of it is text");
        std::fs::write(folder.path().join("a.txt"), "hi").expect("a file");
        gathered.read(path).await.expect("one of two");
        assert_eq!(gathered.texts, [NamedText { name: format!("{path}/a.txt"), text: "hi".into() }]);
        assert_eq!(gathered.notes.len(), 1);
    }
}
