//! Invitations: by what their code hashes to, and listed by time.

use mmpd::store::Operation;

use crate::{
    fixture::{all_pages, cases},
    records::{invite, invite_id},
};

cases! {
    an_invitation_is_found_by_its_hash_until_it_is_forgotten(fixture) {
        fixture.put([Operation::PutInvite(invite(1, 0)), Operation::PutInvite(invite(2, 0))]).await;
        let store = &fixture.store;
        assert_eq!(store.invite_by_hash(&invite(1, 0).hash).await, Ok(Some(invite(1, 0))));
        assert_eq!(store.invite_by_hash(b"another").await, Ok(None));
        fixture.put([Operation::DeleteInvite(invite_id(1)), Operation::DeleteInvite(invite_id(9))]).await;
        assert_eq!(store.invite_by_hash(&invite(1, 0).hash).await, Ok(None));
        assert_eq!(store.invite(invite_id(1)).await, Ok(None));
        assert_eq!(store.invite(invite_id(2)).await, Ok(Some(invite(2, 0))));
    }

    the_newest_invitation_comes_first(fixture) {
        fixture.put([(1, 5), (2, 9), (3, 1)].map(|(number, time)| Operation::PutInvite(invite(number, time)))).await;
        let all = all_pages(1, |page| fixture.store.invites(page)).await;
        assert_eq!(all, [invite(2, 9), invite(1, 5), invite(3, 1)]);
    }
}
