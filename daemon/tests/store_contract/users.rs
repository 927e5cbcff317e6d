//! Accounts: by id, by name whatever its case, by OS user; names and OS users are unique.

use mmpd::store::{Entity, Operation, Precondition, StoreError, records::UserRecord};

use crate::{
    fixture::cases,
    records::{user, user_id},
};

fn of_os_user(number: u64, username: &str, os_user: u32) -> UserRecord {
    UserRecord { os_user: Some(os_user), ..user(number, username) }
}

cases! {
    an_account_is_found_by_each_of_its_names(fixture) {
        let record = of_os_user(1, "Änne", 1000);
        fixture.put([Operation::PutUser(record.clone()), Operation::PutUser(user(2, "小明"))]).await;
        let store = &fixture.store;
        assert_eq!(store.user(user_id(1)).await, Ok(Some(record.clone())));
        assert_eq!(store.user_by_name("änne").await, Ok(Some(record.clone())));
        assert_eq!(store.user_by_name("ÄNNE").await, Ok(Some(record.clone())));
        assert_eq!(store.user_by_name("小明").await, Ok(Some(user(2, "小明"))));
        assert_eq!(store.user_by_os_user(1000).await, Ok(Some(record)));
        assert_eq!(store.user_by_os_user(0).await, Ok(None));
        assert_eq!(store.user_by_name("änn").await, Ok(None));
        assert_eq!(store.user(user_id(3)).await, Ok(None));
    }

    a_name_belongs_to_one_account(fixture) {
        fixture.put([Operation::PutUser(user(1, "ann"))]).await;
        let taken = fixture.try_put([Operation::PutUser(user(2, "ANN"))]).await;
        assert_eq!(taken, Err(StoreError::Conflict(Precondition::Absent(Entity::Username("ANN".into())))));
        assert_eq!(fixture.store.user(user_id(2)).await, Ok(None));
    }

    an_os_user_belongs_to_one_account(fixture) {
        fixture.put([Operation::PutUser(of_os_user(1, "ann", 0))]).await;
        let taken = fixture.try_put([Operation::PutUser(of_os_user(2, "bob", 0))]).await;
        assert_eq!(taken, Err(StoreError::Conflict(Precondition::Absent(Entity::OsUser(0)))));
        assert_eq!(fixture.store.user_by_name("bob").await, Ok(None));
    }

    a_renamed_account_gives_its_names_back(fixture) {
        fixture.put([Operation::PutUser(of_os_user(1, "ann", 7))]).await;
        fixture.put([Operation::PutUser(of_os_user(1, "Anna", 8))]).await;
        fixture.put([Operation::PutUser(of_os_user(2, "ann", 7))]).await;
        assert_eq!(fixture.store.user_by_name("ann").await, Ok(Some(of_os_user(2, "ann", 7))));
        assert_eq!(fixture.store.user_by_name("anna").await, Ok(Some(of_os_user(1, "Anna", 8))));
        assert_eq!(fixture.store.user_by_os_user(7).await, Ok(Some(of_os_user(2, "ann", 7))));
    }
}
