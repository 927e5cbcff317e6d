//! A title by a model, for users who named one for that: asked in the background, once the first answer is there. A title
//! that its user gave is never changed, and what goes wrong leaves the first words.

use std::{sync::Arc, time::Duration};

use mmp_shared::{
    ApiError, ConversationId,
    chat::{ChatRequest, Think},
    message::{Status, text_of},
    settings::Settings,
};
use tokio::time::Instant;

use super::{Chat, Connection, Place, role::Played, title};
use crate::services::{runs::live::LiveRun, users::Account};

/// How much of the question and of the answer the model is shown, in characters.
const SHOWN: usize = 2_000;

/// How long a title may take, and how long it may be with the thinking that some models cannot leave out, in tokens.
const TIMEOUT: Duration = Duration::from_secs(60);
const TOKENS: u64 = 1_024;

/// What is asked.
const ASK: &str = "Give this conversation a title of two to six words, in the language of its question. \
    Answer with the title alone: no quotation marks, no full stop, no explanation.";

impl Chat {
    /// Waits for the first answer of a conversation, and gives the conversation a title if its user wants that.
    pub(super) async fn entitle(self: Arc<Self>, account: Account, run: Arc<LiveRun>) {
        let Some(saved) = run.saved_in else { return };
        run.ended().await;
        if let Err(error) = self.try_entitle(&account, saved.conversation_id, &run).await {
            tracing::warn!(conversation = %saved.conversation_id, %error, "the title's model gave none");
        }
    }

    async fn try_entitle(&self, account: &Account, id: ConversationId, run: &LiveRun) -> Result<(), ApiError> {
        let Some(model) = self.models.setting(account.id, Settings::TITLE_MODEL).await? else { return Ok(()) };
        let Some(saved) = run.saved_in else { return Ok(()) };
        let answer = self.store.message(account.id, saved.message_id).await?;
        let question = self.store.message(account.id, saved.user_message_id).await?;
        // Either may have been deleted meanwhile; what was not answered is asked again, and has its title then.
        let (Some(question), Some(answer)) = (question, answer.filter(|answer| answer.status == Status::Complete)) else {
            return Ok(());
        };
        let said =
            format!("{ASK}\n\nQuestion:\n{}\n\nAnswer:\n{}", cut(&text_of(&question.content)), cut(&text_of(&answer.content)));
        let mut request = ChatRequest::new(said);
        request.models = vec![model];
        (request.save, request.fallback, request.timeout_ms) =
            (false, false, Some(TIMEOUT.as_millis().try_into().unwrap_or(u64::MAX)));
        (request.params.max_tokens, request.params.think) = (Some(TOKENS), Some(Think::Off));
        let Some(text) = self.ask_aside(account, &request).await? else { return Ok(()) };
        let Some(new) = title::clean(&text) else { return Ok(()) };
        let first = title::of(&mmp_shared::message::Content::Parts(question.content));
        self.conversations.entitle(account.id, id, &first, new).await
    }

    /// Asks something that belongs to no conversation and no list of runs: what it costs is in the ledger.
    async fn ask_aside(&self, account: &Account, request: &ChatRequest) -> Result<Option<String>, ApiError> {
        let place = Place { conversation: None, parent_id: None, branch: Vec::new(), resumed: None };
        let mut asked = self.asked((account, Connection::Other), request, &place, &Played::default()).await?;
        let Some(asked) = asked.pop() else { return Ok(None) };
        let task = self.task(asked.reach?, request, &mut Vec::new());
        let run = LiveRun::new(account.id, None, asked.chosen.id.clone(), asked.chosen.provider.name, Instant::now());
        self.runs.ask_aside(run, task).await
    }
}

fn cut(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}
