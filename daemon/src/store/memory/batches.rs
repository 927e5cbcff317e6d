//! Carrying a batch out: preconditions first, then operations in order; where one cannot be done, those before it are
//! undone.

use mmp_shared::{MessageId, RunId};

use super::tables::{Change, Tables, newest};
use crate::store::{
    Batch, Entity, Operation, Precondition, Result, StoreError,
    records::{EventRecord, SealedKeyRecord, TokenRecord, UserRecord},
};

/// Carries a batch out as a whole, or leaves everything as it was.
pub(super) fn commit(tables: &mut Tables, batch: Batch) -> Result<()> {
    if let Some(broken) = batch.preconditions.iter().find(|precondition| !holds(tables, precondition)) {
        return Err(StoreError::Conflict(broken.clone()));
    }
    let (mut undo, mut changed) = (Vec::new(), Vec::new());
    for operation in batch.operations.into_iter().flat_map(one_by_one) {
        changed.extend(message_of(tables, &operation));
        match change(tables, operation) {
            Ok(change) => undo.push(tables.exchange(change)),
            Err(error) => {
                undo.into_iter().rev().for_each(|change| drop(tables.exchange(change)));
                return Err(error);
            }
        }
    }
    changed.into_iter().for_each(|id| tables.note_change(id));
    Ok(())
}

/// The message that an operation changes.
fn message_of(tables: &Tables, operation: &Operation) -> Option<MessageId> {
    match operation {
        Operation::PutMessage(record) => Some(record.id),
        Operation::DeleteMessage(id) => tables.conversation_of.contains_key(id).then_some(*id),
        _ => None,
    }
}

/// An operation as those that each change one record.
fn one_by_one(operation: Operation) -> Vec<Operation> {
    match operation {
        Operation::DeleteRun(id) => vec![Operation::DeleteRunEvents(id), Operation::DeleteRun(id)],
        other => vec![other],
    }
}

fn holds(tables: &Tables, precondition: &Precondition) -> bool {
    match precondition {
        Precondition::Absent(entity) => !is_present(tables, entity),
        Precondition::Present(entity) => is_present(tables, entity),
        Precondition::Version(entity, expected) => version(tables, entity) == Some(*expected),
    }
}

fn is_present(tables: &Tables, entity: &Entity) -> bool {
    match entity {
        Entity::Message(id) => tables.conversation_of.contains_key(id),
        Entity::SealedKey(user_id, provider) => tables.sealed_keys.contains_key(&(*user_id, provider.clone())),
        Entity::Vault => tables.vault.is_some(),
        Entity::Token(id) => tables.tokens.contains_key(id),
        Entity::Invite(id) => tables.invites.contains_key(id),
        versioned => version(tables, versioned).is_some(),
    }
}

/// The version of a record; none where it is absent or has none.
fn version(tables: &Tables, entity: &Entity) -> Option<u64> {
    match entity {
        Entity::User(id) => tables.users.get(id).map(|user| user.version),
        Entity::Username(name) => tables.user_by_name(name).map(|user| user.version),
        Entity::OsUser(os_user) => tables.user_by_os_user(*os_user).map(|user| user.version),
        Entity::Conversation(id) => tables.conversations.get(id).map(|conversation| conversation.version),
        Entity::Run(id) => tables.runs.get(id).map(|run| run.version),
        Entity::ProviderConfig(user_id, name) => {
            tables.provider_configs.get(&(*user_id, name.clone())).map(|config| config.version)
        }
        Entity::ModelConfig(owner, provider, model) => {
            tables.model_configs.get(&(*owner, provider.clone(), model.clone())).map(|config| config.version)
        }
        Entity::Role(user_id, name) => tables.roles.get(&(*user_id, name.clone())).map(|role| role.version),
        Entity::Settings(user_id) => tables.settings.get(user_id).map(|settings| settings.version),
        Entity::Skeleton(skeleton) => tables.user_by_skeleton(skeleton).map(|user| user.version),
        Entity::Password(id) => tables.passwords.get(id).map(|password| password.version),
        Entity::Login(id) => tables.logins.get(id).map(|login| login.version),
        Entity::Message(_) | Entity::SealedKey(..) | Entity::Vault | Entity::Token(_) | Entity::Invite(_) => None,
    }
}

