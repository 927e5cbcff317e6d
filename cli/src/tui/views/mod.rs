//! What is on the screen: one file a view, strangers to each other, and here who stands where.
//!
//! The parts of the chat are drawn beside each other; the views of [`Which`] each in its place, in the frame of `chrome`.

mod chrome;
mod composer;
mod conversations;
mod help;
mod models;
mod status;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod transcript;

use ratatui::Frame;

use super::{
    areas::areas,
    keymap::Action,
    model::{Model, Overlay},
    slash::Slash,
    view::View,
};

macro_rules! views {
    ($($name:ident => $module:ident, $action:ident, [$($slash:ident),*];)*) => {
        $(mod $module;)*

        /// The views that stand in the place of the chat.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs, reason = "each says in its file what it is")]
        pub(crate) enum Which { $($name,)* }

        impl Which {
            /// The view that a key opens.
            pub(crate) fn of_action(action: Action) -> Option<Self> {
                match action { $(Action::$action => Some(Self::$name),)* _ => None }
            }

            /// The view that a word behind `/` opens.
            pub(crate) fn of_command(command: Slash) -> Option<Self> {
                match command { $($(Slash::$slash => Some(Self::$name),)*)* _ => None }
            }
        }

        /// Makes a view, with what was written behind its word.
        pub(crate) fn make(which: Which, model: &mut Model, argument: &str) -> Box<dyn View> {
            match which { $(Which::$name => Box::new($module::$name::new(model, argument)),)* }
        }
    };
}

// Each with its file, its key and its words behind `/`.
views! {
    Search => search, Search, [Search];
    History => history, History, [History];
    Catalogue => catalogue, Models, [Models];
    Compare => compare, Compare, [Compare];
    Runs => runs, Runs, [Runs, Attach];
    Login => login, Login, [Login];
    Files => files, AttachFile, [];
    Palette => palette, Palette, [];
}

/// Draws everything.
pub(crate) fn draw(frame: &mut Frame<'_>, model: &mut Model) {
    let area = frame.area();
    if area.is_empty() {
        return;
    }
    // What is drawn is as large as the terminal is now, whatever was said of it last.
    model.size = (area.width, area.height);
    let areas = areas(model);
    status::draw(frame, areas, model);
    if let Some(mut view) = model.view.take() {
        chrome::draw(frame, area, view.as_mut(), model);
        model.view = Some(view);
    } else {
        transcript::draw(frame, areas, model);
        conversations::draw(frame, areas, model);
        composer::draw(frame, areas, model);
    }
    match &model.overlay {
        Some(Overlay::Help(line)) => help::draw(frame, area, *line, model),
        Some(Overlay::Models(picker)) => models::draw(frame, area, picker, model),
        None => {}
    }
}
