//! Reads the answer to a chat completion, streamed or whole, from any server that speaks OpenAI's shape.
//!
//! Servers disagree on where usage stands, whether `choices` may be empty, how often the end is named and whether
//! `[DONE]` follows: everything that was seen is taken. Only the first choice counts. How the bytes were framed, and for
//! how long to wait, is the driver's business.

use mmp_shared::{ErrorCode, message::FinishReason, phrase, sse, usage::Usage};
use serde_json::Value;

use super::{
    content::{self, End},
    errors,
    kinds::{OwnKinds, no_own_kinds},
    tool_calls::ToolCalls,
    usage,
};
use crate::providers::{Decoder, Delta, ProviderError};

/// How an answer comes.
#[derive(Debug, Clone, Copy)]
enum Shape {
    Pieces,
    Whole,
}

impl Shape {
    /// Perplexity sends both in each chunk and in each body: what is new as `delta`, and all there is as `message`.
    fn message_of(self, choice: &Value) -> Option<&Value> {
        let [first, second] = match self {
            Self::Pieces => ["delta", "message"],
            Self::Whole => ["message", "delta"],
        };
        choice.get(first).filter(|message| message.is_object()).or_else(|| choice.get(second))
    }
}

/// Reads one answer.
#[derive(Debug)]
pub struct ChatDecoder {
    shape: Shape,
    provider: String,
    own_kinds: OwnKinds,
    calls: ToolCalls,
    named_end: Option<FinishReason>,
    has_end: bool,
    last_usage: Option<Usage>,
}

impl ChatDecoder {
    /// A decoder that has seen nothing, of an answer of this provider.
    pub fn new(provider: &str) -> Self {
        Self::with_kinds(provider, no_own_kinds)
    }

    /// The same, of a provider whose errors have codes of its own.
    pub fn with_kinds(provider: &str, own_kinds: OwnKinds) -> Self {
        Self {
            shape: Shape::Pieces,
            provider: provider.to_owned(),
            own_kinds,
            calls: ToolCalls::default(),
            named_end: None,
            has_end: false,
            last_usage: None,
        }
    }

    fn take(&mut self, value: &Value, deltas: &mut Vec<Delta>) -> Result<(), ProviderError> {
        let cut = first_choice(value).and_then(|choice| self.take_choice(choice, deltas));
        if let Some(usage) = usage::find(value).filter(|usage| self.last_usage != Some(*usage)) {
            self.last_usage = Some(usage);
            deltas.push(Delta::Usage(usage));
        }
        // Some chunks hold both choices and an error: what was said counts all the same.
        if errors::is_error(value) {
            return Err(self.inside(value));
        }
        match cut {
            Some(word) => Err(self.cut(&word)),
            None => Ok(()),
        }
    }

    /// Takes a piece of the answer; the provider's word for it where the answer was cut.
    fn take_choice(&mut self, choice: &Value, deltas: &mut Vec<Delta>) -> Option<String> {
        if let Some(message) = self.shape.message_of(choice) {
            content::read(message, deltas);
            self.calls.read(message);
        }
        let word = content::text(choice, "finish_reason")?;
        match content::end(word)? {
            End::Reason(reason) => self.named_end = Some(reason),
            End::Cut => return Some(word.to_owned()),
        }
        None
    }

    fn inside(&self, value: &Value) -> ProviderError {
        errors::inside(&self.provider, value, self.own_kinds)
    }

    fn cut(&self, word: &str) -> ProviderError {
        ProviderError::new(ErrorCode::StreamTruncated, phrase!("upstream-gave-up", provider = &self.provider, words = word))
    }

    /// The answer ended as it should: hands over what was held back, once.
    fn end(&mut self, deltas: &mut Vec<Delta>) {
        if std::mem::replace(&mut self.has_end, true) {
            return;
        }
        deltas.extend(self.calls.take().into_iter().map(Delta::ToolCall));
        deltas.push(Delta::Finish(match self.named_end {
            Some(limit @ (FinishReason::Length | FinishReason::ContentFilter)) => limit,
            _ if !self.calls.is_empty() => FinishReason::ToolCalls,
            Some(reason) => reason,
            None => FinishReason::Stop,
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

/// The choice that counts. A server asked for several may send their pieces in any order.
fn first_choice(value: &Value) -> Option<&Value> {
    let choices = value.get("choices")?.as_array()?;
    let numbered = choices
        .iter()
        .enumerate()
        .map(|(place, choice)| (choice.get("index").and_then(Value::as_u64).unwrap_or(place as u64), choice));
    numbered.filter(|(index, _)| *index == 0).map(|(_, choice)| choice).next()
}

impl Decoder for ChatDecoder {
    fn event(&mut self, event: &sse::Event, deltas: &mut Vec<Delta>) -> Result<(), ProviderError> {
        let data = event.data.trim();
        if data == "[DONE]" {
            self.end(deltas);
            return Ok(());
        }
        if data.is_empty() || self.has_end {
            return Ok(());
        }
        match serde_json::from_str::<Value>(data) {
            Ok(value) if event.name == "error" && !errors::is_error(&value) => Err(self.inside(&value)),
            Ok(value) => self.take(&value, deltas),
            Err(_) if event.name == "error" => Err(self.inside(&Value::from(data))),
            Err(error) => Err(self.invalid(error, data)),
        }
    }

    fn body(&mut self, body: &[u8], deltas: &mut Vec<Delta>) -> Result<(), ProviderError> {
        let value: Value = match serde_json::from_slice(body) {
            // A list of one: an error that was meant for a stream.
            Ok(Value::Array(mut list)) if list.len() == 1 => list.remove(0),
            Ok(value) => value,
            Err(error) if error.is_eof() => return Err(self.truncated()),
            Err(error) => return Err(self.invalid(error, &String::from_utf8_lossy(body))),
        };
        self.shape = Shape::Whole;
        self.take(&value, deltas)?;
        if first_choice(&value).is_none() {
            let phrase = phrase!("upstream-no-choices", provider = &self.provider, words = value);
            return Err(ProviderError::new(ErrorCode::ProviderProtocol, phrase));
        }
        self.end(deltas);
        Ok(())
    }

    fn is_complete(&self) -> bool {
        self.has_end
    }

    fn finish(&mut self, deltas: &mut Vec<Delta>) -> Result<(), ProviderError> {
        if self.named_end.is_some() {
            self.end(deltas);
        }
        if self.has_end {
            return Ok(());
        }
        Err(self.truncated())
    }
}
