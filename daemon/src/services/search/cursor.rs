//! Where a page of what was found ended. A cursor names its order and, by a fingerprint, its user and query.

use jiff::Timestamp;
use mmp_shared::{
    ApiError, MessageId, UserId,
    search::{SearchOrder, SearchQuery},
};
use sha2::{Digest as _, Sha256};

use super::MOST_BEST;
use crate::{search::Start, store::StoreError};

/// Where a page of this query begins.
pub(super) fn start_of(user_id: UserId, asked: &SearchQuery) -> Result<Start, ApiError> {
    let Some(cursor) = &asked.cursor else {
        return Ok(match asked.sort {
            SearchOrder::Best => Start::Best { skip: 0 },
            SearchOrder::Newest => Start::Newest { below: None },
        });
    };
    let place = cursor.strip_prefix(&list(user_id, asked)).and_then(|place| place_of(asked.sort, place));
    place.ok_or_else(|| StoreError::BadCursor.into())
}

/// The cursor of a page of this query that begins here.
pub(super) fn of(user_id: UserId, asked: &SearchQuery, start: Start) -> String {
    let place = match start {
        Start::Best { skip } => skip.to_string(),
        Start::Newest { below } => below.map(|(at, id)| format!("{}_{id}", at.as_nanosecond())).unwrap_or_default(),
    };
    list(user_id, asked) + &place
}

fn place_of(order: SearchOrder, place: &str) -> Option<Start> {
    match order {
        SearchOrder::Best => {
            let skip = place.parse().ok().filter(|skip| *skip <= MOST_BEST)?;
            Some(Start::Best { skip })
        }
        SearchOrder::Newest => {
            let (at, id) = place.split_once('_')?;
            let at = Timestamp::from_nanosecond(at.parse().ok()?).ok()?;
            Some(Start::Newest { below: Some((at, id.parse::<MessageId>().ok()?)) })
        }
    }
}

fn list(user_id: UserId, asked: &SearchQuery) -> String {
    let print = Sha256::new().chain_update(user_id.as_bytes()).chain_update(asked.q.as_bytes()).finalize();
    let digits: String = print.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    format!("{}_{digits}_", asked.sort.as_str())
}
