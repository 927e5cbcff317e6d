//! Searches.

use mmp_shared::{
    ApiError,
    page::LARGEST_PAGE,
    search::{SearchOrder, SearchPage},
};

use super::{Client, Request, encode};
use crate::wanted::Wanted;

impl Client {
    /// As many messages as are wanted of those that a query finds, page by page.
    pub(crate) async fn search(&self, query: &str, order: SearchOrder, wanted: &Wanted) -> Result<SearchPage, ApiError> {
        let mut found = SearchPage { items: Vec::new(), next_cursor: wanted.cursor.clone(), notices: Vec::new() };
        loop {
            let limit = wanted.limit.map_or(LARGEST_PAGE, |limit| (limit - found.items.len()).min(LARGEST_PAGE));
            let cursor = found.next_cursor.iter().map(|cursor| format!("&cursor={}", encode(cursor))).collect::<String>();
            let path = format!("/search?q={}&sort={}&limit={limit}{cursor}", encode(query), order.as_str());
            let page: SearchPage = self.fetch(&Request::get(path)).await?;
            found.items.extend(page.items);
            found.next_cursor = page.next_cursor;
            for notice in page.notices {
                if found.notices.iter().all(|known| known.code != notice.code) {
                    found.notices.push(notice);
                }
            }
            if found.next_cursor.is_none() || wanted.limit.is_some_and(|limit| found.items.len() >= limit) {
                return Ok(found);
            }
        }
    }
}
