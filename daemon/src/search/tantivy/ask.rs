//! A question as a query of tantivy's, and what it finds.

use std::{
    collections::{HashMap, hash_map::Entry},
    ops::Bound,
};

use jiff::Timestamp;
use mmp_shared::UserId;
use tantivy::{
    DocAddress, Searcher, Term,
    collector::TopDocs,
    columnar::Column,
    query::{
        BooleanQuery, ConstScoreQuery, InvertedIndexRangeQuery, Occur, PhrasePrefixQuery, PhraseQuery, Query, RangeQuery,
        TermQuery,
    },
    schema::IndexRecordOption,
};

use super::{
    filtered::Filtered,
    nanoseconds,
    newest::{self, Spans},
    schema::{ANY, Fields, conversation_mark, model_mark, owned, role_mark, whole},
};
use crate::search::{Found, Question, Start, fresh::Statistics, query::Clause};

/// How many words a beginning at the end of a phrase may stand for.
const MOST_ENDINGS: u32 = 10_000;

/// Finds at most `limit` messages, in order, from the start of the question's list; what a page leaves out included.
pub(super) fn find(
    searcher: &Searcher,
    fields: &Fields,
    question: &Question,
    limit: usize,
    spans: &Spans,
) -> tantivy::Result<Vec<Found>> {
    let query = query(fields, question);
    match question.start {
        Start::Best { .. } => {
            let hits = searcher.search(&query, &TopDocs::with_limit(limit).order_by_score())?;
            let mut columns = Columns::new(searcher);
            hits.into_iter().map(|(score, address)| columns.found(address, score)).collect()
        }
        Start::Newest { below } => newest::find(searcher, query.as_ref(), below, limit, spans),
    }
}

pub(super) fn time_of(nanoseconds: i64) -> Timestamp {
    Timestamp::from_nanosecond(i128::from(nanoseconds)).unwrap_or_default()
}

/// Of a segment: when, and the halves of the id.
pub(super) type Opened = (Column<i64>, Column<u64>, Column<u64>);

/// Times and ids of messages, by segment, each opened once.
pub(super) struct Columns<'a> {
    searcher: &'a Searcher,
    of: HashMap<u32, Opened>,
}

impl<'a> Columns<'a> {
    pub(super) fn new(searcher: &'a Searcher) -> Self {
        Self { searcher, of: HashMap::new() }
    }

    /// Those of a segment.
    pub(super) fn of(&mut self, segment: u32) -> tantivy::Result<&Opened> {
        match self.of.entry(segment) {
            Entry::Occupied(opened) => Ok(opened.into_mut()),
            Entry::Vacant(unopened) => {
                let fields = self.searcher.segment_reader(segment).fast_fields();
                Ok(unopened.insert((fields.i64("at")?, fields.u64("id_high")?, fields.u64("id_low")?)))
            }
        }
    }

    fn found(&mut self, address: DocAddress, score: f32) -> tantivy::Result<Found> {
        let (at, high, low) = self.of(address.segment_ord)?;
        let number = |column: &Column<u64>| column.first(address.doc_id).unwrap_or_default();
        let at = time_of(at.first(address.doc_id).unwrap_or_default());
        Ok(Found { message_id: whole(number(high), number(low)), at, score: Some(score) })
    }
}

fn query(fields: &Fields, question: &Question) -> Box<dyn Query> {
    let user_id = question.user_id;
    let words: Vec<Box<dyn Query>> = question.clauses.iter().map(|clause| clause_query(fields, user_id, clause)).collect();
    let marks = question.models.iter().map(|name| model_mark(name));
    let marks = marks.chain(question.roles.iter().map(|role| role_mark(*role)));
    let mut marks: Vec<String> = marks.chain(question.conversations.iter().map(|id| conversation_mark(*id))).collect();
    if words.is_empty() && marks.is_empty() {
        marks.push(ANY.to_owned());
    }
    let marks = marks.iter().map(|mark| {
        let term = Term::from_field_text(fields.marks, &owned(user_id, mark));
        unscored(TermQuery::new(term, IndexRecordOption::Basic))
    });
    let filters: Vec<Box<dyn Query>> = marks.chain(times(fields, question)).collect();
    match (words.is_empty(), filters.is_empty()) {
        (true, _) => all_of(filters),
        (false, true) => all_of(words),
        (false, false) => Box::new(Filtered::new(all_of(words), filters)),
    }
}

