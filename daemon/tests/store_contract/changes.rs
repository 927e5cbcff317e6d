//! What was done to messages: every change has a position, in order, and only the last one of a message is kept.

use mmpd::store::{Batch, Entity, Operation, Precondition};

use crate::{
    fixture::cases,
    records::{conversation, message, message_id, user_id},
};

cases! {
    changes_come_in_order_from_any_position(fixture) {
        assert_eq!(*fixture.store.message_position().borrow(), 0);
        fixture.put([5, 3, 9].map(|number| Operation::PutMessage(message(number, 1, 1, "text")))).await;
        let position = *fixture.store.message_position().borrow();
        let all = fixture.store.message_changes(0, 10).await.expect("read");
        let ids: Vec<_> = all.iter().map(|change| change.message_id).collect();
        assert_eq!(ids, [5, 3, 9].map(message_id));
        assert!(all.windows(2).all(|pair| pair[0].position < pair[1].position));
        assert_eq!(all.last().map(|change| change.position), Some(position));
        assert_eq!(all[0].message, Some(message(5, 1, 1, "text")));
        assert_eq!(fixture.store.message_changes(all[0].position, 1).await, Ok(vec![all[1].clone()]));
        assert_eq!(fixture.store.message_changes(position, 10).await, Ok(vec![]));
    }

    only_the_last_change_of_a_message_is_kept(fixture) {
        fixture.put([1, 2, 3].map(|number| Operation::PutMessage(message(number, 1, 1, "first")))).await;
        let before = *fixture.store.message_position().borrow();
        fixture.put([Operation::PutMessage(message(1, 1, 1, "second")), Operation::DeleteMessage(message_id(2))]).await;
        let all = fixture.store.message_changes(0, 10).await.expect("read");
        let said: Vec<_> = all.iter().map(|change| (change.message_id, change.message.is_some())).collect();
        assert_eq!(said, [(message_id(3), true), (message_id(1), true), (message_id(2), false)]);
        assert!(all[1].position > before && all[2].position > all[1].position);
        assert_eq!(fixture.store.message(user_id(1), message_id(2)).await, Ok(None));
    }

    what_was_not_there_is_not_forgotten_and_what_was_refused_did_not_happen(fixture) {
        fixture.put([Operation::DeleteMessage(message_id(1))]).await;
        let batch = Batch::new()
            .require(Precondition::Present(Entity::Message(message_id(7))))
            .then(Operation::PutMessage(message(1, 1, 1, "never")));
        assert!(fixture.store.commit(batch).await.is_err());
        assert_eq!(*fixture.store.message_position().borrow(), 0);
        assert_eq!(fixture.store.message_changes(0, 10).await, Ok(vec![]));
    }

    found_messages_are_the_owners_in_the_order_asked(fixture) {
        let mut title = conversation(1, 1, 1);
        title.title = "a title".into();
        fixture.put([Operation::PutConversation(title)]).await;
        fixture.put([1, 2].map(|number| Operation::PutMessage(message(number, 1, 1, "text")))).await;
        let ids = vec![message_id(2), message_id(9), message_id(1)];
        let found = fixture.store.found_messages(user_id(1), ids.clone()).await.expect("read");
        let said: Vec<_> = found.iter().map(|found| (found.message.id, found.title.as_str())).collect();
        assert_eq!(said, [(message_id(2), "a title"), (message_id(1), "a title")]);
        assert_eq!(fixture.store.found_messages(user_id(2), ids).await, Ok(vec![]));
    }
}
