//! An answer for people: the text on stdout, everything else on stderr.
//!
//! A pipe gets the text's bytes as they came. A terminal gets it neutralised and, with colors, as readable Markdown;
//! thinking stands before it, dim, and one dim line of numbers after it.

use std::io::{self, Write as _};

use mmp_shared::{
    Language, Phrase,
    chat::AnswerBuilder,
    events::{Ending, LoggedEvent, Notice, Started, StreamEvent},
    message::{FinishReason, Status},
    phrase,
};

use super::{
    code_block,
    markdown::Markdown,
    neutralise::{Neutraliser, neutralise_line},
    note, note_line,
    spinner::Spinner,
    stream::AnswerView,
    time, to_stderr,
};
use crate::context::Viewer;

/// When the text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// As it comes.
    Streaming,
    /// All at once, at its end.
    Whole,
    /// Only the first fenced block, at its end.
    CodeBlock,
}

/// What a person wants to see.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextOptions {
    /// Who looks at stdout.
    pub(crate) stdout: Viewer,
    /// Who looks at stderr.
    pub(crate) stderr: Viewer,
    /// When the text is written.
    pub(crate) pace: Pace,
    /// Whether thinking is shown.
    pub(crate) shows_thinking: bool,
    /// Whether only errors are said.
    pub(crate) is_quiet: bool,
    /// Whether the line of numbers comes without a terminal, too.
    pub(crate) is_verbose: bool,
    /// The language of everything but the answer.
    pub(crate) language: Language,
}

/// Where the cursor stands, as far as the terminal's two outputs share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Waiting,
    Thinking,
    Answering,
}

/// The view.
pub(crate) struct TextView {
    options: TextOptions,
    stage: Stage,
    spinner: Option<Spinner>,
    neutraliser: Neutraliser,
    thinking: Neutraliser,
    markdown: Option<Markdown>,
    buffer: String,
    ends_line: bool,
    has_found_block: bool,
}

impl TextView {
    /// A view that has shown nothing.
    pub(crate) fn new(options: TextOptions) -> Self {
        let is_dumb = !options.stderr.is_styled || !options.stderr.is_terminal;
        Self {
            options,
            stage: Stage::Waiting,
            spinner: (!is_dumb && !options.is_quiet).then(Spinner::new),
            neutraliser: Neutraliser::default(),
            thinking: Neutraliser::default(),
            markdown: (options.stdout.is_styled && options.pace != Pace::CodeBlock).then(Markdown::default),
            buffer: String::new(),
            ends_line: true,
            has_found_block: false,
        }
    }

    /// Whether the code that was wanted has been found; true where none was wanted.
    pub(crate) const fn has_what_was_wanted(&self) -> bool {
        !matches!(self.options.pace, Pace::CodeBlock) || self.has_found_block
    }

    fn start(&mut self, started: &Started) -> io::Result<()> {
        if started.reset {
            self.say(&phrase!("note-answer-begins-anew"))?;
            self.stage = Stage::Waiting;
        }
        if let Some(spinner) = &mut self.spinner {
            spinner.set_label(neutralise_line(&format!("{}/{}", started.provider, started.model)));
        }
        if started.provider == super::DEMO {
            self.note_always(&phrase!("note-demo"))?;
        }
        Ok(())
    }

    fn think(&mut self, piece: &str) -> io::Result<()> {
        if !self.options.shows_thinking || self.stage == Stage::Answering {
            return Ok(());
        }
        self.clear_spinner();
        let mut words = String::new();
        if self.options.stderr.is_terminal {
            self.thinking.push(piece, &mut words);
        } else {
            words.push_str(piece);
        }
        self.stage = Stage::Thinking;
        self.ends_line = words.ends_with('\n');
        self.to_stderr_dim(&words);
        Ok(())
    }

    fn write(&mut self, piece: &str) -> io::Result<()> {
        if self.stage != Stage::Answering {
            self.clear_spinner();
            if self.stage == Stage::Thinking {
                to_stderr(if self.ends_line { "\n" } else { "\n\n" });
            }
            self.stage = Stage::Answering;
        }
        let mut safe = String::new();
        let text = if self.is_for_terminal() {
            self.neutraliser.push(piece, &mut safe);
            &safe
        } else {
            piece
        };
        match &mut self.markdown {
            Some(markdown) => markdown.push(text, &mut self.buffer),
            None => self.buffer.push_str(text),
        }
        self.ends_line = piece.ends_with('\n');
        Ok(())
    }

    const fn is_for_terminal(&self) -> bool {
        self.options.stdout.is_terminal || self.options.stdout.is_styled
    }

    /// Brings the cursor to a fresh line, closes what is open, and gives the word to stderr.
    fn make_way(&mut self) -> io::Result<()> {
        self.clear_spinner();
        let shares_cursor = self.options.stderr.is_terminal && (self.stage == Stage::Thinking || self.options.stdout.is_terminal);
        self.flush()?;
        if shares_cursor && !self.ends_line {
            to_stderr("\n");
            self.ends_line = true;
        }
        Ok(())
    }

    fn say(&mut self, phrase: &Phrase) -> io::Result<()> {
        if self.options.is_quiet { Ok(()) } else { self.note_always(phrase) }
    }

    fn note_always(&mut self, phrase: &Phrase) -> io::Result<()> {
        self.make_way()?;
        note(phrase, self.options.language);
        Ok(())
    }

    fn notice(&mut self, notice: &Notice) -> io::Result<()> {
        if self.options.is_quiet {
            return Ok(());
        }
        self.make_way()?;
        note_line(&notice_words(notice, self.options.language));
        Ok(())
    }

