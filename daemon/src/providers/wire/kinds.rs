//! Which [`ErrorCode`] a complaint is: by its codes and types first, then by its words, then by the HTTP status.

use mmp_shared::ErrorCode;

use super::errors::Complaint;

const BLOCKED: &[&str] = &[
    "content_filter",
    "responsibleaipolicyviolation",
    "content_policy_violation",
    "data_inspection_failed",
    "datainspectionfailed",
    "unsafe_request",
    // What OpenRouter's moderation found stands in `metadata` (openrouter.ai/docs/errors).
    "flagged_input",
];
const TOO_LONG: &[&str] = &[
    "context_length_exceeded",
    "exceed_context_size_error",
    "tokens_too_long",
    "characters_too_long",
    "too_many_prompt_tokens",
    "model_context_window_exceeded",
];
const TOO_LONG_WORDS: &[&str] = &[
    "maximum context length",
    "available context size",
    "context length exceeded",
    "exceeds the context window",
    "too large to process",
    "prompt is too long",
    "prompt too long",
    "exceeded model token limit",
];
const QUOTA: &[&str] = &[
    "insufficient_quota",
    "exceeded_current_quota_error",
    "billing_error",
    "billing_hard_limit_reached",
    "billing_not_active",
    "insufficient_balance",
    "insufficient_credits",
    "arrearage",
];
const QUOTA_WORDS: &[&str] = &[
    "insufficient balance",
    "insufficient credit",
    "credit balance",
    "exceeded your current quota",
    "not enough credits",
    "requires more credits",
    "have any credits",
    "balance is insufficient",
];
const AUTH: &[&str] = &[
    "invalid_api_key",
    "invalidapikey",
    "api_key_invalid",
    "authentication_error",
    "invalid_authentication_error",
    "incorrect_api_key_error",
    "permission_error",
    "permission_denied",
    "invalid_iam_token",
    "invalid_appid",
    "no_parameter_permission",
    "coding_plan_api_key_not_allowed",
];
const AUTH_WORDS: &[&str] =
    &["invalid api key", "incorrect api key", "api key not valid", "api key is invalid", "invalid api-key", "no api key"];
const NO_MODEL: &[&str] = &["model_not_found", "deploymentnotfound", "modelnotfound", "model_not_available", "invalid_model"];
const NO_MODEL_WORDS: &[&str] = &[
    "not found",
    "does not exist",
    "not exist",
    "no such model",
    "unknown model",
    "not a valid model",
    "supported api model names",
];
const RATE: &[&str] = &[
    "rate_limit_exceeded",
    "ratelimitreached",
    "rate_limit_error",
    "rate_limit_reached_error",
    "rpm_rate_limit_exceeded",
    "tpm_rate_limit_exceeded",
    "throttling",
];
const OVERLOADED: &[&str] = &["engine_overloaded_error", "overloaded_error"];
const INSIDE: &[&str] = &["server_error", "internal_error", "api_error", "internal"];
const BAD: &[&str] = &["invalid_request_error", "invalid_argument", "bad_request", "not_supported_error"];

/// What one provider's own codes mean; they are asked before those that all share.
pub type OwnKinds = fn(u16, &Complaint) -> Option<ErrorCode>;

/// No codes of its own.
pub const fn no_own_kinds(_status: u16, _complaint: &Complaint) -> Option<ErrorCode> {
    None
}

/// What kind of error it is.
pub fn kind_of(status: u16, complaint: &Complaint, own: OwnKinds) -> ErrorCode {
    own(status, complaint)
        .or_else(|| by_marks(complaint))
        .or_else(|| by_words(status, complaint))
        .unwrap_or_else(|| by_status(status, complaint))
}

/// Whether the request went to a place that is no such API: the base URL is likely wrong.
pub fn is_wrong_place(status: u16, complaint: &Complaint) -> bool {
    complaint.is_html || matches!(status, 300..=399 | 404 | 405)
}

fn by_marks(complaint: &Complaint) -> Option<ErrorCode> {
    let marked = |known: &[&str]| complaint.marks.iter().any(|mark| known.contains(&mark.as_str()));
    [
        (BLOCKED, ErrorCode::ContentBlocked),
        (TOO_LONG, ErrorCode::ContextTooLong),
        (QUOTA, ErrorCode::ProviderQuota),
        (NO_MODEL, ErrorCode::ModelNotFound),
        (AUTH, ErrorCode::ProviderAuth),
        (OVERLOADED, ErrorCode::ProviderOverloaded),
        (RATE, ErrorCode::ProviderRateLimited),
    ]
    .into_iter()
    .find_map(|(known, code)| marked(known).then_some(code))
}

