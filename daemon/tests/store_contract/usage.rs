//! The ledger: the newest line first, each user's own.

use mmpd::store::{Operation, PageRequest, StoreError};

use crate::{
    fixture::{all_pages, cases},
    records::{usage, user_id},
};

cases! {
    the_newest_line_comes_first(fixture) {
        let times = [(1, 5), (2, 9), (3, 1), (4, 9)];
        fixture.put(times.map(|(run, time)| Operation::PutUsage(usage(run, 1, time)))).await;
        fixture.put([Operation::PutUsage(usage(5, 2, 7))]).await;
        let store = &fixture.store;
        for limit in [1, 2, 4, 5] {
            let all = all_pages(limit, |page| store.usage(user_id(1), page)).await;
            assert_eq!(all, [usage(4, 1, 9), usage(2, 1, 9), usage(1, 1, 5), usage(3, 1, 1)], "{limit}");
        }
        let page = PageRequest { limit: 1, cursor: Some("0".into()) };
        assert_eq!(store.usage(user_id(1), page).await, Err(StoreError::BadCursor));
    }

    a_line_written_twice_counts_once(fixture) {
        fixture.put([Operation::PutUsage(usage(1, 1, 5)), Operation::PutUsage(usage(1, 1, 5))]).await;
        fixture.put([Operation::PutUsage(usage(1, 1, 5))]).await;
        assert_eq!(fixture.store.usage(user_id(1), PageRequest::first(9)).await.expect("a page").items, [usage(1, 1, 5)]);
    }
}
