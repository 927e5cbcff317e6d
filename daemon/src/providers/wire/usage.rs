//! Makes the token counts of OpenAI-like providers mean the same: the prompt counts cached tokens too, the completion
//! counts reasoning too. Nothing is invented: a number that was not sent stays unknown.

use mmp_shared::usage::{Usage, UsageSource};
use serde_json::Value;

/// The usage of a chunk or of a whole answer, wherever it stands in it: at the top, in the first choice (Moonshot) or in
/// `x_groq`.
pub fn find(value: &Value) -> Option<Usage> {
    [value.get("usage"), value.pointer("/choices/0/usage"), value.pointer("/x_groq/usage")].into_iter().flatten().find_map(read)
}

/// The numbers of one usage object; `None` where it holds none.
pub fn read(usage: &Value) -> Option<Usage> {
    let number = |paths: &[&str]| paths.iter().find_map(|path| usage.pointer(path).and_then(count));
    let prompt = number(&["/prompt_tokens", "/input_tokens"]);
    let total = number(&["/total_tokens"]);
    let cached_tokens = number(&[
        "/prompt_tokens_details/cached_tokens",
        "/input_tokens_details/cached_tokens",
        "/prompt_cache_hit_tokens",
        "/cached_tokens",
    ]);
    let reasoning_tokens =
        number(&["/completion_tokens_details/reasoning_tokens", "/output_tokens_details/reasoning_tokens", "/reasoning_tokens"]);
    // What is left of the total is the completion, whatever the provider counts in its own number.
    let rest = prompt.zip(total).and_then(|(prompt, total)| total.checked_sub(prompt));
    let completion = number(&["/completion_tokens", "/output_tokens"]);
    if prompt.is_none() && completion.is_none() {
        return None;
    }
    Some(Usage {
        prompt_tokens: prompt.map(|prompt| with_cached(prompt, cached_tokens)),
        completion_tokens: completion.map(|completion| with_reasoning(completion, reasoning_tokens, rest)).or(rest),
        cached_tokens,
        reasoning_tokens,
        source: UsageSource::Provider,
    })
}

/// More cached tokens than tokens in all: the provider counts them apart.
fn with_cached(prompt: u64, cached: Option<u64>) -> u64 {
    match cached {
        Some(cached) if cached > prompt => prompt.saturating_add(cached),
        _ => prompt,
    }
}

/// xAI leaves reasoning out of the completion, and only its total tells.
fn with_reasoning(completion: u64, reasoning: Option<u64>, rest: Option<u64>) -> u64 {
    let both = completion.saturating_add(reasoning.unwrap_or(0));
    if rest == Some(both) { both } else { completion }
}

/// A count, which a few servers send as a number with a point.
fn count(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_f64().filter(|number| *number >= 0.0 && number.fract() == 0.0).map(|number| number as u64))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn numbers(usage: Value) -> (Option<u64>, Option<u64>, Option<u64>, Option<u64>) {
        let usage = read(&usage).expect("numbers");
        assert_eq!(usage.source, UsageSource::Provider);
        (usage.prompt_tokens, usage.completion_tokens, usage.cached_tokens, usage.reasoning_tokens)
    }

    #[test]
    fn numbers_that_mean_what_they_should_stay() {
        let usage = json!({"prompt_tokens": 14, "completion_tokens": 139, "total_tokens": 153,
            "prompt_tokens_details": {"cached_tokens": 10}, "completion_tokens_details": {"reasoning_tokens": 128}});
        assert_eq!(numbers(usage), (Some(14), Some(139), Some(10), Some(128)));
    }

    #[test]
    fn cached_tokens_counted_apart_are_added() {
        let usage = json!({"prompt_tokens": 7, "completion_tokens": 8, "prompt_tokens_details": {"cached_tokens": 161}});
        assert_eq!(numbers(usage), (Some(168), Some(8), Some(161), None));
    }

    #[test]
    fn reasoning_counted_apart_is_added() {
        let usage = json!({"prompt_tokens": 12, "completion_tokens": 1, "total_tokens": 303,
            "completion_tokens_details": {"reasoning_tokens": 290}});
        assert_eq!(numbers(usage), (Some(12), Some(291), None, Some(290)));
    }

    #[test]
    fn what_was_not_said_is_unknown() {
        assert_eq!(numbers(json!({"prompt_tokens": 3})), (Some(3), None, None, None));
        assert_eq!(numbers(json!({"prompt_tokens": 3, "total_tokens": 5})), (Some(3), Some(2), None, None));
        assert_eq!(read(&json!({})), None);
        assert_eq!(read(&Value::Null), None);
    }

    #[test]
    fn it_is_found_where_it_stands() {
        let expected = read(&json!({"prompt_tokens": 1, "completion_tokens": 2}));
        for chunk in [
            json!({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}}),
            json!({"choices": [{"usage": {"prompt_tokens": 1, "completion_tokens": 2}}], "usage": null}),
            json!({"x_groq": {"id": "a", "usage": {"prompt_tokens": 1, "completion_tokens": 2}}}),
        ] {
            assert_eq!(find(&chunk), expected, "{chunk}");
        }
    }
}