/// Words decide where codes say too little: DeepSeek's `code` is the same for all, llama.cpp's is the status. Words about
/// length count only where the status is not about pace: limits of tokens a minute speak of length too.
fn by_words(status: u16, complaint: &Complaint) -> Option<ErrorCode> {
    if complaint.is_html {
        return None;
    }
    let words = complaint.message.to_lowercase();
    let says = |known: &[&str]| known.iter().any(|phrase| words.contains(phrase));
    if status != 429 && says(TOO_LONG_WORDS) {
        return Some(ErrorCode::ContextTooLong);
    }
    if status < 500 && says(QUOTA_WORDS) {
        return Some(ErrorCode::ProviderQuota);
    }
    if status < 500 && says(AUTH_WORDS) {
        return Some(ErrorCode::ProviderAuth);
    }
    let may_lack_model = matches!(status, 200 | 400 | 404 | 422);
    (may_lack_model && words.contains("model") && says(NO_MODEL_WORDS)).then_some(ErrorCode::ModelNotFound)
}

fn by_status(status: u16, complaint: &Complaint) -> ErrorCode {
    let marked = |known: &[&str]| complaint.marks.iter().any(|mark| known.contains(&mark.as_str()));
    match status {
        401 | 403 => ErrorCode::ProviderAuth,
        402 => ErrorCode::ProviderQuota,
        429 => ErrorCode::ProviderRateLimited,
        408 | 504 | 524 => ErrorCode::ProviderTimeout,
        501 => ErrorCode::ProviderBadRequest,
        500.. => ErrorCode::ProviderOverloaded,
        400..=499 => ErrorCode::ProviderBadRequest,
        300..=399 => ErrorCode::ProviderProtocol,
        // Inside an answer that began well.
        _ if marked(BAD) => ErrorCode::ProviderBadRequest,
        _ if marked(INSIDE) || !complaint.message.is_empty() => ErrorCode::ProviderOverloaded,
        _ => ErrorCode::ProviderProtocol,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::errors::read_body, *};

    fn kind(status: u16, body: &str) -> ErrorCode {
        kind_of(status, &read_body(body.as_bytes()), no_own_kinds)
    }

    #[test]
    fn a_bare_status_has_its_kind() {
        for (status, code) in [
            (307, ErrorCode::ProviderProtocol),
            (400, ErrorCode::ProviderBadRequest),
            (401, ErrorCode::ProviderAuth),
            (402, ErrorCode::ProviderQuota),
            (403, ErrorCode::ProviderAuth),
            (404, ErrorCode::ProviderBadRequest),
            (408, ErrorCode::ProviderTimeout),
            (413, ErrorCode::ProviderBadRequest),
            (429, ErrorCode::ProviderRateLimited),
            (500, ErrorCode::ProviderOverloaded),
            (501, ErrorCode::ProviderBadRequest),
            (503, ErrorCode::ProviderOverloaded),
            (504, ErrorCode::ProviderTimeout),
            (529, ErrorCode::ProviderOverloaded),
        ] {
            assert_eq!(kind(status, ""), code, "{status}");
        }
    }

    #[test]
    fn codes_and_words_say_more_than_the_status() {
        for (status, body, code) in [
            (
                429,
                r#"{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}"#,
                ErrorCode::ProviderQuota,
            ),
            (402, r#"{"error":{"message":"Insufficient Balance","type":"unknown_error"}}"#, ErrorCode::ProviderQuota),
            (400, r#"{"code":"invalid-argument","error":"Incorrect API key provided"}"#, ErrorCode::ProviderAuth),
            (400, r#"{"error":{"message":"too long","code":"context_length_exceeded"}}"#, ErrorCode::ContextTooLong),
            (500, r#"{"error":{"code":500,"message":"input (9 tokens) is too large to process"}}"#, ErrorCode::ContextTooLong),
            (404, r#"{"error":{"code":404,"message":"File Not Found","type":"not_found_error"}}"#, ErrorCode::ProviderBadRequest),
            (404, r#"{"error":"model 'x' not found"}"#, ErrorCode::ModelNotFound),
            (404, r#"{"error":{"code":"DeploymentNotFound","message":"gone"}}"#, ErrorCode::ModelNotFound),
            (
                400,
                r#"{"error":{"code":"content_filter","innererror":{"code":"ResponsibleAIPolicyViolation"}}}"#,
                ErrorCode::ContentBlocked,
            ),
            (429, r#"{"error":{"message":"tokens per minute: maximum context length"}}"#, ErrorCode::ProviderRateLimited),
            (401, r#"{"detail":"Invalid API Key"}"#, ErrorCode::ProviderAuth),
            (404, "<html><title>model not found</title></html>", ErrorCode::ProviderBadRequest),
        ] {
            assert_eq!(kind(status, body), code, "{status} {body}");
        }
    }
}
