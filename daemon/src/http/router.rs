//! Every route, on one screen. Who may use which is said in `security/policy`.

use axum::{Router, extract::DefaultBodyLimit, middleware::from_fn_with_state};

use super::{
    AppState, middleware,
    routes::{admin_users, audit, auth, chat, conversations, fallback, health, models, providers, runs, system, tokens, users},
    table::{Table, delete, get, post, put},
};

/// Every route.
pub fn routes() -> Table {
    let api = Table::new()
        .route("/auth/register", post(auth::register))
        .route("/auth/login", post(auth::log_in))
        .route("/auth/refresh", post(auth::refresh))
        .route("/auth/logout", post(auth::log_out))
        .route("/auth/logins", get(auth::logins))
        .route("/auth/logins/{id}", delete(auth::revoke))
        .route("/users/me", get(users::me).patch(users::change).delete(users::delete))
        .route("/users/me/password", put(users::change_password))
        .route("/users/me/settings", get(users::settings).put(users::change_settings))
        .route("/users/me/tokens", get(tokens::list).post(tokens::create))
        .route("/users/me/tokens/{id}", delete(tokens::revoke))
        .route("/chat", post(chat::begin))
        .route("/conversations", get(conversations::list))
        .route("/conversations/{reference}", get(conversations::show))
        .route("/conversations/{reference}/messages", post(chat::begin_in_conversation))
        .route("/runs", get(runs::list))
        .route("/runs/{reference}", get(runs::show))
        .route("/runs/{reference}/events", get(runs::events))
        .route("/runs/{reference}/stop", post(runs::stop))
        .route("/models", get(models::list))
        .route("/models/{name}", get(models::show))
        .route("/providers", get(providers::list))
        .route("/providers/{name}", get(providers::show).put(providers::put).delete(providers::remove))
        .route("/providers/{name}/test", post(providers::test))
        .route("/admin/system", get(system::about))
        .route("/admin/audit", get(audit::list))
        .route("/admin/users", get(admin_users::list).post(admin_users::create))
        .route("/admin/users/invites", get(admin_users::invites).post(admin_users::invite))
        .route("/admin/users/invites/{id}", delete(admin_users::revoke_invite))
        .route("/admin/users/{reference}", get(admin_users::show).patch(admin_users::change).delete(admin_users::delete))
        .route("/admin/users/{reference}/password", put(admin_users::reset_password));
    Table::new()
        .nest("/api/v1", api)
        .route("/health", get(health::ready))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
}

/// The service that answers requests.
pub fn router(state: AppState) -> Router {
    routes()
        .router
        .route_layer(from_fn_with_state(state.clone(), middleware::access))
        .fallback(fallback::no_such_route)
        .method_not_allowed_fallback(fallback::no_such_method)
        .layer(DefaultBodyLimit::max(state.about.largest_body))
        .layer(from_fn_with_state(state.clone(), middleware::versions))
        .with_state(state)
}
