//! What is on the screen: one file a view, strangers to each other, and here who stands where.

mod composer;
mod conversations;
mod help;
mod models;
mod status;
#[cfg(test)]
mod tests;
mod transcript;

use ratatui::Frame;

use super::{
    areas::areas,
    model::{Model, Overlay},
};

/// Draws everything.
pub(crate) fn draw(frame: &mut Frame<'_>, model: &mut Model) {
    let area = frame.area();
    if area.is_empty() {
        return;
    }
    // What is drawn is as large as the terminal is now, whatever was said of it last.
    model.size = (area.width, area.height);
    let areas = areas(model);
    transcript::draw(frame, areas, model);
    status::draw(frame, areas, model);
    conversations::draw(frame, areas, model);
    composer::draw(frame, areas, model);
    match &model.overlay {
        Some(Overlay::Help(line)) => help::draw(frame, area, *line, model),
        Some(Overlay::Models(picker)) => models::draw(frame, area, picker, model),
        None => {}
    }
}
