//! What the tests of views share: a program with a view on it, and its screen as people see it, under review as plain files.

use std::{fs, path::PathBuf, time::Duration};

use mmp_shared::{ApiError, ErrorCode, Language, chat::ChatRequest, phrase};
use ratatui::{Terminal, backend::TestBackend};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::tui::{
    ask::{Ask, Told},
    effect::Effect,
    event::{Event, Outcome},
    keymap::{Code, Key, Keymap},
    model::{Access, Beginning, Model},
    theme::{Palette, Theme},
    update::{self, update},
};

/// The sizes at which a screen is reviewed.
pub(crate) const SIZES: [(u16, u16); 3] = [(100, 30), (40, 15), (200, 50)];

/// A program that is told things.
pub(crate) struct Stage {
    pub(crate) model: Model,
    pub(crate) now: Duration,
}

impl Stage {
    /// The program in a language and a size.
    pub(crate) fn new(language: Language, size: (u16, u16)) -> Self {
        let template = ChatRequest::new("");
        let theme = Theme::new(Palette::Sixteen);
        let keys = Keymap::default();
        let mut model = Model::new(Beginning {
            template,
            language,
            theme,
            size,
            draft: String::new(),
            keys,
            access: Access::default(),
            mistakes: Vec::new(),
        });
        update::begin(&mut model);
        Self { model, now: Duration::from_secs(1) }
    }

    /// The program as most tests want it.
    pub(crate) fn english() -> Self {
        Self::new(Language::English, (100, 30))
    }

    pub(crate) fn at(&mut self, event: Event) -> Vec<Effect> {
        update(&mut self.model, self.now, event)
    }

    pub(crate) fn after(&mut self, time: Duration) -> Vec<Effect> {
        self.now += time;
        self.at(Event::Tick)
    }

    pub(crate) fn press(&mut self, code: Code) -> Vec<Effect> {
        self.at(Event::Key(Key::of(code)))
    }

    pub(crate) fn ctrl(&mut self, c: char) -> Vec<Effect> {
        self.at(Event::Key(Key { ctrl: true, ..Key::of(Code::Char(c)) }))
    }

    pub(crate) fn write(&mut self, text: &str) -> Vec<Effect> {
        text.chars().flat_map(|c| self.press(Code::Char(c))).collect()
    }

    /// A word behind `/`, sent.
    pub(crate) fn command(&mut self, text: &str) -> Vec<Effect> {
        self.at(Event::Paste(text.to_owned()));
        self.press(Code::Enter)
    }

    /// Tells what the last asking of a view came to.
    pub(crate) fn told(&mut self, told: Outcome<Told>) -> Vec<Effect> {
        let asking = self.model.asking;
        self.at(Event::Told { asking, told })
    }

    pub(crate) fn has_view(&self) -> bool {
        self.model.view.is_some()
    }

    pub(crate) fn said(&self) -> &str {
        self.model.note.as_ref().map_or("", |note| note.text.as_str())
    }

    /// What is seen.
    pub(crate) fn screen(&mut self) -> String {
        screen(&mut self.model)
    }
}

/// What is seen of a program.
pub(crate) fn screen(model: &mut Model) -> String {
    let (columns, rows) = model.size;
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("a screen");
    terminal.draw(|frame| super::draw(frame, model)).expect("drawn");
    let buffer = terminal.backend().buffer();
    let mut text = String::new();
    for row in 0..rows {
        let (mut line, mut skip) = (String::new(), 0);
        for column in 0..columns {
            let symbol = buffer[(column, row)].symbol();
            if skip == 0 {
                line.push_str(symbol);
                skip = crate::tui::markdown::wrap::width(symbol).saturating_sub(1);
            } else {
                skip -= 1;
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// What is asked for.
pub(crate) fn asked(effects: &[Effect]) -> Vec<&Ask> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Fetch { ask, .. } => Some(ask.as_ref()),
            _ => None,
        })
        .collect()
}

/// A value of the wire.
pub(crate) fn wire<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("a value of the wire")
}

/// A time of day.
pub(crate) fn clock() -> jiff::Timestamp {
    "2026-01-03T03:09:05Z".parse().expect("a time")
}

/// An error with a way out.
pub(crate) fn refused() -> Box<ApiError> {
    Box::new(ApiError::new(ErrorCode::Unavailable, phrase!("error-answer-lost")).with_hint(phrase!("hint-usage")))
}

/// Compares a screen with its reviewed picture, at every size and in every language; and draws it at sizes that nobody has.
pub(crate) fn check(name: &str, prepare: impl Fn(&mut Stage)) {
    for language in Language::ALL {
        for size in SIZES {
            let mut stage = Stage::new(language, size);
            prepare(&mut stage);
            let seen = stage.screen();
            let file = format!("src/tui/views/snapshots/{name}.{}x{}.{}.txt", size.0, size.1, language.tag());
            let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file);
            if std::env::var_os("MMP_SNAPSHOTS").is_some() {
                fs::create_dir_all(path.parent().expect("a folder")).expect("made");
                fs::write(&path, &seen).expect("written");
            }
            let expected = fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(seen, expected, "{} differs", path.display());
            assert!(!seen.contains('\u{1b}') && !seen.contains('\u{202e}'), "{seen}");
        }
    }
    for columns in [0, 1, 2, 3, 7, 20, 39, 91, 400] {
        for rows in [0, 1, 2, 3, 4, 5, 6, 9, 13, 60] {
            let mut stage = Stage::new(Language::Chinese, (columns, rows));
            prepare(&mut stage);
            stage.screen();
        }
    }
}
