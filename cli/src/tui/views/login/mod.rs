//! Logging in at the daemon that the program was opened for, or making an account there. What is written as a password is
//! shown as dots and is forgotten where it was refused. Where logins are kept is not decided here.

mod draw;
#[cfg(test)]
mod tests;

use mmp_shared::{Phrase, phrase};
use ratatui::{Frame, layout::Rect};

use crate::tui::{
    ask::{Ask, Credentials, Told},
    effect::Effect,
    event::Outcome,
    keymap::{Action, Code, Key, action_of},
    model::Model,
    update::screens::{ask, be},
    view::{Hint, Then, View},
    widgets::field::Field,
};

/// What is asked for, from above downward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Whether there is an account already.
    Mode,
    Name,
    Password,
    Again,
    Invite,
}

const TO_LOG_IN: &[Part] = &[Part::Mode, Part::Name, Part::Password];
const TO_REGISTER: &[Part] = &[Part::Mode, Part::Name, Part::Password, Part::Again, Part::Invite];

/// What somebody is known by, as it is being written.
#[derive(Debug)]
pub(super) struct Login {
    /// Whether the account is to be made.
    pub(super) is_new: bool,
    /// Who has the keys.
    pub(super) at: Part,
    pub(super) name: Field,
    pub(super) password: Field,
    pub(super) again: Field,
    pub(super) invite: Field,
    /// What is wrong, in words.
    pub(super) wrong: Option<String>,
    pub(super) awaited: Option<u64>,
}

impl Login {
    /// With a name, if one was written behind the word.
    pub(super) fn new(_model: &mut Model, argument: &str) -> Self {
        Self {
            is_new: false,
            at: if argument.is_empty() { Part::Name } else { Part::Password },
            name: Field::of(argument),
            password: Field::hidden(),
            again: Field::hidden(),
            invite: Field::hidden(),
            wrong: None,
            awaited: None,
        }
    }

    /// What is asked for.
    pub(super) const fn parts(&self) -> &'static [Part] {
        if self.is_new { TO_REGISTER } else { TO_LOG_IN }
    }

    /// The field of a part.
    pub(super) fn field(&self, part: Part) -> Option<&Field> {
        match part {
            Part::Mode => None,
            Part::Name => Some(&self.name),
            Part::Password => Some(&self.password),
            Part::Again => Some(&self.again),
            Part::Invite => Some(&self.invite),
        }
    }

    fn field_mut(&mut self) -> Option<&mut Field> {
        match self.at {
            Part::Mode => None,
            Part::Name => Some(&mut self.name),
            Part::Password => Some(&mut self.password),
            Part::Again => Some(&mut self.again),
            Part::Invite => Some(&mut self.invite),
        }
    }

    /// The part so many further on; round and round.
    fn go(&mut self, by: isize) {
        let parts = self.parts();
        let here = parts.iter().position(|part| *part == self.at).unwrap_or(0);
        let length = parts.len().cast_signed();
        let there = (here.cast_signed() + by).rem_euclid(length).unsigned_abs();
        self.at = parts.get(there).copied().unwrap_or(Part::Mode);
    }

    /// Goes on to what is next; behind the last, asks.
    fn next(&mut self, model: &mut Model) -> Vec<Effect> {
        if self.parts().last() != Some(&self.at) {
            self.go(1);
            return Vec::new();
        }
        let complaint = if self.name.text().trim().is_empty() {
            Some((Part::Name, phrase!("login-missing-name")))
        } else if self.password.is_empty() {
            Some((Part::Password, phrase!("login-missing-password")))
        } else if self.is_new && self.password.text() != self.again.text() {
            Some((Part::Again, phrase!("error-passwords-differ")))
        } else {
            None
        };
        if let Some((part, words)) = complaint {
            self.at = part;
            self.wrong = Some(words.render(model.language));
            return Vec::new();
        }
        let credentials = Credentials {
            username: self.name.text().trim().to_owned(),
            password: self.password.secret(),
            is_new: self.is_new,
            invite: (self.is_new && !self.invite.is_empty()).then(|| self.invite.secret()),
        };
        let (asking, effect) = ask(model, Ask::LogIn(Box::new(credentials)));
        (self.awaited, self.wrong) = (Some(asking), None);
        vec![effect]
    }
}

impl View for Login {
    fn title(&self) -> Phrase {
        phrase!("login-title")
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let mut hints = vec![
            (model.keys.name_of(Action::Send), phrase!("login-next")),
            (model.keys.name_of(Action::Complete), phrase!("login-field")),
        ];
        if self.at == Part::Mode {
            hints.insert(0, ("← →".to_owned(), phrase!("login-mode")));
        }
        hints
    }

    fn begin(&mut self, model: &mut Model) -> Vec<Effect> {
        if model.access.has_token {
            self.wrong = Some(phrase!("login-token").render(model.language));
        }
        Vec::new()
    }

    fn key(&mut self, model: &mut Model, key: Key) -> Then {
        let action = action_of(key);
        if action == Some(Action::Interrupt) {
            return Then::Back(Vec::new());
        }
        if self.awaited.is_some() {
            return Then::NOTHING;
        }
        match (action, key.code) {
            (Some(Action::Send), _) => return Then::Stay(self.next(model)),
            (_, Code::BackTab) | (Some(Action::Up), _) => self.go(-1),
            (Some(Action::Complete | Action::Down), _) => self.go(1),
            (_, Code::Left | Code::Right | Code::Char(' ')) if self.at == Part::Mode => self.is_new = !self.is_new,
            _ => {
                if let Some(field) = self.field_mut() {
                    field.key(key);
                }
            }
        }
        Then::NOTHING
    }

    fn paste(&mut self, _model: &mut Model, text: &str) -> Vec<Effect> {
        if self.awaited.is_none()
            && let Some(field) = self.field_mut()
        {
            field.insert(text);
        }
        Vec::new()
    }

    fn wheel(&mut self, _model: &mut Model, _lines: isize) -> Vec<Effect> {
        Vec::new()
    }

    fn take(&mut self, model: &mut Model, asking: u64, told: Outcome<Told>) -> Result<Then, Outcome<Told>> {
        if self.awaited.take_if(|awaited| *awaited == asking).is_none() {
            return Err(told);
        }
        match told {
            Ok(Told::LoggedIn(login)) => Ok(Then::Back(be(model, &login))),
            Err(error) => {
                // The name stays, to be mended; what nobody can read is written anew.
                self.password.clear();
                self.again.clear();
                self.at = Part::Password;
                let hint = error.hint_in(model.language);
                self.wrong = Some([Some(error.message_in(model.language)), hint].into_iter().flatten().collect::<Vec<_>>().join("\n"));
                Ok(Then::NOTHING)
            }
            told => Err(told),
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, model: &Model) {
        draw::draw(self, frame, area, model);
    }
}
