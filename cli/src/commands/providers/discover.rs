//! `mmp providers discover`: servers of models on the daemon's machine, each with the command that puts it to use.

use mmp_shared::{page::Page, phrase, servers::FoundServer};
use serde::Serialize;

use crate::{
    client::{Client, Target},
    context::Context,
    error::{Exit, Outcome},
    everywhere::OutputFormat,
    output::{
        self,
        listing::{print_page, width},
        neutralise::neutralise_line,
        table::Column,
        wrap::wrap,
    },
};

/// How many models a line names.
const NAMED: usize = 5;

/// A server and what to do with it.
#[derive(Serialize)]
struct Found {
    #[serde(flatten)]
    server: FoundServer,
    /// What to type next: to make it a provider, or to ask it.
    command: String,
}

const COLUMNS: &[Column<Found>] = &[
    Column { field: "name", show: |found| found.server.name.clone() },
    Column { field: "kind", show: |found| found.server.kind.clone() },
    Column { field: "base_url", show: |found| found.server.base_url.clone() },
    Column { field: "models", show: |found| found.server.models.join(", ") },
    Column { field: "configured", show: |found| found.server.configured.to_string() },
    Column { field: "command", show: |found| found.command.clone() },
];

pub(super) async fn discover(context: &Context, client: &Client) -> Outcome {
    let page = client.servers().await?;
    let items = page.items.into_iter().map(|server| Found { command: command(&server), server }).collect();
    let page = Page { items, next_cursor: page.next_cursor };
    if context.format() != OutputFormat::Text {
        return print_page(context, &page, COLUMNS);
    }
    if let (Target::Host(host), false) = (client.target(), context.everywhere.quiet) {
        output::note(&phrase!("note-servers-elsewhere", host = host), context.language);
    }
    if page.items.is_empty() && !context.everywhere.quiet {
        output::note(&phrase!("note-no-servers"), context.language);
    }
    let text: String = page.items.iter().map(|found| words(found, context)).collect();
    output::print(&text).map(|()| Exit::SUCCESS)
}

fn command(server: &FoundServer) -> String {
    let FoundServer { name, kind, base_url, models, known, configured } = server;
    match (configured, known) {
        (true, _) => format!("mmp chat -m {}", quoted(&format!("{name}/{}", models.first().map_or("MODEL", String::as_str)))),
        (false, true) => format!("mmp providers set {name} --base-url {base_url}"),
        (false, false) => format!("mmp providers add {name} --kind {kind} --base-url {base_url}"),
    }
}

/// A word of a command line as a shell takes it: what a server calls its models is not ours.
fn quoted(word: &str) -> String {
    let is_plain = word.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:@+".contains(c));
    if is_plain { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

/// The server with its models, and on a line of its own, to be copied, the command.
fn words(found: &Found, context: &Context) -> String {
    let server = &found.server;
    let count = phrase!("count-models", count = server.models.len()).render(context.language);
    let mut named: Vec<&str> = server.models.iter().take(NAMED).map(String::as_str).collect();
    if server.models.len() > NAMED {
        named.push("…");
    }
    let models = if named.is_empty() { count } else { format!("{count}: {}", named.join(", ")) };
    let mut parts = vec![server.name.clone(), server.base_url.clone(), models];
    parts.extend(server.configured.then(|| phrase!("server-configured").render(context.language)));
    let about = neutralise_line(&parts.join(" · "));
    let about = width(context).map_or_else(|| vec![about.clone()], |width| wrap(&about, width)).join("\n");
    format!("{about}\n  {}\n", neutralise_line(&found.command))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(known: bool, configured: bool, model: &str) -> FoundServer {
        let (name, kind, base_url) = ("vllm".to_owned(), "vllm".to_owned(), "http://127.0.0.1:8000/v1".to_owned());
        FoundServer { name, kind, base_url, models: vec![model.to_owned()], known, configured }
    }

    #[test]
    fn the_command_is_the_next_step() {
        assert_eq!(command(&server(false, false, "m")), "mmp providers add vllm --kind vllm --base-url http://127.0.0.1:8000/v1");
        assert_eq!(command(&server(true, false, "m")), "mmp providers set vllm --base-url http://127.0.0.1:8000/v1");
        assert_eq!(command(&server(true, true, "Qwen/Qwen3-8B")), "mmp chat -m vllm/Qwen/Qwen3-8B");
        assert_eq!(command(&server(true, true, "a; rm 'x'")), r"mmp chat -m 'vllm/a; rm '\''x'\'''");
    }
}
