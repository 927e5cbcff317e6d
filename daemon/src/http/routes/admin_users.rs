//! `/admin/users`: everybody's accounts, and invitations.

use axum::{Json, extract::State, http::StatusCode};
use mmp_shared::{
    page::{Page, PageQuery},
    users::{Invite, InviteRequest, NewInvite, PasswordResetRequest, PasswordResetResponse, User, UserCreateRequest, UserPatch},
};

use crate::{
    http::{
        AppState,
        error::Result,
        extract::{Body, Caller, ListQuery, OptionalBody, Reference},
    },
    services::accounts::Erased,
};

/// A page of all accounts.
pub async fn list(State(state): State<AppState>, ListQuery(query): ListQuery<PageQuery>) -> Result<Json<Page<User>>> {
    Ok(Json(state.services.users.list(query).await?))
}

/// Makes an account.
pub async fn create(
    State(state): State<AppState>,
    caller: Caller,
    Body(request): Body<UserCreateRequest>,
) -> Result<(StatusCode, Json<User>)> {
    Ok((StatusCode::CREATED, Json(state.services.accounts.create(&caller.account, &request).await?)))
}

/// One account.
pub async fn show(State(state): State<AppState>, Reference(reference): Reference) -> Result<Json<User>> {
    Ok(Json(state.services.users.show(&reference).await?))
}

/// Changes what is named of an account.
pub async fn change(
    State(state): State<AppState>,
    caller: Caller,
    Reference(reference): Reference,
    Body(patch): Body<UserPatch>,
) -> Result<Json<User>> {
    Ok(Json(state.services.accounts.change(&caller.account, &reference, &patch).await?))
}

/// Deletes an account with everything that belongs to it.
pub async fn delete(State(state): State<AppState>, caller: Caller, Reference(reference): Reference) -> Result<StatusCode> {
    Ok(match state.services.accounts.delete_other(&caller.account, &reference).await? {
        Erased::Wholly => StatusCode::NO_CONTENT,
        Erased::StillGoing => StatusCode::ACCEPTED,
    })
}

/// Sets an account's password.
pub async fn reset_password(
    State(state): State<AppState>,
    caller: Caller,
    Reference(reference): Reference,
    OptionalBody(request): OptionalBody<PasswordResetRequest>,
) -> Result<Json<PasswordResetResponse>> {
    Ok(Json(state.services.accounts.reset_password(&caller.account, &reference, &request).await?))
}

/// Makes an invitation, and shows its code this once.
pub async fn invite(
    State(state): State<AppState>,
    caller: Caller,
    OptionalBody(request): OptionalBody<InviteRequest>,
) -> Result<(StatusCode, Json<NewInvite>)> {
    Ok((StatusCode::CREATED, Json(state.services.accounts.invite(&caller.account, &request).await?)))
}

/// A page of the invitations.
pub async fn invites(State(state): State<AppState>, ListQuery(query): ListQuery<PageQuery>) -> Result<Json<Page<Invite>>> {
    Ok(Json(state.services.accounts.invites(query).await?))
}

/// Takes an invitation back.
pub async fn revoke_invite(State(state): State<AppState>, caller: Caller, Reference(reference): Reference) -> Result<StatusCode> {
    state.services.accounts.revoke_invite(&caller.account, &reference).await?;
    Ok(StatusCode::NO_CONTENT)
}
