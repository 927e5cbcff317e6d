//! What came of a question, put together from the pieces of the answer.

use std::{sync::Arc, time::Duration};

use mmp_shared::{
    chat::Params,
    message::{ContentPart, FinishReason, Role, ToolCall},
    usage::Usage,
};
use mmpd::providers::{
    Answering, Ask, ChatCall, ChatMessage, Delta, Endpoint, Provider, ProviderError,
    driver::{Driver, DriverSettings},
};
use zeroize::Zeroizing;

/// A whole answer, or what there is of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    pub text: String,
    pub reasoning: String,
    pub refusal: String,
    pub tool_calls: Vec<ToolCall>,
    pub finish: Option<FinishReason>,
    pub usage: Option<Usage>,
    pub notes: Vec<&'static str>,
    pub error: Option<ProviderError>,
}

impl Outcome {
    /// Takes a piece.
    pub fn push(&mut self, delta: Delta) {
        match delta {
            Delta::Reasoning(text) => self.reasoning += &text,
            Delta::Text(text) => self.text += &text,
            Delta::Refusal(text) => self.refusal += &text,
            Delta::ToolCall(call) => self.tool_calls.push(call),
            Delta::Usage(usage) => self.usage = Some(usage),
            Delta::Finish(reason) => self.finish = Some(reason),
            Delta::Note(note) => self.notes.push(note.code),
        }
    }

    /// The error that there must be.
    pub fn error(&self) -> &ProviderError {
        self.error.as_ref().unwrap_or_else(|| panic!("no error: {self:?}"))
    }
}

/// Reads an answer to its end; nothing may follow an error.
pub async fn collect(mut answer: Box<dyn Answering>) -> Outcome {
    let mut outcome = Outcome::default();
    while let Some(result) = answer.next().await {
        match result {
            Ok(deltas) => {
                assert!(!deltas.is_empty(), "a read that says nothing is not handed over");
                deltas.into_iter().for_each(|delta| outcome.push(delta));
            }
            Err(error) => {
                outcome.error = Some(error);
                assert!(answer.next().await.is_none(), "nothing follows an error");
            }
        }
    }
    outcome
}

/// A question that says `hi`.
pub fn call(base_url: &str, stream: bool) -> ChatCall {
    let parts = vec![ContentPart::Text { text: "hi".into() }];
    ChatCall {
        endpoint: endpoint(base_url),
        model: "m".into(),
        messages: Arc::new([ChatMessage { role: Role::User, parts }]),
        max_output: None,
        params: Params::default(),
        stream,
        watched: false,
    }
}

/// The key of every test.
pub const KEY: &str = "sk-scripted-0123456789";

/// A provider called `there`.
pub fn endpoint(base_url: &str) -> Endpoint {
    Endpoint {
        provider: "there".into(),
        base_url: base_url.into(),
        api_key: Some(Zeroizing::new(KEY.to_owned())),
        secret_key: None,
        token: None,
        token_place: None,
    }
}

/// Settings with which no test waits for long.
pub fn settings() -> DriverSettings {
    DriverSettings {
        connect_timeout: Duration::from_secs(2),
        first_event_timeout: Duration::from_secs(10),
        event_timeout: Duration::from_secs(10),
        total_timeout: Duration::from_secs(60),
        largest_event: 1 << 20,
        largest_answer: 4 << 20,
    }
}

/// Asks and reads the whole answer.
pub async fn ask(driver: &Driver, provider: &Arc<dyn Provider>, call: ChatCall) -> Outcome {
    collect(driver.chat(Arc::clone(provider), call, None).await).await
}
