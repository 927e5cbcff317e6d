//! Attempts to log in: the newest first for a name, the oldest first for whoever forgets them.

use mmpd::store::{Operation, PageRequest};

use crate::{
    fixture::{all_pages, cases},
    records::{at, attempt},
};

cases! {
    the_newest_attempt_at_a_name_comes_first(fixture) {
        let put = [(1, 1, 5), (2, 1, 9), (3, 1, 9), (4, 2, 7)].map(|(number, subject, time)| Operation::PutLoginAttempt(attempt(number, subject, time)));
        fixture.put(put).await;
        let all = all_pages(2, |page| fixture.store.login_attempts([1; 16], page)).await;
        assert_eq!(all, [attempt(3, 1, 9), attempt(2, 1, 9), attempt(1, 1, 5)]);
        assert_eq!(fixture.store.login_attempts([3; 16], PageRequest::first(9)).await.expect("a page").items, []);
    }

    old_attempts_are_found_and_forgotten(fixture) {
        fixture.put([(1, 1, 5), (2, 2, 3), (3, 1, 9)].map(|(number, subject, time)| Operation::PutLoginAttempt(attempt(number, subject, time)))).await;
        let store = &fixture.store;
        assert_eq!(store.old_login_attempts(at(9), 9).await, Ok(vec![attempt(2, 2, 3), attempt(1, 1, 5)]));
        assert_eq!(store.old_login_attempts(at(9), 1).await, Ok(vec![attempt(2, 2, 3)]));
        let old = attempt(2, 2, 3);
        fixture.put([Operation::DeleteLoginAttempt(old.subject, old.at, old.id)]).await;
        assert_eq!(store.old_login_attempts(at(9), 9).await, Ok(vec![attempt(1, 1, 5)]));
        assert_eq!(store.login_attempts([2; 16], PageRequest::first(9)).await.expect("a page").items, []);
    }
}
