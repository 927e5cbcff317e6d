//! The words that people read, in every language that mmp speaks.
//!
//! One Fluent catalogue a language: a folder of files beside this one, by who says what is in them. A [`Phrase`] is a key of them with its arguments: errors and
//! notices travel as phrases, and whoever shows them renders them in the user's language. JSON, codes and logs are
//! never translated. Catalogues are parsed at the first word that is needed: a run that says nothing pays nothing.

use std::{borrow::Cow, collections::BTreeMap, sync::OnceLock};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use serde::{Deserialize, Serialize};
use unic_langid::LanguageIdentifier;

/// A language that mmp speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Chinese, simplified.
    #[serde(rename = "zh-CN")]
    Chinese,
}

impl Language {
    /// Every language, the fallback first.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// Its tag, as `MMP_LANG` takes it.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// The language that a tag or a locale's name means (`zh-CN`, `zh_CN.UTF-8`, `en_GB`); `None` where mmp does not speak it.
    pub fn from_locale(name: &str) -> Option<Self> {
        let language = name.split(['_', '-', '.', '@']).next().unwrap_or_default();
        match language.to_ascii_lowercase().as_str() {
            "en" | "c" | "posix" => Some(Self::English),
            "zh" => Some(Self::Chinese),
            _ => None,
        }
    }

    /// The files of the catalogue, by who says what is in them.
    const fn sources(self) -> &'static [&'static str] {
        match self {
            Self::English => &[
                include_str!("en/settings.ftl"),
                include_str!("en/services.ftl"),
                include_str!("en/accounts.ftl"),
                include_str!("en/daemon.ftl"),
                include_str!("en/providers.ftl"),
                include_str!("en/client.ftl"),
                include_str!("en/screen.ftl"),
                include_str!("en/views.ftl"),
                include_str!("en/chatview.ftl"),
                include_str!("en/palette.ftl"),
                include_str!("en/logins.ftl"),
                include_str!("en/doctor.ftl"),
                include_str!("en/help.ftl"),
                include_str!("en/manual.ftl"),
            ],
            Self::Chinese => &[
                include_str!("zh-CN/settings.ftl"),
                include_str!("zh-CN/services.ftl"),
                include_str!("zh-CN/accounts.ftl"),
                include_str!("zh-CN/daemon.ftl"),
                include_str!("zh-CN/providers.ftl"),
                include_str!("zh-CN/client.ftl"),
                include_str!("zh-CN/screen.ftl"),
                include_str!("zh-CN/views.ftl"),
                include_str!("zh-CN/chatview.ftl"),
                include_str!("zh-CN/palette.ftl"),
                include_str!("zh-CN/logins.ftl"),
                include_str!("zh-CN/doctor.ftl"),
                include_str!("zh-CN/help.ftl"),
                include_str!("zh-CN/manual.ftl"),
            ],
        }
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        static ENGLISH: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
        static CHINESE: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
        let cell = match self {
            Self::English => &ENGLISH,
            Self::Chinese => &CHINESE,
        };
        cell.get_or_init(|| {
            let tag: LanguageIdentifier = self.tag().parse().unwrap_or_default();
            let mut bundle = FluentBundle::new_concurrent(vec![tag]);
            bundle.set_use_isolating(false);
            for source in self.sources() {
                // A line that does not parse is left out here, and found by the test that reads every catalogue.
                let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, _)| resource);
                bundle.add_resource_overriding(resource);
            }
            bundle
        })
    }
}

/// Something to say: a key of the catalogues, and what stands in its gaps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase {
    /// The message's name in the catalogues.
    pub key: Cow<'static, str>,
    /// What stands in its gaps, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<Cow<'static, str>, String>,
}

impl Phrase {
    /// The phrase with this key and no gaps filled.
    pub const fn new(key: &'static str) -> Self {
        Self { key: Cow::Borrowed(key), args: BTreeMap::new() }
    }

    /// The same phrase with one more gap filled.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.insert(Cow::Borrowed(name), value.to_string());
        self
    }

    /// The words. A key that a catalogue lacks (a newer daemon's, say) is looked for in English; failing that, the key itself.
    pub fn render(&self, language: Language) -> String {
        self.render_in(language).or_else(|| self.render_in(Language::English)).unwrap_or_else(|| self.key.clone().into_owned())
    }

    /// The words in exactly this language, if its catalogue has the key.
    pub fn render_in(&self, language: Language) -> Option<String> {
        let bundle = language.bundle();
        let pattern = bundle.get_message(&self.key)?.value()?;
        let mut args = FluentArgs::with_capacity(self.args.len());
        for (name, value) in &self.args {
            // A whole number chooses a plural form; anything else, `007` and its like too, is shown as it is.
            let number = value.parse::<i64>().ok().filter(|number| number.to_string() == *value);
            let value = number.map_or_else(|| FluentValue::from(value.as_str()), FluentValue::from);
            args.set(name.as_ref(), value);
        }
        let mut errors = Vec::new();
        Some(bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned())
    }
}

/// Makes a [`Phrase`]: `phrase!("error-no-such-file", path = path.display())`.
#[macro_export]
macro_rules! phrase {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::words::Phrase::new($key)$(.with(stringify!($name), &$value))*
    };
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Every message of a catalogue with the names of its gaps.
    fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
        let mut messages = BTreeMap::new();
        let mut current = None;
        for source in language.sources() {
            FluentResource::try_new((*source).to_owned()).expect("the catalogue parses");
        }
        for line in language.sources().iter().flat_map(|source| source.lines()) {
            if let Some((key, _)) = line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase())) {
                assert!(messages.insert(key.to_owned(), BTreeSet::new()).is_none(), "`{key}` stands twice in {}", language.tag());
                current = Some(key.to_owned());
            }
            let Some(gaps) = current.as_ref().and_then(|key| messages.get_mut(key)) else { continue };
            for gap in line.split('$').skip(1) {
                gaps.insert(gap.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect());
            }
        }
        messages
    }

    #[test]
    fn no_catalogue_lacks_a_key_or_a_gap_of_another() {
        let english = messages(Language::English);
        assert!(!english.is_empty());
        for language in Language::ALL {
            let other = messages(language);
            for (key, gaps) in &english {
                assert_eq!(other.get(key), Some(gaps), "`{key}` in {}", language.tag());
            }
            for key in other.keys() {
                assert!(english.contains_key(key), "`{key}` stands only in {}", language.tag());
            }
        }
    }

    #[test]
    fn a_number_chooses_the_plural() {
        let one = phrase!("count-messages", count = 1);
        let two = phrase!("count-messages", count = 2);
        assert_eq!(one.render(Language::English), "1 message");
        assert_eq!(two.render(Language::English), "2 messages");
    }

    #[test]
    fn digits_that_are_no_number_are_shown_as_they_are() {
        assert_eq!(phrase!("hint-nearest-key", key = "00123456").render(Language::English), "did you mean `00123456`?");
    }

    #[test]
    fn an_unknown_key_is_said_as_it_is() {
        assert_eq!(Phrase::new("no-such-key").render(Language::Chinese), "no-such-key");
    }

    #[test]
    fn a_locale_names_its_language() {
        assert_eq!(Language::from_locale("zh_CN.UTF-8"), Some(Language::Chinese));
        assert_eq!(Language::from_locale("en"), Some(Language::English));
        assert_eq!(Language::from_locale("C.UTF-8"), Some(Language::English));
        assert_eq!(Language::from_locale("tlh"), None);
    }
}
