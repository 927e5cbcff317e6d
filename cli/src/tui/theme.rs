//! What things look like: roles, and the style of each. By default colors are the terminal's own sixteen, so that a light or
//! a dark palette is kept, whatever it is and however many colors the terminal has; without colors, attributes say the same.
//! The themes for a dark and for a light background have colors of their own, where the terminal has more than sixteen.

use mmp_shared::{Phrase, phrase, settings::THEMES};
use ratatui::style::{Color, Modifier, Style};

/// How many colors there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Palette {
    /// Every color.
    True,
    /// A cube of colors and some grays.
    Cube,
    /// The terminal's sixteen.
    Sixteen,
    /// None: `NO_COLOR`, or `--color never`.
    None,
}

impl Palette {
    /// What a terminal says of itself in its environment.
    pub(crate) fn of_terminal(color_term: Option<&str>, term: Option<&str>) -> Self {
        match (color_term, term) {
            (Some("truecolor" | "24bit"), _) => Self::True,
            (_, Some(term)) if term.contains("256color") => Self::Cube,
            _ => Self::Sixteen,
        }
    }
}

/// Whose colors they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Terminal,
    Dark,
    Light,
    Mono,
}

/// A color of the sixteen, and what stands for it on a dark and on a light background.
const TONES: &[(Color, u32, u32)] = &[
    (Color::Cyan, 0x5f_c9_d8, 0x00_6d_85),
    (Color::Blue, 0x7a_a8_f5, 0x1f_4f_c4),
    (Color::Green, 0x8c_c8_7a, 0x2f_6f_1e),
    (Color::Yellow, 0xe0_b8_62, 0x85_5a_00),
    (Color::Red, 0xf0_80_7d, 0xb3_1d_28),
    (Color::Magenta, 0xc6_97_f0, 0x7a_2f_b8),
    (Color::DarkGray, 0x8a_90_99, 0x6a_70_78),
];

/// The styles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Theme {
    palette: Palette,
    name: Name,
}

impl Theme {
    /// The terminal's own theme.
    pub(crate) const fn new(palette: Palette) -> Self {
        Self { palette, name: Name::Terminal }
    }

    /// The theme of a name, with as many colors.
    ///
    /// # Errors
    ///
    /// The words for a name that there is no theme of.
    pub(crate) fn named(self, name: &str) -> Result<Self, Phrase> {
        let name = match name {
            "terminal" => Name::Terminal,
            "dark" => Name::Dark,
            "light" => Name::Light,
            "mono" => Name::Mono,
            _ => return Err(phrase!("palette-theme-unknown", name = name, names = THEMES.join(", "))),
        };
        Ok(Self { name, ..self })
    }

    fn colored(self, color: Color, modifier: Modifier) -> Style {
        let style = Style::new().add_modifier(modifier);
        self.color(color).map_or(style, |color| style.fg(color))
    }

    /// What stands for a color of the sixteen.
    fn color(self, color: Color) -> Option<Color> {
        if self.palette == Palette::None || self.name == Name::Mono {
            return None;
        }
        let tone = TONES.iter().find(|(other, ..)| *other == color);
        let own = tone.and_then(|(_, dark, light)| match self.name {
            Name::Dark => Some(*dark),
            Name::Light => Some(*light),
            Name::Terminal | Name::Mono => None,
        });
        Some(match (own, self.palette) {
            (Some(own), Palette::True) => Color::from_u32(own),
            (Some(own), Palette::Cube) => Color::Indexed(nearest(own)),
            _ => color,
        })
    }

    fn faint(self, modifier: Modifier) -> Style {
        let has_own = matches!(self.name, Name::Dark | Name::Light) && matches!(self.palette, Palette::True | Palette::Cube);
        if has_own { self.colored(Color::DarkGray, modifier) } else { Style::new().add_modifier(modifier | Modifier::DIM) }
    }

    /// Ordinary text.
    pub(crate) const fn text(self) -> Style {
        Style::new()
    }

    /// What stands back.
    pub(crate) fn dim(self) -> Style {
        self.faint(Modifier::empty())
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
    pub(crate) fn thinking(self) -> Style {
        self.faint(Modifier::ITALIC)
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
    pub(crate) fn comment(self) -> Style {
        self.faint(Modifier::ITALIC)
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

/// The color of the cube or of the grays that is nearest.
fn nearest(color: u32) -> u8 {
    const STEPS: [u32; 6] = [0, 95, 135, 175, 215, 255];
    let parts = [color >> 16 & 255, color >> 8 & 255, color & 255];
    let far = |levels: [u32; 3]| (0..3).map(|part| levels[part].abs_diff(parts[part]).pow(2)).sum::<u32>();
    let cube = (16..232u32).map(|index| {
        let step = |by: u32| STEPS[((index - 16) / by % 6) as usize];
        (far([step(36), step(6), step(1)]), index)
    });
    let grays = (232..256u32).map(|index| (far([8 + (index - 232) * 10; 3]), index));
    cube.chain(grays).min().and_then(|(_, index)| u8::try_from(index).ok()).unwrap_or(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme(name: &str, palette: Palette) -> Theme {
        Theme::new(palette).named(name).expect("a theme")
    }

    #[test]
    fn each_name_of_the_setting_is_a_theme_and_another_is_named() {
        for name in THEMES {
            theme(name, Palette::True);
        }
        let words = Theme::new(Palette::True).named("drak").expect_err("no theme").render(mmp_shared::Language::English);
        assert!(words.contains("`drak`") && words.contains("dark"), "{words}");
    }

    #[test]
    fn a_theme_has_the_colors_that_the_terminal_has() {
        assert_eq!(theme("dark", Palette::True).accent().fg, Some(Color::Rgb(0x5f, 0xc9, 0xd8)));
        assert_eq!(theme("dark", Palette::Cube).accent().fg, Some(Color::Indexed(80)));
        assert_eq!(theme("dark", Palette::Sixteen).accent().fg, Some(Color::Cyan));
        assert_eq!(theme("terminal", Palette::True).accent().fg, Some(Color::Cyan));
        for theme in [theme("light", Palette::None), theme("mono", Palette::True), theme("terminal", Palette::None)] {
            assert_eq!((theme.accent().fg, theme.dim().fg, theme.error().add_modifier), (None, None, Modifier::BOLD));
        }
    }

    #[test]
    fn a_terminal_says_how_many_colors_it_has() {
        assert_eq!(Palette::of_terminal(Some("truecolor"), Some("xterm")), Palette::True);
        assert_eq!(Palette::of_terminal(None, Some("xterm-256color")), Palette::Cube);
        assert_eq!(Palette::of_terminal(Some("yes"), Some("xterm")), Palette::Sixteen);
    }

    /// Against black and against white, as the rules for the web reckon it.
    #[test]
    fn what_is_written_can_be_read_on_its_background() {
        let light = |color: u32| {
            let part = |shift: u32| {
                let value = f64::from(color >> shift & 255) / 255.0;
                if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
        };
        for (color, dark, on_light) in TONES {
            assert!((light(*dark) + 0.05) / 0.05 > 4.5, "{color:?} on black");
            assert!(1.05 / (light(*on_light) + 0.05) > 4.5, "{color:?} on white");
        }
    }
}
