//! Settings: one record a user.

use mmpd::store::Operation;

use crate::{
    fixture::cases,
    records::{settings, user_id},
};

cases! {
    each_user_has_settings_of_their_own(fixture) {
        let record = settings(1, 3, &[("model", "文心"), ("theme", "")]);
        fixture.put([Operation::PutSettings(record.clone())]).await;
        assert_eq!(fixture.store.settings(user_id(1)).await, Ok(Some(record)));
        assert_eq!(fixture.store.settings(user_id(2)).await, Ok(None));
    }
}
