//! `mmp daemon`: the daemon of this user's data folder as a process: started, stopped, watched.

mod install;

use std::{os::unix::process::CommandExt as _, process};

use clap::Subcommand;
use mmp_shared::{
    ApiError, ErrorCode, phrase,
    system::{LockInfo, SystemInfo},
};
use serde::Serialize;

use crate::{
    client::Client,
    everywhere::OutputFormat,
    client::{
        lock, logs,
        spawn::find_program,
        stop,
    },
    config::reason,
    context::Context,
    error::{CliError, Exit, Outcome, bad_request},
    output::{self, json, neutralise::neutralise_line, time},
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Start,
    Stop,
    Restart,
    Status,
    Run,
    Install(install::InstallArguments),
    Logs {
        #[arg(long, value_name = "N", default_value_t = 50)]
        lines: usize,
    },
}

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        match self.action {
            Action::Start => start(context).await,
            Action::Stop => stop_and_tell(context).await,
            Action::Restart => {
                stop(context).await?;
                start(context).await
            }
            Action::Status => status(context).await,
            Action::Run => Err(run_in_foreground().into()),
            Action::Install(arguments) => install::install(&arguments, context),
            Action::Logs { lines } => print_logs(context, lines),
        }
    }
}

/// What `daemon status -o json` says. A daemon that does not run is no error: its fields are null, and the exit code 0.
#[derive(Debug, Default, Serialize)]
struct StatusView {
    running: bool,
    pid: Option<u32>,
    version: Option<String>,
    socket: Option<std::path::PathBuf>,
    started_at: Option<jiff::Timestamp>,
    runs: Option<u64>,
}

impl From<SystemInfo> for StatusView {
    fn from(info: SystemInfo) -> Self {
        Self {
            running: true,
            pid: Some(info.pid),
            version: Some(info.version),
            socket: Some(info.socket),
            started_at: Some(info.started_at),
            runs: Some(info.runs),
        }
    }
}

impl From<LockInfo> for StatusView {
    fn from(info: LockInfo) -> Self {
        Self {
            running: true,
            pid: Some(info.pid),
            version: Some(info.version),
            socket: Some(info.socket),
            started_at: Some(info.started_at),
            runs: None,
        }
    }
}

async fn start(context: &Context) -> Outcome {
    context.refuse_host()?;
    let view = match Client::new(context)?.system().await {
        Err(error) => of_lock_file(context, error)?,
        Ok(info) => info.into(),
    };
    print_status(context, &view)
}

async fn status(context: &Context) -> Outcome {
    let view = match Client::new(context)?.system_if_running().await {
        Err(error) => of_lock_file(context, error)?,
        Ok(info) => info.map(StatusView::from).unwrap_or_default(),
    };
    print_status(context, &view)
}

/// What its lock file says of a daemon of ours that runs and tells us nothing: we may be logged in as somebody who is no
/// administrator, or nobody may be known by the socket. The process is this OS user's all the same.
fn of_lock_file(context: &Context, error: ApiError) -> Result<StatusView, ApiError> {
    let lock_file = context.places.lock_file();
    let is_refused = matches!(error.code, ErrorCode::Forbidden | ErrorCode::Unauthenticated);
    if !is_refused || context.config()?.text("host").is_some() || !lock::is_held(&lock_file)? {
        return Err(error);
    }
    lock::read(&lock_file).map(StatusView::from).ok_or(error)
}

fn print_status(context: &Context, view: &StatusView) -> Outcome {
    match context.format() {
        OutputFormat::Text => {
            let phrase = match (&view.socket, view.started_at) {
                (Some(socket), Some(started_at)) => phrase!(
                    "daemon-runs",
                    pid = format!("#{}", view.pid.unwrap_or_default()),
                    version = view.version.as_deref().unwrap_or_default(),
                    socket = socket.display(),
                    at = time::local(started_at),
                    runs = view.runs.map_or_else(|| "?".to_owned(), |runs| runs.to_string())
                ),
                _ => phrase!("daemon-does-not-run"),
            };
            output::print(&format!("{}\n", phrase.render(context.language)))?;
        }
        OutputFormat::Json | OutputFormat::Jsonl => json::print(view)?,
        OutputFormat::Csv => return Err(bad_request(phrase!("error-no-csv")).into()),
    }
    Ok(Exit::SUCCESS)
}

async fn stop_and_tell(context: &Context) -> Outcome {
    let stopped = stop(context).await?;
    if context.everywhere.quiet || context.format() != OutputFormat::Text {
        return Ok(Exit::SUCCESS);
    }
    match stopped {
        Some(info) => output::note(&phrase!("note-daemon-stopped", pid = format!("#{}", info.pid)), context.language),
        None => output::note(&phrase!("daemon-does-not-run"), context.language),
    }
    Ok(Exit::SUCCESS)
}

async fn stop(context: &Context) -> Result<Option<LockInfo>, ApiError> {
    context.refuse_host()?;
    stop::stop(&context.places).await
}

/// Becomes the daemon, in the foreground and with the whole environment.
fn run_in_foreground() -> ApiError {
    let program = match find_program() {
        Ok(program) => program,
        Err(error) => return error,
    };
    let error = process::Command::new(&program).arg("run").exec();
    ApiError::new(ErrorCode::Internal, phrase!("error-daemon-spawn", path = program.display(), reason = reason(&error)))
}

fn print_logs(context: &Context, count: usize) -> Outcome {
    let folder = context.places.logs();
    let lines = logs::last_lines(&folder, count).map_err(|error| {
        let phrase = phrase!("error-file-unreadable", name = folder.display(), reason = reason(&error));
        CliError::from(ApiError::new(ErrorCode::StorageFailed, phrase))
    })?;
    let text: String = lines
        .iter()
        .map(|line| if context.stdout.is_terminal { neutralise_line(line) } else { line.clone() } + "\n")
        .collect();
    output::print(&text).map(|()| Exit::SUCCESS)
}
