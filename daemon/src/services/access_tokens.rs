//! Access tokens: made, listed and revoked by their users, and found in memory by what they hash to.
//!
//! When one was last used is noted in memory and written now and then, not with every request.

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
};

use jiff::{SignedDuration, Timestamp};
use mmp_shared::{
    ApiError, ErrorCode, TokenId, UserId,
    audit::AuditKind,
    auth::Secret,
    page::Page,
    phrase,
    tokens::{AccessToken, NewToken, Scope, TokenRequest},
    users::AccountRole,
};

use super::{
    audit,
    clock::SharedClock,
    references::{only, suffix_of},
    users::{Account, Users, directory::Changes, words::internal},
};
use crate::{
    security::token::{ACCESS_PREFIX, TokenHash, draw, hash, is_well_formed},
    store::{Batch, Entity, Operation, Precondition, Store, records::TokenRecord},
};

/// The most access tokens of one account.
const MOST_TOKENS: usize = 100;
/// The most characters of a name.
const LONGEST_NAME: usize = 100;
/// The longest that an access token lives, in seconds: what is to live longer, lives until it is revoked.
const LONGEST_LIFE: u64 = 10 * 366 * 24 * 3600;
/// How many are read or written at once.
const AT_ONCE: usize = 500;
/// No use has been noted since the last writing.
const NOT_USED: i64 = i64::MIN;

/// An access token that is good, as far as its own record goes.
pub(super) struct Known {
    /// Its id.
    pub(super) id: TokenId,
    /// Whose it is.
    pub(super) user_id: UserId,
    /// What it may do.
    pub(super) scopes: Arc<[Scope]>,
    hash: TokenHash,
    expires_at: Option<Timestamp>,
    /// When it was used since that was last written, in seconds.
    used_at: AtomicI64,
}

#[derive(Default)]
struct Tables {
    by_hash: HashMap<TokenHash, Arc<Known>>,
    by_id: HashMap<TokenId, Arc<Known>>,
}

/// The service of access tokens.
pub struct Tokens {
    store: Arc<dyn Store>,
    clock: SharedClock,
    changes: Changes,
    tables: RwLock<Tables>,
}

impl Tokens {
    /// The service over a store.
    pub fn new(store: Arc<dyn Store>, users: &Users, clock: SharedClock) -> Self {
        let changes = users.directory().changes().clone();
        Self { store, clock, changes, tables: RwLock::default() }
    }

