//! The records, their indexes, and the one way to change a record: [`Tables::exchange`], which returns the change that
//! undoes it. What a change is for is left to `batches`.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use jiff::Timestamp;
use mmp_shared::{AttemptId, AuditId, ConversationId, InviteId, LoginId, MessageId, RunId, TokenId, UserId};

use crate::store::records::{
    AuditRecord, ConversationRecord, EventRecord, InviteRecord, LoginAttemptRecord, LoginRecord, MessageRecord,
    ModelConfigRecord, ModelListRecord, PasswordRecord, ProviderConfigRecord, RoleRecord, RunRecord, SealedKeyRecord,
    SettingsRecord, TokenRecord, UsageRecord, UserRecord, VaultRecord,
};

/// Whose word on a model, its provider, its name there.
pub(super) type ModelKey = (Option<UserId>, String, String);

/// A place in a list that runs from the newest to the oldest.
pub(super) type Newest<Id> = (Reverse<Timestamp>, Reverse<Id>);

/// Everything that is kept.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) users: BTreeMap<UserId, UserRecord>,
    pub(super) conversations: BTreeMap<ConversationId, ConversationRecord>,
    pub(super) conversations_by_time: BTreeSet<(UserId, Newest<ConversationId>)>,
    pub(super) conversations_by_suffix: BTreeSet<(UserId, String, ConversationId)>,
    pub(super) conversations_by_title: BTreeSet<(UserId, String, Reverse<ConversationId>)>,
    pub(super) messages: BTreeMap<(ConversationId, MessageId), MessageRecord>,
    pub(super) conversation_of: BTreeMap<MessageId, ConversationId>,
    /// The messages in the order of their last changes, and the position of the last one of all.
    pub(super) message_changes: BTreeMap<u64, MessageId>,
    pub(super) message_changed: BTreeMap<MessageId, u64>,
    pub(super) last_change: u64,
    pub(super) runs: BTreeMap<RunId, RunRecord>,
    pub(super) runs_by_time: BTreeSet<(UserId, Newest<RunId>)>,
    pub(super) runs_by_suffix: BTreeSet<(UserId, String, RunId)>,
    pub(super) unfinished_runs: BTreeSet<RunId>,
    pub(super) finished_runs: BTreeSet<(Timestamp, RunId)>,
    pub(super) events: BTreeMap<RunId, Vec<Vec<EventRecord>>>,
    pub(super) provider_configs: BTreeMap<(UserId, String), ProviderConfigRecord>,
    pub(super) sealed_keys: BTreeMap<(UserId, String), SealedKeyRecord>,
    pub(super) vault: Option<VaultRecord>,
    pub(super) model_configs: BTreeMap<ModelKey, ModelConfigRecord>,
    pub(super) model_lists: BTreeMap<(UserId, String), ModelListRecord>,
    pub(super) settings: BTreeMap<UserId, SettingsRecord>,
    pub(super) roles: BTreeMap<(UserId, String), RoleRecord>,
    pub(super) usage: BTreeMap<(UserId, Newest<RunId>), UsageRecord>,
    pub(super) usage_by_time: BTreeSet<(UserId, Newest<RunId>)>,
    pub(super) passwords: BTreeMap<UserId, PasswordRecord>,
    pub(super) logins: BTreeMap<LoginId, LoginRecord>,
    pub(super) attempts: BTreeMap<AttemptPlace, LoginAttemptRecord>,
    pub(super) attempts_by_subject: BTreeSet<AttemptPlace>,
    pub(super) tokens: BTreeMap<TokenId, TokenRecord>,
    pub(super) invites: BTreeMap<InviteId, InviteRecord>,
    pub(super) invites_by_time: BTreeSet<((), Newest<InviteId>)>,
    pub(super) audit: BTreeMap<Newest<AuditId>, AuditRecord>,
}

/// An attempt's subject, and its place among that subject's attempts.
pub(super) type AttemptPlace = ([u8; 16], Newest<AttemptId>);