    fn to_stderr_dim(&self, words: &str) {
        if self.options.stderr.is_styled { to_stderr(&format!("\u{1b}[2m{words}\u{1b}[0m")) } else { to_stderr(words) }
    }

    fn clear_spinner(&mut self) {
        if let Some(spinner) = &mut self.spinner {
            spinner.clear();
        }
    }

    fn end_text(&mut self, answer: &AnswerBuilder) -> io::Result<()> {
        let held = match self.options.pace {
            Pace::Streaming => None,
            Pace::Whole => Some(answer.text().to_owned()),
            Pace::CodeBlock => code_block::first(answer.text()),
        };
        self.has_found_block = held.is_some();
        if let Some(text) = held.filter(|text| !text.is_empty()) {
            self.write(&text)?;
        }
        if self.stage == Stage::Answering {
            let mut rest = String::new();
            self.neutraliser.finish(&mut rest);
            match &mut self.markdown {
                Some(markdown) => {
                    markdown.push(&rest, &mut self.buffer);
                    markdown.finish(&mut self.buffer);
                }
                None => self.buffer.push_str(&rest),
            }
            if !self.ends_line {
                self.buffer.push('\n');
                self.ends_line = true;
            }
        }
        self.flush()
    }

    fn end_notes(&mut self, answer: &AnswerBuilder, ending: &Ending) -> io::Result<()> {
        if let Some(refusal) = &ending.refusal {
            self.say(&phrase!("note-refusal", text = refusal))?;
        }
        for call in answer.build().into_iter().flat_map(|answer| answer.tool_calls) {
            self.say(&phrase!("note-tool-call", name = call.name, arguments = call.arguments_raw))?;
        }
        match (ending.status, ending.finish_reason) {
            (Status::Truncated, Some(FinishReason::Length)) if ending.error.is_none() => {
                self.say(&phrase!("note-length-limit"))?;
            }
            (Status::Filtered, _) if ending.error.is_none() => self.say(&phrase!("note-filtered"))?,
            (Status::Interrupted, _) if ending.error.is_none() => self.say(&phrase!("note-interrupted"))?,
            _ => {}
        }
        self.numbers(answer)
    }

    fn numbers(&mut self, answer: &AnswerBuilder) -> io::Result<()> {
        let is_wanted = self.options.is_verbose || (self.options.stderr.is_terminal && !self.options.is_quiet);
        let Some(answer) = answer.build().filter(|_| is_wanted) else { return Ok(()) };
        self.make_way()?;
        let mut parts = vec![neutralise_line(&format!("{}/{}", answer.provider, answer.model))];
        let about = if answer.usage.source == mmp_shared::usage::UsageSource::Estimated { "~" } else { "" };
        if let (Some(prompt), Some(completion)) = (answer.usage.prompt_tokens, answer.usage.completion_tokens) {
            let phrase =
                phrase!("numbers-tokens", prompt = format!("{about}{prompt}"), completion = format!("{about}{completion}"));
            parts.push(phrase.render(self.options.language));
        }
        parts.extend(answer.cost_usd.map(|dollars| format!("{about}{}", time::cost(dollars))));
        if let Some(first) = answer.timing.first_token_ms {
            parts.push(phrase!("numbers-first-token", time = time::duration(first)).render(self.options.language));
        }
        self.to_stderr_dim(&parts.join(" · "));
        to_stderr("\n");
        Ok(())
    }
}

impl AnswerView for TextView {
    fn take(&mut self, logged: &LoggedEvent) -> io::Result<()> {
        match &logged.event {
            StreamEvent::Started(started) => self.start(started),
            StreamEvent::Reasoning(piece) => self.think(&piece.text),
            StreamEvent::Text(piece) if self.options.pace == Pace::Streaming => self.write(&piece.text),
            StreamEvent::Retry(retry) => {
                self.say(&phrase!("note-retry", model = format!("{}/{}", retry.provider, retry.model), code = retry.error_code))
            }
            StreamEvent::Fallback(fallback) => {
                self.say(&phrase!("note-fallback", from = &fallback.from, to = &fallback.to, code = fallback.error_code))
            }
            StreamEvent::Notice(notice) => self.notice(notice),
            _ => Ok(()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let mut stdout = io::stdout().lock();
        stdout.write_all(self.buffer.as_bytes())?;
        self.buffer.clear();
        stdout.flush()
    }

    fn tick(&mut self) {
        if let Some(spinner) = &mut self.spinner {
            spinner.tick();
        }
    }

    fn is_waiting(&self) -> bool {
        self.spinner.is_some() && self.stage == Stage::Waiting
    }

    fn finish(&mut self, answer: &AnswerBuilder) -> io::Result<()> {
        self.clear_spinner();
        self.end_text(answer)?;
        if let Some(ending) = answer.ending() {
            self.end_notes(answer, ending)?;
        }
        self.make_way()
    }

    fn can_begin_anew(&self) -> bool {
        self.options.pace != Pace::Streaming || self.options.stdout.is_terminal || self.stage != Stage::Answering
    }
}

/// A notice in a user's language, where the catalogue has its kind; else as the daemon says it.
pub(crate) fn notice_words(notice: &Notice, language: Language) -> String {
    let args = notice.fields.iter().map(|(name, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (name.clone().into(), value)
    });
    let phrase = Phrase { key: format!("notice-{}", notice.code).into(), args: args.collect() };
    phrase.render_in(language).unwrap_or_else(|| notice.message.clone())
}
