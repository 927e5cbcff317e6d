//! Which OS users the kernel lets connect to the Unix socket: the modes of the socket and of its folder.
//!
//! Who of them has an account is not decided here.

use std::{fs, io, os::unix::fs::PermissionsExt as _, path::Path};

use mmp_shared::{ApiError, ErrorCode, phrase};

/// Who may connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// The daemon's own OS user.
    Owner,
    /// The members of the group with this id.
    Group(u32),
    /// All of this machine.
    All,
}

impl Access {
    /// The members of a group, by its name.
    ///
    /// # Errors
    ///
    /// `bad_request` where there is no such group.
    pub fn of_group(name: &str) -> Result<Self, ApiError> {
        let group = uzers::get_group_by_name(name).map(|group| Self::Group(group.gid()));
        group.ok_or_else(|| ApiError::new(ErrorCode::BadRequest, phrase!("error-no-such-group", group = name)))
    }

    /// Opens the folder of a socket to them: they may reach what lies in it and, but for a group, not list it.
    ///
    /// # Errors
    ///
    /// When the mode or the group cannot be changed.
    pub fn open_folder(self, folder: &Path) -> io::Result<()> {
        match self {
            Self::Owner => Ok(()),
            Self::Group(_) => self.give(folder, 0o750),
            Self::All => self.give(folder, 0o755),
        }
    }

    /// Opens a socket to them.
    ///
    /// # Errors
    ///
    /// When the mode or the group cannot be changed.
    pub fn open_socket(self, socket: &Path) -> io::Result<()> {
        match self {
            Self::Owner => self.give(socket, 0o600),
            Self::Group(_) => self.give(socket, 0o660),
            Self::All => self.give(socket, 0o666),
        }
    }

    fn give(self, path: &Path, mode: u32) -> io::Result<()> {
        if let Self::Group(group) = self {
            std::os::unix::fs::chown(path, None, Some(group))?;
        }
        fs::set_permissions(path, fs::Permissions::from_mode(mode))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_modes_are_those_of_the_contract() {
        let folder = tempfile::tempdir().expect("a folder");
        let socket = folder.path().join("mmp.sock");
        fs::write(&socket, "").expect("a file stands for the socket");
        let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).expect("it is ours");
        let own_group = Access::Group(rustix::process::getegid().as_raw());
        for (access, of_folder, of_socket) in
            [(Access::Owner, 0o700, 0o600), (own_group, 0o750, 0o660), (Access::All, 0o755, 0o666)]
        {
            access.open_folder(folder.path()).expect("it is ours");
            access.open_socket(&socket).expect("it is ours");
            assert_eq!((mode(folder.path()), mode(&socket)), (of_folder, of_socket), "{access:?}");
        }
    }

    #[test]
    fn a_group_that_is_not_there_is_said() {
        assert_eq!(Access::of_group("no-such-group-here").expect_err("none").code, ErrorCode::BadRequest);
    }
}
