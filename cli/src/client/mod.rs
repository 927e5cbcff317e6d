//! The client of the daemon's API: one request, one answer, whoever has to be found or started on the way.
//!
//! `transport` speaks HTTP over one connection, `caller` says who we are, `start` finds a daemon or starts one, `stream`
//! reads events, and there is one file a noun with the routes of that noun. What is printed is not decided here.

mod audit;
mod auth;
mod backup;
mod caller;
mod carried_keys;
mod chat;
mod conversations;
mod glance;
pub(crate) mod lock;
pub(crate) mod logs;
pub(crate) mod models;
mod providers;
mod refused_key;
mod roles;
mod runs;
mod search;
mod servers;
pub(crate) mod spawn;
pub(crate) mod start;
pub(crate) mod stop;
pub(crate) mod stream;
mod system;
mod tokens;
pub(crate) mod transport;
pub(crate) mod turn;
pub(crate) mod users;

use std::cell::{Cell, RefCell};

use mmp_shared::{
    ApiError, ErrorCode, Language, Phrase,
    auth::Secret,
    page::{LARGEST_PAGE, Page},
    phrase,
    places::Places,
    system::{STEPPING_DOWN_HEADER, VERSION, VERSION_HEADER, is_older},
};
use reqwest::{Response, StatusCode};
use serde::de::DeserializeOwned;
use tokio::sync::watch;

pub(crate) use self::{
    auth::login_label,
    caller::TOKEN_VARIABLE,
    transport::{Body, Request, Target, encode},
};
use self::{
    caller::Caller,
    transport::{SendError, Transport},
};
use crate::{context::Context, error::bad_request, login::Logins, output, remote::root_cause, wanted::Wanted};

/// How often a request is repeated because the daemon went away or made way. Each time for a reason that has passed.
const MOST_TRIES: u32 = 4;

/// A client of one daemon.
pub(crate) struct Client {
    places: Places,
    transport: RefCell<Transport>,
    logins: Logins,
    /// Who we are where requests go now; none until somebody wants to know.
    caller: RefCell<Option<Caller>>,
    /// Whether a daemon may be started; not where the user named a host.
    may_start: bool,
    is_quiet: bool,
    /// What there was to note, where the screen is somebody else's; none where it is said at once.
    notes: RefCell<Option<Vec<Phrase>>>,
    language: Language,
    has_told_age: Cell<bool>,
    /// Whether the streams have their connections.
    connection: watch::Sender<bool>,
}

impl Client {
    /// A client for the host that the settings name, else for the daemon of this user. Connects to nothing yet.
    pub(crate) fn new(context: &Context) -> Result<Self, ApiError> {
        Self::of(context, context.config()?.text("host"))
    }

    /// The same for a host, or for the daemon of this user.
    pub(crate) fn of(context: &Context, host: Option<&str>) -> Result<Self, ApiError> {
        let target = match host {
            Some(host) => Target::parse(host)?,
            None => Target::Socket(context.places.socket.clone()),
        };
        target.check_private()?;
        if host.is_none() {
            start::check_socket_path(&context.places)?;
        }
        Ok(Self {
            places: context.places.clone(),
            transport: RefCell::new(Transport::new(target)?),
            logins: Logins::at(&context.places),
            caller: RefCell::new(None),
            may_start: host.is_none(),
            is_quiet: context.everywhere.quiet,
            notes: RefCell::new(None),
            language: context.language,
            has_told_age: Cell::new(false),
            connection: watch::Sender::new(true),
        })
    }

    /// Tells, while an answer comes, whether its connection is there.
    pub(crate) fn watch_connection(&self) -> watch::Receiver<bool> {
        self.connection.subscribe()
    }

    /// Where requests go now.
    pub(crate) fn target(&self) -> Target {
        self.transport.borrow().target().clone()
    }

