//! `mmp history import`: files are read record by record, sent some at a time, and what became of them is told.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, IsTerminal as _, Read, Write as _},
    path::Path,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use mmp_shared::{
    ApiError, Phrase,
    export::ExportedConversation,
    import::{ImportOutcome, LARGEST_IMPORT},
    phrase,
};
use serde::Serialize;

use crate::{
    client::Client,
    context::Context,
    error::{CliError, Exit, Outcome, bad_request},
    everywhere::OutputFormat,
    import::{self, Found, Logs, records::Records},
    output::{self, json},
};

/// How many bytes, and how many conversations, are sent at once.
const BYTES_AT_ONCE: usize = 4 << 20;
const CONVERSATIONS_AT_ONCE: usize = 200;

/// What stands around a conversation in a request.
const AROUND: usize = 1 << 10;

/// How many of those that were passed over are told one by one.
const MOST_TOLD: usize = 1_000;

/// How often the bar is drawn.
const PERIOD: Duration = Duration::from_millis(100);

/// What came of an import.
#[derive(Debug, Default, Serialize)]
struct Report {
    added: u64,
    extended: u64,
    present: u64,
    messages: u64,
    /// How many hold nothing that was said.
    empty: u64,
    skipped: Vec<Skipped>,
    /// How many more were passed over than are told.
    more_skipped: u64,
}

/// A record that was passed over, and why.
#[derive(Debug, Serialize)]
struct Skipped {
    file: String,
    record: u64,
    title: Option<String>,
    reason: String,
}

/// An import under way.
struct Import<'a> {
    context: &'a Context,
    client: &'a Client,
    report: Report,
    file: String,
    record: u64,
    /// Conversations to be sent, as JSON, with the record and the title of each.
    waiting: Vec<(String, u64, String)>,
    bytes: usize,
    bar: Bar,
}

pub(super) async fn run(context: &Context, client: &Client, files: &[String]) -> Outcome {
    let bar = Bar::new(context);
    let mut import = Import {
        context, client, report: Report::default(), file: String::new(), record: 0, waiting: Vec::new(), bytes: 0, bar,
    };
    for file in files {
        import.file(file).await?;
    }
    import.bar.clear();
    tell(context, &import.report)
}

impl Import<'_> {
    async fn file(&mut self, name: &str) -> Result<(), CliError> {
        (self.file, self.record) = (name.to_owned(), 0);
        let unreadable = |error: io::Error| bad_request(phrase!("error-file-unreadable", name = name, reason = error));
        let (reader, size, at): (Box<dyn Read>, _, _) = if name == "-" {
            (Box::new(io::stdin().lock()), None, None)
        } else {
            let file = File::open(name).map_err(unreadable)?;
            let about = file.metadata().map_err(unreadable)?;
            if about.is_dir() {
                return Err(unreadable(io::ErrorKind::IsADirectory.into()).into());
            }
            (Box::new(file), Some(about.len()), about.modified().ok().and_then(|time| Timestamp::try_from(time).ok()))
        };
        let mut reader = BufReader::with_capacity(1 << 16, reader);
        match first_byte(&mut reader).map_err(unreadable)? {
            None => return Err(bad_request(phrase!("error-import-nothing", name = name)).into()),
            Some(b'[' | b'{') => self.records(reader, size).await?,
            Some(_) => self.session(name, reader, at.unwrap_or_else(Timestamp::now))?,
        }
        self.send().await
    }

    async fn records(&mut self, reader: BufReader<Box<dyn Read>>, size: Option<u64>) -> Result<(), CliError> {
        let mut records = Records::new(reader, LARGEST_IMPORT - AROUND);
        let mut logs = Logs::default();
        loop {
            let next = records.next();
            let next = next.map_err(|error| bad_request(phrase!("error-file-unreadable", name = self.file, reason = error)))?;
            let Some(record) = next else { break };
            self.record += 1;
            self.bar.draw(records.read, size, self.record);
            match record.and_then(|bytes| import::read(&bytes)) {
                Ok(Found::Conversation(own)) => self.wait(*own).await?,
                Ok(Found::Turn(turn)) => {
                    for own in logs.push(*turn) {
                        self.wait(own).await?;
                    }
                }
                Ok(Found::Empty) => self.report.empty += 1,
                Err(why) => self.skip(self.record, None, &why),
            }
        }
        for own in logs.rest() {
            self.wait(own).await?;
        }
        Ok(())
    }

    fn session(&mut self, name: &str, reader: impl Read, at: Timestamp) -> Result<(), CliError> {
        let mut bytes = Vec::new();
        let read = reader.take(LARGEST_IMPORT as u64 + 1).read_to_end(&mut bytes);
        read.map_err(|error| bad_request(phrase!("error-file-unreadable", name = name, reason = error)))?;
        if bytes.len() > LARGEST_IMPORT {
            return Err(bad_request(phrase!("error-import-unknown", name = name)).with_hint(phrase!("hint-import-forms")).into());
        }
        let text = String::from_utf8(bytes).map_err(|_| bad_request(phrase!("error-file-not-text", name = name)))?;
        let stem = Path::new(name).file_stem().map_or_else(|| name.into(), |stem| stem.to_string_lossy().into_owned());
        match import::session(&stem, &text, at) {
            Ok(Found::Conversation(own)) => self.keep(*own),
            Ok(_) => self.report.empty += 1,
            Err(why) => {
                let hint = phrase!("hint-import-forms");
                let reason = why.render(self.context.language);
                return Err(bad_request(phrase!("error-import-unknown-why", name = name, reason = reason)).with_hint(hint).into());
            }
        }
        Ok(())
    }

    async fn wait(&mut self, conversation: ExportedConversation) -> Result<(), CliError> {
        self.keep(conversation);
        if self.bytes >= BYTES_AT_ONCE || self.waiting.len() >= CONVERSATIONS_AT_ONCE {
            self.send().await?;
        }
        Ok(())
    }

    fn keep(&mut self, conversation: ExportedConversation) {
        let title = conversation.conversation.title.clone();
        let text = serde_json::to_string(&conversation).unwrap_or_default();
        if text.len() > LARGEST_IMPORT - AROUND - BYTES_AT_ONCE {
            let why = phrase!("import-record-too-large", size = text.len(), limit = LARGEST_IMPORT);
            self.skip(self.record, Some(title), &why);
            return;
        }
        self.bytes += text.len();
        self.waiting.push((text, self.record, title));
    }

    async fn send(&mut self) -> Result<(), CliError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        self.bytes = 0;
        let (texts, names): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.waiting).into_iter().map(|(text, record, title)| (text, (record, title))).unzip();
        let response = self.client.import_conversations(&texts).await.map_err(|error| self.stopped(error))?;
        for (result, (record, title)) in response.results.into_iter().zip(names) {
            self.report.messages += if result.outcome == ImportOutcome::Present { 0 } else { result.messages };
            match (result.outcome, result.error) {
                (ImportOutcome::Added, _) => self.report.added += 1,
                (ImportOutcome::Extended, _) => self.report.extended += 1,
                (ImportOutcome::Present, _) => self.report.present += 1,
                (ImportOutcome::Refused, error) => {
                    let why = error.map_or_else(String::new, |error| error.message_in(self.context.language));
                    self.skip_for(record, Some(title), why);
                }
            }
        }
        Ok(())
    }

    /// The import cannot go on: what is in stays, and the same command goes on from there.
    fn stopped(&mut self, error: ApiError) -> CliError {
        self.bar.clear();
        if !self.context.everywhere.quiet {
            output::note(&phrase!("note-import-stopped", added = self.report.added), self.context.language);
        }
        error.into()
    }

    fn skip(&mut self, record: u64, title: Option<String>, why: &Phrase) {
        self.skip_for(record, title, why.render(self.context.language));
    }

    fn skip_for(&mut self, record: u64, title: Option<String>, reason: String) {
        if self.report.skipped.len() >= MOST_TOLD {
            self.report.more_skipped += 1;
            return;
        }
        self.report.skipped.push(Skipped { file: self.file.clone(), record, title, reason });
    }
}

