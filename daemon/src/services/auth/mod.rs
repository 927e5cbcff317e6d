//! Who is calling, and how they came to be known: by the socket's peer credential, by a login, or by an access token.
//!
//! Telling who is calling is work in memory alone. `password.rs` proves passwords and changes them, `register.rs` makes
//! accounts and logins of them, `logins.rs` keeps logins, `attempts.rs` counts failures, `gate.rs` bounds what hashing takes.
//! The choices are explained in `docs/adr/0004-accounts-and-logins.md`.

pub(super) mod attempts;
mod gate;
mod logins;
mod password;
mod register;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use mmp_shared::{
    ApiError, ErrorCode, LoginId, UserId,
    audit::AuditKind,
    auth::{Login, LoginTokens, LogoutRequest, RefreshRequest, Secret},
    page::Page,
    phrase,
    tokens::Scope,
};
use tokio::sync::watch;

use super::{
    access_tokens::Tokens,
    clock::SharedClock,
    references::{only, suffix_of},
    users::{Account, Credential, Users, words::internal},
};
use crate::{
    config::{AuthConfig, PeerLogin},
    security::{
        jwt::{Refusal, SigningKeys},
        token::{ACCESS_PREFIX, RefreshToken},
    },
    store::{Store, records::LoginRecord, records::UserRecord},
};
use attempts::Attempts;
use gate::Gate;
use logins::{Entry, Logins, not_good};

/// How long a login that is over stays in the store: longer than anybody sets a calendar wrong.
const KEPT_AFTER_ITS_END: SignedDuration = SignedDuration::from_hours(24 * 7);
/// How many logins are forgotten in one batch.
const FORGOTTEN_AT_ONCE: usize = 200;

/// What a request brings along to be known by.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// What stands behind `Authorization: Bearer`.
    pub bearer: Option<Secret>,
    /// The OS user at the other end of a Unix socket.
    pub peer: Option<u32>,
}

/// The service that knows callers.
pub struct Auth {
    store: Arc<dyn Store>,
    users: Arc<Users>,
    tokens: Arc<Tokens>,
    config: AuthConfig,
    clock: SharedClock,
    keys: SigningKeys,
    logins: Logins,
    attempts: Attempts,
    gate: Gate,
}

impl Auth {
    /// The service over a store.
    pub fn new(store: Arc<dyn Store>, users: Arc<Users>, tokens: Arc<Tokens>, config: AuthConfig, clock: SharedClock) -> Self {
        let changes = users.directory().changes().clone();
        Self {
            keys: SigningKeys::new(config.access_lifetime),
            logins: Logins::new(Arc::clone(&store), Arc::clone(&clock), changes),
            attempts: Attempts::new(Arc::clone(&store), Arc::clone(&clock)),
            gate: Gate::default(),
            store,
            users,
            tokens,
            config,
            clock,
        }
    }

