//! Who is asked: the models that a turn names, each with where it is and who answers in its place when it cannot.
//!
//! A name that means nothing is an error of the whole turn, before anything is written. A model that is meant and cannot be
//! asked, for want of a key say, is that one's failure: the others answer all the same. Where it is the only one, or the
//! client can bring the key, it is the turn's.

use mmp_shared::{ApiError, ErrorCode, chat::ChatRequest, events::Notice, phrase};

use super::{
    Chat, Connection, Place,
    fit::{Fit, prompt},
    role::Played,
};
use crate::{
    providers::Endpoint,
    services::{
        models::{Chosen, Wish},
        notice,
        providers::no_key,
        users::Account,
    },
};

/// A model that is to answer.
pub(super) struct Asked {
    /// The model.
    pub(super) chosen: Chosen,
    /// The way to it, or why there is none.
    pub(super) reach: Result<Reach, ApiError>,
}

/// The way to a model.
pub(super) struct Reach {
    /// It, then those who answer in its place, and where they are; never empty.
    pub(super) candidates: Vec<(Chosen, Endpoint)>,
    /// What each of them is sent.
    pub(super) fits: Vec<Fit>,
    /// What is said of them, and of those that cannot be asked in its place.
    pub(super) notices: Vec<Notice>,
}

impl Chat {
    /// The models of a turn, in the order of their names; never none.
    pub(super) async fn asked(
        &self,
        (account, connection): (&Account, Connection),
        request: &ChatRequest,
        place: &Place,
        played: &Played,
    ) -> Result<Vec<Asked>, ApiError> {
        let mut asked = Vec::with_capacity(request.models.len().max(1));
        for chosen in self.chosen(account, request, place, played).await? {
            let reach = self.reach(account, request, place, &chosen).await;
            asked.push(Asked { chosen, reach });
        }
        let errors = || asked.iter().filter_map(|asked| asked.reach.as_ref().err());
        let brought = errors().find(|error| can_bring_key(request, connection, error));
        let refused = brought.or_else(|| errors().next().filter(|_| errors().count() == asked.len()));
        match refused {
            Some(error) => Err(error.clone()),
            None => Ok(asked),
        }
    }

    pub(super) async fn chosen(
        &self,
        account: &Account,
        request: &ChatRequest,
        place: &Place,
        played: &Played,
    ) -> Result<Vec<Chosen>, ApiError> {
        let wish = Wish {
            named: None,
            of_conversation: place.model(),
            of_role: played.model.as_deref(),
            of_file: request.default_model.as_deref(),
            env_keys: &request.env_keys,
            is_watched: request.watched,
        };
        if request.models.is_empty() {
            return Ok(vec![self.models.choose(account.id, wish).await?]);
        }
        let mut all: Vec<Chosen> = Vec::with_capacity(request.models.len());
        for name in &request.models {
            let chosen = self.models.choose(account.id, Wish { named: Some(name), ..wish }).await?;
            if all.iter().any(|earlier| earlier.is(&chosen)) {
                let error = ApiError::new(ErrorCode::BadRequest, phrase!("error-model-twice", model = chosen.name()));
                return Err(error.with_hint(phrase!("hint-model-twice")));
            }
            all.push(chosen);
        }
        Ok(all)
    }

    async fn reach(&self, account: &Account, request: &ChatRequest, place: &Place, chosen: &Chosen) -> Result<Reach, ApiError> {
        if !chosen.provider.has_key && chosen.provider.needs_key() {
            return Err(no_key(&chosen.provider));
        }
        let fallbacks = if request.fallback { self.models.fallbacks(account.id, chosen).await? } else { Vec::new() };
        let endpoint = self.providers.endpoint(account.id, &chosen.provider).await?;
        let mut reach = Reach { candidates: vec![(chosen.clone(), endpoint)], fits: Vec::new(), notices: Vec::new() };
        for next in fallbacks {
            match self.providers.endpoint(account.id, &next.provider).await {
                Ok(endpoint) => reach.candidates.push((next, endpoint)),
                Err(error) => reach.notices.push(skipped(&next, &error)),
            }
        }
        self.look(account.id, request, place, &mut reach).await?;
        reach.fits = self.fitter.fit_all(&prompt(request, place), &reach.candidates, &request.params).await?;
        Ok(reach)
    }
}

/// Whether the client has said that it holds the key, may bring it, and has not yet.
fn can_bring_key(request: &ChatRequest, connection: Connection, error: &ApiError) -> bool {
    error.code == ErrorCode::NoKey
        && connection == Connection::OwnUser
        && error
            .provider
            .as_ref()
            .is_some_and(|provider| request.env_keys.contains(provider) && !request.keys.contains_key(provider))
}

/// What is said of a model that cannot answer in another's place.
pub(super) fn skipped(next: &Chosen, error: &ApiError) -> Notice {
    notice("fallback_skipped", phrase!("notice-fallback_skipped", model = next.name(), reason = error.code))
}
