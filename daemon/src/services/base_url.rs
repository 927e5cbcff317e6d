//! Base URLs as users give them: fit to be asked, and without a secret in them.

use mmp_shared::{ApiError, ErrorCode, phrase};

/// The URL without blanks around it and slashes at its end.
///
/// # Errors
///
/// `bad_request` for one without a scheme or a host, with a user in it, or with the path that mmp adds itself.
pub(super) fn checked(url: &str) -> Result<String, ApiError> {
    let trimmed = url.trim().trim_end_matches('/');
    let bad = || {
        let error = ApiError::new(ErrorCode::BadRequest, phrase!("error-base-url", url = url));
        error.with_hint(phrase!("hint-base-url"))
    };
    let (scheme, rest) = trimmed.split_once("://").ok_or_else(bad)?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_fit = matches!(scheme, "http" | "https")
        && !host.is_empty()
        && !trimmed.contains(|c: char| c.is_whitespace() || c.is_control());
    // A user and a password in a URL would be kept in the clear.
    if !is_fit || host.contains('@') || trimmed.ends_with("/chat/completions") {
        return Err(bad());
    }
    Ok(trimmed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_has_a_scheme_and_a_host_and_no_secret() {
        assert_eq!(checked("http://127.0.0.1:8081/v1/").expect("fit"), "http://127.0.0.1:8081/v1");
        for bad in [
            "",
            "127.0.0.1:8081",
            "ftp://a",
            "http://",
            "https://user:pass@host/v1",
            "http://a b",
            "https://h/v1/chat/completions",
        ] {
            assert_eq!(checked(bad).expect_err(bad).code, ErrorCode::BadRequest);
        }
    }
}
