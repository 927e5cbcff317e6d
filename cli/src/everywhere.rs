//! The arguments that may stand with every command, and what of them must be known even when the rest does not parse.

use std::ffi::OsString;

use clap::{ArgAction, ValueEnum};
use mmp_shared::Language;

use crate::config;

#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Everywhere {
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) host: Option<String>,
    #[arg(long, global = true, value_name = "WHEN")]
    pub(crate) color: Option<ColorWhen>,
    #[arg(short, long, global = true, value_name = "FORMAT")]
    pub(crate) output: Option<OutputFormat>,
    #[arg(long, global = true, conflicts_with = "output")]
    json: bool,
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
    #[arg(short, long, global = true)]
    pub(crate) yes: bool,
    #[arg(long, global = true, value_name = "LANG")]
    pub(crate) lang: Option<String>,
    #[arg(short = 'h', long, global = true, action = ArgAction::HelpShort)]
    help: Option<bool>,
}

impl Everywhere {
    /// How what is printed is to look.
    pub(crate) fn format(&self) -> OutputFormat {
        if self.json { OutputFormat::Json } else { self.output.unwrap_or_default() }
    }

    /// How errors are told.
    pub(crate) fn error_format(&self) -> ErrorFormat {
        match self.format() {
            OutputFormat::Json | OutputFormat::Jsonl => ErrorFormat::Json,
            OutputFormat::Text | OutputFormat::Csv => ErrorFormat::Text,
        }
    }

    /// The language by flag, environment and locale, for errors that come before the file is read.
    pub(crate) fn language(&self) -> Language {
        config::language_of_environment(self.lang.as_deref())
    }
}

/// How data is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum OutputFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON value.
    Json,
    /// One JSON value a line.
    Jsonl,
    /// Comma-separated values, where there is a table.
    Csv,
}

/// How errors are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum ErrorFormat {
    /// For people.
    #[default]
    Text,
    /// One line of JSON.
    Json,
}

/// When there is color.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ColorWhen {
    /// On a terminal.
    #[default]
    Auto,
    /// In a pipe too.
    Always,
    /// Nowhere.
    Never,
}

/// What must be known of the arguments even when they do not parse: how to tell an error, and in which language.
#[derive(Debug, Default)]
pub(crate) struct Glance {
    pub(crate) error_format: ErrorFormat,
    pub(crate) lang: Option<String>,
    pub(crate) color: Option<ColorWhen>,
    pub(crate) host: Option<String>,
}

impl Glance {
    /// Looks at the words without understanding them; what stands after `--` is text.
    pub(crate) fn at(words: &[OsString]) -> Self {
        let mut glance = Self::default();
        let words: Vec<_> = words.iter().skip(1).map(|word| word.to_string_lossy()).take_while(|word| word != "--").collect();
        let value_of = |index: usize, long: &str| {
            let word = words.get(index)?;
            let joined = word.strip_prefix(long)?;
            if joined.is_empty() {
                words.get(index + 1).map(|next| next.to_string())
            } else {
                joined.strip_prefix('=').map(str::to_owned)
            }
        };
        for (index, word) in words.iter().enumerate() {
            let short = word.strip_prefix("-o").map(|rest| rest.trim_start_matches('=').to_owned());
            let format = value_of(index, "--output").or(short.filter(|rest| !rest.is_empty()));
            let format = format.or_else(|| (word == "-o").then(|| words.get(index + 1).map(ToString::to_string)).flatten());
            if word == "--json" || matches!(format.as_deref(), Some("json" | "jsonl")) {
                glance.error_format = ErrorFormat::Json;
            }
            glance.lang = value_of(index, "--lang").or(glance.lang);
            glance.host = value_of(index, "--host").or(glance.host);
            glance.color = value_of(index, "--color").and_then(|when| ColorWhen::from_str(&when, false).ok()).or(glance.color);
        }
        glance
    }

    /// The language to complain in.
    pub(crate) fn language(&self) -> Language {
        config::language_of_environment(self.lang.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glance(words: &[&str]) -> Glance {
        Glance::at(&words.iter().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn a_wish_for_json_is_seen_in_every_spelling() {
        for words in [
            &["mmp", "--json"][..],
            &["mmp", "-o", "json"],
            &["mmp", "-ojsonl"],
            &["mmp", "--output=json"],
            &["mmp", "--output", "json"],
        ] {
            assert_eq!(glance(words).error_format, ErrorFormat::Json, "{words:?}");
        }
        for words in [&["mmp"][..], &["mmp", "chat", "--", "--json"], &["mmp", "-o", "text"]] {
            assert_eq!(glance(words).error_format, ErrorFormat::Text, "{words:?}");
        }
    }

    #[test]
    fn the_language_is_seen_too() {
        assert_eq!(glance(&["mmp", "--lang", "zh-CN", "nonsense"]).language(), Language::Chinese);
        assert_eq!(glance(&["mmp", "--lang=zh", "nonsense"]).language(), Language::Chinese);
    }
}
