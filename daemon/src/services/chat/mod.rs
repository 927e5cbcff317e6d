//! One turn of a chat: checks what is asked, chooses who answers, writes the question and the run's beginning as one
//! durable batch, and begins the run.

mod context;
mod dry_run;
mod fit;
mod request;
mod role;
mod sight;
mod title;
mod turns;

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use mmp_shared::{
    ApiError, ConversationId, ErrorCode, MessageId,
    audit::AuditKind,
    chat::ChatRequest,
    env_keys::variables_of,
    events::Notice,
    message::{Role, Status},
    models::ModelTestRequest,
    phrase,
};
use tokio::time::Instant;

use self::{
    fit::{Fit, Fitter, prompt},
    role::Played,
};
use super::{
    audit,
    conversations::Conversations,
    keys::Keys,
    models::{Chosen, Models, Wish},
    notice,
    providers::Providers,
    runs::{
        Candidate, Runs, Task,
        live::{LiveRun, SavedIn},
    },
    users::Account,
};
use crate::{
    config::{LimitsConfig, RoutingConfig},
    listen::shutdown::Shutdown,
    providers::{ChatCall, Endpoint},
    routing::Budget,
    store::{
        Batch, Operation, Store,
        records::{ConversationRecord, MessageRecord},
    },
};

/// What a model is asked to see whether it answers, and how long the answer may be: some think before it.
const TEST_QUESTION: &str = "Say hello in one word.";
const TEST_TOKENS: u64 = 256;

/// How the one who asks is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// Over a Unix socket, from the daemon's own OS user: keys may come along.
    OwnUser,
    /// Some other way.
    Other,
}

/// The service of turns.
pub struct Chat {
    store: Arc<dyn Store>,
    conversations: Arc<Conversations>,
    keys: Arc<Keys>,
    models: Arc<Models>,
    providers: Arc<Providers>,
    runs: Arc<Runs>,
    limits: LimitsConfig,
    routing: RoutingConfig,
    shutdown: Shutdown,
    fitter: Fitter,
}

/// The services that a turn needs.
pub struct Parts {
    /// What keeps.
    pub store: Arc<dyn Store>,
    /// Conversations to go on with.
    pub conversations: Arc<Conversations>,
    /// Keys that come along.
    pub keys: Arc<Keys>,
    /// Who answers.
    pub models: Arc<Models>,
    /// Where they are.
    pub providers: Arc<Providers>,
    /// What makes answers.
    pub runs: Arc<Runs>,
}

/// Where a turn goes on.
struct Place {
    conversation: Option<ConversationRecord>,
    parent_id: Option<MessageId>,
    branch: Vec<MessageRecord>,
}

impl Chat {
    /// The service over others.
    pub fn new(parts: Parts, limits: LimitsConfig, routing: RoutingConfig, shutdown: Shutdown) -> Self {
        let Parts { store, conversations, keys, models, providers, runs } = parts;
        Self { store, conversations, keys, models, providers, runs, limits, routing, shutdown, fitter: Fitter::default() }
    }

    /// Begins a turn, and returns its run, whose beginning is on disk.
    ///
    /// # Errors
    ///
    /// `unavailable` while the daemon stops; `bad_request`, `too_large` and `unsupported` for a request that makes no
    /// sense; `not_found` for a conversation or a role that is not the caller's; `model_not_found`; `no_key` where the provider
    /// wants one; and the store's.
    pub async fn begin(
        &self,
        account: &Account,
        connection: Connection,
        mut request: ChatRequest,
    ) -> Result<Arc<LiveRun>, ApiError> {
        let begun = Instant::now();
        if self.shutdown.has_begun() {
            return Err(ApiError::new(ErrorCode::Unavailable, phrase!("error-stopping")));
        }
        request::check(&request, &self.limits, connection)?;
        let mut notices = self.seal_keys(account, &request).await?;
        let place = self.place(account, &request).await?;
        let played = self.play(account.id, &mut request, &place).await?;
        let chosen = self.choose(account, &request, place.conversation.as_ref(), &played).await?;
        let (mut asked, skipped) = self.candidates(account, &request, chosen).await?;
        notices.extend(skipped);
        notices.extend(self.look(account.id, &request, &place, &mut asked).await?);
        let fits = self.fitter.fit_all(&prompt(&request, &place), &asked, &request.params).await?;
        let run = self.write(account, &request, (&place, &played), &asked[0].0, begun).await?;
        tracing::info!(run = %run.id, user = %account.id, provider = run.provider, model = run.model, "run begun");
        let timeout = request.timeout_ms.map(Duration::from_millis);
        let candidates =
            asked.into_iter().zip(fits).map(|((chosen, endpoint), fit)| candidate(chosen, endpoint, &request, fit)).collect();
        let time = timeout.map_or(self.routing.time, |timeout| timeout.min(self.routing.time));
        let budget = Budget { attempts: self.routing.attempts, time };
        self.runs.begin(Arc::clone(&run), notices, Task { candidates, budget, timeout });
        Ok(run)
    }

