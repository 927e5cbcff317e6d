//! What comes in from people and pipes: standard input, files, URLs, images, the keys of the environment, secrets.

pub(crate) mod confirm;
pub(crate) mod env_keys;
pub(crate) mod files;
pub(crate) mod folder;
mod html;
pub(crate) mod images;
pub(crate) mod lifetime;
pub(crate) mod params;
pub(crate) mod passphrase;
pub(crate) mod password;
pub(crate) mod secret;
pub(crate) mod stdin;
mod text;
mod web;

use mmp_shared::{ApiError, ErrorCode, phrase};

use crate::error::bad_request;

/// More than any prompt may have; what is longer is not even read to its end.
pub(crate) const LARGEST_INPUT: u64 = 64 << 20;

/// Bytes that must be UTF-8 as text, or the error that names where they came from and where they stop being text.
pub(crate) fn into_text(name: &str, bytes: Vec<u8>) -> Result<String, ApiError> {
    if bytes.len() as u64 > LARGEST_INPUT {
        let limit = LARGEST_INPUT >> 20;
        return Err(ApiError::new(ErrorCode::TooLarge, phrase!("error-input-too-large", name = name, limit = limit)));
    }
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        bad_request(phrase!("error-input-not-text", name = name, offset = offset)).with_hint(phrase!("hint-input-not-text"))
    })
}
