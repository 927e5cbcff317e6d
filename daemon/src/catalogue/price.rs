//! What an answer cost, by the prices of the catalogue.

use mmp_shared::{models::Price, usage::Usage};

/// A price, and how far it holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tariff {
    /// US dollars for a million tokens.
    pub price: Price,
    /// The longest prompt, in tokens, that the price holds for; none is any.
    pub priced_to: Option<u64>,
}

/// The price of an answer in US dollars; `None` where the numbers are not known, or the prompt is longer
/// than the price holds for. Never a guess.
pub fn cost_usd(tariff: &Tariff, usage: &Usage) -> Option<f64> {
    let price = tariff.price;
    let (prompt, completion) = (usage.prompt_tokens?, usage.completion_tokens?);
    if tariff.priced_to.is_some_and(|limit| prompt > limit) {
        return None;
    }
    let cached = usage.cached_tokens.unwrap_or(0).min(prompt);
    let fresh = prompt - cached;
    let per_million =
        fresh as f64 * price.input + cached as f64 * price.cached_input.unwrap_or(price.input) + completion as f64 * price.output;
    Some(per_million / 1_000_000.0)
}

#[cfg(test)]
mod tests {
    use mmp_shared::usage::UsageSource;

    use super::*;

    fn tariff(priced_to: Option<u64>) -> Tariff {
        Tariff { price: Price { input: 2.0, cached_input: Some(0.5), output: 8.0 }, priced_to }
    }

    fn usage(prompt: u64, cached: u64, completion: u64) -> Usage {
        Usage {
            prompt_tokens: Some(prompt),
            cached_tokens: Some(cached),
            completion_tokens: Some(completion),
            reasoning_tokens: None,
            source: UsageSource::Provider,
        }
    }

    #[test]
    fn cached_tokens_cost_less_and_are_not_counted_twice() {
        let cost = cost_usd(&tariff(None), &usage(1_000_000, 400_000, 100_000)).expect("all is known");
        assert!((cost - (1.2 + 0.2 + 0.8)).abs() < 1e-9, "{cost}");
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        assert_eq!(cost_usd(&tariff(None), &Usage::default()), None);
        assert_eq!(cost_usd(&tariff(Some(10)), &usage(11, 0, 1)), None);
    }
}
