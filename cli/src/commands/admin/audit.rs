//! `mmp admin audit`: what has happened to accounts and keys.

use clap::builder::PossibleValuesParser;
use jiff::Timestamp;
use mmp_shared::{
    UserId,
    audit::{AuditKind, AuditLine, AuditQuery},
    phrase,
};

use crate::{
    client::Client,
    context::Context,
    error::{Outcome, bad_request},
    everywhere::OutputFormat,
    input::lifetime,
    output::{listing::print_page, table::Column, time},
    wanted::ListArguments,
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[arg(long, value_name = "KIND", value_parser = kinds())]
    kind: Option<String>,
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    #[arg(long, value_name = "WHEN", value_parser = lifetime::since)]
    since: Option<Timestamp>,
    #[command(flatten)]
    list: ListArguments,
}

fn kinds() -> PossibleValuesParser {
    PossibleValuesParser::new(AuditKind::ALL.iter().map(|kind| kind.as_str()))
}

/// What fits a terminal.
const COLUMNS: &[Column<AuditLine>] = &[
    Column { field: "at", show: |line| time::local(line.at) },
    Column { field: "kind", show: |line| line.kind.to_string() },
    Column { field: "actor_name", show: |line| name(line.actor_name.as_deref(), line.actor) },
    Column { field: "target_name", show: |line| name(line.target_name.as_deref(), line.target) },
    Column { field: "source", show: |line| line.source.clone() },
    Column { field: "detail", show: |line| line.detail.clone().unwrap_or_default() },
];

/// Everything, for a spreadsheet. What people see of a column does not matter there.
const EVERY_COLUMN: &[Column<AuditLine>] = &[
    Column { field: "id", show: |line| line.id.short() },
    Column { field: "at", show: |line| time::local(line.at) },
    Column { field: "kind", show: |line| line.kind.to_string() },
    Column { field: "actor", show: |line| name(None, line.actor) },
    Column { field: "actor_name", show: |line| name(line.actor_name.as_deref(), line.actor) },
    Column { field: "target", show: |line| name(None, line.target) },
    Column { field: "target_name", show: |line| name(line.target_name.as_deref(), line.target) },
    Column { field: "source", show: |line| line.source.clone() },
    Column { field: "request_id", show: |line| line.request_id.clone().unwrap_or_default() },
    Column { field: "detail", show: |line| line.detail.clone().unwrap_or_default() },
];

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        let client = Client::new(context)?;
        let kind = self.kind.map(|word| word.parse()).transpose();
        let kind = kind.map_err(|error: mmp_shared::audit::InvalidKind| {
            bad_request(phrase!("error-usage-value", argument = "--kind", value = error.0))
        })?;
        let query = AuditQuery { kind, user: self.user, since: self.since, ..AuditQuery::default() };
        let page = client.audit(&query, &self.list.into()).await?;
        let columns = if context.format() == OutputFormat::Csv { EVERY_COLUMN } else { COLUMNS };
        print_page(context, &page, columns)
    }
}

/// An account's name, or the end of its id where it has none any more.
fn name(name: Option<&str>, id: Option<UserId>) -> String {
    name.map(str::to_owned).or_else(|| id.map(|id| id.short())).unwrap_or_default()
}
