//! Narrowed lists of conversations: by shelf, by model, by time and by what their titles hold.

use mmp_shared::ConversationId;
use mmpd::store::{ConversationFilter, Operation, PageRequest, StoreError, records::ConversationRecord};

use crate::{
    fixture::{Fixture, cases},
    records::{at, conversation, conversation_id, message_id, user_id},
};

/// Every conversation that a filter takes, asked for in pages of this size.
async fn found(fixture: &Fixture, filter: &ConversationFilter, limit: usize) -> Vec<ConversationId> {
    let (mut ids, mut cursor) = (Vec::new(), None);
    loop {
        let page =
            fixture.store.conversations_where(user_id(1), filter.clone(), PageRequest { limit, cursor }).await.expect("a page");
        assert!(page.items.len() <= limit);
        ids.extend(page.items.into_iter().map(|record| record.id));
        cursor = page.next_cursor;
        if cursor.is_none() {
            return ids;
        }
    }
}

fn ids<const N: usize>(numbers: [u64; N]) -> Vec<ConversationId> {
    numbers.map(conversation_id).into()
}

fn of_model(number: u64, model: &str) -> Operation {
    Operation::PutConversation(ConversationRecord { model: Some(model.into()), ..conversation(number, 1, 0) })
}

fn model(name: &str) -> ConversationFilter {
    ConversationFilter { model: Some(name.into()), ..ConversationFilter::default() }
}

cases! {
    archived_and_pinned_ones_have_lists_of_their_own(fixture) {
        for (number, pinned, archived) in [(1, false, false), (2, true, false), (3, false, true), (4, true, true)] {
            fixture.put([Operation::PutConversation(ConversationRecord { pinned, archived, ..conversation(number, 1, 0) })]).await;
        }
        fixture.put([Operation::PutConversation(conversation(5, 2, 0))]).await;
        for (pinned, archived, expected) in [(false, false, vec![2, 1]), (true, false, vec![2]), (false, true, vec![4, 3]), (true, true, vec![4])] {
            let filter = ConversationFilter { pinned, archived, ..ConversationFilter::default() };
            assert_eq!(found(&fixture, &filter, 1).await, expected.into_iter().map(conversation_id).collect::<Vec<_>>(), "{filter:?}");
        }
    }

    what_changes_its_shelf_leaves_the_old_one(fixture) {
        let of = |pinned, archived| ConversationRecord { pinned, archived, model: Some("a/b".into()), ..conversation(1, 1, 0) };
        for (pinned, archived) in [(true, false), (true, true), (false, true), (false, false)] {
            fixture.put([Operation::PutConversation(of(pinned, archived))]).await;
            for (wants_pinned, wants_archived) in [(false, false), (true, false), (false, true), (true, true)] {
                let is_there = archived == wants_archived && (pinned || !wants_pinned);
                for model in [None, Some("b".to_owned())] {
                    let filter = ConversationFilter { pinned: wants_pinned, archived: wants_archived, model, ..ConversationFilter::default() };
                    assert_eq!(found(&fixture, &filter, 9).await.len(), usize::from(is_there), "{pinned} {archived} {filter:?}");
                }
            }
        }
    }

    a_model_is_found_by_each_of_its_names_whatever_their_case(fixture) {
        fixture.put([of_model(1, "openai/gpt-5"), of_model(2, "azure/gpt-5"), of_model(3, "openrouter/openai/GPT-5"), of_model(4, "demo/demo")]).await;
        for (name, expected) in [("GPT-5", vec![2, 1]), ("openai", vec![1]), ("OpenAI/gpt-5", vec![3, 1]), ("demo", vec![4]), ("gpt", vec![]), ("", vec![])] {
            assert_eq!(found(&fixture, &model(name), 9).await, expected.into_iter().map(conversation_id).collect::<Vec<_>>(), "{name}");
        }
    }

    the_list_of_a_model_follows_the_conversation(fixture) {
        fixture.put([of_model(1, "a/x"), of_model(2, "a/x")]).await;
        fixture.put([Operation::AdvanceConversation {
            id: conversation_id(1), leaf_id: Some(message_id(8)), updated_at: at(9), model: Some("b/y".into()), added: 1,
        }]).await;
        assert_eq!(found(&fixture, &model("x"), 9).await, ids([2]));
        assert_eq!(found(&fixture, &model("y"), 9).await, ids([1]));
    }

    times_and_titles_narrow_every_list(fixture) {
        fixture.put((0..30).map(|number| {
            let title = if number % 3 == 0 { "红烧肉 Recipe" } else { "other" };
            let record = conversation(number, 1, i64::try_from(number).expect("small"));
            Operation::PutConversation(ConversationRecord { title: title.into(), model: Some("a/b".into()), ..record })
        })).await;
        let span = ConversationFilter { after: Some(at(10)), before: Some(at(13)), ..ConversationFilter::default() };
        let titled = ConversationFilter { title: Some("红烧肉 rec".into()), ..span.clone() };
        let none = ConversationFilter { after: Some(at(13)), before: Some(at(10)), ..ConversationFilter::default() };
        for limit in [1, 2, 50] {
            assert_eq!(found(&fixture, &span, limit).await, ids([12, 11, 10]));
            assert_eq!(found(&fixture, &titled, limit).await, ids([12]));
            assert_eq!(found(&fixture, &ConversationFilter { model: Some("b".into()), ..span.clone() }, limit).await, ids([12, 11, 10]));
            assert_eq!(found(&fixture, &none, limit).await, ids([]));
            assert_eq!(found(&fixture, &ConversationFilter { title: Some("RECIPE".into()), ..ConversationFilter::default() }, limit).await.len(), 10);
        }
    }

    a_rare_title_is_found_behind_many_others(fixture) {
        let record = |number| ConversationRecord { title: if number == 0 { "needle".into() } else { "hay".into() }, ..conversation(number, 1, i64::try_from(number).expect("small")) };
        fixture.put((0..2_500).map(|number| Operation::PutConversation(record(number)))).await;
        let filter = ConversationFilter { title: Some("needle".into()), ..ConversationFilter::default() };
        assert_eq!(found(&fixture, &filter, 50).await, ids([0]));
    }

    a_cursor_of_another_shelf_model_or_user_is_refused(fixture) {
        for number in 0..3 {
            fixture.put([of_model(number, "a/b")]).await;
            let archived = ConversationRecord { archived: true, ..conversation(number + 10, 1, 0) };
            fixture.put([Operation::PutConversation(archived), Operation::PutConversation(conversation(number + 20, 2, 0))]).await;
        }
        let store = &fixture.store;
        let first = |user, filter| async move { store.conversations_where(user_id(user), filter, PageRequest::first(1)).await.expect("a page").next_cursor };
        let archived = ConversationFilter { archived: true, ..ConversationFilter::default() };
        let cursors = [first(1, archived).await, first(1, model("b")).await, first(2, ConversationFilter::default()).await, Some("x".into())];
        for cursor in cursors {
            let page = PageRequest { limit: 1, cursor: Some(cursor.expect("there is a second page")) };
            assert_eq!(store.conversations_where(user_id(1), ConversationFilter::default(), page.clone()).await, Err(StoreError::BadCursor), "{page:?}");
        }
    }
}
