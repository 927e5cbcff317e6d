//! Images that go along with a prompt: from a path, a URL or standard input, known by their bytes.

use std::path::Path;

use mmp_shared::{
    ApiError,
    image::{Image, ImageData, ImageKind, looks_like},
    phrase,
};

use super::{LARGEST_INPUT, files::read_path, stdin, web};
use crate::error::bad_request;

/// The word that means standard input.
const DASH: &str = "-";

/// Reads an image. How large it may be is the daemon's to say.
///
/// # Errors
///
/// `bad_request` where it cannot be read, or is no image that models are sent.
pub(crate) async fn read(name: &str) -> Result<Image, ApiError> {
    let (shown, called, bytes) = if name == DASH {
        (stdin::NAME.to_owned(), None, stdin::read_bytes()?)
    } else if web::is_url(name) {
        let fetched = web::fetch(name, LARGEST_INPUT, "image/png, image/jpeg, image/webp, image/gif, */*;q=0.1").await?;
        (web::shown(name), web::file_name(name), fetched.bytes)
    } else {
        let called = Path::new(name).file_name().map(|name| name.to_string_lossy().into_owned());
        (name.to_owned(), called, read_path(name)?)
    };
    let media_type = ImageKind::of(&bytes).ok_or_else(|| no_image(&shown, &bytes))?;
    Ok(Image { media_type, name: called, data: ImageData::new(bytes) })
}

fn no_image(name: &str, bytes: &[u8]) -> ApiError {
    let phrase = match looks_like(bytes) {
        Some(kind) => phrase!("error-image-kind", name = name, kind = kind),
        None => phrase!("error-image-unknown", name = name),
    };
    bad_request(phrase).with_hint(phrase!("hint-image-kinds", kinds = ImageKind::NAMES))
}
