//! Servers of models that people run on their own machine: where each listens unless told otherwise, and how it is known
//! by its list of models. One line each.
//!
//! Whether one is there is the driver's to find out, what to make of it the services'.

/// A server of models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownServer {
    /// What to call it.
    pub name: &'static str,
    /// The kind of provider that speaks its API.
    pub kind: &'static str,
    /// Where it listens unless told otherwise.
    pub port: u16,
    /// Whom it names as the owner of its models; none where that tells nothing.
    owner: Option<&'static str>,
    /// Whether the port alone tells it from others.
    has_own_port: bool,
}

/// Any server of OpenAI's dialect.
const UNKNOWN: KnownServer = KnownServer { name: "local", kind: "openai", port: 0, owner: None, has_own_port: false };

/// The servers that are looked for. Ports are from their own documentation; owners from their sources, as
/// `"owned_by"` of `/v1/models`.
pub const SERVERS: &[KnownServer] = &[
    // docs.ollama.com/openai; the owner is a model's namespace. Its own dialect, `/api`, is not spoken here.
    sole("ollama", "openai", 11434, Some("library")),
    // ggml-org/llama.cpp, tools/server/server-context.cpp.
    shared("llamacpp", "llamacpp", 8080, Some("llamacpp")),
    // lmstudio.ai/docs/app/api/endpoints/openai.
    sole("lmstudio", "lmstudio", 1234, Some("organization_owner")),
    // vllm-project/vllm, vllm/entrypoints/openai/engine/protocol.py.
    shared("vllm", "vllm", 8000, Some("vllm")),
    // sgl-project/sglang, python/sglang/srt/entrypoints/openai/protocol.py.
    sole("sglang", "openai", 30000, Some("sglang")),
    // LostRuins/koboldcpp, koboldcpp.py.
    sole("koboldcpp", "openai", 5001, Some("koboldcpp")),
    // oobabooga/text-generation-webui; others use the port, too.
    shared("textgen", "openai", 5000, None),
    // jan.ai/docs/local-api.
    sole("jan", "openai", 1337, None),
    // docs.gpt4all.io, the local API server.
    sole("gpt4all", "openai", 4891, None),
    // localai.io: llama.cpp's port.
    shared("localai", "openai", 8080, None),
];

const fn sole(name: &'static str, kind: &'static str, port: u16, owner: Option<&'static str>) -> KnownServer {
    KnownServer { name, kind, port, owner, has_own_port: true }
}

const fn shared(name: &'static str, kind: &'static str, port: u16, owner: Option<&'static str>) -> KnownServer {
    KnownServer { name, kind, port, owner, has_own_port: false }
}

/// The ports at which a server may be, each once, in order.
pub fn usual_ports() -> Vec<u16> {
    let mut ports: Vec<u16> = SERVERS.iter().map(|server| server.port).collect();
    ports.sort_unstable();
    ports.dedup();
    ports
}

/// Which server answers at a port with models of these owners: by the owners first, for any server may be told to listen
/// anywhere.
pub fn recognize(port: u16, owners: &[String]) -> KnownServer {
    let by_owner = |server: &&KnownServer| server.owner.is_some_and(|owner| owners.iter().any(|known| known == owner));
    let by_port = |server: &&KnownServer| server.has_own_port && server.port == port;
    let found = SERVERS.iter().find(by_owner).or_else(|| SERVERS.iter().find(by_port));
    *found.unwrap_or(&UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::registry;

    #[test]
    fn every_kind_can_be_added() {
        assert!(SERVERS.iter().chain([&UNKNOWN]).all(|server| registry::find(server.kind).is_some()));
    }

    #[test]
    fn a_server_is_known_by_what_it_says_before_its_port() {
        let name =
            |port, owners: &[&str]| recognize(port, &owners.iter().map(|&owner| owner.to_owned()).collect::<Vec<_>>()).name;
        assert_eq!(name(8080, &["llamacpp"]), "llamacpp");
        assert_eq!(name(8080, &["somebody"]), "local");
        assert_eq!(name(30000, &["vllm"]), "vllm");
        assert_eq!(name(11434, &[]), "ollama");
        assert_eq!(name(9999, &[]), "local");
    }

    #[test]
    fn a_port_is_asked_once() {
        let ports = usual_ports();
        assert!(ports.contains(&8080) && ports.windows(2).all(|pair| pair[0] < pair[1]), "{ports:?}");
    }
}
