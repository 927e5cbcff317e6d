//! Every route, on one screen. Who may use which is said in `security/policy`.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
};

use mmp_shared::import::LARGEST_IMPORT;
use tower::util::option_layer;
use tower_http::catch_panic::CatchPanicLayer;

use super::{
    AppState, middleware,
    routes::{
        admin, admin_users, audit, auth, backup, chat, conversations, fallback, health, metrics, models, providers, roles, runs,
        search, servers, system, tokens, users,
    },
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
        .route("/conversations", get(conversations::list).post(conversations::begin).delete(conversations::delete_all))
        .route("/conversations/{reference}", get(conversations::show).patch(conversations::change).delete(conversations::delete))
        .route("/conversations/{reference}/messages", get(conversations::messages).post(chat::begin_in_conversation))
        .route("/conversations/{reference}/export", get(conversations::export))
        .route("/import", post(conversations::import).of_at_most(LARGEST_IMPORT))
        .route("/runs", get(runs::list))
        .route("/runs/{reference}", get(runs::show))
        .route("/runs/{reference}/events", get(runs::events))
        .route("/runs/{reference}/stop", post(runs::stop))
        .route("/search", get(search::find))
        .route("/models", get(models::list))
        .route("/models/{name}", get(models::show))
        .route("/models/{name}/config", get(models::config).put(models::configure).delete(models::forget_config))
        .route("/models/{name}/test", post(chat::test_model))
        .route("/providers", get(providers::list))
        .route("/providers/{name}", get(providers::show).put(providers::put).delete(providers::remove))
        .route("/providers/{name}/test", post(providers::test))
        .route("/providers/{name}/refresh", post(models::refresh))
        .route("/providers/{name}/compare-key", post(providers::compare_key))
        .route("/roles", get(roles::list))
        .route("/roles/{name}", get(roles::show).put(roles::put).delete(roles::delete))
        .route("/servers", get(servers::find))
        .route("/admin/models/{name}/config", get(admin::config).put(admin::configure).delete(admin::forget_config))
        .route("/admin/system", get(system::about))
        .route("/admin/system/health", get(system::health))
        .route("/admin/backup", post(backup::make))
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
        .route("/metrics", get(metrics::scrape))
}

/// The service that answers requests.
pub fn router(state: AppState) -> Router {
    routes()
        .router
        .route_layer(from_fn_with_state(state.clone(), middleware::access))
        .fallback(fallback::no_such_route)
        .method_not_allowed_fallback(fallback::no_such_method)
        .layer(DefaultBodyLimit::max(state.about.largest_body))
        // From the innermost to the outermost.
        .layer(from_fn_with_state(state.clone(), middleware::versions))
        .layer(option_layer(middleware::cors(&state.web)))
        .layer(from_fn_with_state(state.clone(), middleware::source_limit))
        .layer(from_fn_with_state(state.clone(), middleware::web_pages))
        .layer(CatchPanicLayer::custom(middleware::panic::answer))
        .layer(from_fn_with_state(state.clone(), middleware::security_headers))
        .layer(from_fn_with_state(state.clone(), middleware::access_log))
        .layer(from_fn_with_state(state.clone(), middleware::activity))
        .layer(from_fn(middleware::request_id))
        .with_state(state)
}
