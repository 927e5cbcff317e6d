//! Provider keys: sealed before they are stored, opened when a provider is asked, and the master key behind that.
//!
//! The master key is fetched at the first sealed value, off the start path and off the async threads, with a time
//! limit. The store records where it lies and its fingerprint; while sealed keys exist, no other master key is made.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use jiff::Timestamp;
use mmp_shared::{
    ApiError, ErrorCode, Phrase, UserId,
    auth::Secret,
    chat::ProviderKey,
    events::Notice,
    key_mark::KeyMark,
    phrase,
    system::{VaultHealth, VaultState},
};
use tokio::sync::OnceCell;
use zeroize::{Zeroize as _, Zeroizing};

use crate::{
    config::{KeyStoreChoice, VaultConfig},
    security::{
        key_store::{KeyStore, KeyStoreError},
        sealed_master::SealedMaster,
        vault::{MasterKey, Sealed},
    },
    store::{
        Batch, Entity, Operation, Precondition, Store, StoreError,
        records::{SealedKeyRecord, SealedTokenRecord, VaultRecord},
    },
};

/// The places that a master key may lie in.
pub struct KeyPlaces {
    /// The system's keyring.
    pub keyring: Arc<dyn KeyStore>,
    /// Files.
    pub file: Arc<dyn KeyStore>,
    /// The file of a new key.
    pub key_file: PathBuf,
    /// Whether `MMP_HOME` holds everything, so that a file is the first choice.
    pub is_home: bool,
}

/// The service of keys.
pub struct Keys {
    store: Arc<dyn Store>,
    config: VaultConfig,
    places: KeyPlaces,
    master: OnceCell<Arc<MasterKey>>,
    /// When the master key was last asked for in vain, and why.
    last_failure: Mutex<Option<(Instant, ApiError)>>,
    /// One call to the keyring at a time: of a keyring that never answers, one thread hangs and not one a request.
    keyring_turn: Arc<tokio::sync::Mutex<()>>,
}

/// An opened key. It is wiped when it is dropped.
#[derive(Default)]
pub struct OpenKey {
    /// The key, or the first half of a pair.
    pub api_key: Option<Zeroizing<String>>,
    /// The second half of a pair.
    pub secret_key: Option<Zeroizing<String>>,
    /// What tells this key from those that were sealed before and after it.
    pub nonce: Vec<u8>,
}

impl Keys {
    /// The service over a store.
    pub fn new(store: Arc<dyn Store>, config: VaultConfig, places: KeyPlaces) -> Self {
        Self { store, config, places, master: OnceCell::new(), last_failure: Mutex::default(), keyring_turn: Arc::default() }
    }

    /// Seals a key for one user's use of one provider. What comes back is to be committed with whatever else changes;
    /// the notices say where a new master key was put, and what of the key was left out.
    ///
    /// # Errors
    ///
    /// `bad_request` for an empty key, `storage_failed` where the vault is locked.
    pub async fn seal(&self, user_id: UserId, provider: &str, key: &ProviderKey) -> Result<(Operation, Vec<Notice>), ApiError> {
        let is_blank = |text: &str| text.trim().is_empty();
        if key.api_key.as_deref().is_none_or(is_blank) || key.secret_key.as_deref().is_some_and(is_blank) {
            return Err(ApiError::new(ErrorCode::BadRequest, phrase!("error-empty-key", provider = provider)));
        }
        if let Some(bad) = [&key.api_key, &key.secret_key]
            .into_iter()
            .flatten()
            .find(|text| text.trim().contains(|c: char| !c.is_ascii_graphic()))
        {
            // Only how long it is may be said of a key.
            let phrase = phrase!("error-bad-key", provider = provider, length = bad.len());
            return Err(ApiError::new(ErrorCode::BadRequest, phrase).with_hint(phrase!("hint-bad-key")));
        }
        let trimmed = |text: &Option<String>| text.as_deref().map(|text| text.trim().to_owned());
        let given = key;
        let key = ProviderKey { api_key: trimmed(&given.api_key), secret_key: trimmed(&given.secret_key) };
        let plain =
            Zeroizing::new(serde_json::to_vec(&key).map_err(|_| ApiError::new(ErrorCode::Internal, phrase!("error-internal")))?);
        let (master, notice) = self.unlock().await?;
        let mut notices = Vec::from_iter(notice);
        if key != *given {
            notices.push(super::notice("key_trimmed", phrase!("notice-key_trimmed", provider = provider)));
        }
        let sealed = master.seal(user_id, provider, &plain).map_err(|_| locked(phrase!("vault-no-randomness")))?;
        let record = SealedKeyRecord {
            user_id,
            provider: provider.to_owned(),
            nonce: sealed.nonce,
            sealed: sealed.bytes,
            is_pair: key.secret_key.is_some(),
            created_at: Timestamp::now(),
            token: None,
        };
        Ok((Operation::PutSealedKey(record), notices))
    }

