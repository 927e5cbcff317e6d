//! Numbers for monitors: what has happened since the daemon started, and what holds now, as Prometheus's text.
//!
//! Names follow OpenTelemetry's conventions where there are any, in the form that they take in Prometheus (for models
//! <https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/>, for requests
//! <https://opentelemetry.io/docs/specs/semconv/http/http-metrics/>). What users name, models and providers, is a label
//! only for so many pairs of them; those that come later are one. Nothing here names a user.

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use mmp_shared::{
    events::Ending,
    system::{ProcessUsage, VERSION},
};
use prometheus::{
    Counter, CounterVec, Gauge, GaugeVec, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, Opts, Registry, TextEncoder,
    core::Collector,
};

/// How many pairs of a provider and a model have a name of their own.
const MOST_MODELS: usize = 200;
/// The longest name that is a label, in bytes.
const LONGEST_NAME: usize = 100;
/// What has no name of its own, as OpenTelemetry calls it.
const OTHER: &str = "_OTHER";

/// Bounds in seconds, as the conventions advise for calls of models.
const CALLS: &[f64] = &[0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
/// Bounds in seconds, as the conventions advise for the first token.
const FIRST_TOKENS: &[f64] = &[0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];
/// Bounds in tokens, as the conventions advise.
const TOKENS: &[f64] =
    &[1.0, 4.0, 16.0, 64.0, 256.0, 1_024.0, 4_096.0, 16_384.0, 65_536.0, 262_144.0, 1_048_576.0, 4_194_304.0, 16_777_216.0];
/// Bounds in seconds, as the conventions advise for requests.
const REQUESTS: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// The methods that are a label; whatever else a caller makes up is one.
const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

const OF_A_CALL: &[&str] = &["gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model"];
const CHAT: &str = "chat";

/// What holds now, beside what was counted.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    /// How many runs are being made.
    pub live_runs: usize,
    /// When the daemon started.
    pub started_at: Timestamp,
    /// What its process takes.
    pub process: ProcessUsage,
    /// How many bytes the store's files have.
    pub store_bytes: Option<u64>,
    /// How much room its disk has for more, in bytes.
    pub free_bytes: Option<u64>,
}

/// Everything that is counted.
pub struct Metrics {
    registry: Registry,
    models: Mutex<HashSet<(String, String)>>,
    duration: HistogramVec,
    first_token: HistogramVec,
    tokens: HistogramVec,
    runs: IntCounterVec,
    retries: IntCounter,
    fallbacks: IntCounter,
    cost: CounterVec,
    requests: HistogramVec,
    now: Gauges,
}

/// What is looked up when somebody asks.
struct Gauges {
    live_runs: Gauge,
    started_at: Gauge,
    resident: Gauge,
    processor: Mutex<Counter>,
    open_files: Gauge,
    threads: Gauge,
    store: Gauge,
    free: Gauge,
}

/// Registers what is counted. All names and labels are constants, of this file, and a test makes them all.
struct Maker(Registry);

impl Maker {
    fn keep<C: Collector + Clone + 'static>(&self, made: prometheus::Result<C>) -> C {
        let collector = made.expect("a name is a constant of this file");
        self.0.register(Box::new(collector.clone())).expect("a name is there once");
        collector
    }

    fn histogram(&self, name: &str, help: &str, labels: &[&str], bounds: &[f64]) -> HistogramVec {
        self.keep(HistogramVec::new(HistogramOpts::new(name, help).buckets(bounds.to_vec()), labels))
    }

    fn gauge(&self, name: &str, help: &str) -> Gauge {
        self.keep(Gauge::new(name, help))
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let maker = Maker(Registry::new());
        let of_an_end = [OF_A_CALL, &["error_type"]].concat();
        let of_tokens = [OF_A_CALL, &["gen_ai_token_type"]].concat();
        let build = maker.keep(GaugeVec::new(Opts::new("mmp_build_info", "This build; always 1."), &["version"]));
        build.with_label_values(&[VERSION]).set(1.0);
        Self {
            models: Mutex::default(),
            duration: maker.histogram(
                "gen_ai_client_operation_duration_seconds",
                "From a request for an answer to the answer's end, retries and fallbacks included.",
                &of_an_end,
                CALLS,
            ),
            first_token: maker.histogram(
                "gen_ai_server_time_to_first_token_seconds",
                "From a request for an answer to its first piece.",
                OF_A_CALL,
                FIRST_TOKENS,
            ),
            tokens: maker.histogram(
                "gen_ai_client_token_usage",
                "Tokens of an answer: input, cached ones included, and output, reasoning included.",
                &of_tokens,
                TOKENS,
            ),
            runs: maker.keep(IntCounterVec::new(Opts::new("mmp_runs_total", "Runs that have ended."), &["status"])),
            retries: maker.keep(IntCounter::new("mmp_run_retries_total", "How often a provider was asked once more.")),
            fallbacks: maker.keep(IntCounter::new("mmp_run_fallbacks_total", "How often the next candidate was asked.")),
            cost: maker.keep(CounterVec::new(
                Opts::new("mmp_cost_usd_total", "The price of the answers whose price is known, in US dollars."),
                &OF_A_CALL[1..],
            )),
            requests: maker.histogram(
                "http_server_request_duration_seconds",
                "From a request to the beginning of its answer.",
                &["http_request_method", "http_route", "http_response_status_code"],
                REQUESTS,
            ),
            now: Gauges {
                live_runs: maker.gauge("mmp_runs_live", "Runs that are being made."),
                started_at: maker.gauge("process_start_time_seconds", "When the daemon started, in seconds since 1970."),
                resident: maker.gauge("process_resident_memory_bytes", "The memory that the daemon holds."),
                processor: Mutex::new(
                    maker.keep(Counter::new("process_cpu_seconds_total", "The time that processors have worked for the daemon.")),
                ),
                open_files: maker.gauge("process_open_fds", "The files and sockets that the daemon has open."),
                threads: maker.gauge("process_threads", "The daemon's threads."),
                store: maker.gauge("mmp_store_size_bytes", "What the store's files take."),
                free: maker.gauge("mmp_store_free_bytes", "The room that the store's disk has for more."),
            },
            registry: maker.0,
        }
    }
}

