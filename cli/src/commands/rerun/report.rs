//! What became of a question that was asked again: both answers, what changed between them, as data and in words.

use mmp_shared::{
    Language, MessageId,
    chat::{ChatAnswer, ComparedAnswer},
    export::ExportedMessage,
    message::{Status, text_of},
    phrase,
    usage::{Timing, Usage},
};
use serde::Serialize;

use super::diff::{Change, Piece, diff};
use crate::output::{neutralise::neutralise_line, time};

/// A question that was asked again.
#[derive(Debug, Serialize)]
pub(super) struct TurnReport {
    /// What was asked.
    pub(super) question: String,
    /// The answer until now; null where there was none.
    pub(super) old: Option<OldAnswer>,
    /// The answer now.
    pub(super) new: ComparedAnswer,
    /// How much more, or less, the new one took.
    pub(super) change: Difference,
    /// The old text to the new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) diff: Option<Vec<Piece>>,
}

/// The answer that was there.
#[derive(Debug, Serialize)]
pub(super) struct OldAnswer {
    message_id: MessageId,
    model: Option<String>,
    provider: Option<String>,
    status: Status,
    text: String,
    usage: Usage,
    cost_usd: Option<f64>,
    timing: Timing,
}

/// The numbers of an answer, or of several together. What is not known of one is not known of all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub(super) struct Numbers {
    prompt_tokens: Option<u64>,
    completion_tokens: Option<u64>,
    cost_usd: Option<f64>,
    total_ms: Option<u64>,
}

/// What the new numbers are above the old ones, or below.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Difference {
    prompt_tokens: Option<i64>,
    completion_tokens: Option<i64>,
    cost_usd: Option<f64>,
    total_ms: Option<i64>,
}

impl TurnReport {
    /// Both answers to a question.
    pub(super) fn new(question: String, old: Option<&ExportedMessage>, new: ComparedAnswer, with_diff: bool) -> Self {
        let old = old.map(OldAnswer::new);
        let before = old.as_ref().map_or(Numbers::default(), OldAnswer::numbers);
        let old_text = old.as_ref().map_or("", |old| &old.text);
        let diff = with_diff.then(|| diff(old_text, &new.answer.text));
        let change = before.to(Numbers::of(&new.answer));
        Self { question, old, new, change, diff }
    }

    /// The numbers of both.
    pub(super) fn numbers(&self) -> (Numbers, Numbers) {
        (self.old.as_ref().map_or(Numbers::default(), OldAnswer::numbers), Numbers::of(&self.new.answer))
    }

    /// Who answered before and who now.
    pub(super) fn models(&self) -> String {
        let old = self.old.as_ref().and_then(|old| Some(format!("{}/{}", old.provider.as_deref()?, old.model.as_deref()?)));
        let new = format!("{}/{}", self.new.answer.provider, self.new.answer.model);
        neutralise_line(&format!("{} → {new}", old.as_deref().unwrap_or("–")))
    }
}

impl OldAnswer {
    fn new(message: &ExportedMessage) -> Self {
        Self {
            message_id: message.id,
            model: message.model.clone(),
            provider: message.provider.clone(),
            status: message.status,
            text: text_of(&message.content),
            usage: message.usage.unwrap_or_default(),
            cost_usd: message.cost_usd,
            timing: message.timing.unwrap_or_default(),
        }
    }

    const fn numbers(&self) -> Numbers {
        Numbers {
            prompt_tokens: self.usage.prompt_tokens,
            completion_tokens: self.usage.completion_tokens,
            cost_usd: self.cost_usd,
            total_ms: self.timing.total_ms,
        }
    }
}

impl Numbers {
    /// Nothing at all, which is known.
    pub(super) const ZERO: Self =
        Self { prompt_tokens: Some(0), completion_tokens: Some(0), cost_usd: Some(0.0), total_ms: Some(0) };

    const fn of(answer: &ChatAnswer) -> Self {
        Self {
            prompt_tokens: answer.usage.prompt_tokens,
            completion_tokens: answer.usage.completion_tokens,
            cost_usd: answer.cost_usd,
            total_ms: answer.timing.total_ms,
        }
    }

