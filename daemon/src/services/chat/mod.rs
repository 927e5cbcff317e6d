//! One turn of a chat: checks what is asked, chooses who answers (`asked`), writes the question and the beginnings of its
//! runs as one durable batch, and begins the runs.

mod asked;
mod context;
mod dry_run;
mod entitle;
mod fit;
mod request;
mod resume;
mod role;
mod sight;
mod title;
mod turns;

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use mmp_shared::{
    ApiError, ConversationId, ErrorCode, MessageId, audit::AuditKind, chat::ChatRequest, env_keys::variables_of, events::Notice,
    message::Role, models::ModelTestRequest, phrase,
};
use tokio::time::Instant;

use self::{
    asked::{Asked, Reach},
    fit::{Fit, Fitter},
    resume::Resumed,
    role::Played,
};
use super::{
    audit,
    conversations::Conversations,
    keys::Keys,
    models::{Chosen, Models},
    notice,
    providers::Providers,
    runs::{
        Candidate, Opening, Runs, Task,
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
    /// The answer at the branch's end, where that is gone on with.
    resumed: Option<Resumed>,
}

impl Place {
    /// Whose word is gone on with where nobody names a model.
    fn model(&self) -> Option<&str> {
        let resumed = self.resumed.as_ref().and_then(|resumed| resumed.model.as_deref());
        resumed.or_else(|| self.conversation.as_ref().and_then(|conversation| conversation.model.as_deref()))
    }
}

impl Chat {
    /// The service over others.
    pub fn new(parts: Parts, limits: LimitsConfig, routing: RoutingConfig, shutdown: Shutdown) -> Self {
        let Parts { store, conversations, keys, models, providers, runs } = parts;
        Self { store, conversations, keys, models, providers, runs, limits, routing, shutdown, fitter: Fitter::default() }
    }

    /// Begins a turn, and returns its runs, whose beginnings are on disk: one a model, in the order of the models.
    ///
    /// # Errors
    ///
    /// `unavailable` while the daemon stops; `bad_request`, `too_large` and `unsupported` for a request that makes no
    /// sense; `not_found` for a conversation or a role that is not the caller's; `model_not_found`; `no_key` where the provider
    /// wants one and no other model can answer; and the store's.
    pub async fn begin(
        self: &Arc<Self>,
        account: &Account,
        connection: Connection,
        mut request: ChatRequest,
    ) -> Result<Vec<Arc<LiveRun>>, ApiError> {
        let begun = Instant::now();
        if self.shutdown.has_begun() {
            return Err(ApiError::new(ErrorCode::Unavailable, phrase!("error-stopping")));
        }
        request::check(&request, &self.limits, connection)?;
        let mut notices = self.seal_keys(account, &request).await?;
        let place = self.place(account, &request).await?;
        let played = self.play(account.id, &mut request, &place).await?;
        self.add_settings(account.id, &mut request).await?;
        let asked = self.asked((account, connection), &request, &place, &played).await?;
        let runs = self.write(account, &request, (&place, &played), &asked, begun).await?;
        for (run, Asked { reach, .. }) in runs.iter().zip(asked) {
            tracing::info!(run = %run.id, user = %account.id, provider = run.provider, model = run.model, "run begun");
            // What is said of the turn is said once.
            let mut notices = std::mem::take(&mut notices);
            let task = reach.map(|reach| self.task(reach, &request, &mut notices));
            let part = place.resumed.as_ref().map(|resumed| resumed.part.clone());
            self.runs.begin(Arc::clone(run), Opening { notices, part }, task);
        }
        if let (None, Some(first)) = (&place.conversation, runs.first().filter(|_| request.save)) {
            tokio::spawn(Arc::clone(self).entitle(account.clone(), Arc::clone(first)));
        }
        Ok(runs)
    }

    fn task(&self, reach: Reach, request: &ChatRequest, notices: &mut Vec<Notice>) -> Task {
        notices.extend(reach.notices);
        let timeout = request.timeout_ms.map(Duration::from_millis);
        let fitted = reach.candidates.into_iter().zip(reach.fits);
        let candidates = fitted.map(|((chosen, endpoint), fit)| candidate(chosen, endpoint, request, fit)).collect();
        let time = timeout.map_or(self.routing.time, |timeout| timeout.min(self.routing.time));
        Task { candidates, budget: Budget { attempts: self.routing.attempts, time }, timeout }
    }

    /// Begins a turn that only shows whether a model answers.
    ///
    /// # Errors
    ///
    /// As [`Self::begin`].
    pub async fn test_model(
        self: &Arc<Self>,
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
        let mut runs = self.begin(account, connection, request).await?;
        // One model was named, and a run is made for each.
        runs.pop().ok_or_else(|| ApiError::new(ErrorCode::Internal, phrase!("error-internal")))
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
            return Ok(Place { conversation: None, parent_id: None, branch: Vec::new(), resumed: None });
        };
        let mut conversation = self.conversations.by_id(account.id, id).await?;
        if let Some(cut) = request.resume_id {
            return self.place_of_cut(conversation, cut).await;
        }
        if let Some(beside) = request.beside_id {
            let mut branch = self.conversations.branch(&conversation, Some(beside)).await?;
            branch.pop();
            return Ok(Place {
                parent_id: branch.last().map(|last| last.id),
                conversation: Some(conversation),
                branch,
                resumed: None,
            });
        }
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
        Ok(Place { conversation: Some(conversation), parent_id, branch, resumed: None })
    }

    /// Writes the question and the beginnings of its runs as one batch.
    async fn write(
        &self,
        account: &Account,
        request: &ChatRequest,
        (place, played): (&Place, &Played),
        asked: &[Asked],
        begun: Instant,
    ) -> Result<Vec<Arc<LiveRun>>, ApiError> {
        let conversation_id = place.conversation.as_ref().map_or_else(ConversationId::generate, |found| found.id);
        let resumed_question = place.parent_id.filter(|_| place.resumed.is_some());
        let user_message_id = resumed_question.unwrap_or_else(MessageId::generate);
        let saved_in = |place: usize| SavedIn {
            conversation_id,
            user_message_id,
            message_id: MessageId::generate(),
            // The first that was named is gone on with, until another is picked.
            leads: place == 0,
        };
        let runs: Vec<_> = asked
            .iter()
            .enumerate()
            .map(|(place, Asked { chosen, .. })| {
                let (model, provider) = (chosen.id.clone(), chosen.provider.name.clone());
                Arc::new(LiveRun::new(account.id, request.save.then(|| saved_in(place)), model, provider, begun))
            })
            .collect();
        if !request.save {
            return Ok(runs);
        }
        let now = Timestamp::now();
        let model = asked.first().map(|Asked { chosen, .. }| chosen.name());
        let conversation = match &place.conversation {
            Some(_) => Operation::AdvanceConversation {
                id: conversation_id,
                // A cut answer stays the one that is gone on from, until the whole one is there.
                leaf_id: resumed_question.is_none().then_some(user_message_id),
                updated_at: now,
                model,
                added: u64::from(resumed_question.is_none()),
            },
            None => Operation::PutConversation(ConversationRecord {
                id: conversation_id,
                user_id: account.id,
                version: 1,
                title: title::of(&request.content),
                system: request.system.clone(),
                model,
                leaf_id: Some(user_message_id),
                messages: 1,
                role: played.name.clone(),
                pinned: false,
                archived: false,
                created_at: now,
                updated_at: now,
            }),
        };
        let asked_now = || MessageRecord {
            id: user_message_id,
            parent_id: place.parent_id,
            ..MessageRecord::said(conversation_id, account.id, Role::User, request.content.clone().into_parts(), now)
        };
        let question = resumed_question.is_none().then(asked_now).map(Operation::PutMessage);
        let beginnings = runs.iter().filter_map(|run| Some(Runs::beginning(run, run.saved_in?)));
        let batch = question.into_iter().chain(beginnings).fold(Batch::new().then(conversation), Batch::then);
        // Whoever goes on from here from now on finds the question under way, or its answer.
        self.runs.announce(user_message_id, runs.len());
        if let Err(error) = self.store.commit(batch).await {
            self.runs.retract(user_message_id);
            return Err(error.into());
        }
        Ok(runs)
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
