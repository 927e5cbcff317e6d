//! `mmp admin restore`: a backup becomes the store of this machine. The daemon is ended for it, and started again; the store
//! that was there is kept.

use std::path::PathBuf;

use mmp_shared::{
    ApiError, ErrorCode,
    auth::Secret,
    backup::{BackupKey, RestoreEnd, RestoreReport},
    phrase,
};

use crate::{
    client::{spawn, start, stop},
    context::Context,
    error::{Exit, Outcome, bad_request},
    everywhere::OutputFormat,
    input::{confirm, passphrase},
    output::{self, listing::print_one, time},
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[arg(long)]
    passphrase_stdin: bool,
    #[arg(long, conflicts_with = "passphrase_stdin")]
    without_key: bool,
}

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        context.refuse_host()?;
        let file = std::path::absolute(&self.file).unwrap_or_else(|_| self.file.clone());
        let Some(file) = file.to_str() else {
            return Err(bad_request(phrase!("error-backup-name", file = file.display())).into());
        };
        let found = mmpd(context, &["restore", "--json", "--verify", "--", file], None).await?;
        let words = match found.key {
            BackupKey::Carried if !self.without_key => Some(passphrase::known(context, self.passphrase_stdin)?),
            _ => None,
        };
        if words.is_some() {
            // Wrong words are refused while the daemon still runs.
            mmpd(context, &["restore", "--json", "--verify", "--passphrase-stdin", "--", file], words.clone()).await?;
        }
        let question = phrase!("question-restore", at = time::local(found.made_at));
        if !confirm::is_agreed_for_good(context, &question.render(context.language))? {
            return Ok(Exit::SUCCESS);
        }
        let mut arguments = vec!["restore", "--json"];
        arguments.extend(words.as_ref().map(|_| "--passphrase-stdin"));
        arguments.extend(self.without_key.then_some("--without-key"));
        arguments.extend(["--", file]);
        let report = stop::while_stopped(&context.places, async || mmpd(context, &arguments, words).await).await?;
        if context.format() == OutputFormat::Text {
            return print(context, &report);
        }
        print_one(context, &report, &[])
    }
}

async fn mmpd(context: &Context, arguments: &[&str], words: Option<Secret>) -> Result<RestoreReport, ApiError> {
    let input = words.map(|words| format!("{}\n", words.reveal()).into_bytes()).unwrap_or_default();
    match spawn::run_to_end(&context.places, arguments, input).await? {
        Some(RestoreEnd::Done(report)) => Ok(report),
        Some(RestoreEnd::Failed { error }) => Err(error),
        None => {
            let error = ApiError::new(ErrorCode::Internal, phrase!("error-daemon-died"));
            Err(start::with_last_words(error, &context.places))
        }
    }
}

fn print(context: &Context, report: &RestoreReport) -> Outcome {
    let lines = report.in_words(&time::local(report.made_at));
    let lines: Vec<String> = lines.iter().map(|line| line.render(context.language)).collect();
    output::print(&format!("{}\n", lines.join("\n"))).map(|()| Exit::SUCCESS)
}
