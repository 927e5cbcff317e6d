//! Files and URLs that go into a prompt, and how they are set apart in it.

use std::{fs::File, io::Read as _, time::Duration};

use mmp_shared::{ApiError, phrase};

use super::{LARGEST_INPUT, into_text};
use crate::{
    config::reason,
    error::bad_request,
    remote::{self, root_cause},
};

const URL_TIMEOUT: Duration = Duration::from_secs(60);

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
        let end = if self.text.ends_with('\n') { "" } else { "\n" };
        format!("{}:\n{fence}\n{}{end}{fence}", self.name, self.text)
    }
}

fn longest_fence(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Reads a path, or fetches a URL.
pub(crate) async fn read(name: &str) -> Result<NamedText, ApiError> {
    let is_url = name.starts_with("http://") || name.starts_with("https://");
    let bytes = if is_url { fetch(name).await? } else { read_path(name)? };
    Ok(NamedText { name: name.to_owned(), text: into_text(name, bytes)? })
}

fn read_path(path: &str) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST_INPUT + 1).read_to_end(&mut bytes));
    read.map(|_| bytes).map_err(|error| bad_request(phrase!("error-file-unreadable", name = path, reason = reason(&error))))
}

async fn fetch(url: &str) -> Result<Vec<u8>, ApiError> {
    let failed = |reason: String| bad_request(phrase!("error-url-unreadable", url = url, reason = reason));
    let client = remote::client().map_err(|error| failed(root_cause(&error)))?;
    let fetching = async {
        let mut response = client.get(url).send().await.map_err(|error| failed(root_cause(&error)))?;
        if !response.status().is_success() {
            return Err(failed(format!("HTTP {}", response.status().as_u16())));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| failed(root_cause(&error)))? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() as u64 > LARGEST_INPUT {
                break;
            }
        }
        Ok(bytes)
    };
    tokio::time::timeout(URL_TIMEOUT, fetching).await.unwrap_or_else(|_| Err(failed("timeout".to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_set_apart_by_its_name() {
        let file = NamedText { name: "a.md".into(), text: "x".into() };
        assert_eq!(file.fenced(), "a.md:\n```\nx\n```");
    }

    #[test]
    fn a_fence_is_longer_than_those_inside() {
        let file = NamedText { name: "a.md".into(), text: "````\nx\n````\n".into() };
        assert_eq!(file.fenced(), "a.md:\n`````\n````\nx\n````\n`````");
    }
}
