//! The full-screen program in a real terminal with a real daemon.

use portable_pty::CommandBuilder;

use super::Home;
pub use super::pty::Screen;

impl Screen {
    /// Opens it and waits until one can type.
    pub fn ready(home: &Home, arguments: &[&str]) -> Self {
        let mut screen = Self::open(home, arguments);
        screen.wait_for("type a question");
        screen
    }

    /// Opens it.
    pub fn open(home: &Home, arguments: &[&str]) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_mmp"));
        command.args(arguments);
        command.cwd(home.path());
        command.env_clear();
        let of_home = home.mmp(&[]);
        for (name, value) in of_home.get_envs().filter_map(|(name, value)| Some((name, value?))) {
            command.env(name, value);
        }
        command.env("TERM", "xterm-256color");
        Self::of(command)
    }
}

/// Function keys as a terminal sends them.
pub const F3: &str = "\u{1b}OR";
pub const F4: &str = "\u{1b}OS";
pub const F5: &str = "\u{1b}[15~";
pub const F6: &str = "\u{1b}[17~";
pub const F7: &str = "\u{1b}[18~";
