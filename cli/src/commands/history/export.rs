//! `mmp history export`: one conversation after another, each written as it comes.

use mmp_shared::{
    ConversationId,
    conversations::ConversationQuery,
    ErrorCode,
    export::{self, ExportFormat, ExportedConversation, html},
    phrase,
};

use super::this_or_last;
use crate::{
    client::Client,
    context::Context,
    error::{CliError, Exit, Outcome, bad_request},
    everywhere::OutputFormat,
    output,
    wanted::Wanted,
};

pub(super) async fn run(
    context: &Context,
    client: &Client,
    references: Vec<String>,
    all: bool,
    format: Option<ExportFormat>,
) -> Outcome {
    let format = match (format, context.format()) {
        (Some(format), _) => format,
        (None, OutputFormat::Json) => ExportFormat::Json,
        (None, OutputFormat::Jsonl) => ExportFormat::Jsonl,
        (None, OutputFormat::Text) => ExportFormat::Md,
        (None, OutputFormat::Csv) => return Err(bad_request(phrase!("error-no-csv")).into()),
    };
    if all {
        return every_one(client, format).await;
    }
    let references = if references.is_empty() { vec![this_or_last(client, None).await?] } else { references };
    let mut writer = Writer::new(format, references.len() > 1);
    for reference in references {
        writer.write(&client.export_conversation(&reference).await?)?;
    }
    writer.end()
}

/// Archived ones too: whoever takes everything along wants everything.
async fn every_one(client: &Client, format: ExportFormat) -> Outcome {
    let mut writer = Writer::new(format, true);
    for archived in [false, true] {
        let narrowed = ConversationQuery { archived, ..ConversationQuery::default() };
        let found = client.conversations(&narrowed, &Wanted { limit: None, cursor: None }).await?;
        let ids: Vec<ConversationId> = found.items.into_iter().map(|item| item.id).collect();
        for id in ids {
            match client.export_conversation(&id.to_string()).await {
                // It was deleted since the list was made.
                Err(error) if error.code == ErrorCode::NotFound => {}
                exported => writer.write(&exported?)?,
            }
        }
    }
    writer.end()
}

/// Writes conversations in one form, with what that form wants around and between them.
struct Writer {
    format: ExportFormat,
    is_list: bool,
    count: usize,
}

impl Writer {
    const fn new(format: ExportFormat, is_list: bool) -> Self {
        Self { format, is_list, count: 0 }
    }

    fn write(&mut self, conversation: &ExportedConversation) -> Result<(), CliError> {
        let is_first = self.count == 0;
        self.count += 1;
        let text = match self.format {
            ExportFormat::Html if is_first => html::BEGIN.to_owned() + &html::of(conversation),
            ExportFormat::Html => html::of(conversation),
            ExportFormat::Md if !is_first => format!("\n---\n\n{}", export::write(conversation, self.format)),
            ExportFormat::Json if self.is_list => {
                let begin = if is_first { "[\n" } else { ",\n" };
                format!("{begin}{}", export::write(conversation, self.format).trim_end())
            }
            _ => export::write(conversation, self.format),
        };
        output::print(&text)
    }

    fn end(self) -> Outcome {
        match self.format {
            ExportFormat::Html if self.count == 0 => output::print(&[html::BEGIN, html::END].concat())?,
            ExportFormat::Html => output::print(html::END)?,
            ExportFormat::Json if self.is_list && self.count == 0 => output::print("[]\n")?,
            ExportFormat::Json if self.is_list => output::print("\n]\n")?,
            _ => {}
        }
        Ok(Exit::SUCCESS)
    }
}
