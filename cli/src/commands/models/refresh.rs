//! `mmp models refresh`: has providers asked for their own lists of models, and says what is new.

use futures_util::{StreamExt as _, stream};
use mmp_shared::{ApiError, models::RefreshResponse, page::Page, phrase};
use serde::Serialize;

use crate::{
    client::Client,
    context::Context,
    error::{Exit, Outcome},
    everywhere::OutputFormat,
    output::{self, listing::print_page, table::Column},
    wanted::Wanted,
};

/// How many providers are asked at once.
const AT_ONCE: usize = 4;

/// What became of one provider's list.
#[derive(Debug, Serialize)]
struct Refreshed {
    provider: String,
    models: Option<usize>,
    added: Vec<String>,
    removed: Vec<String>,
    error: Option<ApiError>,
}

const COLUMNS: &[Column<Refreshed>] = &[
    Column { field: "provider", show: |list| list.provider.clone() },
    Column { field: "models", show: |list| list.models.map(|count| count.to_string()).unwrap_or_default() },
    Column { field: "added", show: |list| few(&list.added) },
    Column { field: "removed", show: |list| few(&list.removed) },
    Column { field: "error", show: |list| list.error.as_ref().map(|error| error.code.to_string()).unwrap_or_default() },
];

pub(super) async fn run(context: &Context, client: &Client, names: Vec<String>) -> Outcome {
    if let [only] = names.as_slice() {
        let list = match client.refresh_models(only).await {
            Ok(list) => refreshed(only.clone(), list),
            Err(error) => return Err(client.explain_refused_key(error, context).await.into()),
        };
        return print_page(context, &Page { items: vec![list], next_cursor: None }, COLUMNS);
    }
    let names = if names.is_empty() { configured(client).await? } else { names };
    if names.is_empty() && !context.everywhere.quiet {
        output::note(&phrase!("note-no-provider-configured"), context.language);
    }
    let asked = stream::iter(names).map(|name| async move {
        match client.refresh_models(&name).await {
            Ok(list) => refreshed(name, list),
            Err(error) => Refreshed { provider: name, models: None, added: vec![], removed: vec![], error: Some(error) },
        }
    });
    let items: Vec<Refreshed> = asked.buffered(AT_ONCE).collect().await;
    let failed = items.iter().find_map(|list| list.error.as_ref().map(|error| error.code.exit_code()));
    if context.format() == OutputFormat::Text {
        for (list, error) in items.iter().filter_map(|list| Some((list, list.error.as_ref()?))) {
            let words = phrase!("note-not-refreshed", provider = list.provider, reason = error.message_in(context.language));
            output::note(&words, context.language);
        }
    }
    print_page(context, &Page { items, next_cursor: None }, COLUMNS)?;
    Ok(failed.map_or(Exit::SUCCESS, Exit))
}

/// Those that have a key, or that the user pointed somewhere.
async fn configured(client: &Client) -> Result<Vec<String>, ApiError> {
    let providers = client.providers(&Wanted { limit: None, cursor: None }).await?;
    Ok(providers.items.into_iter().filter(|provider| provider.configured).map(|provider| provider.name).collect())
}

fn refreshed(provider: String, list: RefreshResponse) -> Refreshed {
    Refreshed { provider, models: Some(list.models), added: list.added, removed: list.removed, error: None }
}

/// A few names, and how many more there are.
fn few(names: &[String]) -> String {
    const MOST: usize = 3;
    let shown = names.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > MOST { format!("{shown} +{}", names.len() - MOST) } else { shown }
}
