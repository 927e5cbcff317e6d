//! `[daemon.auth]`: who may make an account, and how long logins live.

use std::time::Duration;

use mmp_shared::config::Config;

/// Who may make an account. The daemon's own OS user always may, on its Unix socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registration {
    /// Nobody else.
    Closed,
    /// Whoever has an invitation.
    Invite,
    /// Everybody.
    Open,
}

/// Whether the socket's peer credential is enough to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeerLogin {
    /// It is.
    On,
    /// Everybody logs in.
    Off,
}

/// Who may make an account, and how long logins live.
#[derive(Debug, Clone, Copy)]
pub struct AuthConfig {
    /// Who may make an account.
    pub registration: Registration,
    /// Whether the socket's peer credential is enough to be known.
    pub peer: PeerLogin,
    /// How long a login's token is good for requests.
    pub access_lifetime: Duration,
    /// How long a login lives that is not refreshed.
    pub login_lifetime: Duration,
}

impl From<&Config> for AuthConfig {
    fn from(config: &Config) -> Self {
        Self {
            registration: match config.text("daemon.auth.registration") {
                Some("open") => Registration::Open,
                Some("invite") => Registration::Invite,
                _ => Registration::Closed,
            },
            peer: match config.text("daemon.auth.peer") {
                Some("off") => PeerLogin::Off,
                _ => PeerLogin::On,
            },
            access_lifetime: config.duration("daemon.auth.access_lifetime"),
            login_lifetime: config.duration("daemon.auth.login_lifetime"),
        }
    }
}
