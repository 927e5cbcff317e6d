//! A turn that is not begun: what would be sent, its tokens and its cost. No key is opened, nobody is asked, nothing is
//! written.

use mmp_shared::{
    ApiError,
    chat::{ChatRequest, Params},
    dry_run::{DryCost, DryMessage, DryRun},
    events::Notice,
    message::{ContentPart, Role, text_of},
    usage::{Usage, UsageSource},
};
use serde_json::{Map, Value};

use super::{
    Chat, Connection, Place,
    asked::Reach,
    candidate,
    fit::{Prompt, prompt},
    request,
};
use crate::{
    catalogue::cost_usd,
    providers::{ChatCall, Upstream},
    services::{error::of_provider, models::Chosen, notice, users::Account},
};

/// What of a request's body is the conversation or the way to ask, not how to answer.
const NO_PARAMS: &[&str] = &["messages", "model", "stream", "stream_options", "system"];

impl Chat {
    /// What a turn would send.
    ///
    /// # Errors
    ///
    /// As [`Self::begin`], but for a key that is missing.
    pub async fn dry_run(&self, account: &Account, connection: Connection, mut request: ChatRequest) -> Result<DryRun, ApiError> {
        request::check(&request, &self.limits, connection)?;
        let place = self.place(account, &request).await?;
        let played = self.play(account.id, &mut request, &place).await?;
        self.add_settings(account.id, &mut request).await?;
        let request = &request;
        let chosen = self.chosen(account, request, &place, &played).await?.swap_remove(0);
        let endpoint = self.providers.endpoint_without_key(&chosen.provider)?;
        let mut reach = Reach { candidates: vec![(chosen.clone(), endpoint.clone())], fits: Vec::new(), notices: Vec::new() };
        self.look(account.id, request, &place, &mut reach).await?;
        let mut fallbacks = Vec::new();
        if request.fallback {
            let others = self.models.fallbacks(account.id, &chosen).await?;
            fallbacks.extend(others.iter().map(Chosen::name));
        }
        let prompt = prompt(request, &place);
        let fit = self.fitter.fit(&prompt, &chosen, chosen.params(&request.params).max_tokens).await;
        if let Some(error) = fit.refused {
            return Err(of_provider(error, &chosen.provider.name));
        }
        let sent = Prompt {
            messages: fit.messages.clone(),
            reported: if fit.notices.is_empty() { prompt.reported } else { vec![] },
            turn: prompt.turn,
        };
        let tokens = self.fitter.tokens(&sent, &chosen).await;
        let mut notices = reach.notices;
        notices.extend(fit.notices.iter().cloned());
        let (context_window, cost) = (chosen.context_window(), cost(&chosen, tokens, &request.params));
        let refused_by = chosen.provider.name.clone();
        let candidate = candidate(chosen, endpoint, request, fit);
        let upstream = candidate.wire.chat(&candidate.call).map_err(|error| of_provider(error, &refused_by))?;
        let params = match upstream {
            Upstream::Http(http) => {
                notices.extend(http.notes.into_iter().map(|note| notice(note.code, note.phrase)));
                params_of(&http.body)
            }
            // Nobody is asked: there is nothing to send.
            Upstream::Local(_) => Map::new(),
        };
        Ok(shown(&candidate.call, place, params, Numbers { tokens, context_window, cost }, fallbacks, notices))
    }
}

/// What is counted of a turn.
struct Numbers {
    tokens: u64,
    context_window: Option<u64>,
    cost: DryCost,
}

fn shown(
    call: &ChatCall,
    place: Place,
    params: Map<String, Value>,
    numbers: Numbers,
    fallbacks: Vec<String>,
    notices: Vec<Notice>,
) -> DryRun {
    let head = call.messages.first().filter(|message| message.role == Role::System);
    let rest = &call.messages[usize::from(head.is_some())..];
    DryRun {
        conversation_id: place.conversation.map(|found| found.id),
        provider: call.endpoint.provider.clone(),
        model: call.model.clone(),
        base_url: call.endpoint.base_url.clone(),
        system: head.map(|message| text_of(&message.parts)),
        messages: rest.iter().map(|message| DryMessage { role: message.role, content: shown_parts(&message.parts) }).collect(),
        params,
        usage: Usage { prompt_tokens: Some(numbers.tokens), source: UsageSource::Estimated, ..Usage::default() },
        context_window: numbers.context_window,
        cost: numbers.cost,
        fallbacks,
        notices,
    }
}

/// Parts as they are, but for the bytes of images: who asks has them.
fn shown_parts(parts: &[ContentPart]) -> Vec<ContentPart> {
    let shown = |part: &ContentPart| match part {
        ContentPart::Image(image) => ContentPart::Text { text: image.in_words() },
        other => other.clone(),
    };
    parts.iter().map(shown).collect()
}

/// The price of the prompt, and of the longest answer that is allowed with it.
fn cost(chosen: &Chosen, prompt: u64, asked: &Params) -> DryCost {
    let left = chosen.context_window().map(|window| window.saturating_sub(prompt));
    let most = chosen.params(asked).max_tokens.into_iter().chain(chosen.max_output()).chain(left).min();
    let priced = |completion: u64| {
        let usage = Usage { prompt_tokens: Some(prompt), completion_tokens: Some(completion), ..Usage::default() };
        chosen.tariff().and_then(|tariff| cost_usd(&tariff, &usage))
    };
    DryCost { input_usd: priced(0), most_usd: most.and_then(priced), most_completion_tokens: most }
}

fn params_of(body: &[u8]) -> Map<String, Value> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(mut fields)) => {
            fields.retain(|name, _| !NO_PARAMS.contains(&name.as_str()));
            fields
        }
        _ => Map::new(),
    }
}
