//! Words that are scored, among messages that something else narrows.
//!
//! tantivy skips whole blocks of messages that cannot be among the best, but only where every part of a query is a word. Here
//! the words are looked for as if they stood alone, and each message that is good enough is asked whether it passes. Where few
//! pass, too few would be good enough for anything to be skipped: then both are walked together.

use std::sync::Arc;

use tantivy::{
    DocId, DocSet as _, Score, SegmentReader, TERMINATED,
    query::{EnableScoring, Explanation, Query, Scorer, Weight, intersect_scorers},
};

/// Where less than this part of a segment's messages passes, these are few.
const FEW: u32 = 16;

/// What words find, as far as it passes every filter. The words alone are scored.
#[derive(Debug, Clone)]
pub(super) struct Filtered {
    words: Arc<dyn Query>,
    filters: Arc<[Box<dyn Query>]>,
}

impl Filtered {
    pub(super) fn new(words: Box<dyn Query>, filters: Vec<Box<dyn Query>>) -> Self {
        Self { words: words.into(), filters: filters.into() }
    }
}

impl Query for Filtered {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let filters = self.filters.iter().map(|filter| filter.weight(scoring)).collect::<tantivy::Result<_>>()?;
        Ok(Box::new(FilteredWeight { words: self.words.weight(scoring)?, filters }))
    }
}

struct FilteredWeight {
    words: Box<dyn Weight>,
    filters: Vec<Box<dyn Weight>>,
}

impl FilteredWeight {
    fn passing(&self, reader: &SegmentReader) -> tantivy::Result<Vec<Box<dyn Scorer>>> {
        self.filters.iter().map(|filter| filter.scorer(reader, 1.0)).collect()
    }

    /// Both walked together.
    fn walk(&self, mut passing: Vec<Box<dyn Scorer>>, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        passing.push(self.words.scorer(reader, boost)?);
        Ok(intersect_scorers(passing, reader.num_docs()))
    }
}

impl Weight for FilteredWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        self.walk(self.passing(reader)?, reader, boost)
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.words.explain(reader, doc)
    }

    fn for_each_pruning(
        &self,
        mut threshold: Score,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        let mut passing = self.passing(reader)?;
        let most = passing.iter().map(|filter| filter.size_hint()).min().unwrap_or_default();
        if most < reader.max_doc() / FEW {
            let mut both = self.walk(passing, reader, 1.0)?;
            while both.doc() != TERMINATED {
                let score = both.score();
                if score > threshold {
                    threshold = callback(both.doc(), score);
                }
                both.advance();
            }
            return Ok(());
        }
        self.words.for_each_pruning(threshold, reader, &mut |doc, score| {
            if passing.iter_mut().all(|filter| passes(filter.as_mut(), doc)) {
                threshold = callback(doc, score);
            }
            threshold
        })
    }
}

/// Messages are asked about in order.
fn passes(filter: &mut dyn Scorer, doc: DocId) -> bool {
    let reached = if filter.doc() < doc { filter.seek(doc) } else { filter.doc() };
    reached == doc
}
