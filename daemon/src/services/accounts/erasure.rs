//! Deleting an account with everything that belongs to it.
//!
//! First it is marked, in one batch: from then on it is nobody's, and its runs end. Then what belongs to it is forgotten in
//! batches of a bounded size, and the account itself last, so that a start after a crash finds what is left to do. Of the
//! ledger the numbers stay, as nobody's: what the providers were paid does not change because somebody left. The audit
//! stays too, and names the account by an id that leads nowhere any more.

use std::{sync::Arc, time::Duration};

use mmp_shared::{ApiError, ErrorCode, UserId, phrase};

use super::Accounts;
use crate::{
    services::{auth::attempts::fingerprint, users::Account},
    store::{
        Batch, Operation, PageRequest,
        records::{UsageRecord, UserRecord},
    },
};

/// Who has the lines of the ledger that were somebody's.
pub const NOBODY: UserId = UserId::from_bytes([0; 16]);

/// How many records are forgotten in one batch.
const AT_ONCE: usize = 100;

/// How many runs are: each goes with its events.
const RUNS_AT_ONCE: usize = 10;

/// How long a request waits for the end of it; it goes on without.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// How far a deletion came while its request waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erased {
    /// Nothing is left.
    Wholly,
    /// It goes on.
    StillGoing,
}

impl Accounts {
    /// Deletes the caller's own account.
    ///
    /// # Errors
    ///
    /// `conflict` where no admin would be left.
    pub async fn delete_own(self: &Arc<Self>, account: &Account) -> Result<Erased, ApiError> {
        self.delete(account.id, account.id).await
    }

    /// Deletes somebody's account.
    ///
    /// # Errors
    ///
    /// `not_found`, and `conflict` where no admin would be left.
    pub async fn delete_other(self: &Arc<Self>, admin: &Account, reference: &str) -> Result<Erased, ApiError> {
        let id = self.users.find(reference)?.id;
        self.delete(admin.id, id).await
    }

    async fn delete(self: &Arc<Self>, actor: UserId, id: UserId) -> Result<Erased, ApiError> {
        let record = self.users.begin_to_delete(actor, id).await?;
        let accounts = Arc::clone(self);
        // It goes on when whoever asked goes away.
        let work = tokio::spawn(async move { accounts.erase(record).await });
        match tokio::time::timeout(LONGEST_WAIT, work).await {
            Ok(Ok(done)) => done.map(|()| Erased::Wholly),
            Ok(Err(_)) => Err(ApiError::new(ErrorCode::Internal, phrase!("error-internal"))),
            Err(_) => Ok(Erased::StillGoing),
        }
    }

    /// Goes on with the deletions that a crash cut. To be called once, after the start.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn resume(&self) -> Result<usize, ApiError> {
        let cut = self.users.directory().filter(|record| record.deleting_at.is_some());
        for record in &cut {
            tracing::info!(user = %record.id, "the deletion of an account goes on");
            self.erase((**record).clone()).await?;
        }
        Ok(cut.len())
    }

    async fn erase(&self, record: UserRecord) -> Result<(), ApiError> {
        let id = record.id;
        self.runs.bar(id);
        self.runs.ended_of(id).await;
        self.erase_logins(&record).await?;
        self.erase_runs(id).await?;
        self.erase_conversations(id).await?;
        self.erase_configured(id).await?;
        self.erase_from_ledger(id).await?;
        // What was on its way in when the account was marked has come by now.
        self.runs.ended_of(id).await;
        self.erase_runs(id).await?;
        self.erase_conversations(id).await?;
        self.commit(vec![Operation::DeleteSettings(id), Operation::DeletePassword(id), Operation::DeleteUser(id)]).await?;
        self.users.directory().remove(id);
        self.runs.admit(id);
        tracing::info!(user = %id, "an account is deleted");
        Ok(())
    }

    async fn erase_logins(&self, record: &UserRecord) -> Result<(), ApiError> {
        let logins = self.store.logins(record.id).await?.into_iter().map(|login| Operation::DeleteLogin(login.id));
        let tokens = self.store.tokens(record.id).await?.into_iter().map(|token| Operation::DeleteToken(token.id));
        let all: Vec<_> = logins.chain(tokens).collect();
        for some in all.chunks(AT_ONCE) {
            self.commit(some.to_vec()).await?;
        }
        self.auth.forget_logins(record.id);
        self.tokens.forget(record.id);
        let subject = fingerprint(&record.username);
        loop {
            let attempts = self.store.login_attempts(subject, PageRequest::first(AT_ONCE)).await?.items;
            if attempts.is_empty() {
                return Ok(());
            }
            self.commit(attempts.into_iter().map(|one| Operation::DeleteLoginAttempt(subject, one.at, one.id)).collect()).await?;
        }
    }

    async fn erase_runs(&self, id: UserId) -> Result<(), ApiError> {
        loop {
            let runs = self.store.runs(id, PageRequest::first(RUNS_AT_ONCE)).await?.items;
            if runs.is_empty() {
                return Ok(());
            }
            self.commit(runs.into_iter().map(|run| Operation::DeleteRun(run.id)).collect()).await?;
        }
    }

    async fn erase_conversations(&self, id: UserId) -> Result<(), ApiError> {
        loop {
            let conversations = self.store.conversations(id, PageRequest::first(AT_ONCE)).await?.items;
            if conversations.is_empty() {
                return Ok(());
            }
            for conversation in conversations {
                loop {
                    let messages = self.store.message_ids(conversation.id, AT_ONCE).await?;
                    if messages.is_empty() {
                        break;
                    }
                    self.commit(messages.into_iter().map(Operation::DeleteMessage).collect()).await?;
                }
                self.commit(vec![Operation::DeleteConversation(conversation.id)]).await?;
            }
        }
    }

    async fn erase_configured(&self, id: UserId) -> Result<(), ApiError> {
        let configs = self.store.provider_configs(id).await?.into_iter();
        let keys = self.store.sealed_key_names(id).await?.into_iter();
        let said = self.store.model_configs(Some(id)).await?.into_iter();
        let lists = self.store.model_lists(id).await?.into_iter();
        let roles = self.store.roles(id).await?.into_iter();
        let all: Vec<_> = configs
            .map(|config| Operation::DeleteProviderConfig(id, config.name))
            .chain(keys.map(|provider| Operation::DeleteSealedKey(id, provider)))
            .chain(said.map(|config| Operation::DeleteModelConfig(config.owner, config.provider, config.model)))
            .chain(lists.map(|list| Operation::DeleteModelList(id, list.provider)))
            .chain(roles.map(|role| Operation::DeleteRole(id, role.name)))
            .collect();
        for some in all.chunks(AT_ONCE) {
            self.commit(some.to_vec()).await?;
        }
        Ok(())
    }

    async fn erase_from_ledger(&self, id: UserId) -> Result<(), ApiError> {
        loop {
            let lines = self.store.usage(id, PageRequest::first(AT_ONCE)).await?.items;
            if lines.is_empty() {
                return Ok(());
            }
            let moved = lines.into_iter().flat_map(|line| {
                let gone = Operation::DeleteUsage(line.user_id, line.at, line.run_id);
                [gone, Operation::PutUsage(UsageRecord { user_id: NOBODY, ..line })]
            });
            self.commit(moved.collect()).await?;
        }
    }

    async fn commit(&self, operations: Vec<Operation>) -> Result<(), ApiError> {
        Ok(self.store.commit(Batch { preconditions: Vec::new(), operations }).await?)
    }
}
