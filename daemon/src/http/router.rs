//! Every route, on one screen.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post},
};

use tower::util::option_layer;
use tower_http::catch_panic::CatchPanicLayer;

use super::{
    AppState, middleware,
    routes::{admin, chat, conversations, fallback, health, models, providers, runs, search, servers, system, users},
};

/// The service that answers requests.
pub fn router(state: AppState) -> Router {
    let api = Router::new()
        .route("/users/me", get(users::me))
        .route("/users/me/settings", get(users::settings).put(users::change_settings))
        .route("/chat", post(chat::begin))
        .route("/conversations", get(conversations::list))
        .route("/conversations/{reference}", get(conversations::show))
        .route("/conversations/{reference}/messages", post(chat::begin_in_conversation))
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
        .route("/admin/models/{name}/config", get(admin::config).put(admin::configure).delete(admin::forget_config))
        .route("/providers/{name}/compare-key", post(providers::compare_key))
        .route("/servers", get(servers::find))
        .route("/admin/system", get(system::about))
        .route("/admin/system/health", get(system::health));
    Router::new()
        .nest("/api/v1", api)
        .route("/health", get(health::ready))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .fallback(fallback::no_such_route)
        .method_not_allowed_fallback(fallback::no_such_method)
        .layer(DefaultBodyLimit::max(state.about.largest_body))
        // From the innermost to the outermost.
        .layer(from_fn_with_state(state.clone(), middleware::versions))
        .layer(option_layer(middleware::cors(&state.web)))
        .layer(from_fn_with_state(state.clone(), middleware::web_pages))
        .layer(CatchPanicLayer::custom(middleware::panic::answer))
        .layer(from_fn_with_state(state.clone(), middleware::security_headers))
        .layer(from_fn(middleware::access_log))
        .layer(from_fn(middleware::request_id))
        .with_state(state)
}
