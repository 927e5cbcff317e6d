//! What stands behind a URL: fetched here, by the client, and no more of it than is wanted.
//!
//! Only whoever names a URL pays for TLS and its certificates.

use std::time::Duration;

use encoding_rs::Encoding;
use mmp_shared::{ApiError, ErrorCode, phrase};
use reqwest::{Response, Url, header, redirect::Policy};

use crate::{
    error::bad_request,
    remote::{self, root_cause},
};

const TIMEOUT: Duration = Duration::from_secs(60);
const MOST_REDIRECTS: usize = 5;

/// Where a page may say what it is written in: within its first kilobyte, by the rules of HTML.
const META_WITHIN: usize = 1024;

/// What a server gave.
pub(super) struct Fetched {
    /// The bytes.
    pub(super) bytes: Vec<u8>,
    /// What they are, in lower case and without parameters; empty where the server does not say.
    pub(super) media_type: String,
    /// What they are written in, as the server or the page says.
    pub(super) encoding: Option<&'static Encoding>,
}

impl Fetched {
    /// Whether it is a page.
    pub(super) fn is_html(&self) -> bool {
        matches!(self.media_type.as_str(), "text/html" | "application/xhtml+xml")
    }
}

/// Whether a name is a URL that can be fetched.
pub(super) fn is_url(name: &str) -> bool {
    let begins = |scheme: &str| name.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme));
    begins("http://") || begins("https://")
}

/// The URL as it may be shown to others: without a password.
pub(super) fn shown(url: &str) -> String {
    let Ok(mut parsed) = Url::parse(url) else { return url.to_owned() };
    if parsed.username().is_empty() && parsed.password().is_none() {
        return url.to_owned();
    }
    let _ = parsed.set_username("").and_then(|()| parsed.set_password(None));
    parsed.into()
}

/// The last part of the URL's path, if it has one.
pub(super) fn file_name(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    url.path_segments()?.rfind(|part| !part.is_empty()).map(str::to_owned)
}

/// Fetches at most `limit` bytes.
///
/// # Errors
///
/// `bad_request` with the reason, `too_large` with the limit.
pub(super) async fn fetch(url: &str, limit: u64, accept: &'static str) -> Result<Fetched, ApiError> {
    let failed = |reason: String| bad_request(phrase!("error-url-unreadable", url = shown(url), reason = reason));
    let builder =
        remote::builder().redirect(Policy::limited(MOST_REDIRECTS)).user_agent(concat!("mmp/", env!("CARGO_PKG_VERSION")));
    let client = builder.build().map_err(|error| failed(root_cause(&error)))?;
    let fetching = async {
        let mut response =
            client.get(url).header(header::ACCEPT, accept).send().await.map_err(|error| failed(root_cause(&error)))?;
        if !response.status().is_success() {
            return Err(failed(format!("HTTP {}", response.status().as_u16())));
        }
        let (media_type, charset) = content_type(&response);
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| failed(root_cause(&error)))? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() as u64 > limit {
                let phrase = phrase!("error-url-too-large", url = shown(url), limit = limit >> 20);
                return Err(ApiError::new(ErrorCode::TooLarge, phrase).with_hint(phrase!("hint-url-too-large")));
            }
        }
        let charset = charset.or_else(|| charset_of_page(&bytes));
        let encoding = charset.and_then(|label| Encoding::for_label(label.as_bytes()));
        Ok(Fetched { bytes, media_type, encoding })
    };
    let slow = || Err(failed(format!("{} s", TIMEOUT.as_secs())));
    tokio::time::timeout(TIMEOUT, fetching).await.unwrap_or_else(|_| slow())
}

/// The media type and the character set that a server names.
fn content_type(response: &Response) -> (String, Option<String>) {
    let value = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = value.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default().to_ascii_lowercase();
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"').to_owned())
    });
    (media_type, charset)
}

/// The character set that a page names itself: behind the first `charset=`.
fn charset_of_page(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(bytes.get(..META_WITHIN).unwrap_or(bytes)).to_ascii_lowercase();
    let (_, behind) = head.split_once("<meta").and_then(|(_, rest)| rest.split_once("charset="))?;
    let label = behind.trim_start_matches(['"', '\'', ' ']);
    Some(label.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_known_by_its_scheme() {
        assert!(is_url("https://a") && is_url("HTTP://a"));
        assert!(!is_url("http") && !is_url("ftp://a") && !is_url("https:/a") && !is_url("文件"));
    }

    #[test]
    fn a_password_is_not_shown() {
        assert_eq!(shown("https://ann:secret@h/a"), "https://h/a");
        assert_eq!(shown("https://h/a b"), "https://h/a b", "the rest stays as it was typed");
        assert_eq!(file_name("https://h/a/cat.png?x=1").as_deref(), Some("cat.png"));
        assert_eq!(file_name("https://h/"), None);
    }

    #[test]
    fn a_page_says_what_it_is_written_in() {
        assert_eq!(charset_of_page(b"<html><meta charset=\"gbk\">").as_deref(), Some("gbk"));
        let older = b"<META http-equiv='Content-Type' content='text/html; charset=Shift_JIS'>";
        assert_eq!(charset_of_page(older).as_deref(), Some("shift_jis"));
        assert_eq!(charset_of_page(b"charset=gbk"), None);
    }
}
