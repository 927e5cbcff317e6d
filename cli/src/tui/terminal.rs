//! The terminal while it is ours: raw, on its other screen, with pastes and the wheel marked; and given back as it was,
//! at the end, when we are stopped, and when we panic. Nothing is asked of it: its answers would come as keys.

use std::io::{self, BufWriter, Stdout, Write as _};

use crossterm::{
    cursor::Show,
    event::{
        DisableBracketedPaste, EnableBracketedPaste, KeyboardEnhancementFlags, PopKeyboardEnhancementFlags,
        PushKeyboardEnhancementFlags,
    },
    queue,
    terminal::{
        BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
        enable_raw_mode, size,
    },
};
use ratatui::{Terminal as Screen, backend::CrosstermBackend};

use super::{model::Model, views};

/// Buttons and the wheel, not every move.
const MOUSE_ON: &str = "\u{1b}[?1000h\u{1b}[?1006h";
const MOUSE_OFF: &str = "\u{1b}[?1006l\u{1b}[?1000l";

/// The terminal.
pub(super) struct Terminal {
    screen: Screen<CrosstermBackend<BufWriter<Stdout>>>,
    has_mouse: bool,
}

impl Terminal {
    /// Takes the terminal over.
    pub(super) fn open() -> io::Result<Self> {
        give_back_at_panic();
        enter(true)?;
        let backend = CrosstermBackend::new(BufWriter::with_capacity(64 << 10, io::stdout()));
        let screen = Screen::new(backend).inspect_err(|_| leave())?;
        Ok(Self { screen, has_mouse: true })
    }

    /// Its columns and rows.
    pub(super) fn size() -> (u16, u16) {
        size().unwrap_or((80, 24))
    }

    /// Draws what has changed, as one picture.
    pub(super) fn draw(&mut self, model: &mut Model) -> io::Result<()> {
        queue!(self.screen.backend_mut(), BeginSynchronizedUpdate)?;
        self.screen.draw(|frame| views::draw(frame, model))?;
        queue!(self.screen.backend_mut(), EndSynchronizedUpdate)?;
        io::Write::flush(self.screen.backend_mut())
    }

    /// Draws everything the next time. (`clear` would ask the terminal where its cursor is.)
    pub(super) fn forget(&mut self) -> io::Result<()> {
        let size = self.screen.size()?;
        self.screen.resize(size.into())
    }

    /// Takes the mouse, or leaves it to the terminal.
    pub(super) fn capture_mouse(&mut self, wanted: bool) -> io::Result<()> {
        self.has_mouse = wanted;
        self.write(if wanted { MOUSE_ON } else { MOUSE_OFF })
    }

    /// Sends the terminal something that is not drawn.
    pub(super) fn write(&mut self, text: &str) -> io::Result<()> {
        let backend = self.screen.backend_mut();
        backend.write_all(text.as_bytes())?;
        io::Write::flush(backend)
    }

    /// Gives the terminal back while something else has it, and takes it again.
    pub(super) fn lend<T>(&mut self, borrower: impl FnOnce() -> T) -> io::Result<T> {
        leave();
        let came = borrower();
        enter(self.has_mouse)?;
        self.forget()?;
        Ok(came)
    }

    /// Gives the terminal back, stops this process until it is continued, and takes the terminal again.
    pub(super) fn suspend(&mut self) -> io::Result<()> {
        self.lend(|| rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::STOP))??;
        Ok(())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        leave();
    }
}

fn enter(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    let mut out = io::stdout().lock();
    let flags = KeyboardEnhancementFlags::DISAMBIGUATE_ESCAPE_CODES;
    queue!(out, EnterAlternateScreen, EnableBracketedPaste, PushKeyboardEnhancementFlags(flags))?;
    out.write_all(if mouse { MOUSE_ON } else { "" }.as_bytes())?;
    out.flush()
}

/// Whatever fails here, there is nothing more to be done about it.
fn leave() {
    let mut out = io::stdout().lock();
    let _ = out.write_all(MOUSE_OFF.as_bytes());
    let _ = queue!(out, EndSynchronizedUpdate, PopKeyboardEnhancementFlags, DisableBracketedPaste, LeaveAlternateScreen, Show);
    let _ = out.flush();
    let _ = disable_raw_mode();
}

/// What a panic says is to be read on the terminal's own screen.
fn give_back_at_panic() {
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        leave();
        tell(panic);
    }));
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use portable_pty::{CommandBuilder, PtySize, native_pty_system};

    use super::Terminal;

    #[test]
    #[ignore = "the test below runs it, in a terminal of its own"]
    fn panics_while_the_terminal_is_ours() {
        let _terminal = Terminal::open().expect("a terminal");
        panic!("this is what went wrong");
    }

    #[test]
    fn a_panic_gives_the_terminal_back_and_is_read_on_its_own_screen() {
        let size = PtySize { rows: 30, cols: 100, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let before = pair.master.get_termios();
        let mut command = CommandBuilder::new(std::env::current_exe().expect("this program"));
        command.args(["--exact", "tui::terminal::tests::panics_while_the_terminal_is_ours", "--ignored", "--nocapture"]);
        command.env("RUST_BACKTRACE", "0");
        let mut child = pair.slave.spawn_command(command).expect("it runs");
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let reading = std::thread::spawn(move || {
            let (mut written, mut chunk) = (Vec::new(), [0; 4_096]);
            while let Ok(count @ 1..) = reader.read(&mut chunk) {
                written.extend(&chunk[..count]);
            }
            written
        });
        assert_ne!(child.wait().expect("it ends").exit_code(), 0);
        assert!(before.is_some() && before == pair.master.get_termios(), "lines and echo are as they were");
        drop(pair.slave);
        let written = reading.join().expect("read");
        let text = String::from_utf8_lossy(&written);
        let place = |what: &str| text.find(what).unwrap_or_else(|| panic!("no {what:?} in {text:?}"));
        assert!(place("\u{1b}[?1049h") < place("\u{1b}[?1049l"), "{text:?}");
        assert!(place("\u{1b}[?1049l") < place("this is what went wrong"), "{text:?}");
        let cells = |count: u16| std::num::NonZero::new(count).expect("not zero");
        let mut parser = vt100::Parser::new(cells(30), cells(100), 0);
        parser.process(&written);
        assert!(parser.screen().contents().contains("this is what went wrong"), "{}", parser.screen().contents());
        assert!(!parser.screen().hide_cursor() && !parser.screen().bracketed_paste() && !parser.screen().alternate_screen());
    }
}
