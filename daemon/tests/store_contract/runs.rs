//! Runs and their logs: newest first, by the end of the id, unfinished, to be forgotten, and their events in order.

use mmp_shared::RunId;
use mmpd::store::{
    Operation, PageRequest, StoreError,
    records::{EventRecord, RunRecord},
};

use crate::{
    fixture::{all_pages, cases},
    records::{append, at, events, finished, run, run_id, user_id},
};

fn ids(records: &[RunRecord]) -> Vec<RunId> {
    records.iter().map(|record| record.id).collect()
}

cases! {
    what_was_put_comes_back_with_every_field(fixture) {
        let record = finished(run(1, 1, 0), 5);
        fixture.put([Operation::PutRun(record.clone())]).await;
        assert_eq!(fixture.store.run(user_id(1), run_id(1)).await, Ok(Some(record)));
    }

    the_newest_comes_first_in_pages_of_every_size(fixture) {
        fixture.put((0..11).map(|number| Operation::PutRun(run(number, 1, i64::try_from(number / 2).expect("small"))))).await;
        let store = &fixture.store;
        for limit in [1, 3, 11, 12] {
            let all = all_pages(limit, |page| store.runs(user_id(1), page)).await;
            assert_eq!(ids(&all), (0..11).rev().map(run_id).collect::<Vec<_>>(), "{limit}");
        }
        let page = PageRequest { limit: 1, cursor: Some("x".into()) };
        assert_eq!(store.runs(user_id(1), page).await, Err(StoreError::BadCursor));
    }

    the_end_of_an_id_finds_it(fixture) {
        fixture.put((0..100).map(|number| Operation::PutRun(run(number, 1, 0)))).await;
        let digits = run_id(42).to_string().replace('-', "");
        let found = fixture.store.runs_by_suffix(user_id(1), &digits[24..], 9).await.expect("read");
        assert_eq!(ids(&found), [run_id(42)]);
        assert_eq!(fixture.store.runs_by_suffix(user_id(2), &digits[24..], 9).await, Ok(vec![]));
    }

    to_another_user_it_is_absent(fixture) {
        fixture.put([Operation::PutRun(run(1, 1, 0))]).await;
        assert_eq!(fixture.store.run(user_id(2), run_id(1)).await, Ok(None));
        assert_eq!(fixture.store.runs(user_id(2), PageRequest::first(9)).await.expect("a page").items, []);
    }

    the_unfinished_ones_of_every_user_are_known(fixture) {
        fixture.put([run(1, 1, 0), run(2, 2, 0), run(3, 1, 0)].map(Operation::PutRun)).await;
        fixture.put([Operation::PutRun(finished(run(3, 1, 0), 9))]).await;
        assert_eq!(ids(&fixture.store.unfinished_runs().await.expect("read")), [1, 2].map(run_id));
        fixture.put([1, 2].map(|number| Operation::PutRun(finished(run(number, number, 0), 9)))).await;
        assert_eq!(fixture.store.unfinished_runs().await, Ok(vec![]));
    }

    only_finished_runs_with_events_are_to_be_forgotten(fixture) {
        fixture.put([1, 2, 3, 4].map(|number| Operation::PutRun(run(number, 1, 0)))).await;
        fixture.put([append(1, 1..3), append(2, 1..3), append(3, 1..3)]).await;
        let ends = [(1, 30), (2, 10), (4, 5)];
        fixture.put(ends.map(|(number, time)| Operation::PutRun(finished(run(number, 1, 0), time)))).await;
        let store = &fixture.store;
        assert_eq!(store.runs_to_forget(at(100), 9).await, Ok(vec![run_id(2), run_id(1)]));
        assert_eq!(store.runs_to_forget(at(100), 1).await, Ok(vec![run_id(2)]));
        assert_eq!(store.runs_to_forget(at(30), 9).await, Ok(vec![run_id(2)]), "it ended before, not at, that time");
        fixture.put([Operation::DeleteRunEvents(run_id(2))]).await;
        assert_eq!(store.runs_to_forget(at(100), 9).await, Ok(vec![run_id(1)]));
        fixture.put([append(4, 1..2)]).await;
        assert_eq!(store.runs_to_forget(at(100), 9).await, Ok(vec![run_id(4), run_id(1)]), "events after the end count");
    }

    a_run_put_again_with_another_end_is_listed_once(fixture) {
        fixture.put([append(1, 1..2), Operation::PutRun(finished(run(1, 1, 0), 5))]).await;
        fixture.put([Operation::PutRun(finished(run(1, 1, 3), 50))]).await;
        assert_eq!(fixture.store.runs_to_forget(at(100), 9).await, Ok(vec![run_id(1)]));
        assert_eq!(fixture.store.runs_to_forget(at(20), 9).await, Ok(vec![]));
        assert_eq!(fixture.store.runs(user_id(1), PageRequest::first(9)).await.expect("a page").items.len(), 1);
        fixture.put([Operation::PutRun(run(1, 1, 3))]).await;
        assert_eq!(fixture.store.runs_to_forget(at(100), 9).await, Ok(vec![]), "a run that goes on is not forgotten");
        assert_eq!(fixture.store.unfinished_runs().await, Ok(vec![run(1, 1, 3)]));
    }

    events_are_read_from_any_one_on(fixture) {
        fixture.put([append(1, 1..4)]).await;
        fixture.put([append(1, 4..5), append(1, 5..11), append(2, 1..3)]).await;
        for after in 0..12 {
            assert_eq!(fixture.store.run_events(run_id(1), after, 100).await, Ok(events(after + 1..11)), "{after}");
        }
        assert_eq!(fixture.store.run_events(run_id(1), u64::MAX, 100).await, Ok(vec![]));
        assert_eq!(fixture.store.run_events(run_id(3), 0, 100).await, Ok(vec![]));
    }

    events_come_in_whole_records(fixture) {
        fixture.put([append(1, 1..4)]).await;
        fixture.put([append(1, 4..8)]).await;
        fixture.put([append(1, 8..9)]).await;
        assert_eq!(fixture.store.run_events(run_id(1), 0, 1).await, Ok(events(1..4)));
        assert_eq!(fixture.store.run_events(run_id(1), 2, 1).await, Ok(events(3..4)));
        assert_eq!(fixture.store.run_events(run_id(1), 0, 4).await, Ok(events(1..8)));
        assert_eq!(fixture.store.run_events(run_id(1), 7, 0).await, Ok(events(8..9)), "at least one, if there is any");
    }

    events_follow_those_that_are_there(fixture) {
        fixture.put([append(1, 1..4)]).await;
        for ids in [vec![3], vec![1], vec![5, 5], vec![6, 5], vec![]] {
            let refused = fixture.try_put([append(1, ids.clone())]).await;
            assert!(matches!(refused, Err(StoreError::Failed(_))), "{ids:?}");
        }
        assert_eq!(fixture.store.run_events(run_id(1), 0, 100).await, Ok(events(1..4)));
    }

    forgotten_events_are_gone_and_the_run_stays(fixture) {
        fixture.put([Operation::PutRun(run(1, 1, 0)), append(1, 1..200), append(1, 200..202), append(2, 1..3)]).await;
        fixture.put([Operation::DeleteRunEvents(run_id(1)), Operation::DeleteRunEvents(run_id(9))]).await;
        assert_eq!(fixture.store.run_events(run_id(1), 0, 100).await, Ok(vec![]));
        assert_eq!(fixture.store.run_events(run_id(2), 0, 100).await, Ok(events(1..3)));
        assert_eq!(fixture.store.run(user_id(1), run_id(1)).await, Ok(Some(run(1, 1, 0))));
        fixture.put([append(1, 1..3)]).await;
        assert_eq!(fixture.store.run_events(run_id(1), 0, 100).await, Ok(events(1..3)), "a log can begin anew");
    }

    a_log_may_hold_large_events(fixture) {
        let large: Vec<_> = (1..=4).map(|id| EventRecord { id, name: "text".into(), data: "长".repeat(200_000) }).collect();
        let append_large = |event: &EventRecord| Operation::AppendRunEvents { run_id: run_id(1), events: vec![event.clone()] };
        fixture.put(large.iter().map(append_large)).await;
        assert!(fixture.store.run_events(run_id(1), 0, 100).await == Ok(large.clone()));
        assert!(fixture.store.run_events(run_id(1), 3, 1).await == Ok(large[3..].to_vec()));
        fixture.put([Operation::DeleteRunEvents(run_id(1))]).await;
        assert_eq!(fixture.store.run_events(run_id(1), 0, 100).await, Ok(vec![]));
    }
}
