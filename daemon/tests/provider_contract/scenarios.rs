//! The scenarios that every provider must read, and the proof that none is dropped: a provider answers for each of them,
//! with a transcript of its own or with the reason why its wire has no such thing.

use std::sync::Arc;

use mmp_shared::{ErrorCode, message::FinishReason};
use mmpd::providers::{ChatCall, Decoder, Delta, Provider, driver::Driver, registry};
use zeroize::Zeroizing;

use super::{
    deepseek, openai,
    outcome::{Outcome, ask, call, settings},
    server::answer,
    wenxin, wenxin_asked,
};

macro_rules! scenarios {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// Something that can happen on a wire.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Scenario {
            $($(#[$doc])* $name,)*
        }

        impl Scenario {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];
        }
    };
}

scenarios! {
    /// Text, its end and its usage.
    Text,
    /// The same in one body.
    TextWhole,
    /// Characters of several bytes.
    Unicode,
    /// Thinking, then text.
    Reasoning,
    /// One call in pieces.
    ToolCall,
    /// Several calls.
    ParallelToolCalls,
    /// Several calls in one body.
    ParallelToolCallsWhole,
    /// A call without arguments.
    ToolCallWithoutArguments,
    /// A refusal in a field of its own.
    Refusal,
    /// The limit of length.
    Length,
    /// A call that the limit of length cut.
    LengthInToolCall,
    /// The provider's filter.
    Filtered,
    /// No usage at all.
    NoUsage,
    /// No reason for the end, but a proper end.
    EndWithoutReason,
    /// A reason for the end, but no terminator.
    EndWithoutTerminator,
    /// Neither.
    Truncated,
    /// Comments and blank lines among the events.
    KeepAlive,
    /// CRLF, no space after the colon, a last event without its blank line.
    OddLines,
    /// Keys and chunks that nobody knows.
    UnknownKeys,
    /// Several choices, of which the first counts.
    SeveralChoices,
    /// Each chunk holds the text so far, too.
    WholeBesideDelta,
    /// A whole answer with an empty delta beside it.
    DeltaBesideWhole,
    /// White space before the body.
    LeadingBlanks,
    /// The provider's word that it could not go on.
    GaveUp,
    /// An error after some text.
    ErrorAfterText,
    /// An error in place of a stream.
    ErrorInsteadOfStream,
    /// An error as a body of status 200.
    ErrorInWhole,
    /// A body that is cut.
    TruncatedWhole,
}

