//! Who is calling, and whether they may: before any route is entered, by the one table of `security/policy`.
//!
//! A route without a row is refused. Who was found goes on with the request, and with it where the request comes from.

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use mmp_shared::{ApiError, ErrorCode, phrase};

use crate::{
    http::{
        AppState,
        error::Problem,
        extract::{Caller, credentials_of, source_of},
        middleware::{RequestId, said},
    },
    security::{
        policy::{self, Access, Refusal},
        rate::Allowance,
    },
    services::{
        auth::Credentials,
        origin::{self, Origin},
    },
};

/// Lets a request in, or says why not.
pub async fn access(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default();
    let Some(access) = policy::access(request.method().as_str(), &path) else {
        tracing::error!(method = %request.method(), path, "a route that nobody may use: it has no row in the policy");
        return Problem::from(ApiError::new(ErrorCode::Forbidden, phrase!("error-no-policy"))).into_response();
    };
    let request_id = request.extensions().get::<RequestId>().map(|RequestId(id)| id.clone());
    let origin = Origin { source: source_of(request.extensions()), request_id };
    origin::within(origin, async {
        if access == Access::Open {
            return next.run(request).await;
        }
        let credentials = credentials_of(request.headers(), request.extensions());
        match admit(&state, credentials, access).await {
            Ok((caller, left)) => {
                request.extensions_mut().insert(caller);
                said(next.run(request).await, left)
            }
            Err(error) => Problem::from(error).into_response(),
        }
    })
    .await
}

async fn admit(
    state: &AppState,
    credentials: Result<Credentials, ApiError>,
    access: Access,
) -> Result<(Caller, Option<Allowance>), ApiError> {
    let caller = Caller::new(state.services.auth.identify(&credentials?).await?);
    let left = state.rates.count(&caller)?;
    policy::check(access, caller.account.role, caller.account.scopes.as_deref()).map_err(in_words)?;
    Ok((caller, left))
}

fn in_words(refusal: Refusal) -> ApiError {
    match refusal {
        Refusal::NotAdmin => ApiError::new(ErrorCode::Forbidden, phrase!("error-admins-only")),
        Refusal::LacksScope(scope) => ApiError::new(ErrorCode::Forbidden, phrase!("error-token-lacks-scope", scope = scope))
            .with_hint(phrase!("hint-token-lacks-scope")),
        Refusal::NoToken => ApiError::new(ErrorCode::Forbidden, phrase!("error-not-by-token")).with_hint(phrase!("hint-log-in")),
    }
}
