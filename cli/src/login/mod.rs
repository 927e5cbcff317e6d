//! The logins that this client keeps, by host: as whom, and where their tokens are.
//!
//! `logins.json` names host and user and holds no secret; where it does not list a host nothing else is looked at, so that
//! the local path costs one file that is not there. The tokens are in the system's keyring (`keyring`), or in a file for
//! us alone (`file`): under `MMP_HOME` always, else where there is no keyring. When to refresh is the client's affair.

mod file;
mod keyring;

use std::{fs::File, io, path::PathBuf, time::Duration};

use mmp_shared::{ApiError, ErrorCode, LoginId, auth::LoginTokens, phrase, places::Places};
use serde::{Deserialize, Serialize};

use crate::{
    config::reason,
    own_files::{make_folder, replace, take_lock, unwritable},
};

/// How long the keyring may take: somebody may have to unlock it first.
const KEYRING_TIMEOUT: Duration = Duration::from_secs(30);
/// How long others may hold the logins.
const LOCK_TIMEOUT: Duration = Duration::from_secs(60);

/// A login that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptLogin {
    /// Where it counts: the daemon's address, as `MMP_HOST` has it.
    pub(crate) host: String,
    /// As whom.
    pub(crate) user: String,
    /// The login.
    pub(crate) login_id: LoginId,
    /// Where its tokens are.
    pub(crate) keeper: Keeper,
}

/// Where tokens are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Keeper {
    /// In the system's keyring.
    Keyring,
    /// In a file for us alone.
    File,
}

/// What `logins.json` says.
#[derive(Debug, Default, Serialize, Deserialize)]
struct List {
    logins: Vec<KeptLogin>,
}

/// The logins that are kept.
#[derive(Debug, Clone)]
pub(crate) struct Logins {
    folder: PathBuf,
    /// Whether tokens are to be in files, whatever there is.
    is_home: bool,
}

impl Logins {
    /// The logins of these places.
    pub(crate) fn at(places: &Places) -> Self {
        Self { folder: places.state.clone(), is_home: places.is_home }
    }

    /// The login that counts for a host.
    pub(crate) fn find(&self, host: &str) -> Result<Option<KeptLogin>, ApiError> {
        Ok(self.read()?.logins.into_iter().find(|kept| kept.host == host))
    }

    /// Takes the lock of those who change a login; it ends with the file.
    pub(crate) async fn lock(&self) -> Result<File, ApiError> {
        make_folder(&self.folder)?;
        let path = self.folder.join("logins.lock");
        tokio::time::timeout(LOCK_TIMEOUT, take_lock(&path)).await.unwrap_or_else(|_| {
            let phrase = phrase!("error-logins-locked", seconds = LOCK_TIMEOUT.as_secs());
            Err(ApiError::new(ErrorCode::Unavailable, phrase))
        })
    }

    /// A login's tokens. That they are gone is an error: nobody is taken for somebody else instead.
    pub(crate) async fn tokens(&self, kept: &KeptLogin) -> Result<LoginTokens, ApiError> {
        let bytes = match kept.keeper {
            Keeper::File => file::load(&self.token_file(kept.login_id)).map_err(|error| unreadable(kept, &reason(&error)))?,
            Keeper::Keyring => {
                let id = kept.login_id;
                in_time(move || keyring::load(id)).await.map_err(|why| unreadable(kept, &why))?
            }
        };
        let bytes = bytes.ok_or_else(|| {
            ApiError::new(ErrorCode::Unauthenticated, phrase!("error-login-gone", user = kept.user, host = kept.host))
                .with_hint(phrase!("hint-login-anew", host = kept.host))
        })?;
        serde_json::from_slice(&bytes).map_err(|error| unreadable(kept, &error.to_string()))
    }

    /// Keeps a host's login, in the place of one that was there. The lock must be held. Says where the tokens are now.
    pub(crate) async fn keep(&self, host: &str, user: &str, tokens: &LoginTokens) -> Result<Keeper, ApiError> {
        make_folder(&self.folder)?;
        let mut list = self.read()?;
        let before = list.logins.iter().position(|kept| kept.host == host).map(|place| list.logins.remove(place));
        let keeper = self.save(tokens).await?;
        let kept = KeptLogin { host: host.to_owned(), user: user.to_owned(), login_id: tokens.login_id, keeper };
        let is_same = before.as_ref() == Some(&kept);
        list.logins.push(kept);
        if !is_same {
            self.write(&list)?;
        }
        // What is in the same place was overwritten just now.
        if let Some(before) = before.filter(|before| (before.login_id, before.keeper) != (tokens.login_id, keeper)) {
            self.erase(&before).await;
        }
        Ok(keeper)
    }

    /// Forgets a login. The lock must be held.
    pub(crate) async fn forget(&self, gone: &KeptLogin) -> Result<(), ApiError> {
        let mut list = self.read()?;
        list.logins.retain(|kept| kept.login_id != gone.login_id);
        self.write(&list)?;
        self.erase(gone).await;
        Ok(())
    }

    /// The file that holds a login's tokens where no keyring does.
    pub(crate) fn token_file(&self, id: LoginId) -> PathBuf {
        self.folder.join("logins").join(format!("{id}.json"))
    }

