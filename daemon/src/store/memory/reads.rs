//! The answers: each a look-up, or a range from where a list begins. Pages are made in `pages`.

use async_trait::async_trait;
use jiff::Timestamp;
use mmp_shared::{ConversationId, MessageId, RunId, UserId};

use super::{
    MemoryStore,
    accounts::behind,
    filtered,
    pages::{self, List},
};
use crate::store::{
    ConversationFilter, Conversations, CopySink, Messages, Models, PageRequest, Providers, RecordPage, Result, Roles, Runs,
    StoreAbout, StoreError, Upkeep, UsageLedger, UserSettings, Users,
    records::{
        ConversationRecord, EventRecord, MessageRecord, ModelConfigRecord, ModelListRecord, PasswordRecord, ProviderConfigRecord,
        RoleRecord, RunRecord, SealedKeyRecord, SettingsRecord, UsageRecord, UserRecord, VaultRecord,
    },
};

const LEAST_CONVERSATION: ConversationId = ConversationId::from_bytes([0; 16]);
const LEAST_MESSAGE: MessageId = MessageId::from_bytes([0; 16]);
const LEAST_RUN: RunId = RunId::from_bytes([0; 16]);

#[async_trait]
impl Users for MemoryStore {
    async fn user(&self, id: UserId) -> Result<Option<UserRecord>> {
        self.read(|tables| tables.users.get(&id).cloned())
    }

    async fn user_by_name(&self, username: &str) -> Result<Option<UserRecord>> {
        self.read(|tables| tables.user_by_name(username).cloned())
    }

    async fn user_by_os_user(&self, os_user: u32) -> Result<Option<UserRecord>> {
        self.read(|tables| tables.user_by_os_user(os_user).cloned())
    }

    async fn users_after(&self, after: Option<UserId>, limit: usize) -> Result<Vec<UserRecord>> {
        self.read(|tables| tables.users.range(behind(after)).map(|(_, user)| user.clone()).take(limit).collect())
    }

    async fn password(&self, user_id: UserId) -> Result<Option<PasswordRecord>> {
        self.read(|tables| tables.passwords.get(&user_id).cloned())
    }
}

#[async_trait]
impl Conversations for MemoryStore {
    async fn conversation(&self, user_id: UserId, id: ConversationId) -> Result<Option<ConversationRecord>> {
        self.read(|tables| tables.conversations.get(&id).filter(|record| record.user_id == user_id).cloned())
    }

    async fn conversations(&self, user_id: UserId, page: PageRequest) -> Result<RecordPage<ConversationRecord>> {
        self.read(|tables| {
            pages::page(&tables.conversations_by_time, List::Conversations, user_id, &page, |(_, id)| {
                tables.conversations[&id.0].clone()
            })
        })?
    }

    async fn conversations_where(
        &self,
        user_id: UserId,
        filter: ConversationFilter,
        page: PageRequest,
    ) -> Result<RecordPage<ConversationRecord>> {
        self.read(|tables| filtered::conversations(tables, user_id, &filter, &page))?
    }

    async fn conversations_by_suffix(&self, user_id: UserId, suffix: &str, limit: usize) -> Result<Vec<ConversationRecord>> {
        let reversed: String = suffix.chars().rev().collect();
        self.read(|tables| {
            let range = tables.conversations_by_suffix.range((user_id, reversed.clone(), LEAST_CONVERSATION)..);
            let found = range.take_while(|(owner, digits, _)| *owner == user_id && digits.starts_with(&reversed));
            found.take(limit).map(|(.., id)| tables.conversations[id].clone()).collect()
        })
    }

    async fn conversations_by_title(&self, user_id: UserId, title: &str, limit: usize) -> Result<Vec<ConversationRecord>> {
        let wanted = title.to_lowercase();
        self.read(|tables| {
            let greatest = std::cmp::Reverse(ConversationId::from_bytes([u8::MAX; 16]));
            let range = tables.conversations_by_title.range((user_id, wanted.clone(), greatest)..);
            let found = range.take_while(|(owner, title, _)| *owner == user_id && *title == wanted);
            found.take(limit).map(|(.., id)| tables.conversations[&id.0].clone()).collect()
        })
    }
}

#[async_trait]
impl Messages for MemoryStore {
    async fn message(&self, user_id: UserId, id: MessageId) -> Result<Option<MessageRecord>> {
        self.read(|tables| {
            let conversation_id = tables.conversation_of.get(&id)?;
            tables.messages.get(&(*conversation_id, id)).filter(|record| record.user_id == user_id).cloned()
        })
    }

    async fn messages(&self, user_id: UserId, conversation_id: ConversationId) -> Result<Vec<MessageRecord>> {
        self.read(|tables| {
            let range = tables.messages.range((conversation_id, LEAST_MESSAGE)..);
            let found = range.take_while(|((conversation, _), _)| *conversation == conversation_id);
            found.filter(|(_, record)| record.user_id == user_id).map(|(_, record)| record.clone()).collect()
        })
    }

    async fn message_ids(&self, conversation_id: ConversationId, limit: usize) -> Result<Vec<MessageId>> {
        self.read(|tables| {
            let range = tables.messages.range((conversation_id, LEAST_MESSAGE)..);
            let found = range.take_while(|((conversation, _), _)| *conversation == conversation_id);
            found.map(|((_, id), _)| *id).take(limit).collect()
        })
    }
}

#[async_trait]
impl Runs for MemoryStore {
    async fn run(&self, user_id: UserId, id: RunId) -> Result<Option<RunRecord>> {
        self.read(|tables| tables.runs.get(&id).filter(|record| record.user_id == user_id).cloned())
    }

