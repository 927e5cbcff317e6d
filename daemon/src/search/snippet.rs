//! The part of a message that shows why it was found, on one line, and where in it the words stand.

use std::ops::Range;

use super::{
    query::Clause,
    tokens::{Token, tokens},
};

/// About how many characters a snippet has.
const LENGTH: usize = 160;

/// How many characters it shows before the first word that was looked for.
const BEFORE: usize = 40;

/// A snippet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The text, without line ends.
    pub text: String,
    /// Where the words stand, in characters, from the first of them to behind the last. In order, and apart.
    pub highlights: Vec<(usize, usize)>,
}

/// The snippet of a text for what was looked for.
pub fn snippet(text: &str, clauses: &[Clause]) -> Snippet {
    let words = tokens(text);
    let mut marked: Vec<Range<usize>> = clauses.iter().flat_map(|clause| places(&words, clause)).collect();
    marked.sort_by_key(|span| (span.start, span.end));
    let start = marked.first().map_or(0, |first| start_before(text, first.start));
    shown(text, start, &marked)
}

/// Where a clause stands in a text, in bytes.
fn places(words: &[Token], clause: &Clause) -> Vec<Range<usize>> {
    let last = clause.words.len().saturating_sub(1);
    let is_it = |index: usize, token: &Token| {
        let word = &clause.words[index].1;
        if index == last && clause.is_beginning { token.text.starts_with(word.as_str()) } else { token.text == *word }
    };
    let mut places = Vec::new();
    for first in 0..words.len() {
        let found: Option<Vec<&Token>> = (0..=last)
            .map(|index| words.get(first + clause.words[index].0 as usize).filter(|token| is_it(index, token)))
            .collect();
        places.extend(found.into_iter().flatten().enumerate().map(|(index, token)| {
            let is_one_character = index == last && clause.is_beginning && clause.words[index].1.chars().nth(1).is_none();
            if is_one_character && !token.text.is_ascii() { first_character(token) } else { token.span.clone() }
        }));
    }
    places
}

/// The first character of a pair, where only it was looked for.
fn first_character(token: &Token) -> Range<usize> {
    let width = token.text.chars().next().map_or(0, char::len_utf8);
    token.span.start..(token.span.start + width).min(token.span.end)
}

/// Where a snippet begins that shows this place: after a blank, if there is one near.
fn start_before(text: &str, place: usize) -> usize {
    let before = &text[..place];
    let Some((start, _)) = before.char_indices().rev().nth(BEFORE) else { return 0 };
    before[start..].find(char::is_whitespace).map_or(start, |blank| start + blank)
}

fn shown(text: &str, start: usize, marked: &[Range<usize>]) -> Snippet {
    let (mut shown, mut count, mut is_cut) = (String::new(), 0, false);
    let mut highlights: Vec<(usize, usize)> = Vec::new();
    if start > 0 {
        shown.push('…');
        count += 1;
    }
    let mut marks = marked.iter().peekable();
    let mut end_of_mark = 0;
    for (at, c) in text[start..].char_indices().map(|(at, c)| (at + start, c)) {
        if count > LENGTH {
            is_cut = true;
            break;
        }
        let c = if c.is_whitespace() || c.is_control() { ' ' } else { c };
        if c == ' ' && (shown.is_empty() || shown.ends_with([' ', '…'])) {
            continue;
        }
        while let Some(mark) = marks.next_if(|mark| mark.start <= at) {
            end_of_mark = end_of_mark.max(mark.end);
        }
        if at < end_of_mark {
            match highlights.last_mut() {
                Some((_, end)) if *end == count => *end += 1,
                _ => highlights.push((count, count + 1)),
            }
        }
        shown.push(c);
        count += 1;
    }
    let text = if is_cut { format!("{}…", shown.trim_end()) } else { shown.trim_end().to_owned() };
    Snippet { text, highlights }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::query::parse, *};

    fn marked(text: &str, query: &str) -> Vec<String> {
        let snippet = snippet(text, &parse(query).clauses);
        let cut = |(start, end): &(usize, usize)| snippet.text.chars().skip(*start).take(end - start).collect();
        snippet.highlights.iter().map(cut).collect()
    }

    #[test]
    fn what_was_looked_for_is_marked() {
        assert_eq!(marked("The Quick brown fox", "quick fox"), ["Quick", "fox"]);
        assert_eq!(marked("在数据库里", "数据库"), ["数据库"]);
        assert_eq!(marked("在数据库里", "库"), ["库"]);
        assert_eq!(marked("a quick quick brown", "\"quick brown\""), ["quick", "brown"]);
        assert_eq!(marked("workings", "work*"), ["workings"]);
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_place() {
        let text = format!("{} needle {}", "hay\n".repeat(200), "hay ".repeat(200));
        let snippet = snippet(&text, &parse("needle").clauses);
        assert!(snippet.text.starts_with("…hay") && snippet.text.ends_with('…'), "{}", snippet.text);
        assert!(snippet.text.chars().count() < 170 && !snippet.text.contains('\n'));
        assert_eq!(marked(&text, "needle"), ["needle"]);
    }

    proptest! {
        #[test]
        fn highlights_lie_within(text in "[a-c库数据 \n]{0,400}", query in "[a-c库数据 *\"]{0,12}") {
            let snippet = snippet(&text, &parse(&query).clauses);
            let length = snippet.text.chars().count();
            prop_assert!(snippet.highlights.iter().all(|(start, end)| start < end && *end <= length + 1));
        }
    }
}
