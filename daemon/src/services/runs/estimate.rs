//! The tokens of an answer whose provider said nothing of them: counted here, and labelled so. What was cut is not free
//! for that.

use std::sync::Arc;

use mmp_shared::usage::{Usage, UsageSource};
use tokio::task::spawn_blocking;

use super::answer::Answer;
use crate::{
    counting::{Family, estimate},
    providers::ChatCall,
    services::prompt_size,
};

/// Fills in what a provider that began to answer did not say of the tokens.
pub(super) async fn fill_in(answer: &mut Answer, call: &ChatCall) {
    if !answer.wants_estimate() {
        return;
    }
    let (family, messages) = (Family::of(&call.model), Arc::clone(&call.messages));
    let prompt = move || messages.iter().map(|message| prompt_size::estimated(family, message)).sum();
    // A prompt may have megabytes. Without a number there is no estimate.
    let Ok(prompt_tokens) = spawn_blocking(prompt).await else { return };
    let reasoning = estimate(family, answer.reasoning());
    answer.estimate(Usage {
        prompt_tokens: Some(prompt_tokens),
        completion_tokens: Some(reasoning + estimate(family, &prompt_size::sent_text(&answer.said()))),
        cached_tokens: None,
        reasoning_tokens: (reasoning > 0).then_some(reasoning),
        source: UsageSource::Estimated,
    });
}
