//! What routes take from a request: who is calling, and its body, query and path, with errors in mmp's words.

use std::net::IpAddr;

use axum::{
    extract::{ConnectInfo, FromRequest, FromRequestParts, Path, Query, Request},
    http::{Extensions, HeaderMap, header, request::Parts},
};
use bytes::Bytes;
use mmp_shared::{ApiError, ErrorCode, Phrase, auth::Secret, import::LARGEST_IMPORT, phrase};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::{AppState, error::Problem};
use crate::{
    listen::peer::Peer,
    security::rate::network,
    services::{auth::Credentials, chat::Connection, users::Account},
};

/// Who is calling, and how. The policy's middleware has found it.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The account.
    pub account: Account,
    /// How the caller is connected.
    pub connection: Connection,
}

impl Caller {
    /// A caller that is known.
    pub fn new(account: Account) -> Self {
        let connection = if account.is_own_os_user { Connection::OwnUser } else { Connection::Other };
        Self { account, connection }
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Problem> {
        let unknown = || ApiError::new(ErrorCode::Unauthenticated, phrase!("error-unauthenticated")).into();
        parts.extensions.get::<Self>().cloned().ok_or_else(unknown)
    }
}

/// What a request brings along to be known by, looked at or not.
#[derive(Debug)]
pub struct Unproved(pub Credentials);

impl FromRequestParts<AppState> for Unproved {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Problem> {
        Ok(Self(credentials_of(&parts.headers, &parts.extensions)?))
    }
}

/// What a request brings along to be known by.
///
/// # Errors
///
/// `unauthenticated` for a header that makes no sense: whoever sends one does not want to be taken for somebody else.
pub fn credentials_of(headers: &HeaderMap, extensions: &Extensions) -> Result<Credentials, ApiError> {
    let peer = match extensions.get::<ConnectInfo<Peer>>() {
        Some(ConnectInfo(Peer::Unix(credential))) => Some(credential.user_id),
        Some(ConnectInfo(Peer::Tcp(_))) | None => None,
    };
    let bearer = match headers.get(header::AUTHORIZATION) {
        None => None,
        Some(value) => {
            let text = value.to_str().ok().and_then(|text| text.split_once(' '));
            let token = text.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
            let refused = || ApiError::new(ErrorCode::Unauthenticated, phrase!("error-authorization"));
            Some(Secret::new(token.ok_or_else(refused)?))
        }
    };
    Ok(Credentials { bearer, peer })
}

/// Where a request comes from: the OS user at the other end of the socket, or an address. Of an address of IPv6 its
/// network: one host has all of it.
pub fn source_of(extensions: &Extensions) -> String {
    match extensions.get::<ConnectInfo<Peer>>() {
        Some(ConnectInfo(Peer::Unix(credential))) => format!("unix:{}", credential.user_id),
        Some(ConnectInfo(Peer::Tcp(address))) => match network(address.ip()) {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(network) => format!("{network}/64"),
        },
        None => "unknown".to_owned(),
    }
}

/// A body of JSON.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        parse(&bytes_of(request, state).await?).map(Self)
    }
}

/// A body of JSON with conversations to take in.
#[derive(Debug)]
pub struct ImportBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for ImportBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let hint = phrase!("hint-import-too-large");
        parse(&limited_bytes_of(request, state, LARGEST_IMPORT, hint).await?).map(Self)
    }
}

async fn bytes_of(request: Request, state: &AppState) -> Result<Bytes, Problem> {
    limited_bytes_of(request, state, state.about.largest_body, phrase!("hint-body-too-large")).await
}

/// The bytes of a body, whose route limits it to so many.
async fn limited_bytes_of(request: Request, state: &AppState, limit: usize, hint: Phrase) -> Result<Bytes, Problem> {
    let Ok(read) = timeout(state.about.body_timeout, Bytes::from_request(request, state)).await else {
        return Err(ApiError::new(ErrorCode::BadRequest, phrase!("error-body-slow")).into());
    };
    match read {
        Ok(bytes) => Ok(bytes),
        Err(rejection) if rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE => {
            let phrase = phrase!("error-body-too-large", limit = limit);
            Err(ApiError::new(ErrorCode::TooLarge, phrase).with_hint(hint).into())
        }
        Err(_) => Err(ApiError::new(ErrorCode::BadRequest, phrase!("error-body-cut")).into()),
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|error| {
        let phrase = phrase!("error-body", reason = error);
        ApiError::new(ErrorCode::BadRequest, phrase).into()
    })
}

/// A body of JSON that may be left out.
#[derive(Debug)]
pub struct OptionalBody<T>(pub T);

impl<T: DeserializeOwned + Default> FromRequest<AppState> for OptionalBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let bytes = bytes_of(request, state).await?;
        if bytes.is_empty() { Ok(Self(T::default())) } else { parse(&bytes).map(Self) }
    }
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
