//! Messages: by id and by conversation, of any size, each to its owner alone.

use mmpd::store::Operation;

use crate::{
    fixture::cases,
    records::{conversation_id, full_message, message, message_id, user_id},
};

cases! {
    what_was_put_comes_back_with_every_field(fixture) {
        let record = full_message(1, 1, 1);
        fixture.put([Operation::PutMessage(record.clone())]).await;
        assert_eq!(fixture.store.message(user_id(1), message_id(1)).await, Ok(Some(record.clone())));
        assert_eq!(fixture.store.messages(user_id(1), conversation_id(1)).await, Ok(vec![record]));
    }

    a_conversation_gives_its_own_messages_the_oldest_first(fixture) {
        let numbers = [5, 3, 9, 1, 7];
        let others = numbers.map(|number| Operation::PutMessage(message(number + 1, 2, 1, "other")));
        fixture.put(numbers.map(|number| Operation::PutMessage(message(number, 1, 1, "own"))).into_iter().chain(others)).await;
        let found = fixture.store.messages(user_id(1), conversation_id(1)).await.expect("read");
        assert_eq!(found, [1, 3, 5, 7, 9].map(|number| message(number, 1, 1, "own")));
    }

    to_another_user_it_is_absent(fixture) {
        fixture.put([Operation::PutMessage(message(1, 1, 1, "secret"))]).await;
        assert_eq!(fixture.store.message(user_id(2), message_id(1)).await, Ok(None));
        assert_eq!(fixture.store.messages(user_id(2), conversation_id(1)).await, Ok(vec![]));
    }

    a_message_may_be_8_mib_long(fixture) {
        let text: String = "你好，world ".chars().cycle().take(5 << 20).collect();
        assert!(text.len() > 8 << 20);
        let record = message(1, 1, 1, &text);
        fixture.put([Operation::PutMessage(record.clone()), Operation::PutMessage(message(2, 1, 1, "after"))]).await;
        assert!(fixture.store.message(user_id(1), message_id(1)).await == Ok(Some(record.clone())));
        assert!(fixture.store.messages(user_id(1), conversation_id(1)).await == Ok(vec![record, message(2, 1, 1, "after")]));
    }

    sizes_around_every_limit_come_back(fixture) {
        let sizes = [0, 1, 5_700, 5_800, 5_900, 6_000, 11_900, 12_000, 12_100, 131_000, 131_100, 524_288, 600_000];
        let records: Vec<_> = (0_u64..).zip(sizes).map(|(number, size)| message(number, 1, 1, &"x".repeat(size))).collect();
        fixture.put(records.iter().cloned().map(Operation::PutMessage)).await;
        assert!(fixture.store.messages(user_id(1), conversation_id(1)).await == Ok(records));
    }

    a_record_may_shrink_and_grow(fixture) {
        for size in [10, 100_000, 20_000, 7, 6_001, 50_000] {
            let record = message(1, 1, 1, &"x".repeat(size));
            fixture.put([Operation::PutMessage(record.clone())]).await;
            assert!(fixture.store.message(user_id(1), message_id(1)).await == Ok(Some(record)), "{size}");
        }
    }

    a_message_that_moves_is_in_one_place(fixture) {
        fixture.put([Operation::PutMessage(message(1, 1, 1, "hi"))]).await;
        fixture.put([Operation::PutMessage(message(1, 2, 1, "hi"))]).await;
        assert_eq!(fixture.store.messages(user_id(1), conversation_id(1)).await, Ok(vec![]));
        assert_eq!(fixture.store.messages(user_id(1), conversation_id(2)).await, Ok(vec![message(1, 2, 1, "hi")]));
    }
}
