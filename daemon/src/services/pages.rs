//! From the page that a client asks for to the page that the store gives.

use mmp_shared::page::{DEFAULT_LIMIT, LARGEST_PAGE, PageQuery};

use crate::store::PageRequest;

/// The store's page for a query: 1 to [`LARGEST_PAGE`] records.
pub(super) fn page_request(query: PageQuery) -> PageRequest {
    PageRequest { limit: query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, LARGEST_PAGE), cursor: query.cursor }
}
