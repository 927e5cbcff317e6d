//! Looking for messages: every one of the caller's, and nobody else's.
//!
//! The index finds; the store has the last word on what a message says, whose it is and what its conversation is called.
//! `feed` keeps the index up to the store, `filters` turns what was typed into what the index is asked, `cursor` is
//! where a page ended.

mod cursor;
mod feed;
mod filters;

use std::sync::Arc;

use mmp_shared::{
    ApiError, ErrorCode, UserId,
    events::Notice,
    message::text_of,
    page::{DEFAULT_LIMIT, LARGEST_PAGE},
    phrase,
    search::{LONGEST_QUERY, SearchHit, SearchPage, SearchQuery},
};
use tokio::sync::Notify;

use super::{conversations::Conversations, notice};
use crate::{
    search::{Found, Question, SearchError, SearchIndex, Start, query, snippet::snippet},
    store::{Store, records::FoundMessage},
};

/// How many of the best are found at most.
const MOST_BEST: usize = 10_000;

/// The service of searches.
pub struct Search {
    store: Arc<dyn Store>,
    index: Arc<dyn SearchIndex>,
    conversations: Arc<Conversations>,
    wake: Notify,
}

impl Search {
    /// The service over a store and an index that is derived from it.
    pub fn new(store: Arc<dyn Store>, index: Arc<dyn SearchIndex>, conversations: Arc<Conversations>) -> Self {
        Self { store, index, conversations, wake: Notify::new() }
    }

    /// A page of a user's messages that a query finds.
    ///
    /// # Errors
    ///
    /// `bad_request` for a query that is too long or says nothing, a filter's value that makes no sense, and a cursor of
    /// another list; `not_found` for a conversation that is not there; the store's.
    pub async fn find(&self, user_id: UserId, asked: SearchQuery) -> Result<SearchPage, ApiError> {
        let mut question = self.question(user_id, &asked).await?;
        let limit = asked.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, LARGEST_PAGE);
        // One more says whether there is a next page.
        question.limit = limit + 1;
        let mut notices = Vec::new();
        // What a search opens is closed again once nobody searches.
        self.wake.notify_one();
        let mut behind = self.catch_up_a_little().await?;
        let found = match self.index.find(question.clone()).await {
            Err(SearchError::Damaged(_)) => {
                // It was thrown away, and is built anew while this search and others go on.
                self.wake.notify_one();
                behind = self.catch_up_a_little().await?;
                self.index.find(question.clone()).await?
            }
            other => other?,
        };
        if behind > 0 {
            notices.push(notice("index_catching_up", phrase!("notice-index_catching_up", behind = behind)));
        }
        let next_cursor = self.next_cursor(user_id, &asked, &question, &found, limit, &mut notices);
        let found: Vec<Found> = found.into_iter().take(limit).collect();
        let ids = found.iter().map(|hit| hit.message_id).collect();
        let messages = self.store.found_messages(user_id, ids).await?;
        let items = messages.into_iter().map(|message| hit(message, &found, &question)).collect();
        Ok(SearchPage { items, next_cursor, notices })
    }

    /// Whether the index on disk knows everything that the store does.
    pub async fn is_written(&self) -> bool {
        let written = self.index.reached().await.ok().and_then(|reached| reached.written);
        written.map_or(0, |(position, _)| position) == *self.store.message_position().borrow()
    }

    async fn question(&self, user_id: UserId, asked: &SearchQuery) -> Result<Question, ApiError> {
        let length = asked.q.chars().count();
        if length > LONGEST_QUERY {
            let phrase = phrase!("error-search-too-long", size = length, limit = LONGEST_QUERY);
            return Err(ApiError::new(ErrorCode::BadRequest, phrase).with_hint(phrase!("hint-search-too-long")));
        }
        let parsed = query::parse(&asked.q);
        if parsed.clauses.is_empty() && parsed.filters.is_empty() {
            let phrase = phrase!("error-search-nothing", query = asked.q);
            return Err(ApiError::new(ErrorCode::BadRequest, phrase).with_hint(phrase!("hint-search-nothing")));
        }
        let start = cursor::start_of(user_id, asked)?;
        let mut question = Question {
            user_id,
            clauses: parsed.clauses,
            models: Vec::new(),
            roles: Vec::new(),
            conversations: Vec::new(),
            after: None,
            before: None,
            start,
            limit: 0,
        };
        filters::apply(&self.conversations, parsed.filters, &mut question).await?;
        Ok(question)
    }

    fn next_cursor(
        &self,
        user_id: UserId,
        asked: &SearchQuery,
        question: &Question,
        found: &[Found],
        limit: usize,
        notices: &mut Vec<Notice>,
    ) -> Option<String> {
        let last = found.get(..limit).and_then(<[Found]>::last).filter(|_| found.len() > limit)?;
        let start = match question.start {
            Start::Best { skip } if skip + limit >= MOST_BEST => {
                notices.push(notice("search_best_only", phrase!("notice-search_best_only", count = MOST_BEST)));
                return None;
            }
            Start::Best { skip } => Start::Best { skip: skip + limit },
            Start::Newest { .. } => Start::Newest { below: Some((last.at, last.message_id)) },
        };
        Some(cursor::of(user_id, asked, start))
    }
}

fn hit(found: FoundMessage, places: &[Found], question: &Question) -> SearchHit {
    let message = found.message;
    let shown = snippet(&text_of(&message.content), &question.clauses);
    let place = places.iter().find(|place| place.message_id == message.id);
    SearchHit {
        conversation_id: message.conversation_id,
        message_id: message.id,
        title: found.title,
        role: message.role,
        at: message.created_at,
        snippet: shown.text,
        highlights: shown.highlights,
        score: place.and_then(|place| place.score),
    }
}

impl From<SearchError> for ApiError {
    fn from(error: SearchError) -> Self {
        tracing::error!(%error, "the search index failed");
        let (SearchError::Damaged(reason) | SearchError::Failed(reason)) = error;
        Self::new(ErrorCode::StorageFailed, phrase!("error-search-failed", reason = reason))
            .with_hint(phrase!("hint-search-failed"))
    }
}
