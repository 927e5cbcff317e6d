//! Forgetting what belongs to an account: it is in no list any more, and what is not there is forgotten without a word.

use mmpd::store::{ConversationFilter, Operation, PageRequest};

use crate::{
    fixture::cases,
    records::{append, at, conversation, conversation_id, finished, message, message_id, run, run_id, settings, usage, user_id},
};

cases! {
    a_conversation_and_its_messages_are_forgotten(fixture) {
        fixture.put([Operation::PutConversation(conversation(1, 1, 0)), Operation::PutConversation(conversation(2, 1, 0))]).await;
        fixture.put((1..6).map(|number| Operation::PutMessage(message(number, 1, 1, &"长".repeat(4_000))))).await;
        let store = &fixture.store;
        assert_eq!(store.message_ids(conversation_id(1), 2).await, Ok(vec![message_id(1), message_id(2)]));
        fixture.put((1..6).map(|number| Operation::DeleteMessage(message_id(number)))).await;
        fixture.put([Operation::DeleteConversation(conversation_id(1)), Operation::DeleteConversation(conversation_id(9)), Operation::DeleteMessage(message_id(9))]).await;
        assert_eq!(store.message_ids(conversation_id(1), 2).await, Ok(vec![]));
        assert_eq!(store.message(user_id(1), message_id(3)).await, Ok(None));
        assert_eq!(store.conversations(user_id(1), PageRequest::first(9)).await.expect("a page").items, [conversation(2, 1, 0)]);
        let shelf = store.conversations_where(user_id(1), ConversationFilter::default(), PageRequest::first(9)).await;
        assert_eq!(shelf.expect("a page").items, [conversation(2, 1, 0)]);
        assert_eq!(store.conversations_by_title(user_id(1), "conversation 1", 9).await, Ok(vec![]));
    }

    a_run_is_forgotten_with_its_events(fixture) {
        fixture.put([Operation::PutRun(run(1, 1, 0)), Operation::PutRun(finished(run(2, 1, 0), 1)), append(1, 1..3), append(2, 1..3)]).await;
        fixture.put([1, 2, 9].map(|number| Operation::DeleteRun(run_id(number)))).await;
        let store = &fixture.store;
        assert_eq!(store.run(user_id(1), run_id(2)).await, Ok(None));
        assert_eq!(store.runs(user_id(1), PageRequest::first(9)).await.expect("a page").items, []);
        assert_eq!(store.unfinished_runs().await, Ok(vec![]));
        assert_eq!(store.runs_to_forget(at(9), 9).await, Ok(vec![]));
        assert_eq!(store.run_events(run_id(1), 0, 9).await, Ok(vec![]));
    }

    settings_and_lines_of_the_ledger_are_forgotten(fixture) {
        fixture.put([Operation::PutSettings(settings(1, 1, &[("a", "b")])), Operation::PutUsage(usage(1, 1, 5)), Operation::PutUsage(usage(2, 1, 6))]).await;
        fixture.put([Operation::DeleteSettings(user_id(1)), Operation::DeleteUsage(user_id(1), at(5), run_id(1)), Operation::DeleteUsage(user_id(1), at(5), run_id(2))]).await;
        assert_eq!(fixture.store.settings(user_id(1)).await, Ok(None));
        assert_eq!(fixture.store.usage(user_id(1), PageRequest::first(9)).await.expect("a page").items, [usage(2, 1, 6)]);
    }
}
