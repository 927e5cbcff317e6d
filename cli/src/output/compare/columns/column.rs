//! One answer in its column: who answers, what it says so far, and its numbers while they come and at the end.

use std::time::{Duration, Instant};

use mmp_shared::{
    chat::ChatAnswer,
    events::StreamEvent,
    message::{FinishReason, Status},
    phrase,
    usage::UsageSource,
};
use unicode_width::UnicodeWidthStr as _;

use crate::output::{
    compare::{
        Compared, estimate,
        flow::{Flow, Row, wrap},
    },
    markdown::Markdown,
    neutralise::{Neutraliser, neutralise_line},
    spinner, table,
    text::{TextOptions, notice_words},
    time, wrap as words,
};

/// How many rows a heading takes: the model, and a line below it.
pub(super) const HEAD_ROWS: usize = 2;

const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "31";

/// What stands between two numbers.
const GAP: &str = " · ";

/// What has been heard last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Waiting,
    Thinking,
    Answering,
}

/// The column.
pub(super) struct Column {
    options: TextOptions,
    model: String,
    flow: Flow,
    stage: Stage,
    neutraliser: Neutraliser,
    markdown: Option<Markdown>,
    /// Words about the answer: notes while it comes, at the end what went wrong.
    notes: Vec<(&'static str, String)>,
    began_at: Instant,
    /// When the first piece came, and how many thousandths of a token have come since.
    first: Option<(Instant, u64)>,
    ended: Option<ChatAnswer>,
    has_ended: bool,
}

impl Column {
    /// A column that has heard nothing.
    pub(super) fn new(options: TextOptions, width: usize) -> Self {
        Self {
            options,
            model: String::new(),
            flow: Flow::new(width),
            stage: Stage::Waiting,
            neutraliser: Neutraliser::default(),
            markdown: options.stdout.is_styled.then(Markdown::default),
            notes: Vec::new(),
            began_at: Instant::now(),
            first: None,
            ended: None,
            has_ended: false,
        }
    }

    /// Takes the next event.
    pub(super) fn take(&mut self, event: &StreamEvent) {
        match event {
            StreamEvent::Started(started) => {
                let began_at = self.began_at;
                *self = Self { began_at, ..Self::new(self.options, self.flow.width()) };
                self.model = neutralise_line(&format!("{}/{}", started.provider, started.model));
            }
            StreamEvent::Reasoning(piece) => {
                self.count(&piece.text);
                self.think(&piece.text);
            }
            StreamEvent::Text(piece) => {
                self.count(&piece.text);
                self.write(&piece.text);
            }
            StreamEvent::Retry(retry) => {
                let model = format!("{}/{}", retry.provider, retry.model);
                self.begin_anew(phrase!("note-retry", model = model, code = retry.error_code));
            }
            StreamEvent::Fallback(fallback) => {
                self.begin_anew(phrase!("note-fallback", from = &fallback.from, to = &fallback.to, code = fallback.error_code));
                self.model = neutralise_line(&fallback.to);
            }
            StreamEvent::Notice(notice) => self.note(notice_words(notice, self.options.language)),
            StreamEvent::ToolCall(_) | StreamEvent::Usage(_) | StreamEvent::Done(_) | StreamEvent::Failed(_) => {}
        }
    }

    fn count(&mut self, text: &str) {
        let (_, tokens) = self.first.get_or_insert_with(|| (Instant::now(), 0));
        *tokens += estimate::millitokens(text);
    }

    /// Thinking stands dim before the answer.
    fn think(&mut self, piece: &str) {
        if !self.options.shows_thinking || self.stage == Stage::Answering {
            return;
        }
        self.stage = Stage::Thinking;
        let mut safe = String::new();
        self.neutraliser.push(piece, &mut safe);
        self.flow.push(&self.painted(DIM, &safe));
    }

    fn write(&mut self, piece: &str) {
        if self.stage == Stage::Thinking {
            self.flow.push("\n\n");
        }
        self.stage = Stage::Answering;
        let (mut safe, mut styled) = (String::new(), String::new());
        self.neutraliser.push(piece, &mut safe);
        match &mut self.markdown {
            Some(markdown) => {
                markdown.push(&safe, &mut styled);
                self.flow.push(&styled);
            }
            None => self.flow.push(&safe),
        }
    }

    /// Thinking that was shown before another attempt is void.
    fn begin_anew(&mut self, why: mmp_shared::Phrase) {
        self.flow = Flow::new(self.flow.width());
        (self.stage, self.first) = (Stage::Waiting, None);
        self.note(why.render(self.options.language));
    }

    fn note(&mut self, words: String) {
        if !self.options.is_quiet {
            self.notes.push((DIM, format!("note: {}", neutralise_line(&words))));
        }
    }

    /// Takes the end, once.
    pub(super) fn end(&mut self, compared: &Compared) {
        if std::mem::replace(&mut self.has_ended, true) {
            return;
        }
        let mut rest = String::new();
        self.neutraliser.finish(&mut rest);
        if let Some(markdown) = &mut self.markdown {
            let mut styled = String::new();
            markdown.push(&rest, &mut styled);
            markdown.finish(&mut styled);
            rest = styled;
        }
        self.flow.push(&rest);
        self.ended = compared.answer.build();
        self.say_end(compared);
    }

