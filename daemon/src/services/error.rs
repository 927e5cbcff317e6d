//! From what the store and providers say to what a caller is told.

use mmp_shared::{ApiError, ErrorCode, phrase};

use crate::{providers::ProviderError, store::StoreError};

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        // The words of a log are for those who run mmp; the words below are for everybody.
        match &error {
            StoreError::Conflict(_) | StoreError::BadCursor => tracing::debug!(%error, "the store refused"),
            _ => tracing::error!(%error, "the store failed"),
        }
        let (code, phrase, hint) = match error {
            StoreError::Conflict(_) => (ErrorCode::Conflict, phrase!("error-store-conflict"), None),
            StoreError::BadCursor => (ErrorCode::BadRequest, phrase!("error-bad-cursor"), Some(phrase!("hint-bad-cursor"))),
            StoreError::Full(reason) => {
                (ErrorCode::StorageFull, phrase!("error-store-full", reason = reason), Some(phrase!("hint-store-full")))
            }
            StoreError::Locked(reason) => {
                (ErrorCode::StorageFailed, phrase!("error-store-locked", reason = reason), Some(phrase!("hint-store-locked")))
            }
            StoreError::ReadOnly(reason) => {
                (ErrorCode::StorageFailed, phrase!("error-store-read-only", reason = reason), Some(phrase!("hint-folder")))
            }
            StoreError::Damaged(reason) => {
                (ErrorCode::StorageFailed, phrase!("error-store-damaged", reason = reason), Some(phrase!("hint-store-damaged")))
            }
            StoreError::Newer(reason) => {
                (ErrorCode::StorageFailed, phrase!("error-store-newer", reason = reason), Some(phrase!("hint-store-newer")))
            }
            StoreError::Failed(reason) => {
                (ErrorCode::StorageFailed, phrase!("error-store-failed", reason = reason), Some(phrase!("hint-store-failed")))
            }
        };
        let error = Self::new(code, phrase);
        match hint {
            Some(hint) => error.with_hint(hint),
            None => error,
        }
    }
}

/// The error of a provider, with its name.
pub(super) fn of_provider(error: ProviderError, provider: &str) -> ApiError {
    let mut told = ApiError::new(error.code, error.phrase).with_provider(provider);
    told.http_status = error.http_status;
    match error.hint {
        Some(hint) => told.with_hint(hint),
        None => told,
    }
}
