//! `mmp completions`: the script with which a shell completes what is typed behind `mmp`.

use clap::builder::PossibleValuesParser;

use crate::{
    context::Context,
    error::{Exit, Outcome},
    output, shells,
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[arg(value_name = "SHELL", value_parser = PossibleValuesParser::new(shells::names()))]
    shell: String,
}

impl Arguments {
    #[allow(clippy::unused_async)] // As every command.
    pub(crate) async fn run(self, _: &Context) -> Outcome {
        output::print(&shells::script(&self.shell)?)?;
        Ok(Exit::SUCCESS)
    }
}
