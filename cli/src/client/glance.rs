//! The beginnings of lists, from a daemon that runs. None is started, and where none runs there is nothing.

use mmp_shared::{
    ApiError,
    page::{LARGEST_PAGE, Page},
};
use serde::de::DeserializeOwned;

use super::{Client, Request, encode, read};

impl Client {
    /// The first pages of a list, as large as they come.
    pub(crate) async fn first_if_running<T: DeserializeOwned>(&self, path: &str, pages: usize) -> Result<Vec<T>, ApiError> {
        let mut items = Vec::new();
        let mut query = format!("{path}?limit={LARGEST_PAGE}");
        for _ in 0..pages {
            let Some(response) = self.send_if_running(&Request::get(query)).await? else { break };
            let page: Page<T> = read(response).await?;
            items.extend(page.items);
            let Some(cursor) = page.next_cursor else { break };
            query = format!("{path}?limit={LARGEST_PAGE}&cursor={}", encode(&cursor));
        }
        Ok(items)
    }
}
