//! Proving a password, and changing it.
//!
//! A password is looked at when its turn at the gate has come, and only if the name may be tried then. An account that
//! does not exist, or that has no password, takes the same time and gets the same answer as a wrong password.

use std::sync::Arc;

use mmp_shared::{
    ApiError, ErrorCode, LoginId, UserId,
    audit::AuditKind,
    auth::Secret,
    phrase,
    users::{PasswordRequest, PasswordResetRequest, PasswordResetResponse},
};
use zeroize::Zeroizing;

use super::{
    Auth,
    attempts::{Subject, refusal},
};
use crate::{
    security::{
        attempts::Attempt,
        password::{Cost, PasswordHash},
        password_rule::{judge, normalise},
        token::letters,
        username::{MOST_CHARACTERS, Refusal},
    },
    services::{
        accounts::NOBODY,
        audit, origin,
        users::{Account, Credential, words},
    },
    store::{
        Batch, Entity, Operation, Precondition, StoreError,
        records::{LoginRecord, PasswordRecord, UserRecord},
    },
};

/// How many letters and digits a password has that the daemon draws.
const DRAWN_LENGTH: usize = 24;

/// How often a change is tried again on top of somebody else's.
const MOST_TRIES: usize = 20;

/// A password that was proved.
pub(super) struct Proof {
    /// Whose it is.
    pub(super) record: Arc<UserRecord>,
    /// What was tried, for the note that it succeeded.
    pub(super) subject: Subject,
    /// The password hashed anew, where more is asked of hashes now.
    pub(super) rehashed: Option<PasswordRecord>,
}

impl Auth {
    /// Proves that the password is the one of the account with this name.
    ///
    /// # Errors
    ///
    /// `unauthenticated` where it is not, `rate_limited` from the fourth failure on, `bad_request` and `too_large` for what
    /// can be no password.
    pub(super) async fn prove(&self, username: &str, password: &Secret) -> Result<Proof, ApiError> {
        let password = normalise(password.reveal()).map_err(|refusal| words::of_password(&refusal))?;
        let characters = username.chars().count();
        if characters > MOST_CHARACTERS {
            return Err(words::of_name(Refusal::TooLong(characters)));
        }
        let record = self.users.directory().by_name(username);
        let subject = Subject::new(username, record.as_ref().map(|record| record.id), origin::current().source);
        self.attempts.look_up(&subject).await?;
        self.attempts.admit(&subject).await?;
        // Nobody's password is looked for as long as somebody's.
        let known = self.store.password(record.as_ref().map_or(NOBODY, |record| record.id)).await?;
        let turn = self.gate.turn().await?;
        // Others may have failed meanwhile.
        self.attempts.admit(&subject).await?;
        let trying = self.attempts.begin(&subject);
        let stored = known.as_ref().map_or_else(|| PasswordHash::of_nobody(Cost::CURRENT), hash_of);
        let looked = turn.run(move || look(&stored, &password)).await?.map_err(|error| words::not_hashed(&error))?;
        drop(trying);
        match (looked, record, known) {
            (Look::Right(rehashed), Some(record), Some(known)) => {
                let rehashed = rehashed.map(|hash| to_record(known.user_id, known.version + 1, hash, known.changed_at));
                Ok(Proof { record, subject, rehashed })
            }
            _ => Err(self.failed(&subject, username).await?),
        }
    }

    /// Notes that a password was wrong, or no good, and says so.
    pub(super) async fn failed(&self, subject: &Subject, username: &str) -> Result<ApiError, ApiError> {
        let noted = self.attempts.note(subject, Attempt::Failure);
        let target = self.users.directory().by_name(username).map(|record| record.id);
        let mut batch = Batch::new().then(audit::line(&self.clock, AuditKind::LoginFailed, None, target, None));
        batch.operations.extend(noted.operations);
        self.store.commit(batch).await?;
        Ok(match noted.wait {
            Some(wait) => refusal(Some(wait)),
            None => ApiError::new(ErrorCode::Unauthenticated, phrase!("error-wrong-password"))
                .with_hint(phrase!("hint-wrong-password")),
        })
    }

    /// Judges a new password and hashes it.
    pub(super) async fn hash_new(&self, password: &Secret, username: &str) -> Result<PasswordHash, ApiError> {
        let password = normalise(password.reveal()).map_err(|refusal| words::of_password(&refusal))?;
        let username = username.to_owned();
        let work = move || {
            judge(&password, &[&username]).map_err(|refusal| words::of_password(&refusal))?;
            PasswordHash::new(&password, Cost::CURRENT).map_err(|error| words::not_hashed(&error))
        };
        self.gate.turn().await?.run(work).await?
    }

