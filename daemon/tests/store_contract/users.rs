//! Accounts: by id, by name whatever its case, by OS user; names and OS users are unique.

use mmpd::store::{Entity, Operation, Precondition, StoreError, records::UserRecord};

use crate::{
    fixture::cases,
    records::{password, user, user_id},
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

    a_look_belongs_to_one_account(fixture) {
        let looks = |number, username: &str, skeleton: &str| UserRecord { skeleton: skeleton.into(), ..user(number, username) };
        fixture.put([Operation::PutUser(looks(1, "ann", "ann"))]).await;
        let taken = fixture.try_put([Operation::PutUser(looks(2, "аnn", "ann"))]).await;
        assert_eq!(taken, Err(StoreError::Conflict(Precondition::Absent(Entity::Skeleton("ann".into())))));
        fixture.put([Operation::PutUser(looks(1, "eve", "eve")), Operation::PutUser(looks(2, "аnn", "ann"))]).await;
        // The oldest accounts have none, and are many.
        fixture.put([Operation::PutUser(looks(3, "cy", "")), Operation::PutUser(looks(4, "di", ""))]).await;
        assert!(fixture.holds(Precondition::Absent(Entity::Skeleton(String::new()))).await);
    }

    accounts_are_listed_by_their_ids(fixture) {
        fixture.put((0..7).map(|number| Operation::PutUser(user(number, &format!("user {number}"))))).await;
        let (store, mut found, mut after) = (&fixture.store, Vec::new(), None);
        loop {
            let users = store.users_after(after, 3).await.expect("read");
            let Some(last) = users.last() else { break };
            after = Some(last.id);
            found.extend(users.into_iter().map(|user| user.id));
        }
        assert_eq!(found, (0..7).map(user_id).collect::<Vec<_>>());
    }

    an_account_that_is_forgotten_leaves_its_names(fixture) {
        fixture.put([Operation::PutUser(of_os_user(1, "ann", 7)), Operation::DeleteUser(user_id(9))]).await;
        fixture.put([Operation::DeleteUser(user_id(1))]).await;
        assert_eq!(fixture.store.user_by_name("ann").await, Ok(None));
        assert_eq!(fixture.store.users_after(None, 9).await, Ok(vec![]));
        fixture.put([Operation::PutUser(UserRecord { skeleton: user(1, "ann").skeleton, ..of_os_user(2, "ann", 7) })]).await;
        assert!(fixture.store.user_by_os_user(7).await.expect("read").is_some());
    }

    a_password_is_kept_and_forgotten(fixture) {
        fixture.put([Operation::PutPassword(password(1, 1)), Operation::PutPassword(password(2, 1))]).await;
        fixture.put([Operation::PutPassword(password(1, 2)), Operation::DeletePassword(user_id(2))]).await;
        assert_eq!(fixture.store.password(user_id(1)).await, Ok(Some(password(1, 2))));
        assert_eq!(fixture.store.password(user_id(2)).await, Ok(None));
        assert!(!format!("{:?}", password(1, 2)).contains("hash: ["));
    }
}
