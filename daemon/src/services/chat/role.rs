//! The role that a turn is played in: whose it is, and what it adds to what is asked.
//!
//! The one that the request names counts, else the one that the conversation began with; a conversation that begins has the
//! user's default. What the request says itself always counts more. The instructions of a conversation's own role stay as
//! they were when it began; those of a role that a later turn names hold for that turn.

use mmp_shared::{ApiError, ErrorCode, UserId, chat::ChatRequest, settings::Settings};

use super::{Chat, Place};
use crate::{
    services::{params, roles},
    store::records::RoleRecord,
};

/// What a role has to do with a turn, beyond what it added to the request.
#[derive(Debug, Default)]
pub(super) struct Played {
    /// The role of a conversation that begins.
    pub(super) name: Option<String>,
    /// The model of the role.
    pub(super) model: Option<String>,
}

impl Chat {
    /// Finds the role of a turn, and adds to the request what it leaves to the role.
    ///
    /// # Errors
    ///
    /// `not_found` for a role that the request names and nobody has.
    pub(super) async fn play(&self, user_id: UserId, request: &mut ChatRequest, place: &Place) -> Result<Played, ApiError> {
        let asked = request.role.as_deref();
        let (record, is_asked_for) = match (asked, &place.conversation) {
            (Some(""), _) => return Ok(Played::default()),
            (Some(name), _) => (Some(roles::find(&*self.store, user_id, name).await?), true),
            (None, Some(conversation)) => (self.known(user_id, conversation.role.as_deref()).await?, false),
            (None, None) => {
                let default = self.models.setting(user_id, Settings::ROLE).await?;
                (self.known(user_id, default.as_deref()).await?, true)
            }
        };
        let Some(record) = record else { return Ok(Played::default()) };
        Ok(add(request, record, is_asked_for))
    }

    /// Adds to the request what it leaves to the user's settings, after its role has had its say.
    pub(super) async fn add_settings(&self, user_id: UserId, request: &mut ChatRequest) -> Result<(), ApiError> {
        if request.params.temperature.is_none()
            && let Some(value) = self.models.setting(user_id, Settings::TEMPERATURE).await?
        {
            request.params.temperature = value.parse().ok();
        }
        Ok(())
    }

    /// The role of a name that somebody wrote down once: it may be gone.
    async fn known(&self, user_id: UserId, name: Option<&str>) -> Result<Option<RoleRecord>, ApiError> {
        let Some(name) = name else { return Ok(None) };
        match roles::find(&*self.store, user_id, name).await {
            Ok(record) => Ok(Some(record)),
            Err(error) if error.code == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Adds what the role says and the request does not.
fn add(request: &mut ChatRequest, role: RoleRecord, gives_instructions: bool) -> Played {
    request.params = params::laid_over(&request.params, role.params);
    if gives_instructions && request.system.is_none() {
        request.system = role.system;
    }
    Played { name: Some(role.name), model: role.model }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use mmp_shared::chat::{Params, Think};

    use super::*;

    fn role() -> RoleRecord {
        RoleRecord {
            user_id: UserId::generate(),
            name: "poet".into(),
            version: 1,
            system: Some("rhyme".into()),
            model: Some("demo".into()),
            params: Params { temperature: Some(1.5), think: Some(Think::Off), ..Params::default() },
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn what_the_request_says_counts_more() {
        let mut request = ChatRequest::new("hi");
        (request.system, request.params.temperature) = (Some("be brief".into()), Some(0.0));
        let played = add(&mut request, role(), true);
        assert_eq!(request.system.as_deref(), Some("be brief"));
        assert_eq!((request.params.temperature, request.params.think), (Some(0.0), Some(Think::Off)));
        assert_eq!((played.name.as_deref(), played.model.as_deref()), (Some("poet"), Some("demo")));
    }

    #[test]
    fn the_instructions_of_a_conversations_own_role_stay_as_they_were() {
        let mut request = ChatRequest::new("hi");
        add(&mut request, role(), false);
        assert_eq!(request.system, None, "the conversation's own hold");
        add(&mut request, role(), true);
        assert_eq!(request.system.as_deref(), Some("rhyme"));
    }
}
