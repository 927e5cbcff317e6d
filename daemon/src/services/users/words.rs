//! What is said where a name or a password cannot be taken.

use mmp_shared::{ApiError, ErrorCode, phrase};

use crate::{
    security::{
        password::NotHashed,
        password_rule::{self, FEWEST_CHARACTERS, MOST_BYTES},
        username::{self, MOST_CHARACTERS},
    },
    store::{Entity, Precondition, StoreError},
};

/// The words for a name that is none.
pub(in crate::services) fn of_name(refusal: username::Refusal) -> ApiError {
    use username::Refusal;
    let phrase = match refusal {
        Refusal::Empty => phrase!("error-username-empty"),
        Refusal::TooLong(count) => phrase!("error-username-too-long", count = count, limit = MOST_CHARACTERS),
        Refusal::Character(c) => phrase!("error-username-character", character = c.escape_unicode()),
        Refusal::Edge(sign) => phrase!("error-username-edge", sign = sign),
        Refusal::MixedScripts => phrase!("error-username-mixed"),
        Refusal::Reserved => phrase!("error-username-reserved"),
    };
    ApiError::new(ErrorCode::BadRequest, phrase).with_hint(phrase!("hint-username", limit = MOST_CHARACTERS))
}

/// The words for a password that is none.
pub(in crate::services) fn of_password(refusal: &password_rule::Refusal) -> ApiError {
    use password_rule::Refusal;
    let (code, phrase) = match refusal {
        Refusal::Empty => (ErrorCode::BadRequest, phrase!("error-password-empty")),
        Refusal::TooLong(size) => (ErrorCode::TooLarge, phrase!("error-password-too-long", size = size, limit = MOST_BYTES)),
        Refusal::Control => (ErrorCode::BadRequest, phrase!("error-password-control")),
        Refusal::TooShort(count) => {
            (ErrorCode::BadRequest, phrase!("error-password-too-short", count = count, limit = FEWEST_CHARACTERS))
        }
        Refusal::Guessable => (ErrorCode::BadRequest, phrase!("error-password-guessable")),
    };
    let error = ApiError::new(code, phrase);
    match refusal {
        Refusal::TooShort(_) | Refusal::Guessable => error.with_hint(phrase!("hint-password")),
        _ => error,
    }
}

/// A mistake that nobody but mmp made.
pub(in crate::services) fn internal(reason: &impl ToString) -> ApiError {
    tracing::error!(reason = reason.to_string(), "an account could not be served");
    ApiError::new(ErrorCode::Internal, phrase!("error-internal"))
}

/// A password could not be hashed.
pub(in crate::services) fn not_hashed(error: &NotHashed) -> ApiError {
    internal(error)
}

/// What keeps an account from being written: a name or an OS user that is another's, in words.
pub(in crate::services) fn of_write(error: StoreError) -> ApiError {
    match error {
        StoreError::Conflict(Precondition::Absent(Entity::Username(username))) => {
            ApiError::new(ErrorCode::Conflict, phrase!("error-username-taken", username = username))
        }
        StoreError::Conflict(Precondition::Absent(Entity::Skeleton(_))) => {
            ApiError::new(ErrorCode::Conflict, phrase!("error-username-look-alike"))
        }
        StoreError::Conflict(Precondition::Absent(Entity::OsUser(os_user))) => {
            ApiError::new(ErrorCode::Conflict, phrase!("error-os-user-taken", os_user = os_user))
        }
        other => other.into(),
    }
}
