//! Makes a provider's words fit to be quoted: without keys, on one line, short, without control characters.

use mmp_shared::Phrase;
use zeroize::Zeroizing;

use crate::providers::{Endpoint, ProviderError};

/// The longest quotation, in characters.
const LONGEST: usize = 300;
/// What stands in the place of a key.
const HIDDEN: &str = "[hidden]";
/// Keys shorter than this are hidden only where they stand alone: one letter is in every word.
const SHORT: usize = 8;

/// The keys that must not be shown.
#[derive(Clone)]
pub(super) struct Secrets(Vec<Zeroizing<String>>);

impl Secrets {
    pub(super) fn of(endpoint: &Endpoint) -> Self {
        let keys = endpoint.api_key.iter().chain(&endpoint.secret_key).chain(&endpoint.token);
        Self(keys.map(|key| Zeroizing::new(key.trim().to_owned())).filter(|key| !key.is_empty()).collect())
    }

    /// Takes one more.
    pub(super) fn add(&mut self, secret: Option<&Zeroizing<String>>) {
        self.0.extend(secret.cloned());
    }

    /// The same error, fit to be shown.
    pub(super) fn clean(&self, mut error: ProviderError) -> ProviderError {
        self.clean_phrase(&mut error.phrase);
        if let Some(hint) = &mut error.hint {
            self.clean_phrase(hint);
        }
        error
    }

    fn clean_phrase(&self, phrase: &mut Phrase) {
        for value in phrase.args.values_mut() {
            *value = cut(&self.hide(&one_line(value)));
        }
    }

    /// The words without the keys, and without what a provider left of one when it masked it.
    fn hide(&self, words: &str) -> String {
        let mut words = words.to_owned();
        for key in &self.0 {
            words = if key.len() < SHORT { hide_alone(&words, key) } else { words.replace(key.as_str(), HIDDEN) };
            words = hide_masked(&words, key);
        }
        words
    }
}

/// One line, without control characters and what else could play with a terminal.
fn one_line(words: &str) -> String {
    // Nobody reads past this; a key that would begin beyond it is not shown either.
    let words = words.char_indices().nth(64 * 1024).map_or(words, |(end, _)| &words[..end]);
    let is_hostile = |c: char| {
        c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let spaced: String = words.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_hostile(*c)).collect();
    spaced.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn cut(words: &str) -> String {
    match words.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words.to_owned(),
    }
}

/// Hides a short key where no letter or digit touches it.
fn hide_alone(words: &str, key: &str) -> String {
    let mut result = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(at) = rest.find(key) {
        let (before, after) = (&rest[..at], &rest[at + key.len()..]);
        let touches = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let last = before.chars().next_back().or_else(|| result.chars().next_back());
        result.push_str(before);
        result.push_str(if touches(last) || touches(after.chars().next()) { key } else { HIDDEN });
        rest = after;
    }
    result + rest
}

/// Hides words such as `sk-ab****yz` that show a key's two ends.
fn hide_masked(words: &str, key: &str) -> String {
    let is_edge = |c: char| c.is_whitespace() || "\"'`,;:()[]{}".contains(c);
    words
        .split_inclusive(is_edge)
        .map(|piece| {
            let word = piece.trim_end_matches(is_edge);
            let bare = word.trim_end_matches('.');
            if is_masked(bare, key) { piece.replacen(bare, HIDDEN, 1) } else { piece.to_owned() }
        })
        .collect()
}

fn is_masked(word: &str, key: &str) -> bool {
    let mask = |c: char| c == '*' || c == '•' || c == '…';
    let (Some(from), Some(to)) = (word.find(mask), word.rfind(mask)) else { return false };
    let (head, tail) = (&word[..from], word[to..].trim_start_matches(mask));
    head.len() + tail.len() > 0 && key.starts_with(head) && key.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(key: &str) -> Secrets {
        Secrets(vec![Zeroizing::new(key.into())])
    }

    #[test]
    fn a_key_is_hidden_whole_and_masked() {
        let secrets = secrets("sk-abcdefghij-key");
        assert_eq!(secrets.hide("key sk-abcdefghij-key, no"), "key [hidden], no");
        assert_eq!(secrets.hide("provided: sk-ab*******_key. Find"), "provided: sk-ab*******_key. Find");
        assert_eq!(secrets.hide("provided: sk-ab*******-key. Find"), "provided: [hidden]. Find");
        assert_eq!(secrets.hide("api key: ****-key is"), "api key: [hidden] is");
    }

    #[test]
    fn a_short_key_is_hidden_where_it_stands_alone() {
        assert_eq!(secrets("no").hide("no, not `no`"), "[hidden], not `[hidden]`");
    }

    #[test]
    fn words_are_one_short_line() {
        assert_eq!(one_line(" a\n\tb\u{1b}[31m \u{202e}c "), "a b[31m c");
        assert_eq!(cut(&"好".repeat(400)).chars().count(), LONGEST + 1);
        let words = format!("{} sk-abcdefghij-key", "x".repeat(LONGEST - 10));
        assert!(!cut(&secrets("sk-abcdefghij-key").hide(&words)).contains("sk-"));
    }
}