    /// Changes the caller's own password. Every other login of theirs ends.
    ///
    /// # Errors
    ///
    /// As [`Self::prove`] for the old one; `bad_request` for a new one that will not do.
    pub async fn change_password(&self, account: &Account, request: &PasswordRequest) -> Result<(), ApiError> {
        let proof = match (&request.old_password, self.store.password(account.id).await?) {
            (Some(old), Some(_)) => Some(self.prove(&account.username, old).await?),
            (None, Some(_)) => return Err(ApiError::new(ErrorCode::BadRequest, phrase!("error-old-password"))),
            (_, None) => None,
        };
        let hash = self.hash_new(&request.new_password, &account.username).await?;
        let mine = match account.credential {
            Credential::Login(id) => Some(id),
            _ => None,
        };
        self.set_password(account.id, account.id, hash, mine, AuditKind::PasswordChanged).await?;
        if let Some(proof) = proof {
            let operations = self.attempts.note(&proof.subject, Attempt::Success).operations;
            self.store.commit(Batch { preconditions: Vec::new(), operations }).await?;
        }
        Ok(())
    }

    /// Sets an account's password for its user, and ends all of its logins.
    pub(in crate::services) async fn reset_password(
        &self,
        actor: UserId,
        record: &UserRecord,
        request: &PasswordResetRequest,
    ) -> Result<PasswordResetResponse, ApiError> {
        let drawn = match &request.password {
            Some(_) => None,
            None => Some(Secret::new(letters(DRAWN_LENGTH).map_err(|error| words::internal(&error))?.as_str())),
        };
        let password = request.password.as_ref().or(drawn.as_ref()).cloned().unwrap_or_default();
        let hash = self.hash_new(&password, &record.username).await?;
        self.set_password(actor, record.id, hash, None, AuditKind::PasswordReset).await?;
        Ok(PasswordResetResponse { password: drawn })
    }

    /// Writes a password and ends every login of its account but one, in one batch.
    async fn set_password(
        &self,
        actor: UserId,
        id: UserId,
        hash: PasswordHash,
        but: Option<LoginId>,
        kind: AuditKind,
    ) -> Result<(), ApiError> {
        for _ in 0..MOST_TRIES {
            let (Some(user), before) = (self.store.user(id).await?, self.store.password(id).await?) else { break };
            let logins = self.store.logins(id).await?;
            let new = UserRecord { version: user.version + 1, epoch: user.epoch + 1, ..user.clone() };
            let version = before.map_or(1, |before| before.version + 1);
            let mut batch = Batch::new()
                .require(Precondition::Version(Entity::User(id), user.version))
                .then(Operation::PutUser(new.clone()))
                .then(Operation::PutPassword(to_record(id, version, hash.clone(), self.clock.now())))
                .then(audit::line(&self.clock, kind, Some(actor), Some(id), None));
            let (kept, ended): (Vec<LoginRecord>, Vec<LoginRecord>) = logins.into_iter().partition(|login| Some(login.id) == but);
            let kept: Vec<_> =
                kept.into_iter().map(|login| LoginRecord { version: login.version + 1, epoch: new.epoch, ..login }).collect();
            for login in &kept {
                let seen = Precondition::Version(Entity::Login(login.id), login.version - 1);
                batch = batch.require(seen).then(Operation::PutLogin(login.clone()));
            }
            batch.operations.extend(ended.iter().map(|login| Operation::DeleteLogin(login.id)));
            match self.store.commit(batch).await {
                Ok(()) => {
                    // The login that stays comes first: no request may meet the new epoch without it.
                    kept.into_iter().for_each(|login| self.logins.keep(login));
                    self.users.keep(new);
                    self.logins.remove(&ended.iter().map(|login| login.id).collect::<Vec<_>>());
                    return Ok(());
                }
                Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(ApiError::new(ErrorCode::NotFound, phrase!("error-no-such-user", reference = id)))
    }
}

enum Look {
    /// The password is right; hashed anew where that is due.
    Right(Option<PasswordHash>),
    Wrong,
}

fn look(stored: &PasswordHash, password: &Zeroizing<String>) -> Result<Look, crate::security::password::NotHashed> {
    if !stored.is_of(password)? {
        return Ok(Look::Wrong);
    }
    let is_due = stored.is_outdated(Cost::CURRENT);
    Ok(Look::Right(if is_due { Some(PasswordHash::new(password, Cost::CURRENT)?) } else { None }))
}

fn hash_of(record: &PasswordRecord) -> PasswordHash {
    let cost = Cost { memory_kib: record.memory_kib, passes: record.passes, lanes: record.lanes };
    PasswordHash { cost, salt: record.salt.clone(), hash: record.hash.clone() }
}

pub(super) fn to_record(user_id: UserId, version: u64, hash: PasswordHash, changed_at: jiff::Timestamp) -> PasswordRecord {
    PasswordRecord {
        user_id,
        version,
        memory_kib: hash.cost.memory_kib,
        passes: hash.cost.passes,
        lanes: hash.cost.lanes,
        salt: hash.salt,
        hash: hash.hash,
        changed_at,
    }
}
