//! The way to the daemon: the socket, the lock, and whether one answers. Where none runs one is started, as any command
//! would: nothing else shows whether that works.

use std::{io, path::Path, time::Duration};

use mmp_shared::{
    ApiError, ErrorCode, Phrase, phrase,
    places::Places,
    system::{LockInfo, SystemInfo, VERSION, is_older},
};
use tokio::net::UnixStream;

use super::report::{Finding, Report, Status};
use crate::{
    client::{Client, Target, lock, logs},
    config::reason,
    context::Context,
    error::CliError,
    output::time,
};

/// The longest that a daemon may take to say who it is, starting and an older one's end included.
const PATIENCE: Duration = Duration::from_secs(45);
/// The longest that a running one may take.
const SHORT_PATIENCE: Duration = Duration::from_secs(5);
/// How many lines of its log are shown where it does not start.
const LOG_LINES: usize = 5;

/// What is behind a socket's path.
enum Socket {
    Nothing,
    /// A daemon that has ended left it.
    Left,
    Answers,
    Fails(io::Error),
}

/// Looks for the daemon; gives back a client where one answers.
pub(super) async fn check(context: &Context, report: &mut Report<'_>) -> Result<Option<Client>, CliError> {
    if context.config().is_err() {
        report.add(Finding::error("daemon", phrase!("doctor-not-asked")))?;
        return Ok(None);
    }
    let client = match Client::new(context) {
        Ok(client) => client,
        Err(error) => {
            report.add(Finding::met("socket", Status::Error, error))?;
            return Ok(None);
        }
    };
    let mut holder = None;
    if context.config()?.text("host").is_none() {
        let socket = look_at(&context.places.socket).await;
        report.add(socket_finding(&context.places.socket, &socket))?;
        let lock = lock::is_held(&context.places.lock_file());
        holder = lock::read(&context.places.lock_file()).filter(|_| matches!(lock, Ok(true)));
        report.add(lock_finding(&context.places, lock, matches!(socket, Socket::Answers)))?;
    }
    let (finding, is_there) = ask(context, &client, report, holder).await;
    report.add(finding)?;
    Ok(is_there.then_some(client))
}

async fn look_at(path: &Path) -> Socket {
    match UnixStream::connect(path).await {
        Ok(_) => Socket::Answers,
        Err(error) => match error.kind() {
            io::ErrorKind::NotFound => Socket::Nothing,
            io::ErrorKind::ConnectionRefused => Socket::Left,
            // Somebody is there, with a full queue.
            io::ErrorKind::WouldBlock => Socket::Answers,
            _ => Socket::Fails(error),
        },
    }
}

fn socket_finding(path: &Path, socket: &Socket) -> Finding {
    let path = path.display();
    match socket {
        Socket::Answers => Finding::ok("socket", phrase!("doctor-socket", path = path)),
        Socket::Nothing => Finding::ok("socket", phrase!("doctor-socket-nothing", path = path)),
        Socket::Left => Finding::ok("socket", phrase!("doctor-socket-left", path = path)),
        Socket::Fails(error) => Finding::error("socket", phrase!("error-connect", target = path, reason = reason(error)))
            .hint(phrase!("hint-doctor-socket", path = path)),
    }
}

fn lock_finding(places: &Places, is_held: Result<bool, ApiError>, answers: bool) -> Finding {
    let path = places.lock_file();
    let holder = lock::read(&path);
    match (is_held, holder) {
        (Err(error), _) => Finding::met("lock", Status::Error, error),
        (Ok(true), None) => Finding::error("lock", phrase!("error-lock-unreadable", path = path.display()))
            .hint(phrase!("hint-doctor-lock-unreadable", path = path.display())),
        (Ok(true), Some(info)) if info.socket != places.socket => elsewhere(places, &info),
        (Ok(true), Some(info)) if !answers => {
            Finding::error("lock", phrase!("doctor-lock-silent", pid = pid(&info), socket = info.socket.display()))
                .hint(phrase!("hint-doctor-lock-silent", pid = info.pid))
        }
        (Ok(true), Some(info)) => Finding::ok("lock", phrase!("doctor-lock", pid = pid(&info))),
        (Ok(false), _) if answers => Finding::warning("lock", phrase!("doctor-lock-of-others", socket = places.socket.display()))
            .hint(phrase!("hint-doctor-lock-elsewhere")),
        (Ok(false), Some(info)) => Finding::ok("lock", phrase!("doctor-lock-left", pid = pid(&info))),
        (Ok(false), None) => Finding::ok("lock", phrase!("doctor-lock-free")),
    }
}