impl Metrics {
    /// Counts a run that has ended, by the one that was asked last.
    pub fn run_ended(&self, provider: &str, model: &str, ending: &Ending) {
        let (provider, model) = self.bounded(provider, model);
        let call = [CHAT, &provider, &model];
        let error = ending.error.as_ref().map_or("", |error| error.code.as_str());
        let seconds = |milliseconds: u64| Duration::from_millis(milliseconds).as_secs_f64();
        if let Some(total) = ending.timing.total_ms {
            self.duration.with_label_values(&[CHAT, &provider, &model, error]).observe(seconds(total));
        }
        if let Some(first) = ending.timing.first_token_ms {
            self.first_token.with_label_values(&call).observe(seconds(first));
        }
        for (kind, count) in [("input", ending.usage.prompt_tokens), ("output", ending.usage.completion_tokens)] {
            if let Some(count) = count {
                self.tokens.with_label_values(&[CHAT, &provider, &model, kind]).observe(number(count));
            }
        }
        if let Some(cost) = ending.cost_usd.filter(|cost| *cost >= 0.0) {
            self.cost.with_label_values(&call[1..]).inc_by(cost);
        }
        self.runs.with_label_values(&[ending.status.as_str()]).inc();
        for pair in ending.attempts.windows(2) {
            let is_same = pair[0].provider == pair[1].provider && pair[0].model == pair[1].model;
            if is_same { self.retries.inc() } else { self.fallbacks.inc() }
        }
    }

    /// Counts a request: its method, the route as the router has it, the status of the answer, how long it took to begin.
    pub fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        let method = METHODS.iter().find(|known| **known == method).unwrap_or(&OTHER);
        self.requests.with_label_values(&[*method, route, &status.to_string()]).observe(took.as_secs_f64());
    }

    /// Everything, as Prometheus's text of version 0.0.4.
    pub fn text(&self, now: &Now) -> String {
        let gauges = &self.now;
        gauges.live_runs.set(number(u64::try_from(now.live_runs).unwrap_or(u64::MAX)));
        gauges.started_at.set(now.started_at.as_duration().as_secs_f64());
        let process = now.process;
        for (gauge, value) in [
            (&gauges.resident, process.resident_bytes),
            (&gauges.open_files, process.open_files),
            (&gauges.threads, process.threads),
            (&gauges.store, now.store_bytes),
            (&gauges.free, now.free_bytes),
        ] {
            if let Some(value) = value {
                gauge.set(number(value));
            }
        }
        if let Some(worked) = process.cpu_ms {
            // Two who ask at once must not add the same time twice.
            let processor = gauges.processor.lock().unwrap_or_else(PoisonError::into_inner);
            let more = Duration::from_millis(worked).as_secs_f64() - processor.get();
            processor.inc_by(more.max(0.0));
        }
        TextEncoder::new().encode_to_string(&self.registry.gather()).unwrap_or_default()
    }

    /// The names as labels: of so many pairs their own, of the others one.
    fn bounded(&self, provider: &str, model: &str) -> (String, String) {
        let pair = (provider.to_owned(), model.to_owned());
        let mut known = self.models();
        let fits = known.len() < MOST_MODELS && provider.len() <= LONGEST_NAME && model.len() <= LONGEST_NAME;
        if known.contains(&pair) {
            return pair;
        }
        if !fits {
            return (OTHER.to_owned(), OTHER.to_owned());
        }
        known.insert(pair.clone());
        pair
    }

    fn models(&self) -> MutexGuard<'_, HashSet<(String, String)>> {
        self.models.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[allow(clippy::cast_precision_loss, reason = "monitors know nothing but such numbers, and 2^53 is far away")]
