//! The audit: the newest line first, through every filter.

use mmp_shared::audit::AuditKind;
use mmpd::store::{AuditFilter, Operation, PageRequest, StoreError, records::AuditRecord};

use crate::{
    fixture::{all_pages, cases},
    records::{at, audit_line, user_id},
};

/// Lines by number, each a second after the one before.
fn lines() -> Vec<AuditRecord> {
    [
        (AuditKind::Login, Some(1), Some(1)),
        (AuditKind::LoginFailed, None, Some(1)),
        (AuditKind::RoleChanged, Some(2), Some(1)),
        (AuditKind::Login, Some(2), Some(2)),
        (AuditKind::LoginFailed, None, None),
    ]
    .into_iter()
    .zip(0_u32..)
    .map(|((kind, actor, target), number)| audit_line(number.into(), kind, actor, target, number.into()))
    .collect()
}

fn numbers(found: &[AuditRecord]) -> Vec<usize> {
    let lines = lines();
    found.iter().map(|line| lines.iter().position(|known| known == line).expect("a line that was put")).collect()
}

cases! {
    every_filter_gives_the_newest_line_first(fixture) {
        fixture.put(lines().into_iter().map(Operation::AppendAudit)).await;
        let none = AuditFilter::default();
        let (login, of_one) = (Some(AuditKind::Login), Some(user_id(1)));
        let wanted = [
            (none, vec![4, 3, 2, 1, 0]),
            (AuditFilter { kind: login, ..none }, vec![3, 0]),
            (AuditFilter { user_id: of_one, ..none }, vec![2, 1, 0]),
            (AuditFilter { user_id: of_one, kind: login, ..none }, vec![0]),
            (AuditFilter { since: Some(at(3)), ..none }, vec![4, 3]),
            (AuditFilter { since: Some(at(1)), user_id: of_one, ..none }, vec![2, 1]),
            (AuditFilter { since: Some(at(1)), kind: login, ..none }, vec![3]),
            (AuditFilter { since: Some(at(5)), ..none }, vec![]),
        ];
        for (filter, expected) in wanted {
            for limit in [1, 2, 9] {
                let found = all_pages(limit, |page| fixture.store.audit(filter, page)).await;
                assert_eq!(numbers(&found), expected, "{filter:?}");
            }
        }
    }

    a_cursor_belongs_to_its_filter(fixture) {
        fixture.put(lines().into_iter().map(Operation::AppendAudit)).await;
        let of = |number| AuditFilter { user_id: Some(user_id(number)), ..AuditFilter::default() };
        let cursor = fixture.store.audit(of(1), PageRequest::first(1)).await.expect("a page").next_cursor;
        let page = PageRequest { limit: 1, cursor };
        assert_eq!(fixture.store.audit(of(2), page).await, Err(StoreError::BadCursor));
    }
}
