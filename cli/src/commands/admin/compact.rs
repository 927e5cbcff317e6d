//! `mmp admin compact`: the store of this machine, rewritten so that nothing of what was deleted is left in its files.
//! The daemon is ended for it, and started again.

use mmp_shared::{
    ApiError, ErrorCode,
    config::Value,
    phrase,
    system::{CompactEnd, CompactReport},
};

use crate::{
    client::{spawn, start, stop},
    context::Context,
    error::Outcome,
    everywhere::OutputFormat,
    output::{self, listing::print_one},
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {}

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        context.refuse_host()?;
        let places = &context.places;
        let work = async || match spawn::run_to_end(places, &["compact", "--json"], Vec::new()).await? {
            Some(CompactEnd::Done(report)) => Ok(report),
            Some(CompactEnd::Failed { error }) => Err(error),
            None => {
                let error = ApiError::new(ErrorCode::Internal, phrase!("error-daemon-died"));
                Err(start::with_last_words(error, places))
            }
        };
        let report: CompactReport = stop::while_stopped(places, work).await?;
        if context.format() == OutputFormat::Text {
            let (before, after) = (Value::Size(report.before_bytes), Value::Size(report.after_bytes));
            let words = phrase!("admin-compacted", before = before, after = after).render(context.language);
            output::print(&format!("{words}\n"))?;
            return Ok(crate::error::Exit::SUCCESS);
        }
        print_one(context, &report, &[])
    }
}
