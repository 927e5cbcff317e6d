//! The full-screen program.
//!
//! `model` is everything that it knows, `event` everything that can happen, `effect` everything that it can do: `update` is
//! a pure function between them. `driver` is the only loop and `terminal` the only one who writes; `views` show the model,
//! `widgets` and `markdown` are what they are made of. What is asked of the daemon goes through `client`, as with commands.

mod answer;
mod areas;
mod ask;
mod asking;
mod attachment;
mod branches;
mod clean;
mod clipboard;
mod deeds;
mod draft;
mod driver;
mod editor;
mod effect;
mod effects;
mod event;
mod figures;
mod frames;
mod input;
mod keymap;
mod markdown;
mod model;
mod reading;
mod slash;
mod terminal;
mod theme;
mod transcript;
mod update;
mod view;
mod views;
mod widgets;

use std::io::IsTerminal as _;

use mmp_shared::{ApiError, chat::ChatRequest, phrase, settings::Settings};

use self::{
    driver::Driver,
    model::{Access, Beginning, Model},
    terminal::Terminal,
    theme::{Palette, Theme},
};
use crate::{
    client::{Client, TOKEN_VARIABLE},
    config::variable,
    context::Context,
    error::{Outcome, bad_request, system_call},
};

/// Opens the program; every prompt is asked as `template` says.
pub(crate) async fn open(context: &Context, client: &Client, template: ChatRequest) -> Outcome {
    let sends_keys = context.config()?.switch("import_env");
    let draft = draft::path(&context.places);
    let palette = Palette::of_terminal(variable("COLORTERM").as_deref(), variable("TERM").as_deref());
    let theme = Theme::new(if context.stdout.is_styled { palette } else { Palette::None });
    let (keys, mut mistakes) = keymap::read(context.config()?.keys());
    let theme = context.settings.get(Settings::THEME).map_or(Ok(theme), |name| theme.named(name)).unwrap_or_else(|mistake| {
        mistakes.push(mistake);
        theme
    });
    let model = Model::new(Beginning {
        template,
        language: context.language,
        theme,
        size: Terminal::size(),
        draft: draft::load(&draft),
        keys,
        access: Access { host: client.target().address(), has_token: variable(TOKEN_VARIABLE).is_some() },
        mistakes,
    });
    client.keep_notes();
    let terminal = Terminal::open().map_err(|error| system_call("tcsetattr", &error))?;
    Driver::new(context, client, model, terminal, sends_keys, draft).run().await
}

/// Refuses to be where nobody could see it.
pub(crate) fn check_terminal() -> Result<(), ApiError> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(bad_request(phrase!("error-no-terminal")).with_hint(phrase!("hint-no-terminal")));
    }
    if variable("TERM").is_none_or(|term| term == "dumb") {
        return Err(bad_request(phrase!("error-dumb-terminal")).with_hint(phrase!("hint-no-terminal")));
    }
    Ok(())
}
