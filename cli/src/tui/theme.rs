//! What things look like: roles, and the style of each. Colors are the terminal's own sixteen, so that a light or a dark
//! palette is kept, whatever it is and however many colors the terminal has; without colors, attributes say the same.

use ratatui::style::{Color, Modifier, Style};

/// Whether there are colors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Palette {
    /// The terminal's sixteen.
    Sixteen,
    /// None: `NO_COLOR`, or `--color never`.
    None,
}

/// The styles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Theme {
    palette: Palette,
}

impl Theme {
    /// The theme of a palette.
    pub(crate) const fn new(palette: Palette) -> Self {
        Self { palette }
    }

    fn colored(self, color: Color, modifier: Modifier) -> Style {
        let style = Style::new().add_modifier(modifier);
        if self.palette == Palette::None { style } else { style.fg(color) }
    }

    /// Ordinary text.
    pub(crate) const fn text(self) -> Style {
        Style::new()
    }

    /// What stands back.
    pub(crate) const fn dim(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// What has the focus, and what is mmp's own.
    pub(crate) fn accent(self) -> Style {
        self.colored(Color::Cyan, Modifier::empty())
    }

    /// The same, and strong.
    pub(crate) fn accent_strong(self) -> Style {
        self.colored(Color::Cyan, Modifier::BOLD)
    }

    /// What a person said.
    pub(crate) fn person(self) -> Style {
        self.colored(Color::Blue, Modifier::BOLD)
    }

    /// Who answered.
    pub(crate) fn model(self) -> Style {
        self.colored(Color::Green, Modifier::BOLD)
    }

    /// Thinking.
    pub(crate) const fn thinking(self) -> Style {
        Style::new().add_modifier(Modifier::DIM).add_modifier(Modifier::ITALIC)
    }

    /// Something to know.
    pub(crate) fn notice(self) -> Style {
        self.colored(Color::Yellow, Modifier::empty())
    }

    /// Something that went wrong.
    pub(crate) fn error(self) -> Style {
        self.colored(Color::Red, Modifier::BOLD)
    }

    /// What is chosen of a list.
    pub(crate) const fn chosen(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// A heading of Markdown.
    pub(crate) fn heading(self) -> Style {
        self.colored(Color::Magenta, Modifier::BOLD)
    }

    /// Code of Markdown.
    pub(crate) fn code(self) -> Style {
        self.colored(Color::Yellow, Modifier::empty())
    }

    /// A comment in code.
    pub(crate) const fn comment(self) -> Style {
        Style::new().add_modifier(Modifier::DIM).add_modifier(Modifier::ITALIC)
    }

    /// A word of the language in code.
    pub(crate) fn keyword(self) -> Style {
        self.colored(Color::Magenta, Modifier::empty())
    }

    /// A string in code.
    pub(crate) fn string(self) -> Style {
        self.colored(Color::Green, Modifier::empty())
    }

    /// A number in code.
    pub(crate) fn number(self) -> Style {
        self.colored(Color::Cyan, Modifier::empty())
    }

    /// A function that is called in code.
    pub(crate) fn function(self) -> Style {
        self.colored(Color::Blue, Modifier::empty())
    }

    /// A type in code.
    pub(crate) fn type_name(self) -> Style {
        self.colored(Color::Yellow, Modifier::empty())
    }

    /// What names something in code: a key, an attribute, a variable.
    pub(crate) fn name(self) -> Style {
        self.colored(Color::Cyan, Modifier::empty())
    }

    /// A line that a change adds.
    pub(crate) fn added(self) -> Style {
        self.colored(Color::Green, Modifier::empty())
    }

    /// A line that a change removes.
    pub(crate) fn removed(self) -> Style {
        self.colored(Color::Red, Modifier::empty())
    }

    /// A link of Markdown.
    pub(crate) fn link(self) -> Style {
        self.colored(Color::Blue, Modifier::UNDERLINED)
    }
}