/// What a record is to become; none makes it absent.
#[derive(Debug)]
pub(super) enum Change {
    User(UserId, Option<UserRecord>),
    Conversation(ConversationId, Option<ConversationRecord>),
    Message(MessageId, Option<MessageRecord>),
    Run(RunId, Option<RunRecord>),
    /// One more record at the end of a run's log.
    PushEvents(RunId, Vec<EventRecord>),
    /// One record less at the end of a run's log.
    PopEvents(RunId),
    Events(RunId, Option<Vec<Vec<EventRecord>>>),
    ProviderConfig((UserId, String), Option<ProviderConfigRecord>),
    SealedKey((UserId, String), Option<SealedKeyRecord>),
    Vault(Option<VaultRecord>),
    ModelConfig(ModelKey, Option<ModelConfigRecord>),
    ModelList((UserId, String), Option<ModelListRecord>),
    Settings(UserId, Option<SettingsRecord>),
    Role((UserId, String), Option<RoleRecord>),
    Usage((UserId, Newest<RunId>), Option<UsageRecord>),
    Password(UserId, Option<PasswordRecord>),
    Login(LoginId, Option<LoginRecord>),
    Attempt(AttemptPlace, Option<LoginAttemptRecord>),
    Token(TokenId, Option<TokenRecord>),
    Invite(InviteId, Option<InviteRecord>),
    Audit(Newest<AuditId>, Option<AuditRecord>),
    /// Nothing, for what was to change is not there.
    Nothing,
}

impl Tables {
    /// Makes a change and returns the one that undoes it.
    pub(super) fn exchange(&mut self, change: Change) -> Change {
        match change {
            Change::User(id, record) => Change::User(id, set(&mut self.users, id, record)),
            Change::Conversation(id, record) => Change::Conversation(id, self.set_conversation(id, record)),
            Change::Message(id, record) => Change::Message(id, self.set_message(id, record)),
            Change::Run(id, record) => Change::Run(id, self.set_run(id, record)),
            Change::PushEvents(id, events) => {
                self.events.entry(id).or_default().push(events);
                Change::PopEvents(id)
            }
            Change::PopEvents(id) => self.pop_events(id),
            Change::Events(id, records) => Change::Events(id, set(&mut self.events, id, records)),
            Change::ProviderConfig(key, record) => {
                let old = set(&mut self.provider_configs, key.clone(), record);
                Change::ProviderConfig(key, old)
            }
            Change::SealedKey(key, record) => {
                let old = set(&mut self.sealed_keys, key.clone(), record);
                Change::SealedKey(key, old)
            }
            Change::Vault(record) => Change::Vault(std::mem::replace(&mut self.vault, record)),
            Change::ModelConfig(key, record) => {
                let old = set(&mut self.model_configs, key.clone(), record);
                Change::ModelConfig(key, old)
            }
            Change::ModelList(key, record) => {
                let old = set(&mut self.model_lists, key.clone(), record);
                Change::ModelList(key, old)
            }
            Change::Settings(id, record) => Change::Settings(id, set(&mut self.settings, id, record)),
            Change::Role(key, record) => {
                let old = set(&mut self.roles, key.clone(), record);
                Change::Role(key, old)
            }
            Change::Usage(key, record) => {
                mark(&mut self.usage_by_time, key, record.is_some());
                Change::Usage(key, set(&mut self.usage, key, record))
            }
            Change::Password(id, record) => Change::Password(id, set(&mut self.passwords, id, record)),
            Change::Login(id, record) => Change::Login(id, set(&mut self.logins, id, record)),
            Change::Attempt(place, record) => {
                mark(&mut self.attempts_by_subject, place, record.is_some());
                Change::Attempt(place, set(&mut self.attempts, place, record))
            }
            Change::Token(id, record) => Change::Token(id, set(&mut self.tokens, id, record)),
            Change::Invite(id, record) => Change::Invite(id, self.set_invite(id, record)),
            Change::Audit(place, record) => Change::Audit(place, set(&mut self.audit, place, record)),
            Change::Nothing => Change::Nothing,
        }
    }