/// One alone stays as it is: it is found without looking at every message that has it.
fn all_of(mut parts: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    if parts.len() == 1 {
        return parts.remove(0);
    }
    Box::new(BooleanQuery::new(parts.into_iter().map(|part| (Occur::Must, part)).collect()))
}

fn unscored(query: impl Query) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(Box::new(query), 0.0))
}

/// Every word carries its owner: no clause can meet another user's message.
fn clause_query(fields: &Fields, user_id: UserId, clause: &Clause) -> Box<dyn Query> {
    let terms: Vec<(usize, Term)> = terms(fields, user_id, clause);
    match (terms.as_slice(), clause.is_beginning) {
        ([(_, term)], false) => Box::new(TermQuery::new(term.clone(), IndexRecordOption::WithFreqs)),
        ([_], true) => beginning(fields, &owned(user_id, &clause.words[0].1)),
        (_, false) => Box::new(PhraseQuery::new_with_offset(terms)),
        (_, true) => {
            let mut query = PhrasePrefixQuery::new_with_offset(terms);
            query.set_max_expansions(MOST_ENDINGS);
            Box::new(query)
        }
    }
}

fn terms(fields: &Fields, user_id: UserId, clause: &Clause) -> Vec<(usize, Term)> {
    let term = |word: &str| Term::from_field_text(fields.words, &owned(user_id, word));
    clause.words.iter().map(|(at, word)| (*at as usize, term(word))).collect()
}

fn beginning(fields: &Fields, start: &str) -> Box<dyn Query> {
    // The last character of Unicode comes after every word that begins so.
    let end = format!("{start}{}", char::MAX);
    let term = |text: &str| Term::from_field_text(fields.words, text);
    Box::new(InvertedIndexRangeQuery::new(Bound::Included(term(start)), Bound::Excluded(term(&end))))
}

fn times(fields: &Fields, question: &Question) -> Vec<Box<dyn Query>> {
    let term = |at: Timestamp| Term::from_field_i64(fields.at, nanoseconds(at));
    let range = |from: Bound<Term>, to: Bound<Term>| unscored(RangeQuery::new(from, to));
    let after = question.after.map(|after| range(Bound::Included(term(after)), Bound::Unbounded));
    let before = question.before.map(|before| range(Bound::Unbounded, Bound::Excluded(term(before))));
    after.into_iter().chain(before).collect()
}

/// What the index knows of a question's words, for those who are scored outside of it.
pub(super) struct Known {
    rarities: Vec<f32>,
    average_length: f32,
}

#[allow(clippy::cast_precision_loss, reason = "nobody counts a score to its last digit")]
pub(super) fn statistics(searcher: &Searcher, fields: &Fields, question: &Question) -> tantivy::Result<Known> {
    let messages = searcher.num_docs();
    let mut words = 0;
    for segment in searcher.segment_readers() {
        words += segment.inverted_index(fields.words)?.total_num_tokens();
    }
    let rarity = |clause: &Clause| {
        let mut sum = 0.0;
        for (_, term) in terms(fields, question.user_id, clause) {
            let with = searcher.doc_freq(&term)?;
            let without = messages.saturating_sub(with) as f32;
            sum += (1.0 + (without + 0.5) / (with as f32 + 0.5)).ln();
        }
        Ok::<_, tantivy::TantivyError>(sum)
    };
    let rarities = question.clauses.iter().map(rarity).collect::<Result<_, _>>()?;
    Ok(Known { rarities, average_length: (words as f32 / messages.max(1) as f32).max(1.0) })
}

impl Statistics for Known {
    fn rarity(&self, clause: usize) -> f32 {
        self.rarities.get(clause).copied().unwrap_or_default()
    }

    fn average_length(&self) -> f32 {
        self.average_length
    }
}
