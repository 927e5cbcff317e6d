//! Reads V1's answers, streamed or whole: frames of whole sentences, no terminator but `is_end`, and a usage whose own
//! `completion_tokens` meant the frame's in 2023 and the answer's since: only the total is to be trusted.

use mmp_shared::{
    ErrorCode,
    message::{FinishReason, ToolCall},
    phrase, sse,
    usage::{Usage, UsageSource},
};
use serde_json::Value;

use super::codes;
use crate::providers::{
    Decoder, Delta, ProviderError,
    wire::{
        content::{self, End, text},
        usage,
    },
};

/// Reads one answer.
#[derive(Debug)]
pub(super) struct Answer {
    provider: String,
    call: Option<ToolCall>,
    named_end: Option<FinishReason>,
    last_usage: Option<Usage>,
    has_end: bool,
}

impl Answer {
    pub(super) fn new(provider: &str) -> Self {
        Self { provider: provider.to_owned(), call: None, named_end: None, last_usage: None, has_end: false }
    }

    fn take(&mut self, value: &Value, deltas: &mut Vec<Delta>) -> Result<(), ProviderError> {
        if let Some(error) = codes::of_value(&self.provider, value) {
            return Err(error);
        }
        if let Some(result) = text(value, "result") {
            deltas.push(Delta::Text(result.to_owned()));
        }
        if let Some(function) = value.get("function_call").filter(|function| function.is_object()) {
            deltas.extend(text(function, "thoughts").map(|thoughts| Delta::Reasoning(thoughts.to_owned())));
            // There is no id: a result names the function.
            let raw = |field| text(function, field).unwrap_or_default().to_owned();
            self.call = Some(ToolCall::new(String::new(), raw("name"), raw("arguments")));
        }
        self.take_end(value);
        if let Some(usage) = value.get("usage").and_then(counts).filter(|usage| self.last_usage != Some(*usage)) {
            self.last_usage = Some(usage);
            deltas.push(Delta::Usage(usage));
        }
        Ok(())
    }

    /// A conversation that must be cleared was stopped by the filter, whatever the word says.
    fn take_end(&mut self, value: &Value) {
        let is = |field: &str| value.get(field).and_then(Value::as_bool) == Some(true);
        let named = text(value, "finish_reason").and_then(|word| match word {
            "normal" => Some(FinishReason::Stop),
            word => match content::end(word)? {
                End::Reason(reason) => Some(reason),
                End::Cut => None,
            },
        });
        if is("need_clear_history") {
            self.named_end = Some(FinishReason::ContentFilter);
        } else if is("is_truncated") {
            self.named_end = Some(FinishReason::Length);
        } else if !matches!(self.named_end, Some(FinishReason::ContentFilter | FinishReason::Length)) {
            self.named_end = named.or(self.named_end);
        }
    }

    fn end(&mut self, deltas: &mut Vec<Delta>) {
        if std::mem::replace(&mut self.has_end, true) {
            return;
        }
        let has_call = self.call.is_some();
        deltas.extend(self.call.take().map(Delta::ToolCall));
        deltas.push(Delta::Finish(match self.named_end {
            Some(limit @ (FinishReason::Length | FinishReason::ContentFilter)) => limit,
            _ if has_call => FinishReason::ToolCalls,
            reason => reason.unwrap_or(FinishReason::Stop),
        }));
    }

    fn truncated(&self) -> ProviderError {
        ProviderError::new(ErrorCode::StreamTruncated, phrase!("upstream-truncated", provider = &self.provider))
    }

    fn invalid(&self, reason: impl std::fmt::Display, data: &str) -> ProviderError {
        let phrase = phrase!("upstream-invalid-json", provider = &self.provider, reason = reason, words = data);
        ProviderError::new(ErrorCode::ProviderProtocol, phrase)
    }
}

/// The numbers of a frame: the completion is what the total has beyond the prompt.
fn counts(value: &Value) -> Option<Usage> {
    let number = |field: &str| value.get(field).and_then(Value::as_u64);
    let Some((prompt, total)) = number("prompt_tokens").zip(number("total_tokens")) else { return usage::read(value) };
    Some(Usage {
        prompt_tokens: Some(prompt),
        completion_tokens: Some(total.saturating_sub(prompt)),
        cached_tokens: None,
        reasoning_tokens: None,
        source: UsageSource::Provider,
    })
}

impl Decoder for Answer {
    fn event(&mut self, event: &sse::Event, deltas: &mut Vec<Delta>) -> Result<(), ProviderError> {
        let data = event.data.trim();
        if data.is_empty() || self.has_end {
            return Ok(());
        }
        if data == "[DONE]" {
            self.end(deltas);
            return Ok(());
        }
        let value: Value = serde_json::from_str(data).map_err(|error| self.invalid(error, data))?;
        self.take(&value, deltas)?;
        if value.get("is_end").and_then(Value::as_bool) == Some(true) {
            self.end(deltas);
        }
        Ok(())
    }

    fn body(&mut self, body: &[u8], deltas: &mut Vec<Delta>) -> Result<(), ProviderError> {
        let value: Value = match serde_json::from_slice(body) {
            Ok(value) => value,
            Err(error) if error.is_eof() => return Err(self.truncated()),
            Err(error) => return Err(self.invalid(error, &String::from_utf8_lossy(body))),
        };
        self.take(&value, deltas)?;
        if value.get("result").is_none() && value.get("function_call").is_none() {
            let phrase = phrase!("upstream-unexpected", provider = &self.provider, words = value);
            return Err(ProviderError::new(ErrorCode::ProviderProtocol, phrase));
        }
        self.end(deltas);
        Ok(())
    }

    fn is_complete(&self) -> bool {
        self.has_end
    }

    fn finish(&mut self, _deltas: &mut Vec<Delta>) -> Result<(), ProviderError> {
        if self.has_end { Ok(()) } else { Err(self.truncated()) }
    }
}
