//! Access tokens: by id, by user, and all of them in order; their last use.

use mmpd::store::{Operation, records::TokenRecord};

use crate::{
    fixture::cases,
    records::{at, token, token_id, user_id},
};

cases! {
    a_token_is_kept_and_forgotten(fixture) {
        fixture.put([Operation::PutToken(token(1, 1)), Operation::PutToken(token(2, 1)), Operation::PutToken(token(3, 2))]).await;
        fixture.put([Operation::DeleteToken(token_id(1)), Operation::DeleteToken(token_id(9))]).await;
        let store = &fixture.store;
        assert_eq!(store.token(token_id(1)).await, Ok(None));
        assert_eq!(store.tokens(user_id(1)).await, Ok(vec![token(2, 1)]));
        assert_eq!(store.tokens_after(None, 1).await, Ok(vec![token(2, 1)]));
        assert_eq!(store.tokens_after(Some(token_id(2)), 9).await, Ok(vec![token(3, 2)]));
    }

    a_use_is_noted_and_brings_no_token_back(fixture) {
        fixture.put([Operation::PutToken(token(1, 1)), Operation::TouchToken(token_id(1), at(5)), Operation::TouchToken(token_id(2), at(5))]).await;
        let used = TokenRecord { last_used_at: Some(at(5)), ..token(1, 1) };
        assert_eq!(fixture.store.token(token_id(1)).await, Ok(Some(used)));
        assert_eq!(fixture.store.token(token_id(2)).await, Ok(None));
    }
}
