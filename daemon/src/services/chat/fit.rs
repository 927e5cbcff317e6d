//! Making a conversation fit into the window of each model that may answer: the oldest turns go first, and the user is
//! told. Where even the newest turn does not fit, that is said before anybody is asked.
//!
//! Counting is what it costs: bytes prove for most prompts that they fit; a rule of thumb, corrected by what the provider has
//! said of earlier prompts, for most of the rest; the vocabulary is loaded only near the window's end.

use std::sync::Arc;

use mmp_shared::{
    ApiError, ErrorCode,
    chat::{ChatRequest, Params},
    events::Notice,
    phrase,
};

use super::{
    Place,
    context::{self, Reported},
    resume::Resumed,
    turns,
};
use crate::{
    counting::{Counter, Family},
    providers::{ChatMessage, Endpoint, ProviderError},
    services::{error::of_provider, models::Chosen, notice, prompt_size},
};

/// What is kept free for the answer where nobody says how long it may be: this, or a quarter of the window.
const ANSWER: u64 = 8_192;

/// From how many bytes on a prompt is not even estimated on an async thread.
const LARGE: u64 = 256 * 1_024;

/// Prompts of fewer tokens say too little of how a provider counts.
const TELLING: u64 = 200;

/// A conversation that is to be sent.
pub(super) struct Prompt {
    /// All of it.
    pub messages: Arc<[ChatMessage]>,
    /// What providers have said of earlier parts of it.
    pub reported: Vec<Reported>,
    /// How many messages at its end belong together, and are sent whatever has to go.
    pub turn: usize,
}

/// The conversation that a request goes on with, or begins.
pub(super) fn prompt(request: &ChatRequest, place: &Place) -> Prompt {
    let system = request.system.as_deref().or(place.conversation.as_ref().and_then(|found| found.system.as_deref()));
    let question = if place.resumed.is_some() { Resumed::question() } else { request.content.clone() };
    Prompt {
        messages: context::messages(system, &place.branch, question.into_parts()),
        reported: context::reported(system, &place.branch),
        turn: if place.resumed.is_some() { Resumed::TURN } else { 1 },
    }
}

/// A conversation as it is sent to one model.
pub(super) struct Fit {
    /// What is sent.
    pub messages: Arc<[ChatMessage]>,
    /// What the user is told.
    pub notices: Vec<Notice>,
    /// Why it cannot be sent to this one at all.
    pub refused: Option<ProviderError>,
}

/// What is known of a model's room for a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room {
    /// The most tokens of prompt and answer together.
    pub window: u64,
    /// How many of them are kept free for the answer.
    pub answer: u64,
}

impl Room {
    /// The room in a model's window; none where the window is not known.
    pub(super) fn of(chosen: &Chosen, max_tokens: Option<u64>) -> Option<Self> {
        let window = chosen.context_window()?;
        let answer = max_tokens.unwrap_or(ANSWER.min(window / 4)).min(chosen.max_output().unwrap_or(u64::MAX));
        Some(Self { window, answer })
    }

    const fn for_prompt(self) -> u64 {
        self.window.saturating_sub(self.answer)
    }
}

/// The one who makes conversations fit.
#[derive(Default)]
pub(super) struct Fitter {
    counter: Counter,
}

impl Fitter {
    /// What of a conversation each of those who may answer is sent.
    ///
    /// # Errors
    ///
    /// `context_too_long` where nobody can take even its newest turn.
    pub(super) async fn fit_all(
        &self,
        prompt: &Prompt,
        asked: &[(Chosen, Endpoint)],
        params: &Params,
    ) -> Result<Vec<Fit>, ApiError> {
        let mut fits = Vec::with_capacity(asked.len());
        for (chosen, _) in asked {
            fits.push(self.fit(prompt, chosen, chosen.params(params).max_tokens).await);
        }
        match (asked.first(), fits.first().and_then(|fit| fit.refused.clone())) {
            (Some((first, _)), Some(error)) if fits.iter().all(|fit| fit.refused.is_some()) => {
                Err(of_provider(error, &first.provider.name))
            }
            _ => Ok(fits),
        }
    }

    /// What of a conversation is sent to one model.
    pub(super) async fn fit(&self, prompt: &Prompt, chosen: &Chosen, max_tokens: Option<u64>) -> Fit {
        let whole = Fit { messages: Arc::clone(&prompt.messages), notices: Vec::new(), refused: None };
        let Some(room) = Room::of(chosen, max_tokens) else { return whole };
        let limit = room.for_prompt();
        if prompt.messages.iter().map(prompt_size::most).sum::<u64>() <= limit {
            return whole;
        }
        let estimated = self.estimated(prompt, chosen, limit).await;
        // Far from the end a rule of thumb is good enough: what it is worst at has less than twice the tokens.
        if estimated.iter().sum::<u64>().saturating_mul(2) <= limit {
            return whole;
        }
        let tokens = self.counted(prompt, chosen, limit).await.unwrap_or(estimated);
        let kept = turns::keep(&prompt.messages, &tokens, limit, prompt.turn);
        if kept.tokens > limit {
            return Fit { refused: Some(too_long(chosen, room, kept.tokens)), ..whole };
        }
        if kept.dropped() == 0 {
            return whole;
        }
        let messages = kept.of(&prompt.messages).cloned().collect();
        Fit { messages, notices: vec![trimmed(chosen, room, kept.dropped())], refused: None }
    }

