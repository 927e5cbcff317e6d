//! Conversations that other programs kept, as mmp's own: what a record is, is seen in the record itself.
//!
//! `records` cuts a file into its records, one in memory at a time; a file a program says what its records mean; `ids`
//! makes ids that are the same each time. Sending them is left to the command. Pure, but for the reading.

mod aichat;
mod chatgpt;
mod ids;
mod llm;
pub(crate) mod records;

use mmp_shared::{Phrase, export::ExportedConversation, phrase};
use serde::{Deserialize, de::IgnoredAny};

pub(crate) use self::{aichat::session, llm::Logs};

/// What a record holds.
#[derive(Debug)]
pub(crate) enum Found {
    /// A conversation.
    Conversation(Box<ExportedConversation>),
    /// A turn of a conversation whose others stand elsewhere in the file.
    Turn(Box<llm::Turn>),
    /// Nothing to take in.
    Empty,
}

/// What tells the records of one program from those of another.
#[derive(Deserialize)]
struct Shape {
    format: Option<IgnoredAny>,
    mapping: Option<IgnoredAny>,
    prompt: Option<IgnoredAny>,
    response: Option<IgnoredAny>,
}

/// A record of JSON as what it holds; else what is wrong with it.
pub(crate) fn read(record: &[u8]) -> Result<Found, Phrase> {
    let shape: Shape = serde_json::from_slice(record).map_err(|error| broken(&error))?;
    match shape {
        Shape { format: Some(_), .. } => {
            serde_json::from_slice(record).map(|own| Found::Conversation(Box::new(own))).map_err(|error| broken(&error))
        }
        Shape { mapping: Some(_), .. } => chatgpt::read(record),
        Shape { prompt: Some(_), .. } | Shape { response: Some(_), .. } => llm::read(record),
        _ => Err(phrase!("import-unknown-record")),
    }
}

fn broken(error: &dyn std::fmt::Display) -> Phrase {
    phrase!("import-broken-record", reason = error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_wrote_is_refused_in_words() {
        for (record, key) in [
            (r#"{"a":1}"#, "import-unknown-record"),
            ("{\"a\":", "import-broken-record"),
            ("7", "import-broken-record"),
            (r#"{"format":"mmp.conversation","version":1}"#, "import-broken-record"),
            (r#"{"mapping":7}"#, "import-broken-record"),
            (r#"{"prompt":"a","response":7}"#, "import-broken-record"),
        ] {
            assert_eq!(read(record.as_bytes()).expect_err(record).key, key, "{record}");
        }
    }
}