    /// Sends a request and gives back its answer, which is a success. Finds or starts a daemon where none answers.
    pub(crate) async fn send(&self, request: &Request) -> Result<Response, ApiError> {
        if request.names_nothing() {
            return Err(bad_request(phrase!("error-empty-name")).with_hint(phrase!("hint-usage")));
        }
        for _ in 0..MOST_TRIES {
            match self.exchange(request).await? {
                Ok(response) if is_stepping_down(&response) => self.replace().await?,
                Ok(response) => {
                    self.tell_age(&response);
                    return if response.status().is_success() { Ok(response) } else { Err(problem(response).await) };
                }
                Err(SendError::NobodyListens) if self.may_start => self.find_or_start().await?,
                Err(error) => return Err(self.unreachable(&error)),
            }
        }
        Err(self.unreachable(&SendError::NobodyListens))
    }

    /// Sends a request to a daemon that is there; `None` where there is none.
    pub(crate) async fn send_if_running(&self, request: &Request) -> Result<Option<Response>, ApiError> {
        match self.exchange(request).await? {
            Ok(response) if response.status().is_success() => Ok(Some(response)),
            Ok(response) => Err(problem(response).await),
            Err(SendError::NobodyListens) if self.may_start => match start::find_running(&self.places).await {
                Some(target) => {
                    self.turn_to(target)?;
                    let response = self.exchange(request).await?.map_err(|error| self.unreachable(&error))?;
                    if response.status().is_success() { Ok(Some(response)) } else { Err(problem(response).await) }
                }
                None => Ok(None),
            },
            Err(SendError::NobodyListens) => Ok(None),
            Err(error) => Err(self.unreachable(&error)),
        }
    }

    /// Turns to where a daemon runs, if it is not at the own socket.
    pub(crate) async fn look_around(&self) -> Result<(), ApiError> {
        if !self.may_start || start::can_connect(&self.places.socket).await {
            return Ok(());
        }
        match start::find_running(&self.places).await {
            Some(target) => self.turn_to(target),
            None => Ok(()),
        }
    }

    /// Sends a request and reads its answer as JSON.
    pub(crate) async fn fetch<T: DeserializeOwned>(&self, request: &Request) -> Result<T, ApiError> {
        read(self.send(request).await?).await
    }

    /// As many items of a list as are wanted, page by page.
    pub(crate) async fn list<T: DeserializeOwned>(&self, path: &str, wanted: &Wanted) -> Result<Page<T>, ApiError> {
        self.filtered_list(path, None, wanted).await
    }

    /// The same of a list that is narrowed by a query.
    pub(crate) async fn filtered_list<T: DeserializeOwned>(
        &self,
        path: &str,
        filter: Option<&str>,
        wanted: &Wanted,
    ) -> Result<Page<T>, ApiError> {
        let mut items = Vec::new();
        let mut cursor = wanted.cursor.clone();
        loop {
            let limit = wanted.limit.map_or(LARGEST_PAGE, |limit| (limit - items.len()).min(LARGEST_PAGE));
            let mut query = format!("{path}?limit={limit}");
            if let Some(filter) = filter {
                query = format!("{query}&{filter}");
            }
            if let Some(cursor) = &cursor {
                query = format!("{query}&cursor={}", encode(cursor));
            }
            let page: Page<T> = self.fetch(&Request::get(query)).await?;
            // A page of a narrowed list may be short, or empty, and have a next one.
            items.extend(page.items);
            if let Some(limit) = wanted.limit {
                // Short lists come whole.
                items.truncate(limit);
            }
            cursor = page.next_cursor;
            if cursor.is_none() || wanted.limit.is_some_and(|limit| items.len() >= limit) {
                return Ok(Page { items, next_cursor: cursor });
            }
        }
    }

    async fn send_once(&self, request: &Request, bearer: Option<&Secret>) -> Result<Response, SendError> {
        let sending = self.transport.borrow().send(request, bearer);
        sending.await
    }

    async fn find_or_start(&self) -> Result<(), ApiError> {
        let target = start::find_or_start(&self.places).await?;
        self.turn_to(target)
    }

