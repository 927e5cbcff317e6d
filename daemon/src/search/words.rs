//! The words of one message and where they stand, for messages that the index on disk does not hold yet.

use std::collections::HashMap;

use super::{query::Clause, tokens::tokens};

/// The words of one text.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// Each word's positions, in order.
    pub(super) positions: HashMap<Box<str>, Vec<u32>>,
    /// How many words there are.
    pub(super) length: usize,
}

impl Words {
    pub(super) fn of(text: &str) -> Self {
        let mut words = Self::default();
        for token in tokens(text) {
            words.positions.entry(token.text.into_boxed_str()).or_default().push(token.position);
            words.length += 1;
        }
        words
    }

    /// How often the text contains a clause.
    pub(super) fn count(&self, clause: &Clause) -> usize {
        let Some(((_, last), before)) = clause.words.split_last() else { return 0 };
        let ends = self.places(last, clause.is_beginning);
        let gap = clause.words.last().map_or(0, |(gap, _)| *gap);
        let fits = |end: &&u32| {
            let Some(start) = end.checked_sub(gap) else { return false };
            before.iter().all(|(at, word)| self.stands_at(word, start + at))
        };
        ends.iter().filter(fits).count()
    }

    fn places(&self, word: &str, is_beginning: bool) -> Vec<u32> {
        if !is_beginning {
            return self.positions.get(word).cloned().unwrap_or_default();
        }
        let begun = self.positions.iter().filter(|(known, _)| known.starts_with(word));
        begun.flat_map(|(_, places)| places.iter().copied()).collect()
    }

    fn stands_at(&self, word: &str, position: u32) -> bool {
        self.positions.get(word).is_some_and(|places| places.binary_search(&position).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::{super::query::parse, *};

    fn is_in(query: &str, text: &str) -> bool {
        let words = Words::of(text);
        parse(query).clauses.iter().all(|clause| words.count(clause) > 0)
    }

    #[test]
    fn a_text_contains_what_stands_in_it() {
        let text = "The quick brown fox 在数据库里查询 main.rs";
        for query in ["fox", "\"quick brown\"", "qui*", "数据", "数据库", "库", "在", "里查", "main.rs", "\"fox 在数\""]
        {
            assert!(is_in(query, text), "{query}");
        }
        for query in ["foxes", "\"brown quick\"", "据数", "rs.main", "ick*", "\"quick fox\""] {
            assert!(!is_in(query, text), "{query}");
        }
    }
}
