//! How people name a conversation or a run: the whole id, the end of one, or a title.

use mmp_shared::{ApiError, ErrorCode, Phrase, ids, phrase};

/// The most candidates that an ambiguous name lists.
pub const MOST_CANDIDATES: usize = 10;

/// The hex digits at the end of an id that `reference` gives, if it could be one.
pub fn suffix_of(reference: &str) -> Option<String> {
    ids::is_id_suffix(reference).then(|| reference.replace('-', "").to_ascii_lowercase())
}

/// The one that was meant; `none` and `several` say what is wrong where there is not one.
///
/// # Errors
///
/// `not_found` where there is none, `bad_request` with the candidates where there are several.
pub fn only<T>(mut candidates: Vec<T>, none: Phrase, several: Phrase, line: impl Fn(&T) -> String) -> Result<T, ApiError> {
    match candidates.len() {
        1 => Ok(candidates.remove(0)),
        0 => Err(ApiError::new(ErrorCode::NotFound, none)),
        _ => {
            let lines: Vec<String> = candidates.iter().map(line).collect();
            let error = ApiError::new(ErrorCode::BadRequest, several);
            Err(error.with_hint(phrase!("hint-candidates", candidates = lines.join(", "))))
        }
    }
}