    /// Reads every login. To be called once, after accounts and tokens, before requests are taken.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn load(&self) -> Result<(), ApiError> {
        self.logins.load().await
    }

    /// Who is calling: what is brought along to be known by counts, and nothing else is tried when it does not.
    ///
    /// # Errors
    ///
    /// `unauthenticated` for nobody who is known, `forbidden` for an account that is disabled.
    pub async fn identify(&self, credentials: &Credentials) -> Result<Account, ApiError> {
        match (&credentials.bearer, credentials.peer) {
            (Some(bearer), peer) => self.by_bearer(bearer.reveal(), peer),
            (None, Some(peer)) if self.config.peer == PeerLogin::On => {
                let record = self.users.by_peer(peer).await?;
                self.account(&record, Credential::Peer(peer), None, Some(peer))
            }
            (None, Some(_)) => Err(unknown(phrase!("hint-log-in"))),
            (None, None) => Err(unknown(phrase!("hint-log-in"))),
        }
    }

    fn by_bearer(&self, bearer: &str, peer: Option<u32>) -> Result<Account, ApiError> {
        if bearer.starts_with(ACCESS_PREFIX) {
            let token = self.tokens.find(bearer, self.clock.now()).ok_or_else(|| {
                ApiError::new(ErrorCode::Unauthenticated, phrase!("error-token-unknown")).with_hint(phrase!("hint-token-unknown"))
            })?;
            let record = self.users.record(token.user_id).ok_or_else(not_good)?;
            return self.account(&record, Credential::Token(token.id), Some(Arc::clone(&token.scopes)), peer);
        }
        let claims = self.keys.check(bearer, self.clock.now()).map_err(|refusal| match refusal {
            Refusal::Expired => {
                ApiError::new(ErrorCode::Unauthenticated, phrase!("error-login-stale")).with_hint(phrase!("hint-refresh"))
            }
            Refusal::Invalid => not_good(),
        })?;
        let entry = self.logins.find(claims.sid).filter(|entry| entry.record.user_id == claims.sub).ok_or_else(not_good)?;
        let record = self.whose(&entry.record)?;
        self.account(&record, Credential::Login(claims.sid), None, peer)
    }

    /// Whose login it is, while it counts.
    fn whose(&self, login: &LoginRecord) -> Result<Arc<UserRecord>, ApiError> {
        let record = self.users.record(login.user_id).filter(|record| is_of_now(login, record)).ok_or_else(not_good)?;
        if login.expires_at <= self.clock.now() { Err(not_good()) } else { Ok(record) }
    }

    fn account(
        &self,
        record: &UserRecord,
        credential: Credential,
        scopes: Option<Arc<[Scope]>>,
        peer: Option<u32>,
    ) -> Result<Account, ApiError> {
        if record.deleting_at.is_some() {
            return Err(ApiError::new(ErrorCode::Forbidden, phrase!("error-account-deleting")));
        }
        if record.disabled_at.is_some() {
            return Err(
                ApiError::new(ErrorCode::Forbidden, phrase!("error-account-disabled")).with_hint(phrase!("hint-ask-admin"))
            );
        }
        Ok(Account {
            id: record.id,
            username: record.username.clone(),
            role: record.role,
            credential,
            scopes,
            is_own_os_user: peer.is_some_and(|peer| self.users.is_own(peer)),
        })
    }

    /// Something that tells when a caller is no longer who they were: for answers that go on for long.
    pub fn standing(self: &Arc<Self>, account: &Account) -> Standing {
        let changed = self.users.directory().changes().subscribe();
        Standing { auth: Arc::clone(self), id: account.id, credential: account.credential, changed }
    }

    fn still_holds(&self, id: UserId, credential: Credential) -> bool {
        let Some(record) = self.users.record(id).filter(|record| Users::is_active(record)) else { return false };
        match credential {
            Credential::Peer(os_user) => record.os_user == Some(os_user),
            Credential::Login(login) => self.logins.find(login).is_some_and(|entry| is_of_now(&entry.record, &record)),
            Credential::Token(token) => self.tokens.holds(token, self.clock.now()),
        }
    }

    /// The tokens of a login: the refresh token is the one that was just made.
    fn tokens_of(&self, login: &LoginRecord, refresh: &RefreshToken) -> Result<LoginTokens, ApiError> {
        let signed = self.keys.sign(login.user_id, login.id, self.clock.now(), self.clock.steady());
        let (access_token, access_expires_at) = signed.map_err(|error| internal(&error))?;
        Ok(LoginTokens {
            login_id: login.id,
            access_token: Secret::new(access_token),
            access_expires_at,
            refresh_token: Secret::new(refresh.to_text()),
            refresh_expires_at: login.expires_at,
        })
    }

    /// Takes a refresh token for new tokens.
    ///
    /// # Errors
    ///
    /// `unauthenticated` for a token that is not good; one that was used long ago ends its login.
    pub async fn refresh(&self, request: &RefreshRequest) -> Result<LoginTokens, ApiError> {
        let token = RefreshToken::parse(request.refresh_token.reveal()).ok_or_else(not_good)?;
        let (entry, successor) = self.logins.refresh(&token, self.login_lifetime(), |login| self.whose_active(login)).await?;
        self.tokens_of(&entry.record, &successor)
    }

    fn whose_active(&self, login: &LoginRecord) -> Result<Arc<UserRecord>, ApiError> {
        self.whose(login).and_then(|record| if Users::is_active(&record) { Ok(record) } else { Err(not_good()) })
    }

    /// Ends the login of a refresh token, or the one that the request came with.
    ///
    /// # Errors
    ///
    /// `unauthenticated` for a token that is not good, `bad_request` where there is no login to end.
    pub async fn log_out(&self, request: &LogoutRequest, credentials: &Credentials) -> Result<(), ApiError> {
        let entry = match &request.refresh_token {
            Some(token) => {
                let token = RefreshToken::parse(token.reveal()).ok_or_else(not_good)?;
                let is_family =
                    |entry: &Arc<Entry>| crate::security::token::is_same(&entry.record.family_hash, &token.family_hash());
                self.logins.find(token.login).filter(is_family).ok_or_else(not_good)?
            }
            None => match self.identify(credentials).await?.credential {
                Credential::Login(id) => self.logins.find(id).ok_or_else(not_good)?,
                _ => return Err(ApiError::new(ErrorCode::BadRequest, phrase!("error-no-login-to-end"))),
            },
        };
        self.logins.end(&entry.record, AuditKind::Logout).await
    }

    /// The caller's logins, the oldest first.
    pub fn logins(&self, account: &Account) -> Page<Login> {
        let now = self.clock.now();
        let good = self
            .logins
            .of_user(account.id)
            .into_iter()
            .filter(|entry| entry.record.expires_at > now && self.whose(&entry.record).is_ok());
        let items = good.map(|entry| view(&entry.record, account)).collect();
        Page { items, next_cursor: None }
    }

    /// Ends one of the caller's logins.
    ///
    /// # Errors
    ///
    /// `not_found` where there is none, `bad_request` where there are several.
    pub async fn revoke(&self, account: &Account, reference: &str) -> Result<(), ApiError> {
        let suffix = suffix_of(reference);
        let ends_so = |digits: &str| suffix.as_deref().is_some_and(|suffix| digits.ends_with(suffix));
        let is_meant = |entry: &Arc<Entry>| ends_so(&entry.record.id.to_string().replace('-', ""));
        let candidates: Vec<_> = self.logins.of_user(account.id).into_iter().filter(is_meant).collect();
        let none = phrase!("error-no-such-login", reference = reference);
        let several = phrase!("error-several-logins", reference = reference);
        let entry = only(candidates, none, several, |entry| entry.record.id.short())?;
        self.logins.end(&entry.record, AuditKind::Logout).await
    }

    /// Forgets an account's logins that were taken from the store.
    pub(super) fn forget_logins(&self, user_id: UserId) {
        let ids: Vec<LoginId> = self.logins.of_user(user_id).iter().map(|entry| entry.record.id).collect();
        self.logins.remove(&ids);
    }

    /// Forgets attempts and logins that nobody needs any more. Returns how many attempts that were.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn keep_house(&self) -> Result<usize, ApiError> {
        let before = self.clock.now().saturating_sub(KEPT_AFTER_ITS_END).unwrap_or(Timestamp::MIN);
        loop {
            let ids = self.logins.long_over(before, FORGOTTEN_AT_ONCE);
            if ids.is_empty() {
                break;
            }
            let operations = ids.iter().copied().map(crate::store::Operation::DeleteLogin).collect();
            self.store.commit(crate::store::Batch { preconditions: Vec::new(), operations }).await?;
            self.logins.remove(&ids);
        }
        self.attempts.forget_old().await
    }

    fn login_lifetime(&self) -> SignedDuration {
        SignedDuration::try_from(self.config.login_lifetime).unwrap_or(SignedDuration::MAX)
    }
}