    /// About how many tokens the messages have together, near enough to show; with the vocabulary where there is one.
    pub(super) async fn tokens(&self, prompt: &Prompt, chosen: &Chosen) -> u64 {
        match self.counted(prompt, chosen, u64::MAX).await {
            Some(counted) => counted.iter().sum(),
            None => self.estimated(prompt, chosen, u64::MAX).await.iter().sum(),
        }
    }

    /// The tokens of each message, by the rule of thumb.
    async fn estimated(&self, prompt: &Prompt, chosen: &Chosen, limit: u64) -> Vec<u64> {
        let family = Family::of(&chosen.id);
        let messages = Arc::clone(&prompt.messages);
        let size: u64 = messages.iter().map(prompt_size::most).sum();
        let all = move || messages.iter().map(|message| prompt_size::estimated(family, message)).collect::<Vec<_>>();
        let tokens = if size > LARGE {
            // It cannot panic; without an answer every byte counts as a token, which trims too much and never too little.
            let most = || prompt.messages.iter().map(prompt_size::most).collect();
            tokio::task::spawn_blocking(all).await.unwrap_or_else(|_| most())
        } else {
            all()
        };
        corrected(tokens, prompt, chosen, limit)
    }

    /// The tokens of each message, by the vocabulary; none where there is none.
    async fn counted(&self, prompt: &Prompt, chosen: &Chosen, limit: u64) -> Option<Vec<u64>> {
        let texts = prompt.messages.iter().map(|message| prompt_size::sent_text(&message.parts).into_owned()).collect();
        let counted = self.counter.count(Family::of(&chosen.id), texts).await?;
        let tokens = counted.into_iter().zip(prompt.messages.iter());
        let tokens = tokens.map(|(tokens, message)| tokens + prompt_size::beside_text(message)).collect();
        Some(corrected(tokens, prompt, chosen, limit))
    }
}

/// The tokens as the provider counts them: by what it has said of the newest earlier prompt that tells something.
fn corrected(tokens: Vec<u64>, prompt: &Prompt, chosen: &Chosen, limit: u64) -> Vec<u64> {
    let own = prompt.reported.iter().filter(|said| said.provider == chosen.provider.name && said.model == chosen.id);
    let told = own
        .map(|said| (said.tokens, tokens[..said.messages.min(tokens.len())].iter().sum::<u64>()))
        // One that was near the limit may have been cut: its number is not that of these messages.
        .find(|(_, counted)| *counted >= TELLING && counted.saturating_mul(4) / 3 <= limit);
    match told {
        Some((said, counted)) => tokens.into_iter().map(|tokens| scaled(tokens, said, counted)).collect(),
        None => tokens,
    }
}

/// Between half and three times as much: what is beyond that was no count of the same thing.
fn scaled(tokens: u64, said: u64, counted: u64) -> u64 {
    let said = said.clamp(counted / 2, counted.saturating_mul(3));
    let product = u128::from(tokens) * u128::from(said);
    u64::try_from(product.div_ceil(u128::from(counted.max(1)))).unwrap_or(u64::MAX)
}

fn trimmed(chosen: &Chosen, room: Room, dropped: usize) -> Notice {
    let told = phrase!("notice-context_trimmed", dropped_messages = dropped, model = chosen.name(), window = room.window);
    let mut told = notice("context_trimmed", told);
    // Programs read numbers.
    told.fields.insert("dropped_messages".to_owned(), dropped.into());
    told.fields.insert("window".to_owned(), room.window.into());
    told
}

fn too_long(chosen: &Chosen, room: Room, tokens: u64) -> ProviderError {
    let told =
        phrase!("error-context-too-long", tokens = tokens, model = chosen.name(), window = room.window, answer = room.answer);
    ProviderError::new(ErrorCode::ContextTooLong, told).with_hint(phrase!("hint-context-too-long"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_providers_count_scales_the_others() {
        assert_eq!(scaled(100, 300, 200), 150);
        assert_eq!(scaled(100, 1, 200), 50);
        assert_eq!(scaled(100, 100_000, 200), 300);
        assert_eq!(scaled(u64::MAX, 400, 200), u64::MAX);
    }
}
