//! Logins: by id, by user, and all of them in order, for the table that is kept in memory.

use mmpd::store::Operation;

use crate::{
    fixture::cases,
    records::{login, login_id, user_id},
};

cases! {
    a_login_is_kept_changed_and_forgotten(fixture) {
        fixture.put([Operation::PutLogin(login(1, 1, 1)), Operation::PutLogin(login(2, 1, 1)), Operation::PutLogin(login(3, 2, 1))]).await;
        fixture.put([Operation::PutLogin(login(2, 1, 2)), Operation::DeleteLogin(login_id(9))]).await;
        let store = &fixture.store;
        assert_eq!(store.login(login_id(2)).await, Ok(Some(login(2, 1, 2))));
        assert_eq!(store.logins(user_id(1)).await, Ok(vec![login(1, 1, 1), login(2, 1, 2)]));
        fixture.put([Operation::DeleteLogin(login_id(1))]).await;
        assert_eq!(store.login(login_id(1)).await, Ok(None));
        assert_eq!(store.logins(user_id(1)).await, Ok(vec![login(2, 1, 2)]));
    }

    all_logins_are_read_in_parts(fixture) {
        fixture.put((0..5).map(|number| Operation::PutLogin(login(number, number % 2, 1)))).await;
        let store = &fixture.store;
        let first = store.logins_after(None, 3).await.expect("read");
        assert_eq!(first, (0..3).map(|number| login(number, number % 2, 1)).collect::<Vec<_>>());
        assert_eq!(store.logins_after(Some(login_id(2)), 3).await.expect("read").len(), 2);
        assert_eq!(store.logins_after(Some(login_id(4)), 3).await, Ok(vec![]));
    }
}