    /// Whether a user's sealed key for a provider is the one with this mark; `None` where none is sealed.
    ///
    /// # Errors
    ///
    /// As [`Self::open`].
    pub async fn is_marked(&self, user_id: UserId, provider: &str, mark: &KeyMark) -> Result<Option<bool>, ApiError> {
        let Some(open) = self.open(user_id, provider).await? else { return Ok(None) };
        let text = |key: &Option<Zeroizing<String>>| key.as_ref().map(|key| key.as_str().to_owned());
        let mut key = ProviderKey { api_key: text(&open.api_key), secret_key: text(&open.secret_key) };
        let is_same = mark.is_of(&key);
        key.api_key.zeroize();
        key.secret_key.zeroize();
        Ok(Some(is_same))
    }

    /// Whether sealed keys can be opened now. The master key is asked for anew, and none is made.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn health(&self) -> Result<VaultHealth, ApiError> {
        let Some(record) = self.store.vault().await? else {
            let error = self.why_unmakeable().await;
            let state = if error.is_some() { VaultState::Locked } else { VaultState::Empty };
            return Ok(VaultHealth { state, key_store: None, location: None, error });
        };
        let (state, error) = match self.load(&record).await {
            Ok(Some(_)) => (VaultState::Open, None),
            Ok(None) => (VaultState::Empty, None),
            Err(error) => (VaultState::Locked, Some(error)),
        };
        Ok(VaultHealth { state, key_store: Some(record.key_store), location: Some(record.location), error })
    }

    /// Whether sealed keys can be opened, as far as is known: a master key that was had once counts.
    pub async fn is_open(&self) -> bool {
        self.master.initialized() || self.health().await.is_ok_and(|health| health.state != VaultState::Locked)
    }

    /// Opens a user's key for a provider; `None` where none is sealed.
    ///
    /// # Errors
    ///
    /// `storage_failed` where the vault is locked or the value does not open.
    pub async fn open(&self, user_id: UserId, provider: &str) -> Result<Option<OpenKey>, ApiError> {
        let Some(record) = self.store.sealed_key(user_id, provider).await? else { return Ok(None) };
        let (master, _) = self.unlock().await?;
        let nonce = record.nonce.clone();
        let sealed = Sealed { nonce: record.nonce, bytes: record.sealed };
        let plain =
            master.open(user_id, provider, &sealed).map_err(|_| locked(phrase!("vault-does-not-open", provider = provider)))?;
        let key: ProviderKey =
            serde_json::from_slice(&plain).map_err(|_| locked(phrase!("vault-does-not-open", provider = provider)))?;
        Ok(Some(OpenKey { api_key: key.api_key.map(Zeroizing::new), secret_key: key.secret_key.map(Zeroizing::new), nonce }))
    }

    /// Seals what a provider gave for a user's key. It opens as that and as nothing else.
    ///
    /// # Errors
    ///
    /// `storage_failed` where the vault is locked.
    pub async fn seal_token(&self, user_id: UserId, provider: &str, plain: &[u8]) -> Result<SealedTokenRecord, ApiError> {
        let (master, _) = self.unlock().await?;
        let sealed = master.seal(user_id, &token_of(provider), plain).map_err(|_| locked(phrase!("vault-no-randomness")))?;
        Ok(SealedTokenRecord { nonce: sealed.nonce, sealed: sealed.bytes })
    }

    /// Opens what [`Self::seal_token`] sealed.
    ///
    /// # Errors
    ///
    /// `storage_failed` where the vault is locked or the value does not open.
    pub async fn open_token(
        &self,
        user_id: UserId,
        provider: &str,
        record: SealedTokenRecord,
    ) -> Result<Zeroizing<Vec<u8>>, ApiError> {
        let (master, _) = self.unlock().await?;
        let sealed = Sealed { nonce: record.nonce, bytes: record.sealed };
        let opened = master.open(user_id, &token_of(provider), &sealed);
        opened.map_err(|_| locked(phrase!("vault-does-not-open", provider = provider)))
    }

    /// The master key sealed under a passphrase, as a backup carries it; `None` where there is none.
    ///
    /// # Errors
    ///
    /// Where it cannot be had.
    pub async fn carry(&self, passphrase: &Secret) -> Result<Option<Vec<u8>>, ApiError> {
        if self.store.vault().await?.is_none() {
            return Ok(None);
        }
        let (master, _) = self.unlock().await?;
        let words = passphrase.clone();
        let sealed = tokio::task::spawn_blocking(move || {
            let sealed = SealedMaster::seal(words.reveal(), &master).map_err(|error| error.to_string())?;
            serde_json::to_vec(&sealed).map_err(|error| error.to_string())
        });
        let sealed = sealed.await.unwrap_or_else(|error| Err(error.to_string()));
        sealed
            .map(Some)
            .map_err(|reason| ApiError::new(ErrorCode::Internal, phrase!("error-system", what = "argon2", reason = reason)))
    }

    /// What would keep the first master key from being put away: a keyring that is insisted on and cannot be asked.
    async fn why_unmakeable(&self) -> Option<ApiError> {
        if self.config.key_store != KeyStoreChoice::Keyring {
            return None;
        }
        // Nothing is called so: one that answers says that.
        let asked = self.blocking(&self.places.keyring, "vault-none".to_owned(), |place, location| place.load(location)).await;
        let error = asked.err().filter(|error| !matches!(error, KeyStoreError::Missing(_)))?;
        Some(locked(phrase!("vault-unreachable", key_store = "keyring", reason = error)))
    }

    async fn unlock(&self) -> Result<(Arc<MasterKey>, Option<Notice>), ApiError> {
        let (begun, mut notice) = (Instant::now(), None);
        let master = self
            .master
            .get_or_try_init(|| async {
                // Those who waited while another asked in vain do not ask as well, one after the other.
                if let Some(error) = self.failure_since(begun) {
                    return Err(error);
                }
                let (key, made) = self.fetch().await.inspect_err(|error| self.note_failure(error))?;
                notice = made;
                Ok::<_, ApiError>(Arc::new(key))
            })
            .await?;
        Ok((Arc::clone(master), notice))
    }

    fn failure_since(&self, begun: Instant) -> Option<ApiError> {
        let last = self.last_failure.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().filter(|(at, _)| *at >= begun).map(|(_, error)| error.clone())
    }

    fn note_failure(&self, error: &ApiError) {
        *self.last_failure.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), error.clone()));
    }

    async fn fetch(&self) -> Result<(MasterKey, Option<Notice>), ApiError> {
        let Some(record) = self.store.vault().await? else { return self.make(None).await };
        match self.load(&record).await? {
            Some(key) => Ok((key, None)),
            None => self.make(Some(record)).await,
        }
    }

    /// The master key where the store says that it lies; `None` where it is gone and nothing is sealed with it.
    async fn load(&self, record: &VaultRecord) -> Result<Option<MasterKey>, ApiError> {
        let place = if record.key_store == self.places.keyring.kind() { &self.places.keyring } else { &self.places.file };
        match self.blocking(place, record.location.clone(), |place, location| place.load(location)).await {
            Ok(key) if key.fingerprint() == record.fingerprint => Ok(Some(key)),
            Ok(_) => Err(locked(phrase!("vault-wrong-key", location = record.location))),
            Err(KeyStoreError::Missing(_)) if !self.store.has_sealed_keys().await? => Ok(None),
            Err(KeyStoreError::Exposed(location)) => {
                let error = ApiError::new(ErrorCode::StorageFailed, phrase!("vault-exposed", location = location));
                Err(error.with_hint(phrase!("hint-vault-exposed", location = location)))
            }
            Err(error) => Err(locked(phrase!("vault-unreachable", key_store = record.key_store, reason = error))),
        }
    }

    /// Makes a master key, puts it away, and records where. One that lies in the file already is taken as it is.
    async fn make(&self, instead_of: Option<VaultRecord>) -> Result<(MasterKey, Option<Notice>), ApiError> {
        let fresh = || MasterKey::generate().map_err(|_| locked(phrase!("vault-no-randomness")));
        let wants_keyring = match self.config.key_store {
            KeyStoreChoice::Keyring => true,
            KeyStoreChoice::File => false,
            KeyStoreChoice::Auto => !self.places.is_home,
        };
        if wants_keyring {
            let location = format!("vault-{}", UserId::generate().short());
            match self.put_away(&self.places.keyring, location.clone(), fresh()?).await {
                Ok(key) => return self.record(key, "keyring", location, instead_of).await,
                Err(error) if self.config.key_store == KeyStoreChoice::Keyring => {
                    return Err(locked(phrase!("vault-unreachable", key_store = "keyring", reason = error)));
                }
                Err(error) => tracing::info!(%error, "no keyring answers: the master key goes into a file"),
            }
        }
        let location = self.places.key_file.display().to_string();
        let key = match self.blocking(&self.places.file, location.clone(), |place, location| place.load(location)).await {
            Ok(key) => Ok(key),
            Err(KeyStoreError::Missing(_)) => self.put_away(&self.places.file, location.clone(), fresh()?).await,
            Err(error) => Err(error),
        };
        match key {
            Ok(key) => self.record(key, "file", location, instead_of).await,
            Err(error) => Err(locked(phrase!("vault-unreachable", key_store = "file", reason = error))),
        }
    }

    async fn put_away(&self, place: &Arc<dyn KeyStore>, location: String, key: MasterKey) -> Result<MasterKey, KeyStoreError> {
        self.blocking(place, location, move |place, location| place.save(location, &key).map(|()| key)).await
    }

    async fn record(
        &self,
        key: MasterKey,
        key_store: &str,
        location: String,
        instead_of: Option<VaultRecord>,
    ) -> Result<(MasterKey, Option<Notice>), ApiError> {
        let record = VaultRecord {
            key_store: key_store.to_owned(),
            location: location.clone(),
            fingerprint: key.fingerprint(),
            created_at: Timestamp::now(),
        };
        let mut batch = Batch::new().then(Operation::PutVault(record));
        if instead_of.is_none() {
            batch = batch.require(Precondition::Absent(Entity::Vault));
        }
        match self.store.commit(batch).await {
            Ok(()) => {}
            Err(StoreError::Conflict(_)) => return Err(locked(phrase!("vault-raced"))),
            Err(error) => return Err(error.into()),
        }
        tracing::info!(key_store, location, "a master key was made");
        let phrase = phrase!("notice-master_key_made", key_store = key_store, location = location);
        Ok((key, Some(super::notice("master_key_made", phrase))))
    }

    async fn blocking<T: Send + 'static>(
        &self,
        place: &Arc<dyn KeyStore>,
        location: String,
        call: impl FnOnce(&dyn KeyStore, &str) -> Result<T, KeyStoreError> + Send + 'static,
    ) -> Result<T, KeyStoreError> {
        let place = Arc::clone(place);
        let turn = (place.kind() == self.places.keyring.kind()).then(|| Arc::clone(&self.keyring_turn));
        let task = async move {
            let turn = match turn {
                Some(turn) => Some(turn.lock_owned().await),
                None => None,
            };
            let call = move || {
                let _turn = turn;
                call(place.as_ref(), &location)
            };
            tokio::task::spawn_blocking(call).await
        };
        match tokio::time::timeout(self.config.keyring_timeout, task).await {
            Ok(Ok(result)) => result,
            Ok(Err(error)) => Err(KeyStoreError::Unreachable(error.to_string())),
            Err(_) => Err(KeyStoreError::Unreachable(format!("no answer within {:?}", self.config.keyring_timeout))),
        }
    }
}

/// What a token is bound to. No provider has a space in its name, so it opens in the place of no key.
fn token_of(provider: &str) -> String {
    format!("{provider} token")
}

fn locked(phrase: Phrase) -> ApiError {
    ApiError::new(ErrorCode::StorageFailed, phrase).with_hint(phrase!("hint-vault-locked"))
}
