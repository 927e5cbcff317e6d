//! The built-in demo: a few prepared answers and an echo, so that mmp can be tried with no key and no network.
//!
//! It says first that it is no AI. It makes no tokens, so their number is unknown. Its words stand in the catalogues; it
//! answers in Chinese where the prompt holds Chinese.

use std::time::Duration;

use mmp_shared::{
    Language, Phrase,
    message::{FinishReason, Role, text_of},
    models::ListedModel,
    usage::Usage,
};

use super::{
    ChatCall, ChatMessage, Decoder, Delta, Endpoint, Facts, GO_ON, HttpCall, Provider, ProviderError, Refusal, Upstream,
    wire::{decoder::ChatDecoder, errors},
};

static FACTS: Facts = Facts { name: "demo", base_url: None, env: &[], needs_key: false, flagship: Some("demo"), pair: None };

/// The most pieces of an answer that is watched, and the pause before each: a second in all.
const MOST_PIECES: usize = 40;
const PAUSE: Duration = Duration::from_millis(25);
/// How much of a prompt is said again.
const LONGEST_ECHO: usize = 2_000;

/// What the demo can speak of: the words that ask for it, and the answer.
const TOPICS: &[(&[&str], &str)] = &[
    (&["key", "token", "openai", "provider", "密钥", "服务商", "令牌"], "demo-keys"),
    (&["what can", "feature", "command", "mmp", "能做", "功能", "命令", "怎么用", "用法"], "demo-features"),
    (&["hello", "hi", "hey", "help", "你好", "您好", "帮助", "在吗"], "demo-hello"),
];

/// The demo.
#[derive(Debug, Clone, Copy)]
pub struct Demo;

impl Provider for Demo {
    fn facts(&self) -> &Facts {
        &FACTS
    }

    fn chat(&self, call: &ChatCall) -> Result<Upstream, ProviderError> {
        let mut prompts =
            call.messages.iter().rev().filter(|message| message.role == Role::User).map(|said| text_of(&said.parts));
        let prompt = prompts.next().unwrap_or_default();
        let answer = match (prompt == GO_ON, prompts.next()) {
            (true, Some(earlier)) => rest(&answer(&earlier), &call.messages),
            _ => answer(&prompt),
        };
        let mut pieces = if call.watched { paced(&answer) } else { vec![(Duration::ZERO, Delta::Text(answer))] };
        pieces.push((Duration::ZERO, Delta::Usage(Usage::default())));
        pieces.push((Duration::ZERO, Delta::Finish(FinishReason::Stop)));
        Ok(Upstream::Local(pieces))
    }

    fn decoder(&self, call: &ChatCall) -> Box<dyn Decoder> {
        Box::new(ChatDecoder::new(&call.endpoint.provider))
    }

    fn refused(&self, refusal: Refusal<'_>) -> ProviderError {
        errors::refused(refusal)
    }

    fn list_models(&self, _endpoint: &Endpoint) -> Option<HttpCall> {
        None
    }

    fn read_models(&self, _endpoint: &Endpoint, _body: &[u8]) -> Result<Vec<ListedModel>, ProviderError> {
        Ok(FACTS.flagship.map(ListedModel::named).into_iter().collect())
    }
}

fn answer(prompt: &str) -> String {
    let language = if prompt.chars().any(is_chinese) { Language::Chinese } else { Language::English };
    let opening = Phrase::new("demo-not-an-ai").render(language);
    match topic(prompt) {
        Some(key) => format!("{opening}\n\n{}\n", Phrase::new(key).render(language)),
        None => {
            let (echo, closing) = (Phrase::new("demo-echo").render(language), Phrase::new("demo-topics").render(language));
            format!("{opening}\n\n{echo}\n\n{}\n\n{closing}\n", quoted(prompt))
        }
    }
}

/// What is missing of an answer whose beginning is the last that the demo said.
fn rest(whole: &str, messages: &[ChatMessage]) -> String {
    let part = messages.iter().rev().find(|message| message.role == Role::Assistant).map(|said| text_of(&said.parts));
    part.and_then(|part| whole.strip_prefix(&*part)).unwrap_or(whole).to_owned()
}

fn topic(prompt: &str) -> Option<&'static str> {
    let prompt = prompt.to_lowercase();
    let words: Vec<&str> = prompt.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let asks = |phrase: &&str| {
        if phrase.is_ascii() && !phrase.contains(' ') {
            words.iter().any(|word| word.trim_end_matches('s') == *phrase)
        } else {
            prompt.contains(*phrase)
        }
    };
    // A long text is somebody's own and no question to the demo.
    let is_question = prompt.chars().count() <= 200;
    TOPICS.iter().find(|(phrases, _)| is_question && phrases.iter().any(asks)).map(|(_, key)| *key)
}

/// The prompt as a Markdown quotation.
fn quoted(prompt: &str) -> String {
    let end = prompt.char_indices().nth(LONGEST_ECHO).map(|(end, _)| end);
    let echo = end.map_or_else(|| prompt.trim().to_owned(), |end| format!("{}…", prompt[..end].trim()));
    echo.lines().map(|line| format!("> {line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

const fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

/// The answer in pieces at a pace that can be followed.
fn paced(answer: &str) -> Vec<(Duration, Delta)> {
    let characters: Vec<char> = answer.chars().collect();
    let length = characters.len().div_ceil(MOST_PIECES).max(4);
    let pieces = characters.chunks(length).enumerate();
    pieces.map(|(place, piece)| (if place == 0 { Duration::ZERO } else { PAUSE }, Delta::Text(piece.iter().collect()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_first_that_it_is_no_ai() {
        for prompt in ["", "hello", "how do I add a key?", "what is the capital of France?"] {
            assert!(answer(prompt).starts_with("I am mmp's built-in demo, not an AI"), "{prompt}");
        }
        assert!(answer("法国的首都是哪里？").starts_with("我是 mmp 内置的演示，不是 AI"));
    }

    #[test]
    fn each_topic_has_its_answer_and_the_rest_is_an_echo() {
        assert_eq!(topic("Where do API keys go?"), Some("demo-keys"));
        assert_eq!(topic("怎么添加密钥"), Some("demo-keys"));
        assert_eq!(topic("what can you do?"), Some("demo-features"));
        assert_eq!(topic("Hi!"), Some("demo-hello"));
        assert_eq!(topic("this is history"), None);
        assert!(answer("one\n007").contains("> one\n> 007"));
    }

    #[test]
    fn a_watched_answer_takes_a_second_at_most() {
        for text in [answer("keys"), "x".repeat(10_000), "短".into()] {
            let pieces = paced(&text);
            assert!(pieces.iter().map(|(pause, _)| *pause).sum::<Duration>() <= Duration::from_secs(1));
            let joined: String =
                pieces.iter().map(|(_, delta)| if let Delta::Text(text) = delta { text.as_str() } else { "" }).collect();
            assert_eq!(joined, text);
        }
    }
}
