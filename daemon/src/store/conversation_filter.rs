//! Which conversations of a list are wanted. Pure; how an engine finds them is its own affair.

use jiff::Timestamp;

use super::records::ConversationRecord;

/// Which conversations are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConversationFilter {
    /// The archived ones, or those that are not.
    pub archived: bool,
    /// Only the pinned ones.
    pub pinned: bool,
    /// Only those whose last model is this: `provider/model`, the model's name alone or the provider's, whatever its case.
    pub model: Option<String>,
    /// Only those that were changed then or later.
    pub after: Option<Timestamp>,
    /// Only those that were changed before.
    pub before: Option<Timestamp>,
    /// Only those whose titles hold this, whatever its case.
    pub title: Option<String>,
}

impl ConversationFilter {
    /// Whether a conversation is one of them.
    pub fn takes(&self, record: &ConversationRecord) -> bool {
        let is_of_model =
            |wanted: &String| record.model.as_deref().is_some_and(|model| model_names(model).contains(&wanted.to_lowercase()));
        record.archived == self.archived
            && (record.pinned || !self.pinned)
            && self.model.as_ref().is_none_or(is_of_model)
            && self.after.is_none_or(|after| record.updated_at >= after)
            && self.before.is_none_or(|before| record.updated_at < before)
            && self.title.as_ref().is_none_or(|text| record.title.to_lowercase().contains(&text.to_lowercase()))
    }
}

/// The names, in lower case, by which the model of a conversation, `provider/model`, is looked for.
pub fn model_names(model: &str) -> Vec<String> {
    let model = model.to_lowercase();
    let mut names = match model.split_once('/') {
        Some((provider, name)) => vec![provider.to_owned(), name.to_owned()],
        None => Vec::new(),
    };
    names.push(model);
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_looked_for_by_its_whole_name_its_own_and_its_providers() {
        assert_eq!(model_names("OpenRouter/a/B"), ["a/b", "openrouter", "openrouter/a/b"]);
        assert_eq!(model_names("demo/demo"), ["demo", "demo/demo"]);
        assert_eq!(model_names("x"), ["x"]);
    }
}
