//! `mmp tokens`: access tokens for scripts and tools.

use clap::{Subcommand, builder::PossibleValuesParser};
use mmp_shared::{
    phrase,
    tokens::{AccessToken, Scope, TokenRequest},
};

use crate::{
    client::Client,
    context::Context,
    error::{Exit, Outcome, bad_request},
    everywhere::OutputFormat,
    input::lifetime,
    output::{
        self,
        listing::{print_one, print_page},
        table::Column,
        time,
    },
    wanted::ListArguments,
};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Create {
        #[arg(id = "token_name", value_name = "NAME")]
        name: String,
        #[arg(long, value_name = "SCOPES", required = true, value_delimiter = ',', value_parser = scopes())]
        scope: Vec<String>,
        #[arg(long, value_name = "DURATION", value_parser = lifetime::seconds)]
        expires: Option<u64>,
    },
    List(ListArguments),
    Revoke {
        #[arg(value_name = "TOKEN", required = true)]
        tokens: Vec<String>,
    },
}

fn scopes() -> PossibleValuesParser {
    PossibleValuesParser::new(Scope::ALL.map(Scope::as_str))
}

const COLUMNS: &[Column<AccessToken>] = &[
    Column { field: "id", show: |token| token.id.short() },
    Column { field: "created_at", show: |token| time::local(token.created_at) },
    Column { field: "expires_at", show: |token| token.expires_at.map(time::local).unwrap_or_default() },
    Column { field: "last_used_at", show: |token| token.last_used_at.map(time::local).unwrap_or_default() },
    Column { field: "scopes", show: |token| words(&token.scopes) },
    Column { field: "name", show: |token| token.name.clone() },
];

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        let client = Client::new(context)?;
        match self.action {
            Action::Create { name, scope, expires } => create(context, &client, name, &scope, expires).await,
            Action::List(list) => print_page(context, &client.tokens(&list.into()).await?, COLUMNS),
            Action::Revoke { tokens } => revoke(context, &client, &tokens).await,
        }
    }
}

async fn create(context: &Context, client: &Client, name: String, scopes: &[String], expires_in_s: Option<u64>) -> Outcome {
    let scopes = scopes.iter().map(|word| word.parse()).collect::<Result<Vec<Scope>, _>>();
    let scopes = scopes.map_err(|error| bad_request(phrase!("error-usage-value", argument = "--scope", value = error.0)))?;
    let made = client.create_token(&TokenRequest { name, scopes, expires_in_s }).await?;
    if context.format() != OutputFormat::Text {
        return print_one(context, &made, &[]);
    }
    if !context.everywhere.quiet {
        let until = made.about.expires_at.map(time::local);
        let words = match until {
            Some(until) => phrase!("note-token-made", until = until),
            None => phrase!("note-token-made-for-good"),
        };
        output::note(&words, context.language);
    }
    output::print(&format!("{}\n", made.token.reveal())).map(|()| Exit::SUCCESS)
}

async fn revoke(context: &Context, client: &Client, references: &[String]) -> Outcome {
    for reference in references {
        client.revoke_token(reference).await?;
        if !context.everywhere.quiet {
            output::note(&phrase!("note-token-revoked", name = reference), context.language);
        }
    }
    Ok(Exit::SUCCESS)
}

fn words(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(",")
}