    /// Begins a turn that only shows whether a model answers.
    ///
    /// # Errors
    ///
    /// As [`Self::begin`].
    pub async fn test_model(
        &self,
        account: &Account,
        connection: Connection,
        name: &str,
        test: ModelTestRequest,
    ) -> Result<Arc<LiveRun>, ApiError> {
        let mut request = ChatRequest::new(TEST_QUESTION);
        request.models = vec![name.to_owned()];
        // What is tested is the model: nobody's role has a part in it.
        request.role = Some(String::new());
        (request.save, request.fallback) = (false, false);
        request.params.max_tokens = Some(TEST_TOKENS);
        (request.env_keys, request.keys) = (test.env_keys, test.keys);
        self.begin(account, connection, request).await
    }

    /// Seals the keys that come along, and says so.
    async fn seal_keys(&self, account: &Account, request: &ChatRequest) -> Result<Vec<Notice>, ApiError> {
        let mut notices = Vec::new();
        for (name, key) in &request.keys {
            let provider = self.providers.find(account.id, name).await?;
            // A sealed key wins over the environment's.
            if provider.has_key {
                continue;
            }
            let (operation, made) = self.keys.seal(account.id, name, key).await?;
            let line = audit::key_line(AuditKind::KeySet, account.id, name);
            self.store.commit(Batch::new().then(operation).then(line)).await?;
            notices.extend(made);
            let variable = variables_of(name, key.secret_key.is_some());
            notices.push(notice("env_key_sealed", phrase!("notice-env_key_sealed", provider = name, variable = variable)));
        }
        Ok(notices)
    }

    async fn place(&self, account: &Account, request: &ChatRequest) -> Result<Place, ApiError> {
        let Some(id) = request.conversation_id else {
            return Ok(Place { conversation: None, parent_id: None, branch: Vec::new() });
        };
        let mut conversation = self.conversations.by_id(account.id, id).await?;
        let mut branch = self.conversations.branch(&conversation, request.parent_id.or(conversation.leaf_id)).await?;
        if let Some(question) = branch.last().filter(|last| request.parent_id.is_none() && last.role == Role::User) {
            if self.runs.is_answering(question.id) {
                // Somebody else has asked, and is not answered yet: this question stands beside theirs.
                branch.pop();
            } else {
                // It may have been answered since we looked.
                conversation = self.conversations.by_id(account.id, id).await?;
                branch = self.conversations.branch(&conversation, conversation.leaf_id).await?;
            }
        }
        let parent_id = branch.last().map(|last| last.id);
        Ok(Place { conversation: Some(conversation), parent_id, branch })
    }

    async fn choose(
        &self,
        account: &Account,
        request: &ChatRequest,
        conversation: Option<&ConversationRecord>,
        played: &Played,
    ) -> Result<Chosen, ApiError> {
        let wish = Wish {
            named: request.models.first().map(String::as_str),
            of_conversation: conversation.and_then(|conversation| conversation.model.as_deref()),
            of_role: played.model.as_deref(),
            of_file: request.default_model.as_deref(),
            env_keys: &request.env_keys,
            is_watched: request.watched,
        };
        self.models.choose(account.id, wish).await
    }

