//! Roles: a user's own, by name.

use mmpd::store::Operation;

use crate::{
    fixture::cases,
    records::{role, user_id},
};

cases! {
    each_user_has_roles_of_their_own_by_name(fixture) {
        fixture.put(["翻译", "b", "a"].map(|name| Operation::PutRole(role(1, name, 1)))).await;
        fixture.put([Operation::PutRole(role(2, "a", 7))]).await;
        assert_eq!(fixture.store.roles(user_id(1)).await, Ok(vec![role(1, "a", 1), role(1, "b", 1), role(1, "翻译", 1)]));
        assert_eq!(fixture.store.role(user_id(2), "a").await, Ok(Some(role(2, "a", 7))));
        assert_eq!(fixture.store.role(user_id(2), "b").await, Ok(None));
        assert_eq!(fixture.store.role(user_id(1), "").await, Ok(None));
        assert_eq!(fixture.store.roles(user_id(3)).await, Ok(vec![]));
    }

    a_role_can_be_changed_and_forgotten(fixture) {
        let mut long = role(1, "a", 2);
        long.system = Some("长".repeat(9_000));
        fixture.put([Operation::PutRole(role(1, "a", 1))]).await;
        fixture.put([Operation::PutRole(long.clone())]).await;
        assert_eq!(fixture.store.roles(user_id(1)).await, Ok(vec![long]));
        let forget = Operation::DeleteRole(user_id(1), "a".into());
        fixture.put([forget.clone()]).await;
        fixture.put([forget]).await;
        assert_eq!(fixture.store.role(user_id(1), "a").await, Ok(None));
    }
}
