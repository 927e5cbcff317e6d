//! `mmp attach`: plays a run from its start, or behind any of its events, and follows it to its end. Leaving it stops nothing.

use mmp_shared::{ApiError, ErrorCode, phrase};

use crate::{
    answering::{Answering, LookArguments},
    client::Client,
    context::Context,
    error::{Outcome, bad_request},
    everywhere::OutputFormat,
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[arg(value_name = "RUN")]
    run: Option<String>,
    #[arg(long, value_name = "EVENT")]
    after: Option<u64>,
    #[command(flatten)]
    look: LookArguments,
}

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        self.look.check(context.format())?;
        if self.after.is_some() && context.format() == OutputFormat::Json {
            // A whole answer has its beginning.
            return Err(bad_request(phrase!("error-usage-conflict", argument = "--after", other = "--json")).into());
        }
        let client = Client::new(context)?;
        let id = match &self.run {
            Some(reference) => client.run(reference).await?.id,
            None => last(&client).await?.id,
        };
        let stream = client.attach(id, self.after).await?;
        Answering::new(context, &client, self.look, false)?.follow(stream).await
    }
}

/// The run that began last.
pub(crate) async fn last(client: &Client) -> Result<mmp_shared::runs::Run, ApiError> {
    client.last_run().await?.ok_or_else(|| ApiError::new(ErrorCode::NotFound, phrase!("error-no-run")))
}
