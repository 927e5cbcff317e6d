//! Standard input: when it is part of a prompt, and how long a wait for it goes untold.

use std::{
    io::{self, IsTerminal as _, Read as _},
    time::Duration,
};

use mmp_shared::{ApiError, ErrorCode, Language, phrase};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{LARGEST_INPUT, text};
use crate::{config::reason, error::bad_request, output};

/// How standard input is called in messages.
pub(crate) const NAME: &str = "stdin";

const UNTOLD_WAIT: Duration = Duration::from_secs(1);

/// Whether standard input is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StdinMode {
    /// Where it is no terminal.
    IfPiped,
    /// In any case: the user named it.
    Always,
    /// In no case.
    Never,
}

/// What standard input says; `None` where it is not read or says nothing.
pub(crate) fn read(mode: StdinMode, teller: Option<Language>) -> Result<Option<String>, ApiError> {
    let stdin = io::stdin();
    if mode == StdinMode::Never || (mode == StdinMode::IfPiped && stdin.is_terminal()) {
        return Ok(None);
    }
    if let Some(language) = teller.filter(|_| !stdin.is_terminal() && !is_ready_soon()) {
        output::note(&phrase!("note-waiting-for-stdin"), language);
    }
    let decoded = text::decode(NAME, read_bytes()?, None)?;
    if let (Some(encoding), Some(language)) = (decoded.guessed, teller) {
        output::note(&phrase!("note-encoding-guessed", name = NAME, encoding = encoding), language);
    }
    Ok((!decoded.text.is_empty()).then_some(decoded.text))
}

/// Everything that standard input has, whatever it is.
pub(crate) fn read_bytes() -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    match io::stdin().lock().take(LARGEST_INPUT + 1).read_to_end(&mut bytes) {
        Ok(_) => {}
        // Closed for reading: the same as nothing.
        Err(error) if error.raw_os_error() == Some(rustix::io::Errno::BADF.raw_os_error()) => return Ok(Vec::new()),
        Err(error) => return Err(bad_request(phrase!("error-file-unreadable", name = NAME, reason = reason(&error)))),
    }
    if bytes.len() as u64 > LARGEST_INPUT {
        let limit = LARGEST_INPUT >> 20;
        return Err(ApiError::new(ErrorCode::TooLarge, phrase!("error-input-too-large", name = NAME, limit = limit)));
    }
    Ok(bytes)
}

fn is_ready_soon() -> bool {
    let stdin = io::stdin();
    let mut watched = [PollFd::new(&stdin, PollFlags::IN)];
    let timeout = Timespec { tv_sec: UNTOLD_WAIT.as_secs().cast_signed(), tv_nsec: 0 };
    poll(&mut watched, Some(&timeout)).map_or(true, |ready| ready > 0)
}
