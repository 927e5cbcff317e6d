//! Text as the words that are looked for: the same for what is stored and for what is asked.
//!
//! Chinese, Japanese, Korean and the scripts of South-East Asia write no blank between words: each run of them becomes
//! its overlapping pairs of characters, and its last character alone, so that every character begins a token. Everything
//! else becomes Unicode's words, divided at `.`, `:` and `_` too. All are NFKC, in lower case.

use std::ops::Range;

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation as _;

/// How many characters of a word count.
const LONGEST_WORD: usize = 64;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The word, normalised.
    pub text: String,
    /// Its number among the words of the text.
    pub position: u32,
    /// Where it stands, in bytes.
    pub span: Range<usize>,
    /// Whether it is one character at the end of a run that is written without blanks.
    pub is_last_of_run: bool,
}

/// The words of a text, in order.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = 0;
    while let Some(first) = text[rest..].chars().next() {
        let is_run = has_no_blanks(first);
        let belongs = |c: char| if is_run { has_no_blanks(c) || joins(c) } else { !has_no_blanks(c) };
        let end = text[rest..].find(|c| !belongs(c)).map_or(text.len(), |length| rest + length);
        if is_run {
            push_run(text, rest..end, &mut tokens);
        } else {
            push_words(text, rest..end, &mut tokens);
        }
        rest = end;
    }
    tokens
}

fn push_run(text: &str, span: Range<usize>, tokens: &mut Vec<Token>) {
    let mut starts: Vec<usize> = Vec::new();
    for (at, c) in text[span.clone()].char_indices() {
        if starts.is_empty() || !joins(c) {
            starts.push(span.start + at);
        }
    }
    starts.push(span.end);
    for (index, start) in starts.iter().enumerate().take(starts.len() - 1) {
        let is_last_of_run = index + 2 == starts.len();
        let end = starts[(index + 2).min(starts.len() - 1)];
        push(text, *start..end, is_last_of_run, tokens);
    }
}

fn push_words(text: &str, span: Range<usize>, tokens: &mut Vec<Token>) {
    for (at, word) in text[span.clone()].unicode_word_indices() {
        let mut start = span.start + at;
        for part in word.split(['.', ':', '_']) {
            if part.chars().any(char::is_alphanumeric) {
                push(text, start..start + part.len(), false, tokens);
            }
            start += part.len() + 1;
        }
    }
}

fn push(text: &str, span: Range<usize>, is_last_of_run: bool, tokens: &mut Vec<Token>) {
    let word = normalised(&text[span.clone()]);
    if !word.is_empty() {
        // No text has 2^32 words.
        let position = u32::try_from(tokens.len()).unwrap_or(u32::MAX);
        tokens.push(Token { text: word, position, span, is_last_of_run });
    }
}

fn normalised(word: &str) -> String {
    if word.is_ascii() {
        return word[..word.len().min(LONGEST_WORD)].to_ascii_lowercase();
    }
    word.nfkc().flat_map(char::to_lowercase).nfkc().map(|c| if c == '’' { '\'' } else { c }).take(LONGEST_WORD).collect()
}

/// Whether a character belongs to the one before it.
fn joins(c: char) -> bool {
    matches!(c, '\u{ff9e}' | '\u{ff9f}') || is_combining_mark(c)
}

/// Whether a character belongs to a script that is written without blanks between words.
const fn has_no_blanks(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}'       // Thai, Lao
        | '\u{1000}'..='\u{109f}'     // Myanmar
        | '\u{1100}'..='\u{11ff}'     // Hangul in parts
        | '\u{1780}'..='\u{17ff}'     // Khmer
        | '\u{3005}'..='\u{3007}'
        | '\u{3041}'..='\u{309f}'     // Hiragana
        | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{31ff}' // Katakana, Bopomofo, Hangul for show
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' // Han
        | '\u{ac00}'..='\u{d7ff}'     // Hangul
        | '\u{ff66}'..='\u{ff9f}'     // Katakana of half width
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn words_are_folded_and_divided() {
        assert_eq!(words("Don't PANIC: foo_bar main.rs 3.14"), ["don't", "panic", "foo", "bar", "main", "rs", "3", "14"]);
        assert_eq!(words("ＡＢＣ ﬁne Ünï"), ["abc", "fine", "ünï"]);
        assert_eq!(words("?!… —"), Vec::<String>::new());
    }

    #[test]
    fn chinese_becomes_overlapping_pairs() {
        assert_eq!(words("数据库"), ["数据", "据库", "库"]);
        assert_eq!(words("用GPT写"), ["用", "gpt", "写"]);
        assert_eq!(words("你好，世界"), ["你好", "好", "世界", "界"]);
        assert_eq!(words("ｶﾞｷﾞ"), ["ガギ", "ギ"]);
    }

    proptest! {
        #[test]
        fn any_text_has_words_within_it(text in any::<String>()) {
            for (index, token) in tokens(&text).iter().enumerate() {
                prop_assert!(text.get(token.span.clone()).is_some());
                prop_assert_eq!(token.position as usize, index);
                prop_assert!(!token.text.is_empty());
            }
        }
    }
}