    /// Who may answer, and where they are: the one that was chosen, then the user's fallbacks as far as they can be asked.
    async fn candidates(
        &self,
        account: &Account,
        request: &ChatRequest,
        chosen: Chosen,
    ) -> Result<(Vec<(Chosen, Endpoint)>, Vec<Notice>), ApiError> {
        let fallbacks = if request.fallback { self.models.fallbacks(account.id, &chosen).await? } else { Vec::new() };
        let endpoint = self.providers.endpoint(account.id, &chosen.provider).await?;
        let (mut asked, mut notices) = (vec![(chosen, endpoint)], Vec::new());
        for next in fallbacks {
            match self.providers.endpoint(account.id, &next.provider).await {
                Ok(endpoint) => asked.push((next, endpoint)),
                Err(error) => notices.push(skipped(&next, &error)),
            }
        }
        Ok((asked, notices))
    }

    /// Writes the question and the run's beginning as one batch.
    async fn write(
        &self,
        account: &Account,
        request: &ChatRequest,
        (place, played): (&Place, &Played),
        chosen: &Chosen,
        begun: Instant,
    ) -> Result<Arc<LiveRun>, ApiError> {
        let provider = chosen.provider.name.clone();
        let conversation_id = place.conversation.as_ref().map_or_else(ConversationId::generate, |found| found.id);
        let saved_in = request.save.then(|| SavedIn {
            conversation_id,
            user_message_id: MessageId::generate(),
            message_id: MessageId::generate(),
        });
        let run = Arc::new(LiveRun::new(account.id, saved_in, chosen.id.clone(), provider.clone(), begun));
        let Some(saved_in) = saved_in else { return Ok(run) };
        let now = Timestamp::now();
        let model = format!("{provider}/{}", chosen.id);
        let conversation = match &place.conversation {
            Some(_) => Operation::AdvanceConversation {
                id: conversation_id,
                leaf_id: saved_in.user_message_id,
                updated_at: now,
                model: Some(model),
                added: 1,
            },
            None => Operation::PutConversation(ConversationRecord {
                id: conversation_id,
                user_id: account.id,
                version: 1,
                title: title::of(&request.content),
                system: request.system.clone(),
                model: Some(model),
                leaf_id: Some(saved_in.user_message_id),
                messages: 1,
                role: played.name.clone(),
                pinned: false,
                archived: false,
                created_at: now,
                updated_at: now,
            }),
        };
        let question = MessageRecord {
            id: saved_in.user_message_id,
            conversation_id,
            user_id: account.id,
            parent_id: place.parent_id,
            run_id: None,
            role: Role::User,
            content: request.content.clone().into_parts(),
            refusal: None,
            model: None,
            provider: None,
            status: Status::Complete,
            finish_reason: None,
            usage: None,
            cost_usd: None,
            timing: None,
            created_at: now,
        };
        let batch = Batch::new().then(conversation).then(Operation::PutMessage(question)).then(Runs::beginning(&run, saved_in));
        // Whoever goes on from here from now on finds the question under way, or its answer.
        self.runs.announce(saved_in.user_message_id);
        if let Err(error) = self.store.commit(batch).await {
            self.runs.retract(saved_in.user_message_id);
            return Err(error.into());
        }
        Ok(run)
    }
}

fn candidate(chosen: Chosen, endpoint: Endpoint, request: &ChatRequest, fit: Fit) -> Candidate {
    let (tariff, params, max_output) = (chosen.tariff(), chosen.params(&request.params), chosen.max_output());
    let messages = sight::told(&chosen, &fit.messages);
    let wire = chosen.provider.wire;
    let call = ChatCall {
        endpoint,
        model: chosen.id,
        messages,
        params,
        max_output,
        stream: request.stream_upstream,
        watched: request.watched,
    };
    Candidate { wire, call, tariff, notices: fit.notices, refused: fit.refused }
}

fn skipped(next: &Chosen, error: &ApiError) -> Notice {
    notice("fallback_skipped", phrase!("notice-fallback_skipped", model = next.name(), reason = error.code))
}
