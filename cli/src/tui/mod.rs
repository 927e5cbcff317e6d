//! The full-screen program.
//!
//! `model` is everything that it knows, `event` everything that can happen, `effect` everything that it can do: `update` is
//! a pure function between them. `driver` is the only loop and `terminal` the only one who writes; `views` show the model,
//! `widgets` and `markdown` are what they are made of. What is asked of the daemon goes through `client`, as with commands.

mod answer;
mod areas;
mod ask;
mod asking;
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

use mmp_shared::{ApiError, chat::ChatRequest, phrase};

use self::{
    driver::Driver,
    model::{Beginning, Model},
    terminal::Terminal,
    theme::{Palette, Theme},
};
use crate::{
    client::Client,
    config::variable,
    context::Context,
    error::{Outcome, bad_request, system_call},
};

/// Opens the program; every prompt is asked as `template` says.
pub(crate) async fn open(context: &Context, client: &Client, template: ChatRequest) -> Outcome {
    let sends_keys = context.config()?.switch("import_env");
    let draft = draft::path(&context.places);
    let palette = if context.stdout.is_styled { Palette::Sixteen } else { Palette::None };
    let (keys, mistakes) = keymap::read(context.config()?.keys());
    let model = Model::new(Beginning {
        template,
        language: context.language,
        theme: Theme::new(palette),
        size: Terminal::size(),
        draft: draft::load(&draft),
        keys,
        mistakes,
    });
    let terminal = Terminal::open().map_err(|error| system_call("tcsetattr", &error))?;
    Driver::new(client, model, terminal, sends_keys, draft).run().await
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