/// Tells when a caller is no longer who they were.
pub struct Standing {
    auth: Arc<Auth>,
    id: UserId,
    credential: Credential,
    changed: watch::Receiver<u64>,
}

impl Standing {
    /// Whether the caller still is who they were.
    pub fn holds(&self) -> bool {
        self.auth.still_holds(self.id, self.credential)
    }

    /// Waits until the caller no longer is.
    pub async fn ended(&mut self) {
        while self.holds() {
            // The one who tells lives as long as `auth`, which is held here.
            if self.changed.changed().await.is_err() {
                return;
            }
        }
    }
}

/// Whether a login is of its account's epoch. One that is taken along into a new epoch is there a moment before it.
const fn is_of_now(login: &LoginRecord, record: &UserRecord) -> bool {
    login.epoch >= record.epoch
}

fn unknown(hint: mmp_shared::Phrase) -> ApiError {
    ApiError::new(ErrorCode::Unauthenticated, phrase!("error-unauthenticated")).with_hint(hint)
}

fn view(record: &LoginRecord, account: &Account) -> Login {
    Login {
        id: record.id,
        client: record.client.clone(),
        source: record.source.clone(),
        created_at: record.created_at,
        refreshed_at: record.refreshed_at,
        expires_at: record.expires_at,
        current: account.credential == Credential::Login(record.id),
    }
}
