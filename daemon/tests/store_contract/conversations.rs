//! Conversations: listed by time in pages, found by the end of their ids and by their titles, each by its owner alone.

use mmp_shared::ConversationId;
use mmpd::store::{Operation, PageRequest, StoreError, records::ConversationRecord};

use crate::{
    fixture::{all_pages, cases},
    records::{at, conversation, conversation_id, message_id, run, user_id},
};

fn titled(number: u64, owner: u64, title: &str) -> ConversationRecord {
    ConversationRecord { title: title.into(), ..conversation(number, owner, 0) }
}

fn ids(records: &[ConversationRecord]) -> Vec<ConversationId> {
    records.iter().map(|record| record.id).collect()
}

cases! {
    what_was_put_comes_back(fixture) {
        let record = ConversationRecord {
            system: Some("Be brief".into()),
            model: Some("deepseek/deepseek-chat".into()),
            leaf_id: Some(message_id(4)),
            ..titled(1, 1, "")
        };
        fixture.put([Operation::PutConversation(record.clone())]).await;
        assert_eq!(fixture.store.conversation(user_id(1), conversation_id(1)).await, Ok(Some(record)));
    }

    the_last_changed_comes_first(fixture) {
        fixture.put([(1, 30), (2, 10), (3, 20), (4, 20)].map(|(number, time)| Operation::PutConversation(conversation(number, 1, time)))).await;
        let page = fixture.store.conversations(user_id(1), PageRequest::first(9)).await.expect("a page");
        assert_eq!(ids(&page.items), [1, 4, 3, 2].map(conversation_id));
        assert_eq!(page.next_cursor, None);
    }

    pages_of_every_size_give_every_conversation_once(fixture) {
        fixture.put((0..23).map(|number| Operation::PutConversation(conversation(number, 1, i64::try_from(number / 3).expect("small"))))).await;
        let store = &fixture.store;
        for limit in [1, 2, 7, 22, 23, 24, 200] {
            let all = all_pages(limit, |page| store.conversations(user_id(1), page)).await;
            assert_eq!(ids(&all), (0..23).rev().map(conversation_id).collect::<Vec<_>>(), "{limit}");
        }
    }

    the_last_full_page_has_no_cursor(fixture) {
        fixture.put((0..4).map(|number| Operation::PutConversation(conversation(number, 1, 0)))).await;
        let page = fixture.store.conversations(user_id(1), PageRequest::first(4)).await.expect("a page");
        assert_eq!((page.items.len(), page.next_cursor), (4, None));
    }

    a_cursor_stays_where_it_was_while_things_are_added(fixture) {
        fixture.put((0..10).map(|number| Operation::PutConversation(conversation(number, 1, i64::try_from(number).expect("small"))))).await;
        let first = fixture.store.conversations(user_id(1), PageRequest::first(4)).await.expect("a page");
        assert_eq!(ids(&first.items), [9, 8, 7, 6].map(conversation_id));
        fixture.put([Operation::PutConversation(conversation(50, 1, 50)), Operation::PutConversation(conversation(6, 1, 60))]).await;
        let next = PageRequest { limit: 10, cursor: first.next_cursor };
        let rest = fixture.store.conversations(user_id(1), next).await.expect("a page");
        assert_eq!(ids(&rest.items), [5, 4, 3, 2, 1, 0].map(conversation_id), "the place is kept, though its record moved away");
    }

    only_a_cursor_of_this_list_is_taken(fixture) {
        let others = (0..3).map(|number| Operation::PutConversation(conversation(number + 10, 2, 0)));
        let runs = (0..3).map(|number| Operation::PutRun(run(number, 1, 0)));
        fixture.put((0..3).map(|number| Operation::PutConversation(conversation(number, 1, 0))).chain(others).chain(runs)).await;
        let store = &fixture.store;
        let of_another = store.conversations(user_id(2), PageRequest::first(1)).await.expect("a page").next_cursor;
        let of_runs = store.runs(user_id(1), PageRequest::first(1)).await.expect("a page").next_cursor;
        let own = store.conversations(user_id(1), PageRequest::first(1)).await.expect("a page").next_cursor;
        let shortened = own.map(|cursor| cursor[..cursor.len() - 1].to_owned());
        for cursor in [of_another, of_runs, shortened, Some(String::new()), Some("你好".into()), Some("0".repeat(4096))] {
            let page = PageRequest { limit: 1, cursor: Some(cursor.expect("there is a second page")) };
            assert_eq!(store.conversations(user_id(1), page.clone()).await, Err(StoreError::BadCursor), "{page:?}");
        }
    }

    the_end_of_an_id_finds_it(fixture) {
        fixture.put((0..300).map(|number| Operation::PutConversation(conversation(number, 1, 0)))).await;
        let digits = conversation_id(77).to_string().replace('-', "");
        for length in [4, 5, 8, 31, 32] {
            let suffix = &digits[32 - length..];
            let found = fixture.store.conversations_by_suffix(user_id(1), suffix, 300).await.expect("read");
            assert!(ids(&found).contains(&conversation_id(77)), "{suffix}");
            assert!(found.iter().all(|record| record.id.to_string().replace('-', "").ends_with(suffix)));
        }
        assert_eq!(fixture.store.conversations_by_suffix(user_id(1), "", 5).await.expect("read").len(), 5);
        for nothing in ["zzzz", "你好", "-", &format!("0{digits}")] {
            assert_eq!(fixture.store.conversations_by_suffix(user_id(1), nothing, 5).await, Ok(vec![]), "{nothing}");
        }
    }

    several_ids_with_one_end_are_all_found_up_to_the_limit(fixture) {
        let ending = |first: u8| ConversationId::from_bytes([first, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xbe, 0xef]);
        fixture.put((1..=5).map(|first| Operation::PutConversation(ConversationRecord { id: ending(first), ..conversation(0, 1, 0) }))).await;
        assert_eq!(fixture.store.conversations_by_suffix(user_id(1), "beef", 9).await.expect("read").len(), 5);
        assert_eq!(fixture.store.conversations_by_suffix(user_id(1), "beef", 2).await.expect("read").len(), 2);
        assert_eq!(fixture.store.conversations_by_suffix(user_id(1), "eef", 9).await.expect("read").len(), 5);
        assert_eq!(fixture.store.conversations_by_suffix(user_id(1), "ee", 9).await.expect("read").len(), 0);
    }

    a_title_finds_it_whatever_its_case(fixture) {
        let titles = ["Läuft", "菜谱：红烧肉", "menu", "MENU", "Menu 2", "", "ПРИВЕТ"];
        fixture.put((0_u64..).zip(titles).map(|(number, title)| Operation::PutConversation(titled(number, 1, title)))).await;
        for (title, expected) in [
            ("läUFT", vec![0]), ("菜谱：红烧肉", vec![1]), ("meNU", vec![3, 2]), ("menu 2", vec![4]), ("", vec![5]),
            ("привет", vec![6]), ("菜谱", vec![]), ("men", vec![]),
        ] {
            let found = fixture.store.conversations_by_title(user_id(1), title, 9).await.expect("read");
            assert_eq!(ids(&found), expected.into_iter().map(conversation_id).collect::<Vec<_>>(), "{title}");
        }
        assert_eq!(fixture.store.conversations_by_title(user_id(1), "menu", 1).await.expect("read").len(), 1);
    }

    a_title_may_be_very_long(fixture) {
        let title = "长".repeat(100_000);
        fixture.put([Operation::PutConversation(titled(1, 1, &title))]).await;
        let found = fixture.store.conversations_by_title(user_id(1), &title, 9).await;
        assert_eq!(found, Ok(vec![titled(1, 1, &title)]));
    }

    a_renamed_conversation_is_found_by_its_new_title_alone(fixture) {
        fixture.put([Operation::PutConversation(titled(1, 1, "old"))]).await;
        fixture.put([Operation::PutConversation(titled(1, 1, "new"))]).await;
        assert_eq!(fixture.store.conversations_by_title(user_id(1), "old", 9).await, Ok(vec![]));
        assert_eq!(fixture.store.conversations_by_title(user_id(1), "new", 9).await, Ok(vec![titled(1, 1, "new")]));
        assert_eq!(fixture.store.conversations(user_id(1), PageRequest::first(9)).await.expect("a page").items.len(), 1);
    }

    a_change_of_case_alone_keeps_the_title_findable(fixture) {
        fixture.put([Operation::PutConversation(titled(1, 1, "plan"))]).await;
        fixture.put([Operation::PutConversation(titled(1, 1, "Plan"))]).await;
        assert_eq!(fixture.store.conversations_by_title(user_id(1), "plan", 9).await, Ok(vec![titled(1, 1, "Plan")]));
    }

    to_another_user_it_is_absent(fixture) {
        fixture.put([Operation::PutConversation(titled(1, 1, "secret"))]).await;
        let store = &fixture.store;
        let digits = conversation_id(1).to_string().replace('-', "");
        assert_eq!(store.conversation(user_id(2), conversation_id(1)).await, Ok(None));
        assert_eq!(store.conversations(user_id(2), PageRequest::first(9)).await.expect("a page").items, []);
        assert_eq!(store.conversations_by_suffix(user_id(2), &digits, 9).await, Ok(vec![]));
        assert_eq!(store.conversations_by_title(user_id(2), "secret", 9).await, Ok(vec![]));
    }

    advancing_moves_it_up_and_counts(fixture) {
        fixture.put([Operation::PutConversation(conversation(1, 1, 1)), Operation::PutConversation(conversation(2, 1, 2))]).await;
        fixture.put([Operation::AdvanceConversation {
            id: conversation_id(1), leaf_id: Some(message_id(8)), updated_at: at(9), model: Some("openai/gpt".into()), added: 2,
        }]).await;
        fixture.put([Operation::AdvanceConversation {
            id: conversation_id(1), leaf_id: None, updated_at: at(10), model: None, added: 1,
        }]).await;
        let expected = ConversationRecord {
            version: 3, leaf_id: Some(message_id(8)), updated_at: at(10), model: Some("openai/gpt".into()), messages: 3,
            ..conversation(1, 1, 1)
        };
        let page = fixture.store.conversations(user_id(1), PageRequest::first(9)).await.expect("a page");
        assert_eq!(page.items, [expected, conversation(2, 1, 2)]);
    }
}