    async fn save(&self, tokens: &LoginTokens) -> Result<Keeper, ApiError> {
        // Our own types are JSON.
        let bytes = serde_json::to_vec(tokens).unwrap_or_default();
        let id = tokens.login_id;
        if !self.is_home {
            let bytes = bytes.clone();
            if in_time(move || keyring::save(id, &bytes)).await.is_ok() {
                return Ok(Keeper::Keyring);
            }
        }
        let path = self.token_file(id);
        make_folder(&self.folder.join("logins"))?;
        replace(&path, &bytes).map(|()| Keeper::File).map_err(|error| unwritable(&path, &error))
    }

    /// Takes tokens away. They are worth nothing any more, so that it fails is no reason to stop.
    async fn erase(&self, gone: &KeptLogin) {
        let id = gone.login_id;
        match gone.keeper {
            Keeper::Keyring => _ = in_time(move || keyring::erase(id)).await,
            Keeper::File => _ = std::fs::remove_file(self.token_file(id)),
        }
    }

    fn list_file(&self) -> PathBuf {
        self.folder.join("logins.json")
    }

    fn read(&self) -> Result<List, ApiError> {
        let path = self.list_file();
        let failed = |reason: String| {
            let phrase = phrase!("error-file-unreadable", name = path.display(), reason = reason);
            ApiError::new(ErrorCode::StorageFailed, phrase).with_hint(phrase!("hint-logins-file"))
        };
        match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| failed(error.to_string())),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(List::default()),
            Err(error) => Err(failed(reason(&error))),
        }
    }

    fn write(&self, list: &List) -> Result<(), ApiError> {
        let path = self.list_file();
        let bytes = serde_json::to_vec_pretty(list).unwrap_or_default();
        replace(&path, &bytes).map_err(|error| unwritable(&path, &error))
    }
}

/// A call of the keyring, on a thread of its own: one that hangs is left behind there.
async fn in_time<T: Send + 'static>(call: impl FnOnce() -> Result<T, String> + Send + 'static) -> Result<T, String> {
    match tokio::time::timeout(KEYRING_TIMEOUT, tokio::task::spawn_blocking(call)).await {
        Ok(Ok(done)) => done,
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no answer within {} s", KEYRING_TIMEOUT.as_secs())),
    }
}

fn unreadable(kept: &KeptLogin, reason: &str) -> ApiError {
    let phrase = phrase!("error-login-unreadable", user = kept.user, host = kept.host, reason = reason);
    let hint = match kept.keeper {
        Keeper::Keyring => phrase!("hint-login-keyring", host = kept.host),
        Keeper::File => phrase!("hint-login-anew", host = kept.host),
    };
    ApiError::new(ErrorCode::Unauthenticated, phrase).with_hint(hint)
}

#[cfg(test)]
mod tests {
    use mmp_shared::auth::Secret;

    use super::*;

    fn tokens(access: &str) -> LoginTokens {
        LoginTokens {
            login_id: LoginId::generate(),
            access_token: Secret::new(access),
            access_expires_at: jiff::Timestamp::UNIX_EPOCH,
            refresh_token: Secret::new("refresh-me"),
            refresh_expires_at: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    fn logins() -> (tempfile::TempDir, Logins) {
        let folder = tempfile::tempdir().expect("a folder");
        let logins = Logins::at(&Places::under(folder.path()));
        (folder, logins)
    }

    #[tokio::test]
    async fn a_login_is_kept_by_host_and_the_list_holds_no_secret() {
        use std::os::unix::fs::PermissionsExt as _;
        let (_folder, logins) = logins();
        assert_eq!(logins.find("https://a").expect("no file is no login"), None);
        let (first, second) = (tokens("one"), tokens("two"));
        assert_eq!(logins.keep("https://a", "ann", &first).await.expect("kept"), Keeper::File);
        logins.keep("https://b", "bob", &second).await.expect("kept");
        let kept = logins.find("https://a").expect("read").expect("kept");
        assert_eq!((kept.user.as_str(), kept.login_id), ("ann", first.login_id));
        assert_eq!(logins.tokens(&kept).await.expect("tokens"), first);
        let list = std::fs::read_to_string(logins.list_file()).expect("text");
        assert!(!list.contains("one") && !list.contains("refresh-me"), "{list}");
        let mode = std::fs::metadata(logins.token_file(first.login_id)).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[tokio::test]
    async fn another_login_takes_the_place_and_one_that_is_forgotten_leaves_nothing() {
        let (_folder, logins) = logins();
        let (first, second) = (tokens("one"), tokens("two"));
        logins.keep("https://a", "ann", &first).await.expect("kept");
        logins.keep("https://a", "bob", &second).await.expect("kept");
        assert!(!logins.token_file(first.login_id).exists());
        let kept = logins.find("https://a").expect("read").expect("kept");
        assert_eq!(kept.user, "bob");
        logins.forget(&kept).await.expect("forgotten");
        assert_eq!(logins.find("https://a").expect("read"), None);
        assert!(!logins.token_file(second.login_id).exists());
    }

    #[tokio::test]
    async fn tokens_that_are_gone_are_an_error_with_a_way_out() {
        let (_folder, logins) = logins();
        let tokens = tokens("one");
        logins.keep("https://a", "ann", &tokens).await.expect("kept");
        std::fs::remove_file(logins.token_file(tokens.login_id)).expect("it was there");
        let kept = logins.find("https://a").expect("read").expect("kept");
        let error = logins.tokens(&kept).await.expect_err("they are gone");
        assert_eq!(error.code, ErrorCode::Unauthenticated);
        assert!(error.hint.is_some_and(|hint| hint.contains("mmp login https://a")));
    }
}