fn elsewhere(places: &Places, info: &LockInfo) -> Finding {
    let (theirs, ours) = (info.socket.display(), places.socket.display());
    Finding::warning("lock", phrase!("doctor-lock-elsewhere", pid = pid(info), theirs = theirs, ours = ours))
        .hint(phrase!("hint-doctor-lock-elsewhere"))
}

/// A process id as it is written: a bare number would get the separators of a language.
fn pid(info: &LockInfo) -> String {
    format!("#{}", info.pid)
}

/// Asks the daemon who it is. The second is whether it can be asked more.
async fn ask(context: &Context, client: &Client, report: &Report<'_>, holder: Option<LockInfo>) -> (Finding, bool) {
    let patience = if holder.is_some() { SHORT_PATIENCE } else { PATIENCE };
    let told = report.wait_at_most("mmpd", patience, client.system()).await;
    match told {
        None => (silent(client, patience, holder.as_ref()), false),
        Some(Ok(info)) => (about(&info, holder.is_none() && matches!(client.target(), Target::Socket(_))), true),
        // One that only keeps this to itself says at least who we are.
        Some(Err(error)) if error.code == ErrorCode::Forbidden && client.whoami().await.is_ok() => {
            (Finding::ok("daemon", phrase!("doctor-daemon-of-others", target = client.target())), true)
        }
        Some(Err(error)) => (not_there(context, error), false),
    }
}

/// Why none answers; of one that should have started here, with the end of its log in a place of its own.
fn not_there(context: &Context, error: ApiError) -> Finding {
    let is_ours = context.config().is_ok_and(|config| config.text("host").is_none());
    if !is_ours {
        return Finding::met("daemon", Status::Error, error);
    }
    let error = if error.hint_phrase.is_none() { error.with_hint(phrase!("hint-daemon-run")) } else { error };
    Finding::met("daemon", Status::Error, error).log(last_words(context))
}

fn silent(client: &Client, patience: Duration, holder: Option<&LockInfo>) -> Finding {
    let seconds = patience.as_secs();
    let finding = Finding::error("daemon", phrase!("doctor-daemon-silent", target = client.target(), seconds = seconds));
    match holder {
        Some(info) => finding.hint(phrase!("hint-doctor-lock-silent", pid = format!("{}", info.pid))),
        None => finding.hint(phrase!("hint-daemon-logs")),
    }
}

fn about(info: &SystemInfo, was_started: bool) -> Finding {
    let told = |phrase: Phrase| {
        let phrase = phrase.with("pid", format!("#{}", info.pid)).with("version", &info.version);
        phrase.with("at", time::local(info.started_at)).with("ours", VERSION)
    };
    if is_older(&info.version, VERSION) {
        return Finding::warning("daemon", told(Phrase::new("doctor-daemon-older"))).hint(phrase!("hint-versions"));
    }
    if is_older(VERSION, &info.version) {
        return Finding::warning("daemon", told(Phrase::new("doctor-daemon-newer"))).hint(phrase!("hint-doctor-newer"));
    }
    Finding::ok("daemon", told(Phrase::new(if was_started { "doctor-daemon-started" } else { "doctor-daemon" })))
}

/// The end of the log; a daemon that could not even open it has none.
fn last_words(context: &Context) -> Vec<String> {
    logs::last_lines(&context.places.logs(), LOG_LINES).unwrap_or_default()
}
