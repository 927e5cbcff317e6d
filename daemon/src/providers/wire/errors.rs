//! Reads what an OpenAI-like server says instead of an answer, in any of the shapes that were seen: `error` an object or a
//! string, `detail`, a flat object, a list of one, HTML, plain text, nothing. What kind of error that is says [`kinds`].
//!
//! The provider's words stand in the phrase as they were sent. Whoever shows them takes keys out and cuts them short:
//! the driver does, for it knows the keys.

use mmp_shared::{ErrorCode, Phrase, phrase};
use serde_json::Value;

use super::{
    content::text,
    kinds::{self, OwnKinds, no_own_kinds},
    params,
};
use crate::providers::{ProviderError, Refusal};

/// What a server complains of, whatever the shape.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Complaint {
    /// In words; empty where there are none.
    pub message: String,
    /// Codes and types, in lower case.
    pub marks: Vec<String>,
    /// The HTTP status that the body names, for errors that came with another.
    pub status: Option<u16>,
    /// The parameter that it complains of, if it names one.
    pub param: Option<String>,
    /// Whether the body is a web page.
    pub is_html: bool,
}

/// What an answer with an error's status means.
pub fn refused(refusal: Refusal<'_>) -> ProviderError {
    refused_with(refusal, no_own_kinds)
}

/// The same, from a provider whose errors have codes of its own.
pub fn refused_with(refusal: Refusal<'_>, own: OwnKinds) -> ProviderError {
    let complaint = read_body(refusal.body);
    let mut error = describe(refusal.provider, refusal.status, &complaint, own);
    error.http_status = Some(refusal.status);
    error
}

/// What an error inside an answer of status 200 means.
pub fn inside(provider: &str, value: &Value, own: OwnKinds) -> ProviderError {
    let complaint = read_value(value);
    describe(provider, complaint.status.filter(|status| *status >= 400).unwrap_or(200), &complaint, own)
}

/// Whether a JSON value says that something went wrong.
pub fn is_error(value: &Value) -> bool {
    let has = |field: &str| value.get(field).is_some_and(|value| !is_nothing(value));
    has("error")
        || text(value, "object") == Some("error")
        || text(value, "type") == Some("error")
        || (value.get("choices").is_none() && (has("detail") || has("error_code") || (has("code") && has("message"))))
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Object(object) => object.is_empty(),
        _ => false,
    }
}

/// Reads a body whose content type is not to be trusted.
pub fn read_body(body: &[u8]) -> Complaint {
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        return read_value(&value);
    }
    let words = String::from_utf8_lossy(body);
    let words = words.trim();
    if words.starts_with('<') {
        return Complaint { is_html: true, message: title_of(words), ..Complaint::default() };
    }
    // An error may be framed as an event although nothing was streamed.
    if let Some(value) =
        words.lines().filter_map(|line| line.strip_prefix("data:")).find_map(|data| serde_json::from_str(data).ok())
    {
        return read_value(&value);
    }
    Complaint { message: words.to_owned(), ..Complaint::default() }
}

/// Reads the JSON of an error.
pub fn read_value(value: &Value) -> Complaint {
    let value = value.as_array().and_then(|list| list.first()).unwrap_or(value);
    let mut complaint = Complaint { message: value.as_str().unwrap_or_default().to_owned(), ..Complaint::default() };
    if let Some(error) = value.get("error") {
        if let Value::String(message) = error {
            message.clone_into(&mut complaint.message);
        }
        complaint.add(error);
    }
    complaint.add(value);
    complaint
}

impl Complaint {
    /// Takes what one object says; what stands already is better.
    fn add(&mut self, object: &Value) {
        for field in ["message", "error_description", "error_msg", "msg", "detail"] {
            if self.message.is_empty() {
                self.message = object.get(field).map(words_of).unwrap_or_default();
            }
        }
        // A gateway's own words say little; those of the server behind it say what happened.
        if let Some(raw) = object.pointer("/metadata/raw").and_then(Value::as_str) {
            self.message = format!("{}: {raw}", self.message);
        }
        if object.pointer("/metadata/flagged_input").is_some() {
            self.marks.push("flagged_input".to_owned());
        }
        self.param = self.param.take().or_else(|| param_of(object).map(str::to_owned));
        for path in ["/code", "/type", "/status", "/error_code", "/innererror/code"] {
            match object.pointer(path) {
                Some(Value::String(mark)) => self.marks.push(mark.to_ascii_lowercase()),
                Some(Value::Number(number)) => self.marks.push(number.to_string()),
                _ => {}
            }
        }
        for field in ["status_code", "raw_status_code", "status", "code"] {
            let number = object.get(field).and_then(|value| value.as_u64().or_else(|| value.as_str()?.parse().ok()));
            self.status = self.status.or(number.and_then(|number| u16::try_from(number).ok()).filter(|n| (400..600).contains(n)));
        }
    }
}

/// The parameter that an object names: `param`, or the last place of the first of a list (FastAPI).
fn param_of(object: &Value) -> Option<&str> {
    let place = || object.pointer("/detail/0/loc").and_then(Value::as_array).and_then(|places| places.last()?.as_str());
    text(object, "param").or_else(place)
}

