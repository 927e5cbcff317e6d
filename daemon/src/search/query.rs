//! What a person types to look for something, understood: words, "phrases", beginnings*, and filters.
//!
//! Pure. What a filter's value names, a conversation say, is left to the service.

use mmp_shared::message::Role;

use super::tokens::tokens;

/// What stands between two words of a query that belong together, and must stand there in the text too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The words, each with how many words after the first one it comes. Never empty.
    pub words: Vec<(u32, String)>,
    /// Whether the last word is only the beginning of one.
    pub is_beginning: bool,
}

/// A query, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// What a message must contain, all of it.
    pub clauses: Vec<Clause>,
    /// What else it must be, in order: the filter and its value.
    pub filters: Vec<(Filter, String)>,
}

/// A filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// The model or the provider that wrote it.
    Model,
    /// Who speaks.
    Role,
    /// The earliest time.
    After,
    /// The time before which it was written.
    Before,
    /// Its conversation.
    In,
}

/// The filters by name.
const FILTERS: &[(&str, Filter)] =
    &[("model", Filter::Model), ("role", Filter::Role), ("after", Filter::After), ("before", Filter::Before), ("in", Filter::In)];

/// The roles that can be asked for.
pub const ROLES: &[Role] = &[Role::User, Role::Assistant, Role::System, Role::Tool];

/// Understands a query. There is none that cannot be understood, but one may say nothing.
pub fn parse(text: &str) -> Query {
    let mut query = Query::default();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        rest = take_part(rest, &mut query).trim_start();
    }
    query
}

/// Takes the first part of a query, which begins with no blank, and returns what follows.
fn take_part<'a>(text: &'a str, query: &mut Query) -> &'a str {
    if let Some((filter, value)) = filter_of(text) {
        let (value, rest) = quoted(value).unwrap_or_else(|| bare(value));
        query.filters.push((filter, value.to_owned()));
        return rest;
    }
    if let Some((phrase, rest)) = quoted(text) {
        let beginning = rest.strip_prefix(['*', '＊']);
        query.clauses.extend(clause(phrase, beginning.is_some()));
        return beginning.unwrap_or(rest);
    }
    let (word, rest) = bare(text);
    let (word, is_beginning) = word.strip_suffix(['*', '＊']).map_or((word, false), |word| (word, true));
    query.clauses.extend(clause(word, is_beginning));
    rest
}

/// The filter that a part begins with, and what stands behind its colon.
fn filter_of(text: &str) -> Option<(Filter, &str)> {
    let (name, value) = text.split_once([':', '：'])?;
    let (_, filter) = FILTERS.iter().find(|(known, _)| name.eq_ignore_ascii_case(known))?;
    (!value.starts_with(char::is_whitespace) && !value.is_empty()).then_some((*filter, value))
}

/// What stands in quotes at the beginning, to the end where they are not closed, and what follows.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let marks = ['"', '“', '”'];
    let inner = text.strip_prefix(marks)?;
    Some(inner.split_once(marks).unwrap_or((inner, "")))
}

/// What stands before the next blank or quote, and what follows.
fn bare(text: &str) -> (&str, &str) {
    let end = text.char_indices().skip(1).find(|(_, c)| c.is_whitespace() || matches!(c, '"' | '“' | '”'));
    text.split_at(end.map_or(text.len(), |(at, _)| at))
}

/// The words of a part. The last character of a run that is written without blanks is only looked for where the run is
/// that one character: it may then begin any pair.
fn clause(text: &str, is_beginning: bool) -> Option<Clause> {
    let all = tokens(text);
    let is_alone = |index: usize| {
        let before = index.checked_sub(1).map(|before| &all[before]);
        before.is_none_or(|before| before.span.end != all[index].span.end)
    };
    let kept = all.iter().enumerate().filter(|(index, token)| !token.is_last_of_run || is_alone(*index));
    let words: Vec<_> = kept.map(|(_, token)| token).collect();
    let (first, last) = (words.first()?.position, words.last()?);
    let is_beginning = last.is_last_of_run || (is_beginning && !all.last()?.is_last_of_run);
    Some(Clause { words: words.iter().map(|token| (token.position - first, token.text.clone())).collect(), is_beginning })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(query: &str) -> Vec<Vec<String>> {
        parse(query).clauses.into_iter().map(|clause| clause.words.into_iter().map(|(_, word)| word).collect()).collect()
    }

    #[test]
    fn words_phrases_and_beginnings_are_told_apart() {
        assert_eq!(words("rust \"exact Phrase\" main.rs"), [vec!["rust"], vec!["exact", "phrase"], vec!["main", "rs"]]);
        assert_eq!(words("“两个 词”"), [vec!["两个", "词"]]);
        assert!(parse("wor*").clauses[0].is_beginning);
        assert!(!parse("word").clauses[0].is_beginning);
    }

    #[test]
    fn chinese_is_looked_for_wherever_it_stands() {
        assert_eq!(words("数据库"), [vec!["数据", "据库"]]);
        let one = &parse("库").clauses[0];
        assert_eq!((one.words.len(), one.is_beginning), (1, true));
        let mixed = &parse("数据GPT").clauses[0];
        assert_eq!(mixed.words, [(0, "数据".to_owned()), (2, "gpt".to_owned())]);
    }

    #[test]
    fn filters_are_no_words() {
        let query = parse("model:gpt role：user in:\"my title\" http://x after:");
        let filters: Vec<_> = query.filters.iter().map(|(filter, value)| (*filter, value.as_str())).collect();
        assert_eq!(filters, [(Filter::Model, "gpt"), (Filter::Role, "user"), (Filter::In, "my title")]);
        assert_eq!(words("http://x"), [vec!["http", "x"]]);
    }

    #[test]
    fn punctuation_says_nothing() {
        for text in ["", "  ", "???", "\"\"", "*", "。，"] {
            assert_eq!(parse(text), Query::default(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_query(text in any::<String>()) {
            prop_assert!(parse(&text).clauses.iter().all(|clause| clause.words.first().is_some_and(|(at, _)| *at == 0)));
        }

        #[test]
        fn any_mix_of_signs_is_a_query(text in "[a库 \":“”*：inrole]{0,40}") {
            parse(&text);
        }
    }
}
