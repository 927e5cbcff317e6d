//! Carrying a batch out: its preconditions, then its operations in order, each by the module of its noun.
//!
//! Nothing is written here: all goes to the changes that wait.

use super::{
    audit, conversations, invites, login_attempts, logins, messages, models, pending::Pending, providers, roles, runs, settings,
    source::Source, tokens, usage, users,
};
use crate::store::{Batch, Entity, Operation, Precondition, Result, StoreError};

/// Stages a batch on top of what waits.
pub(super) fn apply(pending: &mut Pending<'_>, batch: &Batch) -> Result<()> {
    for precondition in &batch.preconditions {
        if !holds(pending, precondition)? {
            return Err(StoreError::Conflict(precondition.clone()));
        }
    }
    batch.operations.iter().try_for_each(|operation| carry_out(pending, operation))
}

fn holds(source: &impl Source, precondition: &Precondition) -> Result<bool> {
    match precondition {
        Precondition::Absent(entity) => Ok(matches!(state(source, entity)?, State::Absent)),
        Precondition::Present(entity) => Ok(!matches!(state(source, entity)?, State::Absent)),
        Precondition::Version(entity, version) => Ok(state(source, entity)? == State::Present(Some(*version))),
    }
}

/// Whether a record is there, and its version if it has one.
#[derive(PartialEq, Eq)]
enum State {
    Absent,
    Present(Option<u64>),
}

fn state(source: &impl Source, entity: &Entity) -> Result<State> {
    fn of<T>(record: Option<T>, version: impl Fn(&T) -> Option<u64>) -> State {
        record.map_or(State::Absent, |record| State::Present(version(&record)))
    }
    Ok(match entity {
        Entity::User(id) => of(users::find(source, *id)?, |user| Some(user.version)),
        Entity::Username(name) => of(users::find_by_name(source, name)?, |user| Some(user.version)),
        Entity::OsUser(os_user) => of(users::find_by_os_user(source, *os_user)?, |user| Some(user.version)),
        Entity::Conversation(id) => of(conversations::find(source, *id)?, |conversation| Some(conversation.version)),
        Entity::Message(id) => of(messages::conversation_of(source, *id)?, |_| None),
        Entity::Run(id) => of(runs::find(source, *id)?, |run| Some(run.version)),
        Entity::ProviderConfig(user_id, name) => {
            of(providers::find_config(source, *user_id, name)?, |config| Some(config.version))
        }
        Entity::SealedKey(user_id, provider) => of(providers::find_sealed_key(source, *user_id, provider)?, |_| None),
        Entity::ModelConfig(owner, provider, model) => {
            of(models::find(source, *owner, provider, model)?, |config| Some(config.version))
        }
        Entity::Role(user_id, name) => of(roles::find(source, *user_id, name)?, |role| Some(role.version)),
        Entity::Settings(user_id) => of(settings::find(source, *user_id)?, |settings| Some(settings.version)),
        Entity::Vault => of(providers::find_vault(source)?, |_| None),
        Entity::Skeleton(skeleton) => of(users::find_by_skeleton(source, skeleton)?, |user| Some(user.version)),
        Entity::Password(user_id) => of(users::find_password(source, *user_id)?, |password| Some(password.version)),
        Entity::Login(id) => of(logins::find(source, *id)?, |login| Some(login.version)),
        Entity::Token(id) => of(tokens::find(source, *id)?, |_| None),
        Entity::Invite(id) => of(invites::find(source, *id)?, |_| None),
    })
}

fn carry_out(pending: &mut Pending<'_>, operation: &Operation) -> Result<()> {
    match operation {
        Operation::PutUser(record) => users::put(pending, record),
        Operation::PutConversation(record) => conversations::put(pending, record),
        Operation::AdvanceConversation { id, leaf_id, updated_at, model, added } => {
            conversations::advance(pending, *id, |record| {
                record.version += 1;
                record.leaf_id = leaf_id.or(record.leaf_id);
                record.updated_at = *updated_at;
                record.model = model.clone().or_else(|| record.model.take());
                record.messages += added;
            })
        }
        Operation::PutMessage(record) => messages::put(pending, record),
        Operation::PutRun(record) => runs::put(pending, record),
        Operation::AppendRunEvents { run_id, events } => runs::append_events(pending, *run_id, events),
        Operation::DeleteRunEvents(run_id) => runs::delete_events(pending, *run_id),
        Operation::PutProviderConfig(record) => providers::put_config(pending, record),
        Operation::DeleteProviderConfig(user_id, name) => providers::delete_config(pending, *user_id, name),
        Operation::PutSealedKey(record) => providers::put_sealed_key(pending, record),
        Operation::DeleteSealedKey(user_id, provider) => providers::delete_sealed_key(pending, *user_id, provider),
        Operation::PutSealedToken { user_id, provider, key_nonce, token } => {
            providers::put_sealed_token(pending, (*user_id, provider), key_nonce, token)
        }
        Operation::PutModelConfig(record) => models::put_config(pending, record),
        Operation::DeleteModelConfig(owner, provider, model) => models::delete_config(pending, *owner, provider, model),
        Operation::PutModelList(record) => models::put_list(pending, record),
        Operation::DeleteModelList(user_id, provider) => models::delete_list(pending, *user_id, provider),
        Operation::PutSettings(record) => settings::put(pending, record),
        Operation::PutRole(record) => roles::put(pending, record),
        Operation::DeleteRole(user_id, name) => roles::delete(pending, *user_id, name),
        Operation::PutUsage(record) => usage::put(pending, record),
        Operation::PutVault(record) => providers::put_vault(pending, record),
        Operation::DeleteUser(id) => users::delete(pending, *id),
        Operation::PutPassword(record) => users::put_password(pending, record),
        Operation::DeletePassword(user_id) => users::delete_password(pending, *user_id),
        Operation::PutLogin(record) => logins::put(pending, record),
        Operation::DeleteLogin(id) => logins::delete(pending, *id),
        Operation::PutLoginAttempt(record) => login_attempts::put(pending, record),
        Operation::DeleteLoginAttempt(subject, at, id) => login_attempts::delete(pending, *subject, *at, *id),
        Operation::PutToken(record) => tokens::put(pending, record),
        Operation::TouchToken(id, at) => tokens::touch(pending, *id, *at),
        Operation::DeleteToken(id) => tokens::delete(pending, *id),
        Operation::PutInvite(record) => invites::put(pending, record),
        Operation::DeleteInvite(id) => invites::delete(pending, *id),
        Operation::AppendAudit(record) => audit::append(pending, record),
        Operation::DeleteConversation(id) => conversations::delete(pending, *id),
        Operation::DeleteMessage(id) => messages::delete(pending, *id),
        Operation::DeleteRun(id) => runs::delete(pending, *id),
        Operation::DeleteSettings(user_id) => settings::delete(pending, *user_id),
        Operation::DeleteUsage(user_id, at, run_id) => usage::delete(pending, *user_id, *at, *run_id),
    }
}
