//! The filters of a query: what their values mean.

use std::sync::Arc;

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use mmp_shared::{ApiError, ErrorCode, message::Role, phrase};

use super::super::conversations::Conversations;
use crate::search::{
    Question,
    query::{Filter, ROLES},
};

/// Narrows a question.
pub(super) async fn apply(
    conversations: &Arc<Conversations>,
    filters: Vec<(Filter, String)>,
    question: &mut Question,
) -> Result<(), ApiError> {
    for (filter, value) in filters {
        match filter {
            Filter::Model => question.models.push(value.to_lowercase()),
            Filter::Role => question.roles.push(role(&value)?),
            Filter::After => question.after = question.after.max(Some(time("after", &value)?)),
            Filter::Before => {
                let before = time("before", &value)?;
                question.before = Some(question.before.map_or(before, |known| known.min(before)));
            }
            Filter::In => question.conversations.push(conversations.find(question.user_id, &value).await?.id),
        }
    }
    Ok(())
}

fn role(value: &str) -> Result<Role, ApiError> {
    ROLES.iter().copied().find(|role| value.eq_ignore_ascii_case(role.as_str())).ok_or_else(|| {
        let roles = ROLES.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ");
        let phrase = phrase!("error-search-role", value = value);
        ApiError::new(ErrorCode::BadRequest, phrase).with_hint(phrase!("hint-search-role", roles = roles))
    })
}

/// A day begins at midnight UTC; a time without an offset is UTC.
fn time(filter: &str, value: &str) -> Result<Timestamp, ApiError> {
    let day = |date: Date| TimeZone::UTC.to_timestamp(date.into()).ok();
    let clock = |time: DateTime| TimeZone::UTC.to_timestamp(time).ok();
    let found = value.parse::<Timestamp>().ok();
    let found = found.or_else(|| if value.contains(['T', ':']) { clock(value.parse().ok()?) } else { day(value.parse().ok()?) });
    found.ok_or_else(|| {
        let phrase = phrase!("error-search-time", filter = filter, value = value);
        ApiError::new(ErrorCode::BadRequest, phrase).with_hint(phrase!("hint-search-time"))
    })
}
