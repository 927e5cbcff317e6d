//! A scripted provider for tests that start the real programs: the daemon's scripted server, without `async`.

#[path = "../../../daemon/tests/provider_contract/server.rs"]
pub mod server;

use std::sync::mpsc;

use server::{Request, Server, Step};
use tokio::sync::oneshot;

use super::Home;

/// A server that does what a script says; dropping it ends it.
pub struct Upstream {
    server: Server,
    _runs: oneshot::Sender<()>,
}

impl Upstream {
    /// A server that asks `script` what to do after each request.
    pub fn start(script: impl Fn(&Request) -> Vec<Step> + Send + Sync + 'static) -> Self {
        let (_runs, ended) = oneshot::channel();
        let (sender, started) = mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let _ = sender.send(Server::start(script).await);
                let _ = ended.await;
            });
        });
        Self { server: started.recv().expect("the server starts"), _runs }
    }

    /// A server that does the same after every request.
    pub fn repeating(steps: Vec<Step>) -> Self {
        Self::start(move |_| steps.clone())
    }

    /// Its base URL.
    pub fn url(&self) -> String {
        format!("{}/v1", self.server.url())
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.server.requests()
    }

    /// Where it listens, with no path.
    pub fn root(&self) -> String {
        self.server.url()
    }

    /// How many connections to it are open.
    pub fn open(&self) -> usize {
        self.server.open()
    }

    /// Makes it known in a home as the provider `rec`.
    pub fn add_to(&self, home: Home) -> Home {
        home.text(&["providers", "add", "rec", "--kind", "openai", "--base-url", &self.url()]);
        home
    }
}
