//! What real providers were recorded to send, replayed through a server and the driver, whole and in cuts.

use mmpd::providers::{ChatCall, driver::Driver, registry};

use super::{
    outcome::{Outcome, ask, call, endpoint, settings},
    samples::{self, Meaning, Sample},
    wenxin_asked,
};

impl Outcome {
    fn meaning(self) -> Meaning {
        let Self { text, reasoning, refusal, tool_calls, finish, usage, error, notes: _ } = self;
        Meaning { text, reasoning, refusal, tool_calls, finish, usage, error: error.map(|error| error.code) }
    }
}

async fn replay(driver: &Driver, sample: &Sample, cuts: &[usize], stream: bool) -> Outcome {
    let server = wenxin_asked::with_tokens(sample.replay(cuts)).await;
    let provider = registry::find(sample.provider).expect("a provider");
    let asked = if sample.wants_pair() { wenxin_asked::pair } else { call };
    ask(driver, &provider, ChatCall { model: sample.model().to_owned(), ..asked(&server.url(), stream) }).await
}

#[tokio::test]
async fn every_recorded_answer_means_what_it_meant() {
    let driver = Driver::new(settings());
    for sample in samples::answers() {
        let (expected, length) = (sample.meaning(), sample.body.len());
        let random = (1..4).map(|seed| samples::random_cuts(length, seed));
        for (which, cuts) in [vec![], samples::small_cuts(length)].into_iter().chain(random).enumerate() {
            for stream in [true, false] {
                let outcome = replay(&driver, &sample, &cuts, stream).await;
                let what = format!("{}, cut {which}, stream {stream}: {:?}", sample.name, outcome.error);
                assert_eq!(outcome.meaning(), expected, "{what}");
            }
        }
    }
}

#[test]
fn every_recorded_list_of_models_is_read() {
    for sample in samples::lists() {
        let provider = registry::find(sample.provider).expect("a provider");
        let models =
            provider.read_models(&endpoint("http://x"), &sample.body).unwrap_or_else(|error| panic!("{}: {error}", sample.name));
        let (count, first) = sample.models();
        assert_eq!(models.len() as u64, count, "{}", sample.name);
        let named: Vec<&str> = models.iter().map(|model| model.id.as_str()).take(first.len()).collect();
        assert_eq!(named, first, "{}", sample.name);
    }
}