    /// Both together.
    pub(super) fn and(self, other: Self) -> Self {
        let sum = |one: Option<u64>, other: Option<u64>| Some(one?.saturating_add(other?));
        Self {
            prompt_tokens: sum(self.prompt_tokens, other.prompt_tokens),
            completion_tokens: sum(self.completion_tokens, other.completion_tokens),
            cost_usd: self.cost_usd.zip(other.cost_usd).map(|(one, other)| one + other),
            total_ms: sum(self.total_ms, other.total_ms),
        }
    }

    /// From these to others.
    pub(super) fn to(self, new: Self) -> Difference {
        let between = |old: Option<u64>, new: Option<u64>| {
            let (old, new) = (i64::try_from(old?).ok()?, i64::try_from(new?).ok()?);
            Some(new - old)
        };
        Difference {
            prompt_tokens: between(self.prompt_tokens, new.prompt_tokens),
            completion_tokens: between(self.completion_tokens, new.completion_tokens),
            cost_usd: self.cost_usd.zip(new.cost_usd).map(|(old, new)| new - old),
            total_ms: between(self.total_ms, new.total_ms),
        }
    }
}

/// Old and new numbers in one line; what is known of neither is left out.
pub(super) fn numbers_line(old: Numbers, new: Numbers, language: Language) -> String {
    let tokens = |numbers: Numbers| {
        let (prompt, completion) = (numbers.prompt_tokens?, numbers.completion_tokens?);
        Some(phrase!("numbers-tokens", prompt = prompt, completion = completion).render(language))
    };
    let pairs = [
        (tokens(old), tokens(new)),
        (old.cost_usd.map(time::cost), new.cost_usd.map(time::cost)),
        (old.total_ms.map(time::duration), new.total_ms.map(time::duration)),
    ];
    let unknown = || "–".to_owned();
    let said = pairs.into_iter().filter(|(old, new)| old.is_some() || new.is_some());
    said.map(|(old, new)| format!("{} → {}", old.unwrap_or_else(unknown), new.unwrap_or_else(unknown)))
        .collect::<Vec<_>>()
        .join(" · ")
}

/// A diff in words: with colors, or with marks around what went and what came.
pub(super) fn diff_text(pieces: &[Piece], is_styled: bool) -> String {
    let text = |piece: &Piece| match (piece.change, is_styled) {
        (Change::Same, _) => piece.text.clone(),
        (Change::Removed, true) => painted("31;9", &piece.text),
        (Change::Added, true) => painted("32", &piece.text),
        (Change::Removed, false) => format!("[-{}-]", piece.text),
        (Change::Added, false) => format!("{{+{}+}}", piece.text),
    };
    pieces.iter().map(text).collect()
}

/// Each line by itself: a style that goes over a line end colors what it should not in some terminals.
fn painted(code: &str, text: &str) -> String {
    let line = |line: &str| if line.is_empty() { String::new() } else { format!("\u{1b}[{code}m{line}\u{1b}[0m") };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(tokens: u64, cost_usd: Option<f64>) -> Numbers {
        Numbers { prompt_tokens: Some(tokens), completion_tokens: Some(1), cost_usd, total_ms: Some(1500) }
    }

    #[test]
    fn what_is_unknown_of_one_is_unknown_of_all() {
        let sum = Numbers::ZERO.and(numbers(2, Some(0.5))).and(numbers(3, None));
        assert_eq!((sum.prompt_tokens, sum.completion_tokens, sum.cost_usd), (Some(5), Some(2), None));
        assert_eq!(numbers(3, Some(0.5)).to(numbers(2, Some(0.25))).prompt_tokens, Some(-1));
    }

    #[test]
    fn only_what_is_known_is_said() {
        let line = numbers_line(numbers(2, None), numbers(3, None), Language::English);
        assert_eq!(line, "2 + 1 tokens → 3 + 1 tokens · 1.5 s → 1.5 s");
        assert_eq!(numbers_line(Numbers::default(), numbers(3, Some(0.5)), Language::English), "– → 3 + 1 tokens · – → $0.50 · – → 1.5 s");
    }

    #[test]
    fn a_change_is_marked_line_by_line() {
        let pieces = [Piece { change: Change::Added, text: "a\nb".into() }];
        assert_eq!(diff_text(&pieces, true), "\u{1b}[32ma\u{1b}[0m\n\u{1b}[32mb\u{1b}[0m");
        assert_eq!(diff_text(&pieces, false), "{+a\nb+}");
    }
}
