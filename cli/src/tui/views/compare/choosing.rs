//! The choice of the models that are to be compared. Pure.

use mmp_shared::models::Model as CatalogueModel;

use super::super::chrome::State;
use crate::tui::widgets::finder::Finder;

/// The choice.
#[derive(Debug)]
pub(in super::super) struct Choosing {
    pub(super) finder: Finder,
    pub(super) state: State,
    pub(super) models: Vec<CatalogueModel>,
    /// Those that were chosen, in their order.
    pub(super) picked: Vec<String>,
}

impl Choosing {
    pub(super) fn new(picked: Vec<String>) -> Self {
        Self { finder: Finder::default(), state: State::Loading, models: Vec::new(), picked }
    }

    /// The models that the filter leaves, those that could answer now first.
    pub(super) fn shown(&self) -> Vec<&CatalogueModel> {
        let words: Vec<String> = self.finder.field.text().split_whitespace().map(str::to_lowercase).collect();
        let fits = |model: &&CatalogueModel| {
            let names = format!("{} {}", model.name, model.aliases.join(" ")).to_lowercase();
            model.enabled && words.iter().all(|word| names.contains(word))
        };
        let mut shown: Vec<&CatalogueModel> = self.models.iter().filter(fits).collect();
        shown.sort_by_key(|model| !model.available);
        shown
    }

    /// Which of the chosen ones a model is, from 1 on.
    pub(super) fn place(&self, model: &CatalogueModel) -> Option<usize> {
        self.picked.iter().position(|name| *name == model.name || model.aliases.contains(name)).map(|place| place + 1)
    }

    /// Takes the model at the choice, or gives it back.
    pub(super) fn toggle(&mut self, most: usize) {
        let Some(model) = self.shown().get(self.finder.choice.index).copied() else { return };
        let (name, place) = (model.name.clone(), self.place(model));
        match place {
            Some(place) => drop(self.picked.remove(place - 1)),
            None if self.picked.len() < most => self.picked.push(name),
            None => {}
        }
    }
}
