//! Making an account, by whoever may, and beginning a login.

use std::sync::Arc;

use mmp_shared::{
    ApiError, ErrorCode, LoginId, UserId,
    audit::AuditKind,
    auth::{LoginRequest, LoginResponse, RegisterRequest},
    phrase,
    users::{AccountRole, UserCreateRequest, Via, WhoAmI},
};

use super::{Auth, Credentials, password::to_record};
use crate::{
    config::Registration,
    security::{
        attempts::Attempt,
        token::{INVITE_PREFIX, RefreshToken, hash, is_well_formed},
        username::{Refusal, Username},
    },
    services::{
        audit, origin,
        users::{Users, words},
    },
    store::{
        Batch, Entity, Operation, Precondition, StoreError,
        records::{InviteRecord, LoginRecord, PasswordRecord, UserRecord},
    },
};

/// The most logins of one account; the one that was refreshed least recently goes for a new one.
const MOST_LOGINS: usize = 1_000;
/// The most characters of what a login calls itself.
const LONGEST_CLIENT: usize = 100;

/// On what grounds somebody makes an account.
enum Grounds {
    /// They are the daemon's own OS user.
    OwnOsUser,
    /// Everybody may.
    Open,
    /// They were invited.
    Invited(InviteRecord),
}

impl Auth {
    /// Makes an account, and logs in.
    ///
    /// # Errors
    ///
    /// `forbidden` for whoever may not, `bad_request` for a name or a password that will not do, `conflict` for a name that
    /// is another's or looks like it.
    pub async fn register(&self, request: &RegisterRequest, credentials: &Credentials) -> Result<LoginResponse, ApiError> {
        let grounds = self.grounds(request, credentials).await?;
        let username = Username::parse(&request.username).map_err(words::of_name)?;
        self.check_free(&username)?;
        let hash = self.hash_new(&request.password, username.as_str()).await?;
        let (role, how) = match &grounds {
            // With nobody to be an admin, the one who runs the daemon is.
            Grounds::OwnOsUser if !self.users.has_admin() => (AccountRole::Admin, "own_os_user"),
            Grounds::OwnOsUser => (AccountRole::User, "own_os_user"),
            Grounds::Open => (AccountRole::User, "open"),
            Grounds::Invited(invite) => (invite.role, "invite"),
        };
        let record = self.users.fresh(username.as_str(), role);
        let (login, refresh) = self.new_login(&record, request.client.as_deref())?;
        let mut batch = Batch::new()
            .require(Precondition::Absent(Entity::Username(record.username.clone())))
            .then(Operation::PutUser(record.clone()))
            .then(Operation::PutPassword(to_record(record.id, 1, hash, record.created_at)))
            .then(Operation::PutLogin(login.clone()))
            .then(audit::line(&self.clock, AuditKind::Register, Some(record.id), Some(record.id), Some(how.to_owned())));
        if let Grounds::Invited(invite) = &grounds {
            batch = batch.require(Precondition::Present(Entity::Invite(invite.id))).then(Operation::DeleteInvite(invite.id));
        }
        self.store.commit(batch).await.map_err(|error| match error {
            StoreError::Conflict(Precondition::Present(Entity::Invite(_))) => no_invite(),
            other => words::of_write(other),
        })?;
        self.users.keep(record.clone());
        self.logins.keep(login.clone());
        let tokens = self.tokens_of(&login, &refresh)?;
        Ok(LoginResponse { account: whoami(&record), tokens, last_login_at: None, failures_since: 0 })
    }

    async fn grounds(&self, request: &RegisterRequest, credentials: &Credentials) -> Result<Grounds, ApiError> {
        if let Some(code) = &request.invite {
            let code = code.reveal().trim();
            let found = if is_well_formed(INVITE_PREFIX, code) { self.store.invite_by_hash(&hash(code)).await? } else { None };
            let is_good =
                |invite: &InviteRecord| invite.expires_at > self.clock.now() && self.config.registration != Registration::Closed;
            return found.filter(is_good).map(Grounds::Invited).ok_or_else(no_invite);
        }
        if credentials.peer.is_some_and(|peer| self.users.is_own(peer)) {
            return Ok(Grounds::OwnOsUser);
        }
        match self.config.registration {
            Registration::Open => Ok(Grounds::Open),
            Registration::Invite => Err(ApiError::new(ErrorCode::Forbidden, phrase!("error-registration-invite"))
                .with_hint(phrase!("hint-registration-invite"))),
            Registration::Closed => {
                Err(ApiError::new(ErrorCode::Forbidden, phrase!("error-registration-closed"))
                    .with_hint(phrase!("hint-ask-admin")))
            }
        }
    }

    /// Refuses a name that is taken before its password is hashed; the store decides.
    fn check_free(&self, username: &Username) -> Result<(), ApiError> {
        let skeleton = username.skeleton();
        match self.users.directory().filter(|record| record.skeleton == skeleton).first() {
            Some(record)
                if crate::security::username::fold(&record.username) == crate::security::username::fold(username.as_str()) =>
            {
                Err(ApiError::new(ErrorCode::Conflict, phrase!("error-username-taken", username = username.as_str())))
            }
            Some(_) => Err(ApiError::new(ErrorCode::Conflict, phrase!("error-username-look-alike"))),
            None => Ok(()),
        }
    }