/// The first byte that is no white space and no byte order mark.
fn first_byte(reader: &mut BufReader<Box<dyn Read>>) -> io::Result<Option<u8>> {
    loop {
        let chunk = reader.fill_buf()?;
        if chunk.is_empty() {
            return Ok(None);
        }
        let is_blank = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, 0xef | 0xbb | 0xbf);
        let (blank, first) = (chunk.iter().take_while(|byte| is_blank(byte)).count(), chunk.iter().find(|byte| !is_blank(byte)));
        let first = first.copied();
        reader.consume(blank);
        if first.is_some() {
            return Ok(first);
        }
    }
}

fn tell(context: &Context, report: &Report) -> Outcome {
    let is_whole = report.skipped.is_empty();
    if context.format() == OutputFormat::Text {
        for skipped in &report.skipped {
            let title = skipped.title.as_ref().map(|title| format!(" ({title})")).unwrap_or_default();
            let record = format!("{}{title}", skipped.record);
            let words = phrase!("note-import-skipped", file = skipped.file, record = record, reason = skipped.reason);
            output::note(&words, context.language);
        }
        if report.more_skipped > 0 {
            output::note(&phrase!("note-import-more-skipped", count = report.more_skipped), context.language);
        }
        if !context.everywhere.quiet {
            let words = phrase!(
                "note-imported", added = report.added, extended = report.extended, present = report.present,
                messages = report.messages, skipped = report.skipped.len() as u64 + report.more_skipped, empty = report.empty
            );
            output::note(&words, context.language);
        }
    } else {
        json::print(report)?;
    }
    Ok(if is_whole { Exit::SUCCESS } else { Exit(1) })
}

/// How far it is, on a terminal.
struct Bar {
    is_shown: bool,
    is_drawn: bool,
    drawn_at: Instant,
}

impl Bar {
    fn new(context: &Context) -> Self {
        let is_shown = io::stderr().is_terminal() && !context.everywhere.quiet;
        Self { is_shown, is_drawn: false, drawn_at: Instant::now() }
    }

    fn draw(&mut self, read: u64, size: Option<u64>, records: u64) {
        if !self.is_shown || self.drawn_at.elapsed() < PERIOD {
            return;
        }
        (self.is_drawn, self.drawn_at) = (true, Instant::now());
        let bar = match size.filter(|size| *size > 0) {
            Some(size) => {
                let done = usize::try_from(read.min(size) * 30 / size).unwrap_or(0);
                format!("{}{} {:>3} %", "█".repeat(done), "░".repeat(30 - done), read.min(size) * 100 / size)
            }
            None => format!("{} MiB", read >> 20),
        };
        output::to_stderr(&format!("\r\u{1b}[2m{bar} · {records}\u{1b}[0m\u{1b}[K"));
    }

    fn clear(&mut self) {
        if std::mem::take(&mut self.is_drawn) {
            let _ = io::stderr().lock().write_all(b"\r\x1b[K");
        }
    }
}
