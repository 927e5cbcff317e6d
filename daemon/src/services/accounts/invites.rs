//! Invitations: a code that makes one account, once, for a while. Only what it hashes to is kept.

use jiff::SignedDuration;
use mmp_shared::{
    ApiError, ErrorCode, InviteId,
    audit::AuditKind,
    auth::Secret,
    page::{Page, PageQuery},
    phrase,
    users::{AccountRole, Invite, InviteRequest, NewInvite},
};

use super::Accounts;
use crate::{
    security::token::{INVITE_PREFIX, draw, hash},
    services::{
        audit,
        conversations::page_request,
        users::{Account, words::internal},
    },
    store::{Batch, Entity, Operation, Precondition, StoreError, records::InviteRecord},
};

/// How long an invitation can be used, unless said, in seconds.
const USUAL_LIFE: u64 = 7 * 24 * 3600;
/// The longest that one can be used, in seconds.
const LONGEST_LIFE: u64 = 90 * 24 * 3600;

impl Accounts {
    /// Makes an invitation.
    ///
    /// # Errors
    ///
    /// `bad_request` for a life that is none.
    pub async fn invite(&self, admin: &Account, request: &InviteRequest) -> Result<NewInvite, ApiError> {
        let seconds = request.expires_in_s.unwrap_or(USUAL_LIFE);
        if !(1..=LONGEST_LIFE).contains(&seconds) {
            let phrase = phrase!("error-invite-life", seconds = seconds, limit = LONGEST_LIFE);
            return Err(ApiError::new(ErrorCode::BadRequest, phrase));
        }
        let code = draw(INVITE_PREFIX).map_err(|error| internal(&error))?;
        let now = self.clock.now();
        let life = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
        let record = InviteRecord {
            id: InviteId::generate(),
            hash: hash(&code).to_vec(),
            role: request.role.unwrap_or(AccountRole::User),
            created_by: admin.id,
            created_at: now,
            expires_at: now.saturating_add(life).unwrap_or(now),
        };
        let line = audit::line(&self.clock, AuditKind::InviteCreated, Some(admin.id), None, Some(record.id.short()));
        self.store.commit(Batch::new().then(Operation::PutInvite(record.clone())).then(line)).await?;
        Ok(NewInvite { code: Secret::new(code.as_str()), about: view(record) })
    }

    /// The invitations that wait to be used, or have run out, the newest first.
    ///
    /// # Errors
    ///
    /// `bad_request` for a cursor of another list, and the store's.
    pub async fn invites(&self, query: PageQuery) -> Result<Page<Invite>, ApiError> {
        let page = self.store.invites(page_request(query)).await?;
        Ok(Page { items: page.items.into_iter().map(view).collect(), next_cursor: page.next_cursor })
    }

    /// Takes an invitation back.
    ///
    /// # Errors
    ///
    /// `not_found` where there is none.
    pub async fn revoke_invite(&self, admin: &Account, reference: &str) -> Result<(), ApiError> {
        let none = || ApiError::new(ErrorCode::NotFound, phrase!("error-no-such-invite", reference = reference));
        let id: InviteId = reference.parse().map_err(|_| none())?;
        let batch = Batch::new()
            .require(Precondition::Present(Entity::Invite(id)))
            .then(Operation::DeleteInvite(id))
            .then(audit::line(&self.clock, AuditKind::InviteRevoked, Some(admin.id), None, Some(id.short())));
        match self.store.commit(batch).await {
            Err(StoreError::Conflict(_)) => Err(none()),
            other => Ok(other?),
        }
    }
}

fn view(record: InviteRecord) -> Invite {
    Invite {
        id: record.id,
        role: record.role,
        created_by: record.created_by,
        created_at: record.created_at,
        expires_at: record.expires_at,
    }
}
