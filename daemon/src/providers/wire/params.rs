//! Which flag a refused parameter came from, so that a hint can name it.

use super::errors::Complaint;

/// What providers call the parameters that have a flag, and the flag.
const FLAGS: &[(&[&str], &str)] = &[
    (&["temperature"], "--temperature"),
    (&["max_tokens", "max_completion_tokens", "max_output_tokens"], "--max-tokens"),
    (
        &["reasoning_effort", "reasoning", "thinking", "enable_thinking", "thinking_budget", "chat_template_kwargs", "think"],
        "--think",
    ),
    (&["stream_options", "stream"], "--no-stream"),
];

/// What stands in a request for other reasons than a parameter.
const OWN: &[&str] = &["messages", "model", "system", "input", "body"];

/// The flag behind the parameter that a complaint names, in its field or in its words.
pub fn flag_of(complaint: &Complaint) -> Option<String> {
    match complaint.param.as_deref().map(root_of).filter(|param| !param.is_empty()) {
        Some(param) if OWN.contains(&param) => None,
        Some(param) => Some(known(param).map_or_else(|| format!("--param {param}"), str::to_owned)),
        None => words(&complaint.message).find_map(known).map(str::to_owned),
    }
}

/// `thinking` of `thinking.budget_tokens`, `messages` of `messages[0].content`.
fn root_of(param: &str) -> &str {
    param.split(['.', '[']).next().unwrap_or_default()
}

fn known(param: &str) -> Option<&'static str> {
    FLAGS.iter().find(|(names, _)| names.contains(&param)).map(|(_, flag)| *flag)
}

/// The words that could be names. Of those that are also plain English only ones with an underscore are names for sure.
fn words(message: &str) -> impl Iterator<Item = &str> {
    let split = message.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    split.filter(|word| word.contains('_') || *word == "temperature")
}

#[cfg(test)]
mod tests {
    use super::{super::errors::read_body, *};

    fn flag(body: &str) -> Option<String> {
        flag_of(&read_body(body.as_bytes()))
    }

    #[test]
    fn a_refused_parameter_has_its_flag() {
        for (body, expected) in [
            (r#"{"error":{"message":"no","param":"max_tokens","code":"unsupported_parameter"}}"#, Some("--max-tokens")),
            (r#"{"error":{"message":"no","param":"temperature","code":"unsupported_value"}}"#, Some("--temperature")),
            (r#"{"error":{"message":"no","param":"thinking.budget_tokens"}}"#, Some("--think")),
            (r#"{"error":{"message":"no","param":"top_p"}}"#, Some("--param top_p")),
            (r#"{"detail":[{"loc":["body","top_k"],"msg":"Extra inputs are not permitted"}]}"#, Some("--param top_k")),
            (r#"{"error":{"message":"no","param":"messages[0].content"}}"#, None),
            (
                r#"{"error":{"type":"invalid_request_error","message":"invalid temperature: only 1 is allowed"}}"#,
                Some("--temperature"),
            ),
            (r#"{"error":{"message":"parameter.enable_thinking must be set to false"}}"#, Some("--think")),
            (r#"{"error":{"message":"the model is thinking of a stream"}}"#, None),
        ] {
            assert_eq!(flag(body).as_deref(), expected, "{body}");
        }
    }
}