const fn number(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use mmp_shared::{
        ErrorCode,
        message::Status,
        usage::{Attempt, Timing, Usage},
    };

    use super::*;

    fn ending() -> Ending {
        let attempt = |provider: &str| Attempt {
            model: "m".into(),
            provider: provider.into(),
            status: Status::Failed,
            error_code: Some(ErrorCode::ProviderTimeout),
            duration_ms: 1,
        };
        Ending {
            status: Status::Complete,
            finish_reason: None,
            refusal: None,
            usage: Usage { prompt_tokens: Some(10), completion_tokens: Some(5), ..Usage::default() },
            cost_usd: Some(0.25),
            timing: Timing { first_token_ms: Some(300), total_ms: Some(2_000) },
            attempts: vec![attempt("a"), attempt("a"), attempt("b")],
            error: None,
        }
    }

    fn text(metrics: &Metrics) -> String {
        let process = ProcessUsage { cpu_ms: Some(1_500), ..ProcessUsage::default() };
        let started_at = Timestamp::from_second(1_700_000_000).expect("a time");
        metrics.text(&Now { live_runs: 2, started_at, process, store_bytes: Some(7), free_bytes: None })
    }

    #[test]
    fn what_happened_is_counted() {
        let metrics = Metrics::default();
        metrics.run_ended("b", "m", &ending());
        metrics.run_ended("b", "m", &ending());
        metrics.answered("GET", "/health", 200, Duration::from_millis(30));
        metrics.answered("BREW", "/health", 405, Duration::from_millis(30));
        text(&metrics);
        let text = text(&metrics);
        let call = r#"gen_ai_operation_name="chat",gen_ai_provider_name="b",gen_ai_request_model="m""#;
        for line in [
            format!(r#"gen_ai_client_operation_duration_seconds_sum{{error_type="",{call}}} 4"#),
            format!(r#"gen_ai_client_operation_duration_seconds_bucket{{error_type="",{call},le="2.56"}} 2"#),
            format!("gen_ai_server_time_to_first_token_seconds_count{{{call}}} 2"),
            format!(r#"gen_ai_client_token_usage_sum{{{call},gen_ai_token_type="input"}} 20"#),
            format!(r#"gen_ai_client_token_usage_sum{{{call},gen_ai_token_type="output"}} 10"#),
            r#"mmp_cost_usd_total{gen_ai_provider_name="b",gen_ai_request_model="m"} 0.5"#.to_owned(),
            r#"mmp_runs_total{status="complete"} 2"#.to_owned(),
            "mmp_run_retries_total 2".to_owned(),
            "mmp_run_fallbacks_total 2".to_owned(),
            "mmp_runs_live 2".to_owned(),
            "mmp_store_size_bytes 7".to_owned(),
            "process_cpu_seconds_total 1.5".to_owned(),
            "process_start_time_seconds 1700000000".to_owned(),
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in {text}");
        }
        assert!(text.contains(r#"http_request_method="_OTHER",http_response_status_code="405""#), "{text}");
    }

    #[test]
    fn names_that_users_make_up_are_bounded_and_break_no_line() {
        let metrics = Metrics::default();
        metrics.run_ended("mine", "a\"b\nc\\d} 1", &ending());
        for number in 0..10 * MOST_MODELS {
            metrics.run_ended("mine", &format!("model-{number}"), &ending());
        }
        metrics.run_ended("mine", &"x".repeat(LONGEST_NAME + 1), &ending());
        metrics.run_ended("mine", "model-1", &ending());
        let text = text(&metrics);
        let counts: Vec<_> =
            text.lines().filter(|line| line.starts_with("gen_ai_server_time_to_first_token_seconds_count")).collect();
        assert_eq!(counts.len(), MOST_MODELS + 1);
        assert!(counts.iter().any(|line| line.contains(r#"gen_ai_request_model="a\"b\nc\\d} 1"} 1"#)), "{counts:#?}");
        assert!(counts.iter().any(|line| line.contains(r#"gen_ai_request_model="model-1"} 2"#)));
        let others = 10 * MOST_MODELS - (MOST_MODELS - 1) + 1;
        assert!(counts.iter().any(|line| line.ends_with(&format!(r#"gen_ai_request_model="_OTHER"}} {others}"#))));
    }
}
