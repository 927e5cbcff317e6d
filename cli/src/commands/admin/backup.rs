//! `mmp admin backup`: everything that the daemon keeps, written to a file while it goes on working.

use std::{
    fs::{self, File},
    io::{self, IsTerminal as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use mmp_shared::{ApiError, config::Value, phrase};
use serde::Serialize;

use crate::{
    client::{Client, broken},
    context::Context,
    error::{CliError, Exit, Outcome, bad_request},
    everywhere::OutputFormat,
    input::passphrase,
    output::{self, listing::print_one},
    own_files,
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[arg(long)]
    with_key: bool,
    #[arg(long, requires = "with_key")]
    passphrase_stdin: bool,
}

/// What `-o json` says.
#[derive(Debug, Serialize)]
struct BackupView {
    file: PathBuf,
    bytes: u64,
}

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        let client = Client::new(context)?;
        let is_stdout = self.file == Path::new("-");
        if is_stdout && io::stdout().is_terminal() {
            return Err(bad_request(phrase!("error-backup-terminal")).with_hint(phrase!("hint-backup-terminal")).into());
        }
        let draft = if is_stdout { None } else { Some(Draft::beside(&self.file)?) };
        let words = if self.with_key { Some(passphrase::chosen(context, self.passphrase_stdin)?) } else { None };
        let mut response = client.backup(words).await?;
        let mut bytes = 0;
        let mut stdout = io::stdout().lock();
        while let Some(part) = response.chunk().await.map_err(|error| broken(&error))? {
            bytes += part.len() as u64;
            match &draft {
                Some(draft) => draft.write(&part)?,
                None => stdout.write_all(&part).map_err(|error| CliError::output(&error))?,
            }
        }
        let Some(draft) = draft else {
            stdout.flush().map_err(|error| CliError::output(&error))?;
            return Ok(Exit::SUCCESS);
        };
        draft.put_in_place()?;
        if context.format() == OutputFormat::Text {
            let words = phrase!("admin-backed-up", file = self.file.display(), size = Value::Size(bytes));
            output::print(&format!("{}\n", words.render(context.language)))?;
            return Ok(Exit::SUCCESS);
        }
        print_one(context, &BackupView { file: self.file, bytes }, &[])
    }
}

/// The file until it is whole; gone where it never is.
struct Draft {
    file: File,
    draft: PathBuf,
    path: PathBuf,
}

impl Draft {
    fn beside(path: &Path) -> Result<Self, ApiError> {
        if path.is_dir() {
            return Err(bad_request(phrase!("error-backup-folder", path = path.display())).with_hint(phrase!("hint-backup-folder")));
        }
        let mut name = std::ffi::OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(format!(".{}.part", std::process::id()));
        let draft = path.with_file_name(name);
        let file = File::options().create(true).truncate(true).write(true).mode(0o600).open(&draft);
        Ok(Self { file: file.map_err(|error| unwritable(path, &error))?, draft, path: path.to_owned() })
    }

    fn write(&self, part: &[u8]) -> Result<(), ApiError> {
        (&self.file).write_all(part).map_err(|error| unwritable(&self.path, &error))
    }

    fn put_in_place(&self) -> Result<(), ApiError> {
        let synced = self.file.sync_all().and_then(|()| fs::rename(&self.draft, &self.path));
        synced.map_err(|error| unwritable(&self.path, &error))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Where it was put in its place there is none.
        let _ = fs::remove_file(&self.draft);
    }
}

fn unwritable(path: &Path, error: &io::Error) -> ApiError {
    own_files::unwritable(path, error).with_hint(phrase!("hint-backup-folder"))
}
