//! What holds for all of a person's terminals, and the roles.

use mmp_shared::{ApiError, settings::Settings};

use super::Asker;
use crate::{client::Client, tui::ask::Told, wanted::Wanted};

const ALL: Wanted = Wanted { limit: None, cursor: None };

/// Keeps a theme; this machine remembers it, too.
pub(super) async fn set_theme(asker: Asker<'_>, name: String) -> Result<Told, ApiError> {
    let change = Settings { values: [(Settings::THEME.to_owned(), Some(name))].into() };
    let settings = asker.client.put_settings(&change).await?;
    asker.context.note_settings(&settings);
    Ok(Told::ThemeSet)
}

/// The names of the roles.
pub(super) async fn roles(client: &Client) -> Result<Told, ApiError> {
    let roles = client.roles(&ALL).await?.items;
    Ok(Told::Roles(roles.into_iter().map(|role| role.name).collect()))
}

/// Whether there is a role of this name.
pub(super) async fn role(client: &Client, name: String) -> Result<Told, ApiError> {
    Ok(Told::Role(client.role(&name).await?.name))
}
