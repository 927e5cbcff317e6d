//! What the answers that are shown took and cost.

use mmp_shared::phrase;

use super::model::Model;
use crate::output::time;

/// The tokens and the cost, as far as they are known, in words.
pub(crate) fn totals(model: &Model) -> Vec<String> {
    let (mut tokens, mut cost, mut is_known) = (0, 0.0, false);
    for answer in model.transcript.answers() {
        tokens += answer.usage.prompt_tokens.unwrap_or(0) + answer.usage.completion_tokens.unwrap_or(0);
        if let Some(dollars) = answer.cost_usd {
            (cost, is_known) = (cost + dollars, true);
        }
    }
    let mut parts = Vec::new();
    if tokens > 0 {
        parts.push(phrase!("screen-tokens", tokens = tokens).render(model.language));
    }
    if is_known {
        parts.push(time::cost(cost));
    }
    parts
}
