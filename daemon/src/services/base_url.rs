//! Base URLs as users give them: fit to be asked, and without a secret in them.

use mmp_shared::{ApiError, ErrorCode, phrase};
use url::Url;

/// The URL without blanks around it and slashes at its end.
///
/// # Errors
///
/// `bad_request` for one without a scheme or a host, with a user or a query in it, or with the path that mmp adds itself.
pub(super) fn checked(url: &str) -> Result<String, ApiError> {
    let trimmed = url.trim().trim_end_matches('/');
    let begins_well = trimmed.starts_with("http://") || trimmed.starts_with("https://");
    let has_blanks = trimmed.contains(|c: char| c.is_whitespace() || c.is_control());
    // A user and a password in a URL would be kept in the clear, and so would what a query holds, but for Azure's version.
    let is_bare = Url::parse(trimmed).is_ok_and(|url| {
        url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none_or(is_version)
            && url.fragment().is_none()
    });
    if begins_well && !has_blanks && is_bare && !trimmed.ends_with("/chat/completions") {
        return Ok(trimmed.to_owned());
    }
    let error = ApiError::new(ErrorCode::BadRequest, phrase!("error-base-url", url = without_secrets(url)));
    Err(error.with_hint(phrase!("hint-base-url")))
}

fn is_version(query: &str) -> bool {
    query.starts_with("api-version=") && !query.contains('&')
}

/// A URL as it may be repeated: what stands before an `@` or behind a `?` may be secret.
fn without_secrets(url: &str) -> String {
    let scheme = url.find("://").map_or(0, |at| at + "://".len());
    let (before, rest) = match url.rfind('@') {
        Some(at) if at >= scheme => (format!("{}…", &url[..scheme]), &url[at..]),
        _ => (String::new(), url),
    };
    match rest.split_once('?') {
        Some((place, _)) => format!("{before}{place}?…"),
        None => format!("{before}{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_secret_in_a_url_is_not_repeated() {
        for (url, shown) in [
            ("https://user:pa/ss@host/v1", "https://…@host/v1"),
            ("user:p?a@host", "…@host"),
            ("https://host/v1?key=secret", "https://host/v1?…"),
            ("ftp://host", "ftp://host"),
            ("", ""),
        ] {
            assert_eq!(without_secrets(url), shown);
        }
    }

    #[test]
    fn a_base_url_has_a_scheme_and_a_host_and_no_secret() {
        assert_eq!(checked("http://127.0.0.1:8081/v1/").expect("fit"), "http://127.0.0.1:8081/v1");
        let azure = "https://r.openai.azure.com/openai/deployments/d?api-version=2024-10-21";
        assert_eq!(checked(azure).expect("fit"), azure);
        for bad in [
            "https://host/v1?api-version=1&key=secret",
            "",
            "127.0.0.1:8081",
            "ftp://a",
            "http://",
            "https://user:pass@host/v1",
            "https://user:pa/ss@host/v1",
            "https://host/v1?key=secret",
            "https://host:port/v1",
            "http:host/v1",
            "http://a b",
            "https://h/v1/chat/completions",
        ] {
            assert_eq!(checked(bad).expect_err(bad).code, ErrorCode::BadRequest);
        }
    }
}
