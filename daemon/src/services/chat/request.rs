//! What a turn may ask for: checks that name the field, the limit and the way out. Pure.

use mmp_shared::{
    ApiError, ErrorCode, Phrase,
    chat::ChatRequest,
    message::{Content, ContentPart},
    phrase,
};

use super::{Connection, sight};
use crate::{config::LimitsConfig, services::params};

/// The most models that one question is put to at once: what can still be read side by side, and paid for.
const MOST_MODELS: usize = 8;

/// Checks a request by itself, before anything is looked up.
///
/// # Errors
///
/// `bad_request`, `too_large`, `unsupported` or `forbidden`, with the field.
pub(super) fn check(request: &ChatRequest, limits: &LimitsConfig, connection: Connection) -> Result<(), ApiError> {
    if request.resume_id.is_some() {
        check_resumed(request)?;
    } else if request.content.is_blank() {
        return Err(bad(phrase!("error-empty-prompt")).with_hint(phrase!("hint-empty-prompt")));
    }
    let size = request.content.text_bytes() + request.system.as_deref().map_or(0, str::len);
    if size as u64 > limits.prompt {
        let phrase = phrase!("error-prompt-too-large", size = size, limit = limits.prompt);
        return Err(ApiError::new(ErrorCode::TooLarge, phrase).with_hint(phrase!("hint-prompt-too-large")));
    }
    if let Content::Parts(parts) = &request.content {
        if parts.iter().any(|part| matches!(part, ContentPart::Reasoning { .. } | ContentPart::ToolCall(_))) {
            return Err(bad(phrase!("error-content-part")));
        }
        sight::check_images(parts, limits)?;
    }
    if request.models.len() > MOST_MODELS {
        let phrase = phrase!("error-too-many-models", count = request.models.len(), limit = MOST_MODELS);
        return Err(ApiError::new(ErrorCode::TooLarge, phrase));
    }
    if request.dry_run && request.models.len() > 1 {
        return Err(bad(phrase!("error-dry-run-several")));
    }
    if request.parent_id.is_some() && request.beside_id.is_some() {
        return Err(bad(phrase!("error-parent-and-beside")));
    }
    if request.parent_id.is_some() && request.conversation_id.is_none() {
        return Err(bad(phrase!("error-parent-alone")));
    }
    if request.beside_id.is_some() && request.conversation_id.is_none() {
        return Err(bad(phrase!("error-beside-alone")));
    }
    if request.detach && !request.save {
        return Err(bad(phrase!("error-detach-unsaved")));
    }
    if request.timeout_ms == Some(0) {
        return Err(bad(phrase!("error-timeout-zero")));
    }
    params::check(&request.params)?;
    if !request.keys.is_empty() && connection != Connection::OwnUser {
        let error = ApiError::new(ErrorCode::Forbidden, phrase!("error-keys-elsewhere"));
        return Err(error.with_hint(phrase!("hint-keys-elsewhere")));
    }
    Ok(())
}

/// Going on with an answer asks nothing new.
fn check_resumed(request: &ChatRequest) -> Result<(), ApiError> {
    match () {
        () if !request.content.is_blank() => Err(bad(phrase!("error-resume-says"))),
        () if request.conversation_id.is_none() => Err(bad(phrase!("error-resume-alone"))),
        () if request.parent_id.is_some() || request.beside_id.is_some() => Err(bad(phrase!("error-resume-elsewhere"))),
        () if request.models.len() > 1 => Err(bad(phrase!("error-resume-several"))),
        () if !request.save => Err(bad(phrase!("error-resume-unsaved"))),
        () => Ok(()),
    }
}

pub(super) fn bad(phrase: Phrase) -> ApiError {
    ApiError::new(ErrorCode::BadRequest, phrase)
}

#[cfg(test)]
mod tests {
    use mmp_shared::chat::ProviderKey;

    use super::*;
    use crate::config::RatesConfig;

    const LIMITS: LimitsConfig =
        LimitsConfig { prompt: 100, images: 20, rates: RatesConfig { account: None, token: None, source: None } };

    fn code(request: &ChatRequest, connection: Connection) -> Option<ErrorCode> {
        check(request, &LIMITS, connection).err().map(|error| error.code)
    }

    #[test]
    fn a_plain_question_passes() {
        assert_eq!(code(&ChatRequest::new("hello"), Connection::Other), None);
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_its_field() {
        let with = |change: fn(&mut ChatRequest)| {
            let mut request = ChatRequest::new("hello");
            change(&mut request);
            code(&request, Connection::Other)
        };
        assert_eq!(code(&ChatRequest::new(" \n"), Connection::Other), Some(ErrorCode::BadRequest));
        assert_eq!(code(&ChatRequest::new("x".repeat(101)), Connection::Other), Some(ErrorCode::TooLarge));
        assert_eq!(
            with(|request| request.models = (0..=MOST_MODELS).map(|n| n.to_string()).collect()),
            Some(ErrorCode::TooLarge)
        );
        assert_eq!(with(|request| request.models = (0..MOST_MODELS).map(|n| n.to_string()).collect()), None);
        assert_eq!(with(|request| request.beside_id = Some(mmp_shared::MessageId::generate())), Some(ErrorCode::BadRequest));
        assert_eq!(with(|request| (request.detach, request.save) = (true, false)), Some(ErrorCode::BadRequest));
        assert_eq!(with(|request| request.params.temperature = Some(3.0)), Some(ErrorCode::BadRequest));
        assert_eq!(with(|request| request.params.temperature = Some(f64::NAN)), Some(ErrorCode::BadRequest));
        assert_eq!(with(|request| _ = request.params.extra.insert("stream".into(), true.into())), Some(ErrorCode::BadRequest));
    }

    #[test]
    fn keys_come_only_from_the_daemons_own_user() {
        let mut request = ChatRequest::new("hello");
        request.keys.insert("openai".into(), ProviderKey::default());
        assert_eq!(code(&request, Connection::Other), Some(ErrorCode::Forbidden));
        assert_eq!(code(&request, Connection::OwnUser), None);
    }
}