/// A string, or the `msg`s of a list (FastAPI).
fn words_of(value: &Value) -> String {
    match value {
        Value::String(words) => words.clone(),
        Value::Array(list) => {
            let words: Vec<&str> = list.iter().filter_map(|entry| text(entry, "msg").or_else(|| entry.as_str())).collect();
            words.join("; ")
        }
        Value::Object(_) => text(value, "message").unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

/// The title of a web page, which says more than its beginning.
fn title_of(html: &str) -> String {
    let lower = html.to_ascii_lowercase();
    let title = lower.find("<title>").and_then(|from| {
        let from = from + "<title>".len();
        lower[from..].find("</title>").map(|length| html[from..from + length].trim().to_owned())
    });
    title.unwrap_or_default()
}

/// What a complaint means, in words.
pub fn describe(provider: &str, status: u16, complaint: &Complaint, own: OwnKinds) -> ProviderError {
    let code = kinds::kind_of(status, complaint, own);
    let words = if complaint.message.trim().is_empty() { format!("HTTP {status}") } else { complaint.message.trim().to_owned() };
    let phrase = phrase_of(code, provider, words);
    let error = ProviderError::new(code, phrase);
    match hint_of(code, provider, status, complaint) {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}

fn phrase_of(code: ErrorCode, provider: &str, words: String) -> Phrase {
    let phrase = match code {
        ErrorCode::ProviderAuth => Phrase::new("upstream-auth"),
        ErrorCode::ProviderQuota => Phrase::new("upstream-quota"),
        ErrorCode::ProviderRateLimited => Phrase::new("upstream-rate-limited"),
        ErrorCode::ModelNotFound => Phrase::new("upstream-model-not-found"),
        ErrorCode::ContextTooLong => Phrase::new("upstream-context-too-long"),
        ErrorCode::ContentBlocked => Phrase::new("upstream-content-blocked"),
        ErrorCode::ProviderTimeout => Phrase::new("upstream-timed-out"),
        ErrorCode::ProviderOverloaded => Phrase::new("upstream-overloaded"),
        ErrorCode::ProviderProtocol => Phrase::new("upstream-unexpected"),
        _ => Phrase::new("upstream-bad-request"),
    };
    phrase.with("provider", provider).with("words", words)
}

fn hint_of(code: ErrorCode, provider: &str, status: u16, complaint: &Complaint) -> Option<Phrase> {
    match code {
        ErrorCode::ProviderAuth => Some(phrase!("hint-upstream-auth", provider = provider)),
        ErrorCode::ProviderQuota => Some(phrase!("hint-upstream-quota")),
        ErrorCode::ProviderRateLimited => Some(phrase!("hint-upstream-rate-limited")),
        ErrorCode::ModelNotFound => Some(phrase!("hint-upstream-model-not-found")),
        ErrorCode::ContextTooLong => Some(phrase!("hint-upstream-context-too-long")),
        ErrorCode::ProviderBadRequest | ErrorCode::ProviderProtocol if kinds::is_wrong_place(status, complaint) => {
            Some(phrase!("hint-upstream-base-url", provider = provider))
        }
        ErrorCode::ProviderBadRequest => params::flag_of(complaint).map(|flag| phrase!("hint-upstream-param", flag = flag)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(body: &str) -> String {
        read_body(body.as_bytes()).message
    }

    #[test]
    fn every_shape_gives_its_words() {
        for (body, expected) in [
            (r#"{"error":{"message":"no","type":"t","param":null,"code":null}}"#, "no"),
            (r#"{"error":"no"}"#, "no"),
            (r#"{"code":"invalid-argument","error":"no"}"#, "no"),
            (r#"[{"error":{"code":400,"message":"no","status":"INVALID_ARGUMENT"}}]"#, "no"),
            (r#"{"code":"InvalidApiKey","message":"no","request_id":"1"}"#, "no"),
            (r#"{"object":"error","message":"no","type":"t","code":"1500","raw_status_code":400}"#, "no"),
            (r#"{"detail":"no"}"#, "no"),
            (r#"{"detail":[{"loc":["body"],"msg":"no","type":"missing"},{"msg":"never"}]}"#, "no; never"),
            (r#"{"error_code":110,"error_msg":"no"}"#, "no"),
            (r#"{"error":"invalid_client","error_description":"no"}"#, "invalid_client"),
            ("<html><head><title>502 Bad Gateway</title></head></html>", "502 Bad Gateway"),
            ("upstream connect error", "upstream connect error"),
            ("", ""),
        ] {
            assert_eq!(message(body), expected, "{body}");
        }
    }

    #[test]
    fn an_answer_is_no_error() {
        for body in [r#"{"choices":[]}"#, r#"{"choices":[],"error":null}"#, r#"{"id":"1","error":"","choices":[]}"#, "{}"] {
            assert!(!is_error(&serde_json::from_str(body).expect("JSON")), "{body}");
        }
    }

    #[test]
    fn an_error_without_words_names_the_status() {
        let error = refused(Refusal { provider: "x", status: 503, body: b"" });
        assert_eq!(error.code, ErrorCode::ProviderOverloaded);
        assert!(error.to_string().contains("HTTP 503"), "{error}");
    }
}