    /// Makes an account for somebody else. An admin's doing.
    pub(in crate::services) async fn create_user(
        &self,
        actor: UserId,
        request: &UserCreateRequest,
    ) -> Result<UserRecord, ApiError> {
        let username = match (Username::parse(&request.username), request.os_user) {
            (Ok(username), _) => username.as_str().to_owned(),
            // Who the operating system calls so may be called so here.
            (Err(Refusal::Reserved), Some(os_user)) if crate::security::os_user::name_of(os_user) == request.username => {
                request.username.clone()
            }
            (Err(refusal), _) => return Err(words::of_name(refusal)),
        };
        let role = request.role.unwrap_or(AccountRole::User);
        let record = UserRecord { os_user: request.os_user, ..self.users.fresh(&username, role) };
        let mut batch = Batch::new().then(Operation::PutUser(record.clone())).then(audit::line(
            &self.clock,
            AuditKind::Register,
            Some(actor),
            Some(record.id),
            Some("admin".into()),
        ));
        if let Some(password) = &request.password {
            let hash = self.hash_new(password, &username).await?;
            batch = batch.then(Operation::PutPassword(to_record(record.id, 1, hash, record.created_at)));
        }
        self.store.commit(batch).await.map_err(words::of_write)?;
        self.users.keep(record.clone());
        Ok(record)
    }

    /// Logs in by password.
    ///
    /// # Errors
    ///
    /// `unauthenticated` where name and password do not belong together, `rate_limited` from the fourth failure on,
    /// `forbidden` for an account that is disabled.
    pub async fn log_in(&self, request: &LoginRequest) -> Result<LoginResponse, ApiError> {
        let proof = self.prove(&request.username, &request.password).await?;
        if !Users::is_active(&proof.record) {
            // Who has the password may know why it is no good.
            self.failed(&proof.subject, &request.username).await?;
            return Err(
                ApiError::new(ErrorCode::Forbidden, phrase!("error-account-disabled")).with_hint(phrase!("hint-ask-admin"))
            );
        }
        let (last_login_at, failures_since) = self.attempts.history(&proof.subject).await?;
        let (login, refresh) = self.new_login(&proof.record, request.client.as_deref())?;
        let id = proof.record.id;
        let mut batch = Batch::new()
            .require(Precondition::Present(Entity::User(id)))
            .then(Operation::PutLogin(login.clone()))
            .then(audit::line(&self.clock, AuditKind::Login, Some(id), Some(id), Some(login.id.short())));
        let gone = self.one_too_many(&proof.record);
        batch.operations.extend(gone.iter().copied().map(Operation::DeleteLogin));
        batch.operations.extend(self.attempts.note(&proof.subject, Attempt::Success).operations);
        self.store.commit(batch).await?;
        self.logins.keep(login.clone());
        if let Some(password) = proof.rehashed {
            self.keep_rehashed(password).await?;
        }
        if !gone.is_empty() {
            self.logins.remove(&gone);
        }
        Ok(LoginResponse {
            account: whoami(&proof.record),
            tokens: self.tokens_of(&login, &refresh)?,
            last_login_at,
            failures_since,
        })
    }

    /// Writes a password that was hashed anew, unless it has changed meanwhile.
    async fn keep_rehashed(&self, password: PasswordRecord) -> Result<(), ApiError> {
        let seen = Precondition::Version(Entity::Password(password.user_id), password.version - 1);
        match self.store.commit(Batch::new().require(seen).then(Operation::PutPassword(password))).await {
            Ok(()) | Err(StoreError::Conflict(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The logins that have to go for one more.
    fn one_too_many(&self, record: &UserRecord) -> Vec<LoginId> {
        let mut logins = self.logins.of_user(record.id);
        logins.sort_by_key(|entry| entry.record.refreshed_at);
        let surplus = (logins.len() + 1).saturating_sub(MOST_LOGINS);
        logins.into_iter().take(surplus).map(|entry: Arc<super::Entry>| entry.record.id).collect()
    }

    fn new_login(&self, record: &UserRecord, client: Option<&str>) -> Result<(LoginRecord, RefreshToken), ApiError> {
        if client.is_some_and(|client| client.chars().count() > LONGEST_CLIENT || client.contains(char::is_control)) {
            return Err(ApiError::new(ErrorCode::BadRequest, phrase!("error-login-client", limit = LONGEST_CLIENT)));
        }
        let id = LoginId::generate();
        let refresh = RefreshToken::first(id).map_err(|error| words::internal(&error))?;
        let now = self.clock.now();
        let login = LoginRecord {
            id,
            user_id: record.id,
            version: 1,
            epoch: record.epoch,
            client: client.map(str::to_owned),
            source: origin::current().source,
            family_hash: refresh.family_hash().to_vec(),
            refresh_hash: refresh.own_hash().to_vec(),
            rotations: Vec::new(),
            created_at: now,
            refreshed_at: now,
            expires_at: now.saturating_add(self.login_lifetime()).unwrap_or(jiff::Timestamp::MAX),
        };
        Ok((login, refresh))
    }
}

fn whoami(record: &UserRecord) -> WhoAmI {
    WhoAmI { id: record.id, username: record.username.clone(), role: record.role, via: Via::Login }
}

fn no_invite() -> ApiError {
    ApiError::new(ErrorCode::Forbidden, phrase!("error-invite")).with_hint(phrase!("hint-ask-admin"))
}