/// What a provider says to a scenario.
pub enum Transcript {
    /// The body of an answer of status 200, and what it means.
    Body(String, Outcome),
    /// As [`Transcript::Body`], and it ends with an error of this kind.
    Fails(String, Outcome, ErrorCode),
    /// Its wire has no such thing, because.
    Absent(&'static str),
}

/// What one provider says to each scenario.
type Transcripts = fn(Scenario) -> Transcript;

/// Every provider's transcripts. A provider that is missing here and in [`PLAIN`] fails
/// `every_provider_has_its_transcripts`.
const TRANSCRIPTS: &[(&str, Transcripts)] = &[
    ("deepseek", deepseek::transcript),
    ("openai", openai::transcript),
    ("wenxin", openai::transcript),
    (WENXIN_V1, wenxin::transcript),
    ("demo", |_| Transcript::Absent("it asks nobody")),
];

/// Wenxin, asked with a pair of keys.
const WENXIN_V1: &str = "wenxin v1";

/// Those that say everything as OpenAI does.
const PLAIN: &[&str] = &[
    "moonshot",
    "dashscope",
    "zhipu",
    "mistral",
    "groq",
    "xai",
    "openrouter",
    "siliconflow",
    "together",
    "perplexity",
    "azure",
    "cerebras",
    "llamacpp",
    "lmstudio",
    "vllm",
];

fn transcripts() -> impl Iterator<Item = (&'static str, Transcripts)> {
    let plain = PLAIN.iter().map(|name| (*name, openai::transcript as Transcripts));
    TRANSCRIPTS.iter().copied().chain(plain)
}

/// A question of this name's kind.
fn asked(name: &str, base_url: &str, stream: bool) -> ChatCall {
    let mut call = call(base_url, stream);
    call.endpoint.secret_key = (name == WENXIN_V1).then(|| Zeroizing::new("the-second-half".to_owned()));
    call
}

/// The same expectations, each with a name.
fn all() -> impl Iterator<Item = (&'static str, Arc<dyn Provider>, Scenario, String, Outcome, Option<ErrorCode>)> {
    transcripts().flat_map(|(name, transcript)| {
        let kind = if name == WENXIN_V1 { "wenxin" } else { name };
        let provider = registry::find(kind).expect("a provider");
        Scenario::ALL.iter().filter_map(move |&scenario| match transcript(scenario) {
            Transcript::Body(body, outcome) => Some((name, Arc::clone(&provider), scenario, body, outcome, None)),
            Transcript::Fails(body, outcome, code) => Some((name, Arc::clone(&provider), scenario, body, outcome, Some(code))),
            Transcript::Absent(reason) => {
                eprintln!("skipped: {name} {scenario:?}: {reason}");
                None
            }
        })
    })
}

fn check(what: &str, mut outcome: Outcome, expected: &Outcome, code: Option<ErrorCode>) {
    assert_eq!(outcome.error.take().map(|error| error.code), code, "{what}");
    assert_eq!(&outcome, expected, "{what}");
}

#[test]
fn every_provider_has_its_transcripts() {
    for provider in registry::all() {
        let name = provider.facts().name;
        assert_eq!(transcripts().filter(|(known, _)| *known == name).count(), 1, "`{name}` has no transcripts");
    }
}

#[tokio::test]
async fn every_scenario_is_read_in_every_cut() {
    let driver = Driver::new(settings());
    for (name, provider, scenario, body, expected, code) in all() {
        let body = body.into_bytes();
        let whole =
            [vec![], (0..body.len()).collect(), (0..body.len()).step_by(3).collect(), (0..body.len()).step_by(17).collect()];
        // Those who share a decoder need not be read in every cut again.
        let is_plain = PLAIN.contains(&name) || name == "wenxin";
        for (which, cuts) in whole.iter().enumerate().take(if is_plain { 1 } else { usize::MAX }) {
            for stream in [true, false] {
                let server = wenxin_asked::with_tokens(answer(200, "text/html", &[], &body, cuts)).await;
                let outcome = ask(&driver, &provider, asked(name, &server.url(), stream)).await;
                check(&format!("{name} {scenario:?}, cut {which}, stream {stream}"), outcome, &expected, code);
            }
        }
    }
}

#[test]
fn a_decoder_hands_over_each_call_once_and_the_end_last() {
    for (name, provider, scenario, body, _, code) in all().filter(|(.., code)| code.is_none()) {
        let mut decoder = provider.decoder(&asked(name, "http://x", true));
        let deltas = decode(decoder.as_mut(), &body);
        let is_finish = |delta: &&Delta| matches!(delta, Delta::Finish(_));
        assert_eq!(deltas.iter().filter(is_finish).count(), 1, "{scenario:?} {code:?}");
        assert!(decoder.is_complete(), "{scenario:?}");
        let mut more = Vec::new();
        decoder.finish(&mut more).expect("a whole answer");
        assert_eq!(more, [], "{scenario:?}: nothing comes twice");
    }
}

fn decode(decoder: &mut dyn Decoder, body: &str) -> Vec<Delta> {
    let mut deltas = Vec::new();
    if body.trim_start().starts_with('{') {
        decoder.body(body.as_bytes(), &mut deltas).expect("a whole answer");
        return deltas;
    }
    let (mut reader, mut frames) = (mmp_shared::sse::Reader::new(1 << 20), Vec::new());
    reader.push(body.as_bytes(), &mut frames).expect("short enough");
    reader.finish(&mut frames).expect("short enough");
    for frame in frames {
        if let mmp_shared::sse::Frame::Event(event) = frame {
            decoder.event(&event, &mut deltas).expect("a whole answer");
        }
    }
    decoder.finish(&mut deltas).expect("a whole answer");
    deltas
}

/// Text with an end.
pub fn said(text: &str, finish: FinishReason) -> Outcome {
    Outcome { text: text.into(), finish: Some(finish), ..Outcome::default() }
}
