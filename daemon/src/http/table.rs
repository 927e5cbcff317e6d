//! Routes that can be listed: as axum's, but each says its methods, so that a test can ask every one of them.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    http::Method,
    routing::{MethodFilter, MethodRouter},
};

use super::AppState;

/// What the methods of one path do.
#[derive(Default)]
pub struct Methods {
    names: Vec<Method>,
    handlers: MethodRouter<AppState>,
}

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident = $method:ident;)*) => {
        $($(#[$doc])*
        pub fn $name<H: Handler<T, AppState>, T: 'static>(handler: H) -> Methods {
            Methods::default().$name(handler)
        })*

        impl Methods {
            $($(#[$doc])*
            #[must_use]
            pub fn $name<H: Handler<T, AppState>, T: 'static>(mut self, handler: H) -> Self {
                self.names.push(Method::$method);
                Self { handlers: self.handlers.on(MethodFilter::$method, handler), ..self }
            })*
        }
    };
}

methods! {
    /// What `GET` does.
    get = GET;
    /// What `POST` does.
    post = POST;
    /// What `PUT` does.
    put = PUT;
    /// What `PATCH` does.
    patch = PATCH;
    /// What `DELETE` does.
    delete = DELETE;
}

impl Methods {
    /// The same, with a limit of its own to the bytes of a body.
    #[must_use]
    pub fn of_at_most(self, bytes: usize) -> Self {
        Self { handlers: self.handlers.layer(DefaultBodyLimit::max(bytes)), ..self }
    }
}

/// A list of routes.
#[derive(Default)]
pub struct Table {
    /// Every route: its method and its path.
    pub routes: Vec<(Method, String)>,
    /// The routes themselves.
    pub router: Router<AppState>,
}

impl Table {
    /// No route.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same list with one more path.
    #[must_use]
    pub fn route(mut self, path: &str, methods: Methods) -> Self {
        self.routes.extend(methods.names.into_iter().map(|method| (method, path.to_owned())));
        Self { router: self.router.route(path, methods.handlers), ..self }
    }

    /// The same list with those of another one, below a path.
    #[must_use]
    pub fn nest(mut self, below: &str, other: Self) -> Self {
        self.routes.extend(other.routes.into_iter().map(|(method, path)| (method, format!("{below}{path}"))));
        Self { router: self.router.nest(below, other.router), ..self }
    }
}