    /// Reads every access token. To be called once, before requests are taken.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn load(&self) -> Result<(), ApiError> {
        let mut after = None;
        loop {
            let records = self.store.tokens_after(after, AT_ONCE).await?;
            let Some(last) = records.last() else { return Ok(()) };
            after = Some(last.id);
            records.iter().for_each(|record| self.keep(record));
        }
    }

    /// The access token that a text is, and notes its use.
    pub(super) fn find(&self, text: &str, now: Timestamp) -> Option<Arc<Known>> {
        if !is_well_formed(ACCESS_PREFIX, text) {
            return None;
        }
        let known = self.tables.read().unwrap_or_else(PoisonError::into_inner).by_hash.get(&hash(text)).cloned()?;
        if known.expires_at.is_some_and(|end| end <= now) {
            return None;
        }
        known.used_at.fetch_max(now.as_second(), Ordering::Relaxed);
        Some(known)
    }

    /// Whether an access token still is one.
    pub(super) fn holds(&self, id: TokenId, now: Timestamp) -> bool {
        let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
        tables.by_id.get(&id).is_some_and(|known| known.expires_at.is_none_or(|end| end > now))
    }

    /// Makes an access token.
    ///
    /// # Errors
    ///
    /// `bad_request` for a name, scopes or a life that will not do, `forbidden` for a scope beyond the account's role,
    /// `conflict` where there are too many.
    pub async fn create(&self, account: &Account, request: &TokenRequest) -> Result<NewToken, ApiError> {
        let expires_in = check(account, request)?;
        if self.store.tokens(account.id).await?.len() >= MOST_TOKENS {
            let error = ApiError::new(ErrorCode::Conflict, phrase!("error-too-many-tokens", limit = MOST_TOKENS));
            return Err(error.with_hint(phrase!("hint-tokens-list")));
        }
        let text = draw(ACCESS_PREFIX).map_err(|error| internal(&error))?;
        let mut scopes = request.scopes.clone();
        scopes.sort_unstable();
        scopes.dedup();
        let now = self.clock.now();
        let record = TokenRecord {
            id: TokenId::generate(),
            user_id: account.id,
            name: request.name.trim().to_owned(),
            scopes,
            hash: hash(&text).to_vec(),
            created_at: now,
            expires_at: expires_in.map(|life| now.saturating_add(life).unwrap_or(Timestamp::MAX)),
            last_used_at: None,
        };
        let words: Vec<_> = record.scopes.iter().map(|scope| scope.as_str()).collect();
        let detail = format!("{} ({})", record.name, words.join(","));
        let batch = Batch::new()
            .require(Precondition::Present(Entity::User(account.id)))
            .then(Operation::PutToken(record.clone()))
            .then(audit::line(&self.clock, AuditKind::TokenCreated, Some(account.id), Some(account.id), Some(detail)));
        self.store.commit(batch).await?;
        self.keep(&record);
        Ok(NewToken { token: Secret::new(text.as_str()), about: self.view(record) })
    }

    /// The caller's access tokens, the oldest first.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn list(&self, account: &Account) -> Result<Page<AccessToken>, ApiError> {
        let items = self.store.tokens(account.id).await?.into_iter().map(|record| self.view(record)).collect();
        Ok(Page { items, next_cursor: None })
    }

    /// Revokes one of the caller's access tokens, named by its id, the end of it, or its name.
    ///
    /// # Errors
    ///
    /// `not_found` where there is none, `bad_request` where there are several.
    pub async fn revoke(&self, account: &Account, reference: &str) -> Result<(), ApiError> {
        let suffix = suffix_of(reference);
        let ends_so = |id: TokenId| suffix.as_deref().is_some_and(|suffix| id.to_string().replace('-', "").ends_with(suffix));
        let tokens = self.store.tokens(account.id).await?;
        let candidates = tokens.into_iter().filter(|token| token.name == reference || ends_so(token.id)).collect();
        let none = phrase!("error-no-such-token", reference = reference);
        let several = phrase!("error-several-tokens", reference = reference);
        let token = only(candidates, none, several, |token: &TokenRecord| format!("{} {}", token.id.short(), token.name))?;
        let batch = Batch::new().then(Operation::DeleteToken(token.id)).then(audit::line(
            &self.clock,
            AuditKind::TokenRevoked,
            Some(account.id),
            Some(account.id),
            Some(token.name),
        ));
        self.store.commit(batch).await?;
        self.remove(&[token.id]);
        Ok(())
    }

    /// Forgets an account's tokens that were taken from the store.
    pub(super) fn forget(&self, user_id: UserId) {
        let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
        let ids: Vec<_> = tables.by_id.values().filter(|known| known.user_id == user_id).map(|known| known.id).collect();
        drop(tables);
        self.remove(&ids);
    }

    /// Writes when tokens were last used. Returns how many had been.
    ///
    /// # Errors
    ///
    /// The store's; the uses are written with the next ones then.
    pub async fn write_uses(&self) -> Result<usize, ApiError> {
        let used: Vec<(Arc<Known>, i64)> = {
            let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
            let all = tables.by_id.values().map(|known| (Arc::clone(known), known.used_at.swap(NOT_USED, Ordering::Relaxed)));
            all.filter(|(_, at)| *at != NOT_USED).collect()
        };
        for some in used.chunks(AT_ONCE) {
            let touch =
                |(known, at): &(Arc<Known>, i64)| Some(Operation::TouchToken(known.id, Timestamp::from_second(*at).ok()?));
            let operations = some.iter().filter_map(touch).collect();
            if let Err(error) = self.store.commit(Batch { preconditions: Vec::new(), operations }).await {
                used.iter().for_each(|(known, at)| _ = known.used_at.fetch_max(*at, Ordering::Relaxed));
                return Err(error.into());
            }
        }
        Ok(used.len())
    }

    fn keep(&self, record: &TokenRecord) {
        let Ok(hash) = TokenHash::try_from(record.hash.as_slice()) else { return };
        let known = Arc::new(Known {
            id: record.id,
            user_id: record.user_id,
            scopes: record.scopes.as_slice().into(),
            hash,
            expires_at: record.expires_at,
            used_at: AtomicI64::new(NOT_USED),
        });
        let mut tables = self.tables.write().unwrap_or_else(PoisonError::into_inner);
        tables.by_hash.insert(hash, Arc::clone(&known));
        tables.by_id.insert(record.id, known);
    }

    fn remove(&self, ids: &[TokenId]) {
        let mut tables = self.tables.write().unwrap_or_else(PoisonError::into_inner);
        for id in ids {
            if let Some(known) = tables.by_id.remove(id) {
                tables.by_hash.remove(&known.hash);
            }
        }
        drop(tables);
        self.changes.tell();
    }

    fn view(&self, record: TokenRecord) -> AccessToken {
        let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
        let noted = tables.by_id.get(&record.id).map(|known| known.used_at.load(Ordering::Relaxed));
        let noted = noted.filter(|at| *at != NOT_USED).and_then(|at| Timestamp::from_second(at).ok());
        AccessToken {
            id: record.id,
            name: record.name,
            scopes: record.scopes,
            created_at: record.created_at,
            expires_at: record.expires_at,
            last_used_at: noted.max(record.last_used_at),
        }
    }
}

fn check(account: &Account, request: &TokenRequest) -> Result<Option<SignedDuration>, ApiError> {
    let refused = |phrase| Err(ApiError::new(ErrorCode::BadRequest, phrase));
    let name = request.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.contains(char::is_control) {
        return refused(phrase!("error-token-name", limit = LONGEST_NAME));
    }
    if request.scopes.is_empty() {
        let scopes = Scope::ALL.map(Scope::as_str).join(", ");
        return Err(ApiError::new(ErrorCode::BadRequest, phrase!("error-token-scopes"))
            .with_hint(phrase!("hint-token-scopes", scopes = scopes)));
    }
    if request.scopes.contains(&Scope::Admin) && account.role != AccountRole::Admin {
        return Err(ApiError::new(ErrorCode::Forbidden, phrase!("error-admins-only")));
    }
    match request.expires_in_s {
        None => Ok(None),
        Some(seconds) if (1..=LONGEST_LIFE).contains(&seconds) => {
            Ok(Some(SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX))))
        }
        Some(seconds) => refused(phrase!("error-token-life", seconds = seconds, limit = LONGEST_LIFE)),
    }
}