    fn say_end(&mut self, compared: &Compared) {
        let language = self.options.language;
        let Some(answer) = self.ended.clone() else { return };
        if let Some(refusal) = &answer.refusal {
            self.note(phrase!("note-refusal", text = refusal).render(language));
        }
        for call in &answer.tool_calls {
            let said = phrase!("note-tool-call", name = &call.name, arguments = &call.arguments_raw);
            self.note(said.render(language));
        }
        let words = match (answer.status, answer.finish_reason) {
            _ if compared.error.is_some() => None,
            (Status::Truncated, Some(FinishReason::Length)) => Some(phrase!("note-length-limit")),
            (Status::Filtered, _) => Some(phrase!("note-filtered")),
            (Status::Interrupted, _) => Some(phrase!("note-interrupted")),
            (Status::Cancelled, _) => Some(phrase!("note-stopped")),
            _ => None,
        };
        if let Some(words) = words {
            self.note(words.render(language));
        }
        if let Some(error) = &compared.error {
            self.notes.push((RED, format!("error: {}", neutralise_line(&error.message_in(language)))));
            let hint = error.hint_in(language);
            let hints = hint.iter().flat_map(|hint| hint.lines());
            self.notes.extend(hints.map(|hint| (DIM, format!("hint: {}", neutralise_line(hint)))));
        }
    }

    /// Puts the text in rows of another width.
    pub(super) fn set_width(&mut self, width: usize) {
        self.flow.set_width(width);
    }

    /// The rows above the text.
    pub(super) fn head(&self, width: usize) -> Vec<Row> {
        let name = table::cut(&self.model, Some(width));
        let line = "─".repeat(width);
        let head = [(BOLD, name), (DIM, line)];
        head.into_iter().map(|(code, text)| Row { width: text.width(), text: self.painted(code, &text) }).collect()
    }

    /// The last rows of the text.
    pub(super) fn tail(&self, most: usize) -> Vec<Row> {
        if self.flow.is_empty() { Vec::new() } else { self.flow.tail(most) }
    }

    /// The rows below the text: what there is to know, and the numbers.
    pub(super) fn foot(&self, width: usize) -> Vec<Row> {
        let rows = |code: &str, text: &str| {
            let lines = words::wrap(text, width).into_iter();
            lines.flat_map(|line| wrap(&self.painted(code, &line), width, &mut String::new())).collect::<Vec<_>>()
        };
        let numbers = in_lines(self.numbers(), width).into_iter().flat_map(|line| rows(DIM, &line));
        let said: Vec<_> = self.notes.iter().flat_map(|(code, words)| rows(code, words)).chain(numbers).collect();
        // A blank row keeps them apart from the text.
        let blank = (!said.is_empty()).then(Row::default);
        blank.into_iter().chain(said).collect()
    }

    fn numbers(&self) -> Vec<String> {
        if self.options.is_quiet {
            return Vec::new();
        }
        match &self.ended {
            Some(answer) => self.last_numbers(answer),
            None => self.live_numbers(),
        }
    }

    fn live_numbers(&self) -> Vec<String> {
        let now = Instant::now();
        let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let Some((first, tokens)) = self.first else {
            return vec![spinner::frame_at(now - self.began_at)];
        };
        let speed = estimate::per_second(tokens / 1000, milliseconds(now - first));
        let speed = speed.map(|speed| phrase!("numbers-speed", speed = format!("~{speed}")).render(self.options.language));
        let waited = time::duration(milliseconds(first - self.began_at));
        let waited = phrase!("numbers-first-token", time = waited).render(self.options.language);
        speed.into_iter().chain([waited]).collect()
    }

    fn last_numbers(&self, answer: &ChatAnswer) -> Vec<String> {
        let language = self.options.language;
        let about = if answer.usage.source == UsageSource::Estimated { "~" } else { "" };
        let tokens = answer.usage.prompt_tokens.zip(answer.usage.completion_tokens).map(|(prompt, completion)| {
            let (prompt, completion) = (format!("{about}{prompt}"), format!("{about}{completion}"));
            phrase!("numbers-tokens", prompt = prompt, completion = completion).render(language)
        });
        let speed = estimate::speed_of(answer);
        let speed = speed.map(|speed| phrase!("numbers-speed", speed = format!("{about}{speed}")).render(language));
        let first = answer.timing.first_token_ms.map(time::duration);
        let first = first.map(|time| phrase!("numbers-first-token", time = time).render(language));
        [tokens, answer.cost_usd.map(time::cost), speed, first].into_iter().flatten().collect()
    }

    fn painted(&self, code: &str, text: &str) -> String {
        if self.options.stdout.is_styled { format!("\u{1b}[0;{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// Numbers in as few lines as hold them, none divided.
fn in_lines(numbers: Vec<String>, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for number in numbers {
        match lines.last_mut() {
            Some(line) if line.width() + GAP.width() + number.width() <= width => *line = format!("{line}{GAP}{number}"),
            _ => lines.push(number),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_not_divided() {
        let numbers = ["12 + 52 tokens", "$0.01", "311 ms to the first token"].map(str::to_owned).to_vec();
        assert_eq!(in_lines(numbers.clone(), 30), ["12 + 52 tokens · $0.01", "311 ms to the first token"]);
        assert_eq!(in_lines(numbers, 80), ["12 + 52 tokens · $0.01 · 311 ms to the first token"]);
    }
}
