//! What routes take from a request: who is calling, and its body, query and path, with errors in mmp's words.

use axum::{
    extract::{ConnectInfo, FromRequest, FromRequestParts, Path, Query, Request},
    http::request::Parts,
};
use bytes::Bytes;
use mmp_shared::{ApiError, ErrorCode, Phrase, import::LARGEST_IMPORT, phrase, users::AccountRole};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::{AppState, error::Problem};
use crate::{
    listen::peer::Peer,
    services::{chat::Connection, users::Account},
};

/// Who is calling, and how.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The account.
    pub account: Account,
    /// How the caller is connected.
    pub connection: Connection,
}

impl Caller {
    /// Lets admins pass.
    ///
    /// # Errors
    ///
    /// `forbidden` for everybody else.
    pub fn must_be_admin(&self) -> Result<(), Problem> {
        if self.account.role == AccountRole::Admin {
            return Ok(());
        }
        Err(ApiError::new(ErrorCode::Forbidden, phrase!("error-admins-only")).into())
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    /// The first way that applies; the socket's peer credential is the only one so far.
    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let peer = match parts.extensions.get::<ConnectInfo<Peer>>() {
            Some(ConnectInfo(Peer::Unix(credential))) => Some(**credential),
            Some(ConnectInfo(Peer::Tcp(_))) | None => None,
        };
        let Some(peer) = peer else {
            return Err(ApiError::new(ErrorCode::Unauthenticated, phrase!("error-unauthenticated")).into());
        };
        let account = state.services.users.by_peer(peer.user_id).await?;
        let connection = if account.is_own_os_user { Connection::OwnUser } else { Connection::Other };
        Ok(Self { account, connection })
    }
}

/// A body of JSON.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let hint = phrase!("hint-prompt-too-large");
        read_json(request, state, state.about.largest_body, hint).await.map(Self)
    }
}

/// A body of JSON with conversations to take in.
#[derive(Debug)]
pub struct ImportBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for ImportBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        read_json(request, state, LARGEST_IMPORT, phrase!("hint-import-too-large")).await.map(Self)
    }
}

/// Reads a body, whose route limits it to this many bytes.
async fn read_json<T: DeserializeOwned>(request: Request, state: &AppState, limit: usize, hint: Phrase) -> Result<T, Problem> {
    let Ok(read) = timeout(state.about.body_timeout, Bytes::from_request(request, state)).await else {
        return Err(ApiError::new(ErrorCode::BadRequest, phrase!("error-body-slow")).into());
    };
    let bytes = match read {
        Ok(bytes) => bytes,
        Err(rejection) if rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE => {
            let phrase = phrase!("error-body-too-large", limit = limit);
            return Err(ApiError::new(ErrorCode::TooLarge, phrase).with_hint(hint).into());
        }
        Err(_) => return Err(ApiError::new(ErrorCode::BadRequest, phrase!("error-body-cut")).into()),
    };
    serde_json::from_slice(&bytes).map_err(|error| {
        let phrase = phrase!("error-body", reason = error);
        ApiError::new(ErrorCode::BadRequest, phrase).into()
    })
}

/// The query of a list.
#[derive(Debug)]
pub struct ListQuery<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<AppState> for ListQuery<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Problem> {
        Query::<T>::try_from_uri(&parts.uri)
            .map(|Query(query)| Self(query))
            .map_err(|error| ApiError::new(ErrorCode::BadRequest, phrase!("error-query", reason = error.body_text())).into())
    }
}

/// The one part of a path that names a thing.
#[derive(Debug)]
pub struct Reference(pub String);

impl FromRequestParts<AppState> for Reference {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        Path::<String>::from_request_parts(parts, state)
            .await
            .map(|Path(reference)| Self(reference))
            .map_err(|error| ApiError::new(ErrorCode::BadRequest, phrase!("error-path", reason = error.body_text())).into())
    }
}