    /// An older daemon that is idle makes way: wait for its end, then start ours.
    async fn replace(&self) -> Result<(), ApiError> {
        if !self.may_start {
            return Err(ApiError::new(ErrorCode::Unavailable, phrase!("error-daemon-stepping-down")));
        }
        lock::wait_for_end(&self.places.lock_file(), start::END_TIMEOUT).await?;
        self.find_or_start().await
    }

    fn turn_to(&self, target: Target) -> Result<(), ApiError> {
        // At another place we may be somebody else.
        if target != self.target() {
            self.caller.replace(None);
        }
        *self.transport.borrow_mut() = Transport::new(target)?;
        Ok(())
    }

    fn tell_age(&self, response: &Response) {
        let Some(theirs) = response.headers().get(VERSION_HEADER).and_then(|value| value.to_str().ok()) else { return };
        if is_older(theirs, VERSION) && !self.has_told_age.replace(true) {
            self.note(phrase!("note-daemon-older", theirs = theirs, ours = VERSION));
        }
    }

    /// From now on what there is to note is kept for whoever has the screen.
    pub(crate) fn keep_notes(&self) {
        self.notes.borrow_mut().get_or_insert_default();
    }

    /// What was noted since it was taken last.
    pub(crate) fn take_notes(&self) -> Vec<Phrase> {
        self.notes.borrow_mut().as_mut().map(std::mem::take).unwrap_or_default()
    }

    fn note(&self, phrase: Phrase) {
        match self.notes.borrow_mut().as_mut() {
            _ if self.is_quiet => {}
            Some(kept) => kept.push(phrase),
            None => output::note(&phrase, self.language),
        }
    }

    fn unreachable(&self, error: &SendError) -> ApiError {
        if let (SendError::KeptOut, target @ Target::Socket(_)) = (error, self.target()) {
            return ApiError::new(ErrorCode::Forbidden, error.phrase(&target)).with_hint(phrase!("hint-socket-kept-out"));
        }
        if error.is_of_certificate() {
            let phrase = error.phrase(&self.target());
            return ApiError::new(ErrorCode::DaemonUnreachable, phrase).with_hint(phrase!("hint-certificate"));
        }
        let error = ApiError::new(ErrorCode::DaemonUnreachable, error.phrase(&self.target()));
        if self.may_start {
            return start::with_last_words(error, &self.places);
        }
        error.with_hint(phrase!("hint-host"))
    }
}

fn is_stepping_down(response: &Response) -> bool {
    response.status() == StatusCode::SERVICE_UNAVAILABLE && response.headers().contains_key(STEPPING_DOWN_HEADER)
}

/// Reads a whole answer as JSON.
pub(crate) async fn read<T: DeserializeOwned>(response: Response) -> Result<T, ApiError> {
    let bytes = response.bytes().await.map_err(|error| broken(&error))?;
    serde_json::from_slice(&bytes).map_err(|error| not_understood(&error))
}

/// The connection broke in the middle of an answer.
pub(crate) fn broken(error: &reqwest::Error) -> ApiError {
    ApiError::new(ErrorCode::DaemonUnreachable, phrase!("error-answer-broken", reason = root_cause(error)))
}

/// The daemon said something that this version does not understand.
pub(crate) fn not_understood(error: &serde_json::Error) -> ApiError {
    ApiError::new(ErrorCode::Internal, phrase!("error-answer-not-understood", reason = error)).with_hint(phrase!("hint-versions"))
}

/// The error that an answer carries.
async fn problem(response: Response) -> ApiError {
    let status = response.status().as_u16();
    let bytes = response.bytes().await.unwrap_or_default();
    serde_json::from_slice::<ApiError>(&bytes).unwrap_or_else(|_| {
        let code = if status == 503 { ErrorCode::Unavailable } else { ErrorCode::Internal };
        ApiError::new(code, phrase!("error-answer-status", status = status)).with_http_status(status)
    })
}
