//! What is left after the store was closed, or let go of, and opened again. Only for engines that keep files.

use mmpd::store::{Operation, PageRequest, StoreError};

use crate::{
    fixture::{all_pages, cases},
    records::{
        append, conversation, conversation_id, events, full_message, message, message_id, run, run_id, user, user_id, vault,
    },
};

cases! {
    everything_is_still_there(fixture) {
        let large = message(2, 1, 1, &"长".repeat(300_000));
        fixture.put([
            Operation::PutUser(user(1, "ann")),
            Operation::PutConversation(conversation(1, 1, 0)),
            Operation::PutMessage(full_message(1, 1, 1)),
            Operation::PutMessage(large.clone()),
            Operation::PutRun(run(1, 1, 0)),
            append(1, 1..5),
            Operation::PutVault(vault("a")),
        ]).await;
        let fixture = fixture.reopen().await;
        let store = &fixture.store;
        assert_eq!(store.user_by_name("Ann").await, Ok(Some(user(1, "ann"))));
        assert_eq!(store.conversations_by_title(user_id(1), "conversation 1", 2).await, Ok(vec![conversation(1, 1, 0)]));
        assert!(store.messages(user_id(1), conversation_id(1)).await == Ok(vec![full_message(1, 1, 1), large]));
        assert_eq!(store.unfinished_runs().await, Ok(vec![run(1, 1, 0)]));
        assert_eq!(store.run_events(run_id(1), 2, 9).await, Ok(events(3..5)));
        assert_eq!(store.vault().await, Ok(Some(vault("a"))));
    }

    a_thousand_commits_and_three_openings_lose_nothing(fixture) {
        let mut fixture = fixture;
        for round in 0..4 {
            for number in round * 250..(round + 1) * 250 {
                fixture.put([Operation::PutConversation(conversation(number, 1, i64::try_from(number).expect("small")))]).await;
            }
            fixture = fixture.reopen().await;
        }
        let store = &fixture.store;
        let all = all_pages(200, |page| store.conversations(user_id(1), page)).await;
        assert_eq!(all.iter().map(|record| record.id).collect::<Vec<_>>(), (0..1000).rev().map(conversation_id).collect::<Vec<_>>());
    }

    a_cursor_outlives_a_restart(fixture) {
        fixture.put((0..5).map(|number| Operation::PutConversation(conversation(number, 1, 0)))).await;
        let first = fixture.store.conversations(user_id(1), PageRequest::first(2)).await.expect("a page");
        let fixture = fixture.reopen().await;
        let rest = fixture.store.conversations(user_id(1), PageRequest { limit: 9, cursor: first.next_cursor }).await;
        assert_eq!(rest.expect("a page").items.len(), 3);
    }

    a_store_that_is_open_is_locked(fixture) {
        assert!(matches!(fixture.open_twice().await.err(), Some(StoreError::Locked(words)) if words.contains("store")));
        fixture.put([Operation::PutMessage(message(1, 1, 1, "still works"))]).await;
        assert!(fixture.store.message(user_id(1), message_id(1)).await.expect("read").is_some());
    }
}