    /// Notes that something was done to a message.
    pub(super) fn note_change(&mut self, id: MessageId) {
        self.last_change += 1;
        self.message_changes.insert(self.last_change, id);
        if let Some(before) = self.message_changed.insert(id, self.last_change) {
            self.message_changes.remove(&before);
        }
    }

    fn set_invite(&mut self, id: InviteId, record: Option<InviteRecord>) -> Option<InviteRecord> {
        let new = record.as_ref().map(|record| record.created_at);
        let old = set(&mut self.invites, id, record);
        old.iter().for_each(|old| mark(&mut self.invites_by_time, ((), newest(old.created_at, id)), false));
        new.into_iter().for_each(|created_at| mark(&mut self.invites_by_time, ((), newest(created_at, id)), true));
        old
    }

    fn set_conversation(&mut self, id: ConversationId, record: Option<ConversationRecord>) -> Option<ConversationRecord> {
        let digits = reversed_digits(id.as_bytes());
        let old = self.conversations.remove(&id);
        if let Some(old) = &old {
            self.conversations_by_time.remove(&(old.user_id, newest(old.updated_at, id)));
            self.conversations_by_suffix.remove(&(old.user_id, digits.clone(), id));
            self.conversations_by_title.remove(&(old.user_id, old.title.to_lowercase(), Reverse(id)));
        }
        if let Some(new) = record {
            self.conversations_by_time.insert((new.user_id, newest(new.updated_at, id)));
            self.conversations_by_suffix.insert((new.user_id, digits, id));
            self.conversations_by_title.insert((new.user_id, new.title.to_lowercase(), Reverse(id)));
            self.conversations.insert(id, new);
        }
        old
    }

    fn set_message(&mut self, id: MessageId, record: Option<MessageRecord>) -> Option<MessageRecord> {
        let old = self.conversation_of.remove(&id).and_then(|conversation_id| self.messages.remove(&(conversation_id, id)));
        if let Some(new) = record {
            self.conversation_of.insert(id, new.conversation_id);
            self.messages.insert((new.conversation_id, id), new);
        }
        old
    }

    fn set_run(&mut self, id: RunId, record: Option<RunRecord>) -> Option<RunRecord> {
        let digits = reversed_digits(id.as_bytes());
        let old = self.runs.remove(&id);
        if let Some(old) = &old {
            self.runs_by_time.remove(&(old.user_id, newest(old.created_at, id)));
            self.runs_by_suffix.remove(&(old.user_id, digits.clone(), id));
            self.unfinished_runs.remove(&id);
            old.finished_at.map(|finished_at| self.finished_runs.remove(&(finished_at, id)));
        }
        if let Some(new) = record {
            self.runs_by_time.insert((new.user_id, newest(new.created_at, id)));
            self.runs_by_suffix.insert((new.user_id, digits, id));
            match new.finished_at {
                Some(finished_at) => self.finished_runs.insert((finished_at, id)),
                None => self.unfinished_runs.insert(id),
            };
            self.runs.insert(id, new);
        }
        old
    }

    fn pop_events(&mut self, id: RunId) -> Change {
        let last = self.events.get_mut(&id).and_then(Vec::pop).unwrap_or_default();
        if self.events.get(&id).is_some_and(Vec::is_empty) {
            self.events.remove(&id);
        }
        Change::PushEvents(id, last)
    }
}

/// Where something of this time and id stands in a list from the newest to the oldest.
pub(super) const fn newest<Id>(time: Timestamp, id: Id) -> Newest<Id> {
    (Reverse(time), Reverse(id))
}

/// An id's hex digits from the last one on.
fn reversed_digits(id: &[u8; 16]) -> String {
    id.iter().rev().map(|byte| format!("{:x}{:x}", byte & 15, byte >> 4)).collect()
}

fn set<K: Ord, V>(table: &mut BTreeMap<K, V>, key: K, record: Option<V>) -> Option<V> {
    match record {
        Some(record) => table.insert(key, record),
        None => table.remove(&key),
    }
}

fn mark<K: Ord>(index: &mut BTreeSet<K>, key: K, is_there: bool) {
    if is_there {
        index.insert(key)
    } else {
        index.remove(&key)
    };
}