fn change(tables: &Tables, operation: Operation) -> Result<Change> {
    Ok(match operation {
        Operation::PutUser(record) => {
            check_unique(tables, &record)?;
            Change::User(record.id, Some(record))
        }
        Operation::PutConversation(record) => Change::Conversation(record.id, Some(record)),
        Operation::AdvanceConversation { id, leaf_id, updated_at, model, added } => {
            let Some(mut record) = tables.conversations.get(&id).cloned() else {
                return Err(StoreError::Conflict(Precondition::Present(Entity::Conversation(id))));
            };
            record.version += 1;
            record.messages += added;
            (record.leaf_id, record.updated_at) = (leaf_id.or(record.leaf_id), updated_at);
            record.model = model.or(record.model);
            Change::Conversation(id, Some(record))
        }
        Operation::PutMessage(record) => Change::Message(record.id, Some(record)),
        Operation::PutRun(record) => Change::Run(record.id, Some(record)),
        Operation::AppendRunEvents { run_id, events } => {
            check_order(tables, run_id, &events)?;
            Change::PushEvents(run_id, events)
        }
        Operation::DeleteRunEvents(run_id) => Change::Events(run_id, None),
        Operation::PutProviderConfig(record) => Change::ProviderConfig((record.user_id, record.name.clone()), Some(record)),
        Operation::DeleteProviderConfig(user_id, name) => Change::ProviderConfig((user_id, name), None),
        Operation::PutSealedKey(record) => Change::SealedKey((record.user_id, record.provider.clone()), Some(record)),
        Operation::DeleteSealedKey(user_id, provider) => Change::SealedKey((user_id, provider), None),
        Operation::PutSealedToken { user_id, provider, key_nonce, token } => {
            let key = (user_id, provider);
            let Some(record) = tables.sealed_keys.get(&key).filter(|record| record.nonce == key_nonce).cloned() else {
                return Err(StoreError::Conflict(Precondition::Present(Entity::SealedKey(key.0, key.1))));
            };
            Change::SealedKey(key, Some(SealedKeyRecord { token: Some(token), ..record }))
        }
        Operation::PutModelConfig(record) => {
            Change::ModelConfig((record.owner, record.provider.clone(), record.model.clone()), Some(record))
        }
        Operation::DeleteModelConfig(owner, provider, model) => Change::ModelConfig((owner, provider, model), None),
        Operation::PutModelList(record) => Change::ModelList((record.user_id, record.provider.clone()), Some(record)),
        Operation::DeleteModelList(user_id, provider) => Change::ModelList((user_id, provider), None),
        Operation::PutSettings(record) => Change::Settings(record.user_id, Some(record)),
        Operation::PutRole(record) => Change::Role((record.user_id, record.name.clone()), Some(record)),
        Operation::DeleteRole(user_id, name) => Change::Role((user_id, name), None),
        Operation::PutUsage(record) => Change::Usage((record.user_id, newest(record.at, record.run_id)), Some(record)),
        Operation::PutVault(record) => Change::Vault(Some(record)),
        Operation::DeleteUser(id) => Change::User(id, None),
        Operation::PutPassword(record) => Change::Password(record.user_id, Some(record)),
        Operation::DeletePassword(user_id) => Change::Password(user_id, None),
        Operation::PutLogin(record) => Change::Login(record.id, Some(record)),
        Operation::DeleteLogin(id) => Change::Login(id, None),
        Operation::PutLoginAttempt(record) => Change::Attempt((record.subject, newest(record.at, record.id)), Some(record)),
        Operation::DeleteLoginAttempt(subject, at, id) => Change::Attempt((subject, newest(at, id)), None),
        Operation::PutToken(record) => Change::Token(record.id, Some(record)),
        Operation::TouchToken(id, at) => match tables.tokens.get(&id).cloned() {
            Some(record) => Change::Token(id, Some(TokenRecord { last_used_at: Some(at), ..record })),
            None => Change::Nothing,
        },
        Operation::DeleteToken(id) => Change::Token(id, None),
        Operation::PutInvite(record) => Change::Invite(record.id, Some(record)),
        Operation::DeleteInvite(id) => Change::Invite(id, None),
        Operation::AppendAudit(record) => Change::Audit(newest(record.at, record.id), Some(record)),
        Operation::DeleteConversation(id) => Change::Conversation(id, None),
        Operation::DeleteMessage(id) => Change::Message(id, None),
        Operation::DeleteSettings(user_id) => Change::Settings(user_id, None),
        Operation::DeleteUsage(user_id, at, run_id) => Change::Usage((user_id, newest(at, run_id)), None),
        Operation::DeleteRun(id) => Change::Run(id, None),
    })
}

fn check_unique(tables: &Tables, record: &UserRecord) -> Result<()> {
    let is_of_another = |holder: Option<&UserRecord>| holder.is_some_and(|holder| holder.id != record.id);
    let taken = if is_of_another(tables.user_by_name(&record.username)) {
        Entity::Username(record.username.clone())
    } else {
        match record.os_user {
            Some(os_user) if is_of_another(tables.user_by_os_user(os_user)) => Entity::OsUser(os_user),
            _ if is_of_another(tables.user_by_skeleton(&record.skeleton)) => Entity::Skeleton(record.skeleton.clone()),
            _ => return Ok(()),
        }
    };
    Err(StoreError::Conflict(Precondition::Absent(taken)))
}

fn check_order(tables: &Tables, run_id: RunId, events: &[EventRecord]) -> Result<()> {
    let last = tables.events.get(&run_id).and_then(|records| records.last()?.last()).map_or(0, |event| event.id);
    let ids: Vec<_> = std::iter::once(last).chain(events.iter().map(|event| event.id)).collect();
    if events.is_empty() || ids.windows(2).any(|pair| pair[0] >= pair[1]) {
        return Err(StoreError::Failed(format!("the events of run `{run_id}` do not follow those that are there")));
    }
    Ok(())
}

impl Tables {
    /// The account with this name, whatever its case. There are few accounts where this engine is used.
    pub(super) fn user_by_name(&self, username: &str) -> Option<&UserRecord> {
        let username = username.to_lowercase();
        self.users.values().find(|user| user.username.to_lowercase() == username)
    }

    /// The account of this OS user.
    pub(super) fn user_by_os_user(&self, os_user: u32) -> Option<&UserRecord> {
        self.users.values().find(|user| user.os_user == Some(os_user))
    }

    /// The account whose name looks like this; the oldest accounts' names have no look yet.
    pub(super) fn user_by_skeleton(&self, skeleton: &str) -> Option<&UserRecord> {
        self.users.values().find(|user| !skeleton.is_empty() && user.skeleton == skeleton)
    }
}