    async fn runs(&self, user_id: UserId, page: PageRequest) -> Result<RecordPage<RunRecord>> {
        self.read(|tables| pages::page(&tables.runs_by_time, List::Runs, user_id, &page, |(_, id)| tables.runs[&id.0].clone()))?
    }

    async fn runs_by_suffix(&self, user_id: UserId, suffix: &str, limit: usize) -> Result<Vec<RunRecord>> {
        let reversed: String = suffix.chars().rev().collect();
        self.read(|tables| {
            let range = tables.runs_by_suffix.range((user_id, reversed.clone(), LEAST_RUN)..);
            let found = range.take_while(|(owner, digits, _)| *owner == user_id && digits.starts_with(&reversed));
            found.take(limit).map(|(.., id)| tables.runs[id].clone()).collect()
        })
    }

    async fn unfinished_runs(&self) -> Result<Vec<RunRecord>> {
        self.read(|tables| tables.unfinished_runs.iter().map(|id| tables.runs[id].clone()).collect())
    }

    async fn runs_to_forget(&self, before: Timestamp, limit: usize) -> Result<Vec<RunId>> {
        self.read(|tables| {
            let ended = tables.finished_runs.range(..(before, LEAST_RUN)).map(|(_, id)| *id);
            ended.filter(|id| tables.events.contains_key(id)).take(limit).collect()
        })
    }

    async fn run_events(&self, id: RunId, after: u64, limit: usize) -> Result<Vec<EventRecord>> {
        self.read(|tables| {
            let mut events = Vec::new();
            let records = tables.events.get(&id).map(Vec::as_slice).unwrap_or_default();
            let first = records.partition_point(|record| record.last().is_some_and(|event| event.id <= after));
            for record in &records[first..] {
                events.extend(record.iter().filter(|event| event.id > after).cloned());
                if events.len() >= limit {
                    break;
                }
            }
            events
        })
    }
}

#[async_trait]
impl Providers for MemoryStore {
    async fn provider_config(&self, user_id: UserId, name: &str) -> Result<Option<ProviderConfigRecord>> {
        self.read(|tables| tables.provider_configs.get(&(user_id, name.to_owned())).cloned())
    }

    async fn provider_configs(&self, user_id: UserId) -> Result<Vec<ProviderConfigRecord>> {
        self.read(|tables| {
            let range = tables.provider_configs.range((user_id, String::new())..);
            range.take_while(|((owner, _), _)| *owner == user_id).map(|(_, record)| record.clone()).collect()
        })
    }

    async fn sealed_key(&self, user_id: UserId, provider: &str) -> Result<Option<SealedKeyRecord>> {
        self.read(|tables| tables.sealed_keys.get(&(user_id, provider.to_owned())).cloned())
    }

    async fn sealed_key_names(&self, user_id: UserId) -> Result<Vec<String>> {
        self.read(|tables| {
            let range = tables.sealed_keys.range((user_id, String::new())..);
            range.take_while(|((owner, _), _)| *owner == user_id).map(|((_, name), _)| name.clone()).collect()
        })
    }

    async fn has_sealed_keys(&self) -> Result<bool> {
        self.read(|tables| !tables.sealed_keys.is_empty())
    }

    async fn vault(&self) -> Result<Option<VaultRecord>> {
        self.read(|tables| tables.vault.clone())
    }
}

#[async_trait]
impl Models for MemoryStore {
    async fn model_config(&self, owner: Option<UserId>, provider: &str, model: &str) -> Result<Option<ModelConfigRecord>> {
        self.read(|tables| tables.model_configs.get(&(owner, provider.to_owned(), model.to_owned())).cloned())
    }

    async fn model_configs(&self, owner: Option<UserId>) -> Result<Vec<ModelConfigRecord>> {
        self.read(|tables| {
            let range = tables.model_configs.range((owner, String::new(), String::new())..);
            range.take_while(|((whose, ..), _)| *whose == owner).map(|(_, record)| record.clone()).collect()
        })
    }

    async fn model_lists(&self, user_id: UserId) -> Result<Vec<ModelListRecord>> {
        self.read(|tables| {
            let range = tables.model_lists.range((user_id, String::new())..);
            range.take_while(|((owner, _), _)| *owner == user_id).map(|(_, record)| record.clone()).collect()
        })
    }
}

#[async_trait]
impl UserSettings for MemoryStore {
    async fn settings(&self, user_id: UserId) -> Result<Option<SettingsRecord>> {
        self.read(|tables| tables.settings.get(&user_id).cloned())
    }
}

#[async_trait]
impl Roles for MemoryStore {
    async fn role(&self, user_id: UserId, name: &str) -> Result<Option<RoleRecord>> {
        self.read(|tables| tables.roles.get(&(user_id, name.to_owned())).cloned())
    }

    async fn roles(&self, user_id: UserId) -> Result<Vec<RoleRecord>> {
        self.read(|tables| {
            let range = tables.roles.range((user_id, String::new())..);
            range.take_while(|((owner, _), _)| *owner == user_id).map(|(_, record)| record.clone()).collect()
        })
    }
}

#[async_trait]
impl UsageLedger for MemoryStore {
    async fn usage(&self, user_id: UserId, page: PageRequest) -> Result<RecordPage<UsageRecord>> {
        self.read(|tables| {
            pages::page(&tables.usage_by_time, List::Usage, user_id, &page, |place| tables.usage[&(user_id, place)].clone())
        })?
    }
}

#[async_trait]
impl Upkeep for MemoryStore {
    async fn about(&self) -> Result<StoreAbout> {
        self.read(|_| StoreAbout { engine: "memory", folder: None, bytes: None, free_bytes: None, survives_power_loss: false })
    }

    fn shape(&self) -> u32 {
        0
    }

    async fn copy(&self, _: CopySink) -> Result<()> {
        Err(StoreError::Failed("what is in memory alone has no copy".into()))
    }
}
