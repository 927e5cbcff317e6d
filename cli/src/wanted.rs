//! How much of a list is wanted: the flags that every list takes, and what they mean to the client.

use clap::Args;
use mmp_shared::page::DEFAULT_LIMIT;

/// How much of a list is wanted.
#[derive(Debug, Clone, Args)]
pub(crate) struct ListArguments {
    #[arg(long, value_name = "N", default_value_t = DEFAULT_LIMIT, hide_default_value = true, value_parser = at_least_one)]
    limit: usize,
    #[arg(long, conflicts_with = "limit")]
    all: bool,
    #[arg(long, value_name = "CURSOR")]
    cursor: Option<String>,
}

fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|limit| *limit > 0).ok_or_else(|| "1, 2, 3, …".to_owned())
}

impl From<ListArguments> for Wanted {
    fn from(arguments: ListArguments) -> Self {
        Self { limit: (!arguments.all).then_some(arguments.limit), cursor: arguments.cursor }
    }
}

/// How many items of a list are wanted, and from where.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    /// How many; none is all.
    pub(crate) limit: Option<usize>,
    /// Where to begin.
    pub(crate) cursor: Option<String>,
}
