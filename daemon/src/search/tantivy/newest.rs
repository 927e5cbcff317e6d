//! The newest of what a query finds, without looking at all of it.
//!
//! Messages stand in the index about as they were written. Of each block of them it is known when the first and the last was
//! written; blocks are looked through from the newest on, a few more each time, until none is left that could hold anything
//! newer than what was found. What a block spans is found out once for each segment, which never changes.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use mmp_shared::MessageId;
use tantivy::{
    DocId, DocSet as _, Searcher, SegmentReader,
    index::SegmentId,
    query::{EnableScoring, Query, Weight},
};

use super::{
    ask::{Columns, time_of},
    nanoseconds,
    schema::{halves, whole},
};
use crate::search::Found;

/// How many messages are in a block.
const BLOCK: DocId = 4_096;

/// A place in the list: when, and the halves of the id.
type Place = (i64, u64, u64);

/// When the earliest and the latest message of a block were written.
#[derive(Debug, Clone, Copy)]
struct Span {
    earliest: i64,
    latest: i64,
}

/// What the blocks of the open segments span.
#[derive(Default)]
pub(super) struct Spans(Mutex<HashMap<SegmentId, Arc<[Span]>>>);

impl Spans {
    fn of(&self, reader: &SegmentReader) -> tantivy::Result<Arc<[Span]>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&reader.segment_id()).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let spans = spans(reader)?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(reader.segment_id(), Arc::clone(&spans));
        Ok(spans)
    }

    /// Forgets what is no longer open.
    fn keep(&self, searcher: &Searcher) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() > searcher.segment_readers().len() {
            known.retain(|id, _| searcher.segment_readers().iter().any(|reader| reader.segment_id() == *id));
        }
    }
}

fn spans(reader: &SegmentReader) -> tantivy::Result<Arc<[Span]>> {
    let at = reader.fast_fields().i64("at")?;
    let span = |start: DocId| {
        let times = (start..reader.max_doc().min(start + BLOCK)).filter_map(|doc| at.first(doc));
        let none = Span { earliest: i64::MAX, latest: i64::MIN };
        times.fold(none, |span, at| Span { earliest: span.earliest.min(at), latest: span.latest.max(at) })
    };
    Ok((0..reader.max_doc()).step_by(BLOCK as usize).map(span).collect())
}

/// A block of a segment.
#[derive(Debug, Clone, Copy)]
struct Block {
    segment: u32,
    start: DocId,
    span: Span,
}

/// Finds at most `limit` of the newest messages, below a place where there is one.
pub(super) fn find(
    searcher: &Searcher,
    query: &dyn Query,
    below: Option<(Timestamp, MessageId)>,
    limit: usize,
    known: &Spans,
) -> tantivy::Result<Vec<Found>> {
    let below = below.map(|(at, id)| {
        let (high, low) = halves(id);
        (nanoseconds(at), high, low)
    });
    let mut blocks = blocks(searcher, known)?;
    blocks.retain(|block| below.is_none_or(|(at, ..)| block.span.earliest <= at));
    blocks.sort_unstable_by_key(|block| Reverse(block.span.latest));
    let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
    let mut look = Look { searcher, weight, columns: Columns::new(searcher), below, newest: Newest::new(limit) };
    let (mut rest, mut many) = (blocks.as_mut_slice(), 1);
    while let Some(next) = rest.first()
        && look.newest.takes(next.span.latest)
    {
        let (round, later) = rest.split_at_mut(many.min(rest.len()));
        round.sort_unstable_by_key(|block| (block.segment, block.start));
        for of_one in round.chunk_by(|one, other| one.segment == other.segment) {
            look.through(of_one)?;
        }
        (rest, many) = (later, many * 2);
    }
    let found = |Reverse((at, high, low))| Found { message_id: whole(high, low), at: time_of(at), score: None };
    Ok(look.newest.kept.into_sorted_vec().into_iter().map(found).collect())
}

fn blocks(searcher: &Searcher, known: &Spans) -> tantivy::Result<Vec<Block>> {
    let mut blocks = Vec::new();
    for (segment, reader) in (0..).zip(searcher.segment_readers()) {
        let spans = known.of(reader)?;
        let starts = (0..).step_by(BLOCK as usize);
        blocks.extend(starts.zip(spans.iter()).map(|(start, span)| Block { segment, start, span: *span }));
    }
    known.keep(searcher);
    Ok(blocks)
}

struct Look<'a> {
    searcher: &'a Searcher,
    weight: Box<dyn Weight>,
    columns: Columns<'a>,
    below: Option<Place>,
    newest: Newest,
}

impl Look<'_> {
    /// Looks through blocks of one segment, which are in order.
    fn through(&mut self, blocks: &[Block]) -> tantivy::Result<()> {
        let Some(segment) = blocks.first().map(|block| block.segment) else { return Ok(()) };
        let reader = self.searcher.segment_reader(segment);
        let (at, high, low) = self.columns.of(segment)?;
        let mut found = self.weight.scorer(reader, 1.0)?;
        for block in blocks {
            let mut doc = if found.doc() < block.start { found.seek(block.start) } else { found.doc() };
            while doc < block.start + BLOCK {
                let time = at.first(doc).unwrap_or_default();
                if self.newest.takes(time) && !reader.is_deleted(doc) {
                    let place = (time, high.first(doc).unwrap_or_default(), low.first(doc).unwrap_or_default());
                    if self.below.is_none_or(|below| place < below) {
                        self.newest.take(place);
                    }
                }
                doc = found.advance();
            }
        }
        Ok(())
    }
}

/// The newest so far, the oldest of them on top.
struct Newest {
    kept: BinaryHeap<Reverse<Place>>,
    limit: usize,
}

impl Newest {
    fn new(limit: usize) -> Self {
        Self { kept: BinaryHeap::new(), limit }
    }

    /// Whether a message of this time could be among them.
    fn takes(&self, time: i64) -> bool {
        self.kept.len() < self.limit || self.kept.peek().is_some_and(|Reverse((oldest, ..))| time >= *oldest)
    }

    fn take(&mut self, place: Place) {
        self.kept.push(Reverse(place));
        if self.kept.len() > self.limit {
            self.kept.pop();
        }
    }
}
