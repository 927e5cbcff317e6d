//! Where things lie on this machine: configuration, data, state and the socket.
//!
//! `MMP_HOME` puts all under one folder; otherwise the platform's own rules decide, by the `directories` crate. This
//! module only names places: who makes a folder, and refuses one, is the affair of those who use it.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use directories::ProjectDirs;

/// The variable that puts everything under one folder.
pub const HOME_VARIABLE: &str = "MMP_HOME";

/// Where a daemon of the whole system listens.
pub const SYSTEM_SOCKET: &str = "/run/mmp/mmp.sock";

/// The longest path that a Unix socket may have here, in bytes: `sun_path` less its closing zero.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub const LONGEST_SOCKET_PATH: usize = 107;
/// The longest path that a Unix socket may have here, in bytes: `sun_path` less its closing zero.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub const LONGEST_SOCKET_PATH: usize = 103;

/// Where things lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The file of settings.
    pub config_file: PathBuf,
    /// The master key, where it is kept in a file.
    pub key_file: PathBuf,
    /// The store and the lock file.
    pub data: PathBuf,
    /// Logs, and what a client remembers.
    pub state: PathBuf,
    /// The socket.
    pub socket: PathBuf,
    /// Whether `MMP_HOME` chose them.
    pub is_home: bool,
    /// Whether the socket's folder is a made-up one under temp, which must be ours alone.
    pub is_socket_in_temp: bool,
}

/// The platform knows no home folder for this user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this user has no home folder")]
pub struct NoHome;

impl Places {
    /// The places of this process: what `MMP_HOME` says (a relative path is taken from `current_dir`), else what the
    /// platform says. `user_id` names the temp folder where there is no runtime folder.
    ///
    /// # Errors
    ///
    /// [`NoHome`] where neither knows a place.
    pub fn find(mmp_home: Option<OsString>, current_dir: &Path, user_id: u32) -> Result<Self, NoHome> {
        if let Some(home) = mmp_home.filter(|home| !home.is_empty()) {
            return Ok(Self::under(&current_dir.join(home)));
        }
        let directories = ProjectDirs::from("", "", "mmp").ok_or(NoHome)?;
        let runtime = directories.runtime_dir().map(Path::to_owned);
        let is_socket_in_temp = runtime.is_none();
        let runtime = runtime.unwrap_or_else(|| std::env::temp_dir().join(format!("mmp-{user_id}")));
        Ok(Self {
            config_file: directories.config_dir().join("config.toml"),
            key_file: directories.config_dir().join("vault.key"),
            data: directories.data_dir().to_owned(),
            state: directories.state_dir().unwrap_or_else(|| directories.data_local_dir()).to_owned(),
            socket: runtime.join("mmp.sock"),
            is_home: false,
            is_socket_in_temp,
        })
    }

    /// The places under one folder.
    pub fn under(home: &Path) -> Self {
        Self {
            config_file: home.join("config.toml"),
            key_file: home.join("vault.key"),
            data: home.join("data"),
            state: home.join("state"),
            socket: home.join("mmp.sock"),
            is_home: true,
            is_socket_in_temp: false,
        }
    }

    /// The file that a running daemon holds locked, and that tells who it is.
    pub fn lock_file(&self) -> PathBuf {
        self.data.join("mmpd.lock")
    }

    /// The file that clients lock while one of them starts a daemon.
    pub fn start_lock_file(&self) -> PathBuf {
        self.data.join("start.lock")
    }

    /// The folder of the full-text index.
    pub fn search(&self) -> PathBuf {
        self.data.join("search")
    }

    /// The folder of the embedded store.
    pub fn store(&self) -> PathBuf {
        self.data.join("store")
    }

    /// The folder of the backups that the daemon makes by itself, unless its settings name another.
    pub fn backups(&self) -> PathBuf {
        self.state.join("backups")
    }

    /// The folder of the daemon's logs.
    pub fn logs(&self) -> PathBuf {
        self.state.join("logs")
    }

    /// Whether the socket's path is longer than the platform takes.
    pub fn is_socket_path_too_long(&self) -> bool {
        self.socket.as_os_str().len() > LONGEST_SOCKET_PATH
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_folder_holds_everything() {
        let places = Places::find(Some("/x".into()), Path::new("/cwd"), 1).expect("a home is given");
        assert_eq!(places.config_file, Path::new("/x/config.toml"));
        assert_eq!(places.data, Path::new("/x/data"));
        assert_eq!(places.state, Path::new("/x/state"));
        assert_eq!(places.socket, Path::new("/x/mmp.sock"));
    }

    #[test]
    fn a_relative_home_is_taken_from_the_current_folder() {
        let places = Places::find(Some("x".into()), Path::new("/cwd"), 1).expect("a home is given");
        assert_eq!(places.socket, Path::new("/cwd/x/mmp.sock"));
    }

    #[test]
    fn a_long_socket_path_is_noticed() {
        assert!(Places::under(Path::new(&format!("/{}", "a".repeat(100)))).is_socket_path_too_long());
        assert!(!Places::under(Path::new("/a")).is_socket_path_too_long());
    }
}
