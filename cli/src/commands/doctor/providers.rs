//! The providers that the user has set up: each is asked for its models, as `providers test` does, all at once.

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use mmp_shared::{
    ApiError, ErrorCode,
    models::{KeyState, ProviderInfo, ProviderTestResponse},
    phrase,
};

use super::report::{Finding, Report, Status};
use crate::{client::Client, context::Context, error::CliError, input::env_keys, output::time, wanted::Wanted};

/// How many are asked at the same time.
const AT_ONCE: usize = 8;
/// The longest that one may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// Asks every provider that is set up.
pub(super) async fn check(context: &Context, client: &Client, report: &mut Report<'_>) -> Result<(), CliError> {
    let all = match client.providers(&Wanted { limit: None, cursor: None }).await {
        Ok(page) => page.items,
        Err(error) => return report.add(Finding::met("providers", Status::Error, error)),
    };
    let configured: Vec<&ProviderInfo> = all.iter().filter(|provider| provider.configured).collect();
    let in_environment = if uses_environment(context, client) { env_keys::providers() } else { Vec::new() };
    let unsealed: Vec<&str> = in_environment
        .iter()
        .filter(|name| all.iter().any(|provider| provider.name == **name && provider.key != KeyState::Sealed))
        .map(String::as_str)
        .collect();
    if !unsealed.is_empty() {
        report.add(Finding::ok("environment", phrase!("doctor-environment", names = unsealed.join(", "))))?;
    }
    if configured.is_empty() && unsealed.is_empty() {
        return report.add(Finding::warning("providers", phrase!("doctor-no-providers")).hint(phrase!("hint-doctor-no-providers")));
    }
    let names: Vec<&str> = configured.iter().map(|provider| provider.name.as_str()).collect();
    let mut answers = stream::iter(names.iter().map(|name| ask(context, client, name))).buffered(AT_ONCE);
    for name in &names {
        let answer = report.wait(name, answers.next()).await;
        if let Some(answer) = answer {
            report.add(finding(name, answer))?;
        }
    }
    Ok(())
}

fn uses_environment(context: &Context, client: &Client) -> bool {
    context.config().is_ok_and(|config| config.switch("import_env")) && client.target().is_own_socket()
}

/// The answer of one provider; none where it takes too long.
async fn ask(context: &Context, client: &Client, name: &str) -> Option<Result<ProviderTestResponse, ApiError>> {
    match tokio::time::timeout(PATIENCE, client.test_provider(name)).await.ok()? {
        Ok(answer) => Some(Ok(answer)),
        Err(error) => Some(Err(client.explain_refused_key(error, context).await)),
    }
}

fn finding(name: &str, answer: Option<Result<ProviderTestResponse, ApiError>>) -> Finding {
    let check = format!("provider:{name}");
    match answer {
        Some(Ok(answer)) => {
            let time = time::duration(answer.latency_ms);
            Finding::ok(&check, phrase!("doctor-provider", time = time, count = answer.models.len()))
        }
        // There is nothing to ask it but a question, which costs.
        Some(Err(error)) if error.code == ErrorCode::Unsupported => Finding::met(&check, Status::Ok, error),
        Some(Err(error)) if error.code == ErrorCode::NoKey => Finding::met(&check, Status::Warning, error),
        Some(Err(error)) => Finding::met(&check, Status::Error, error),
        None => Finding::error(&check, phrase!("doctor-provider-silent", seconds = PATIENCE.as_secs()))
            .hint(phrase!("hint-upstream-network", provider = name)),
    }
}
