//! Effects, done: those that ask the daemon are begun, the rest is over at once.

use futures_util::StreamExt as _;
use mmp_shared::phrase;

use super::super::{
    asking::{self, Asker},
    clipboard, draft,
    editor::Draft,
    effect::Effect,
    effects::{self, Doing, Done},
    event::Event,
    frames::Urgency,
    terminal::Terminal,
};
use crate::error::{CliError, Exit, bad_request};

use super::Driver;

impl<'a> Driver<'a> {
    /// Does what is asked for.
    pub(super) fn perform(&mut self, effects: Vec<Effect>) -> Result<(), CliError> {
        for effect in effects {
            let client = self.client;
            match effect {
                Effect::Ask { turn, request } => self.listen(turn, effects::ask(client, self.sends_keys, turn, *request)),
                Effect::AskAgain { turn, request, question } => {
                    self.listen(turn, effects::ask_again(client, self.sends_keys, turn, *request, question));
                }
                Effect::Attach { turn, run_id, after, wait } => {
                    self.listen(turn, effects::attach(client, turn, run_id, after, wait));
                }
                Effect::Leave => self.listening = None,
                Effect::Stop(run_id) => self.doing.push(effects::stop(client, run_id)),
                Effect::ListConversations { asking, title, cursor } => {
                    self.doing.push(effects::list(client, asking, title, cursor));
                }
                Effect::Open(id) => self.doing.push(effects::open(client, id)),
                Effect::Branch { conversation, message } => self.doing.push(effects::branch(client, conversation, message)),
                Effect::Rename(id, title) => self.doing.push(effects::rename(client, id, title)),
                Effect::ListModels => self.doing.push(effects::models(client)),
                Effect::Fetch { asking, ask } => {
                    self.doing.push(effects::fetch(
                        Asker { context: self.context, client, sends_keys: self.sends_keys },
                        asking,
                        *ask,
                    ));
                }
                Effect::Compare { asking, request, again } => {
                    let asked = asking::compare::ask(client, self.sends_keys, *request, again);
                    self.doing.push(Box::pin(async move { Done::Compared(asking, asked.await) }));
                }
                Effect::SaveDraft(text) => {
                    self.unsaved = Some(text);
                    self.save_draft();
                }
                Effect::Copy(text) => self.copy(&text)?,
                Effect::CaptureMouse(wanted) => self.terminal.capture_mouse(wanted).map_err(|error| CliError::output(&error))?,
                Effect::Redraw => self.redraw()?,
                Effect::EditOutside(text) => self.edit_outside(text)?,
                Effect::Suspend => {
                    self.terminal.suspend().map_err(|error| CliError::output(&error))?;
                    self.model.size = Terminal::size();
                    self.frames.ask(Urgency::Quick);
                }
                Effect::Quit => self.exit = Some(Exit::SUCCESS),
            }
        }
        Ok(())
    }

    fn listen(&mut self, turn: u64, doing: Doing<'a>) {
        self.listening = Some(turn);
        self.doing.push(doing);
    }

    pub(super) fn save_draft(&mut self) {
        if self.is_saving {
            return;
        }
        let Some(text) = self.unsaved.take() else { return };
        self.is_saving = true;
        let path = self.draft.clone();
        let saving = tokio::task::spawn_blocking(move || draft::save(&path, &text));
        self.doing.push(Box::pin(async move { Done::Saved(saving.await.unwrap_or(Ok(()))) }));
    }

    /// Writes what is not written yet; at the end, when nothing else matters.
    pub(super) async fn finish_saving(&mut self) {
        while self.is_saving {
            match self.doing.next().await {
                Some(Done::Saved(_)) | None => self.is_saving = false,
                Some(_) => {}
            }
        }
        if let Some(text) = self.unsaved.take() {
            let _ = draft::save(&self.draft, &text);
        }
    }

    fn copy(&mut self, text: &str) -> Result<(), CliError> {
        let in_tmux = std::env::var_os("TMUX").is_some();
        match clipboard::sequence(text, in_tmux) {
            Some(sequence) => self.terminal.write(&sequence).map_err(|error| CliError::output(&error)),
            None => self.happen(Event::NotCopied(Box::new(bad_request(phrase!("screen-too-large-to-copy")))), Urgency::Quick),
        }
    }

    /// Lends the terminal to the person's editor.
    fn edit_outside(&mut self, text: String) -> Result<(), CliError> {
        let edited = match Draft::write(&self.draft, text) {
            Err(error) => Err(error),
            Ok(_) if !self.gate.close() => Err(bad_request(phrase!("palette-editor-busy"))),
            Ok(draft) => {
                let ran = self.terminal.lend(|| draft.edit()).map_err(|error| CliError::output(&error));
                self.gate.open();
                self.model.size = Terminal::size();
                ran?.and_then(|()| draft.read())
            }
        };
        self.happen(Event::Edited(edited.map_err(Box::new)), Urgency::Quick)
    }
}
