//! What a user sets for all their terminals: one table, and what each setting takes. A setting is one line here, and
//! its meaning one in the catalogues. Where a setting holds is the affair of the part that it belongs to.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

/// The youngest age at which conversations may be forgotten.
const SHORTEST_RETENTION: Duration = Duration::from_secs(24 * 60 * 60);

/// What a setting takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKind {
    /// The name of a model.
    Model,
    /// Names of models between commas.
    Models,
    /// The name of a role.
    Role,
    /// A number from 0 to 2.
    Temperature,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// An age of a day or more.
    Age,
}

impl SettingKind {
    /// Whether a value can be one of this kind. Whether a model or a role is there is not known here.
    pub fn takes(self, value: &str) -> bool {
        match self {
            Self::Model | Self::Models | Self::Role => !value.trim().is_empty(),
            Self::Temperature => value.parse::<f64>().is_ok_and(|number| (0.0..=2.0).contains(&number)),
            Self::OneOf(words) => words.contains(&value),
            Self::Age => age(value).is_some(),
        }
    }

    /// Values that it takes, to show.
    pub fn example(self) -> String {
        match self {
            Self::Model => "deepseek".to_owned(),
            Self::Models => "deepseek,gpt".to_owned(),
            Self::Role => "reviewer".to_owned(),
            Self::Temperature => "0 – 2".to_owned(),
            Self::OneOf(words) => words.join(", "),
            Self::Age => "30days, 6months, 1year".to_owned(),
        }
    }
}

/// The age that a value names: a day at least.
pub fn age(value: &str) -> Option<Duration> {
    humantime::parse_duration(value).ok().filter(|age| *age >= SHORTEST_RETENTION)
}

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettingInfo {
    /// Its name.
    pub name: &'static str,
    /// The key of what it means, in words.
    pub meaning: &'static str,
    /// What it takes.
    pub kind: SettingKind,
}

/// The themes of the full-screen program.
pub const THEMES: &[&str] = &["terminal", "dark", "light", "mono"];

/// Every setting, by name.
pub const SETTINGS: &[SettingInfo] = &[
    SettingInfo { name: Settings::FALLBACK, meaning: "setting-fallback", kind: SettingKind::Models },
    SettingInfo { name: Settings::LANGUAGE, meaning: "setting-language", kind: SettingKind::OneOf(&["en", "zh-CN"]) },
    SettingInfo { name: Settings::MODEL, meaning: "setting-model", kind: SettingKind::Model },
    SettingInfo { name: Settings::RETENTION, meaning: "setting-retention", kind: SettingKind::Age },
    SettingInfo { name: Settings::ROLE, meaning: "setting-role", kind: SettingKind::Role },
    SettingInfo { name: Settings::TEMPERATURE, meaning: "setting-temperature", kind: SettingKind::Temperature },
    SettingInfo { name: Settings::THEME, meaning: "setting-theme", kind: SettingKind::OneOf(THEMES) },
    SettingInfo { name: Settings::THINKING, meaning: "setting-thinking", kind: SettingKind::OneOf(&["show", "hide"]) },
    SettingInfo { name: Settings::TITLE_MODEL, meaning: "setting-title-model", kind: SettingKind::Model },
];

/// The setting of this name.
pub fn find_setting(name: &str) -> Option<&'static SettingInfo> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

/// The body of `GET` and `PUT /users/me/settings`. A `PUT` changes the settings it names; null takes one back.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Settings {
    /// The settings by name.
    pub values: BTreeMap<String, Option<String>>,
}

impl Settings {
    /// The name of the setting that holds the models that answer when another cannot, in order, between commas.
    pub const FALLBACK: &'static str = "fallback";
    /// The name of the setting that holds the language of what is shown.
    pub const LANGUAGE: &'static str = "language";
    /// The name of the setting that holds the default model.
    pub const MODEL: &'static str = "model";
    /// The name of the setting that holds the age at which conversations are forgotten.
    pub const RETENTION: &'static str = "retention";
    /// The name of the setting that holds the role of conversations that name none.
    pub const ROLE: &'static str = "role";
    /// The name of the setting that holds the temperature where nothing nearer names one.
    pub const TEMPERATURE: &'static str = "temperature";
    /// The name of the setting that holds the colors of the full-screen program.
    pub const THEME: &'static str = "theme";
    /// The name of the setting that says whether thinking is shown.
    pub const THINKING: &'static str = "thinking";
    /// The name of the setting that holds the model that gives titles.
    pub const TITLE_MODEL: &'static str = "title_model";

    /// The value of a setting.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Language, Phrase};

    #[test]
    fn each_kind_takes_what_it_says_and_nothing_else() {
        for (kind, good, bad) in [
            (SettingKind::Temperature, &["0", "0.7", "2"][..], &["-1", "2.1", "NaN", "warm", ""][..]),
            (SettingKind::OneOf(&["show", "hide"]), &["show", "hide"], &["Show", "yes", ""]),
            (SettingKind::Age, &["1day", "30d", "6months", "1year 2days"], &["1h", "0s", "30", "forever", "-1d", ""]),
            (SettingKind::Model, &["gpt"], &["", " "]),
        ] {
            assert!(good.iter().all(|value| kind.takes(value)), "{kind:?}");
            assert!(bad.iter().all(|value| !kind.takes(value)), "{kind:?}");
        }
    }

    #[test]
    fn every_setting_is_there_once_by_name_and_explained() {
        assert!(SETTINGS.windows(2).all(|pair| pair[0].name < pair[1].name));
        for setting in SETTINGS {
            for language in [Language::English, Language::Chinese] {
                assert_ne!(Phrase::new(setting.meaning).render(language), setting.meaning);
            }
        }
    }
}
