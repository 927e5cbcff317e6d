//! Reads the sources and fails on an import that the layers forbid. `docs/architecture.md` says why they are as they are.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// What each top-level module of the daemon may import of the others.
const LAYERS: &[(&str, &[&str])] = &[
    ("commands", &["compose", "config", "http", "listen", "services", "store", "telemetry"]),
    ("compose", &["config", "listen", "providers", "search", "security", "services", "store", "telemetry"]),
    ("http", &["listen", "security", "services"]),
    (
        "services",
        &["catalogue", "config", "listen", "providers", "routing", "search", "security", "store", "counting", "telemetry"],
    ),
    ("counting", &[]),
    ("listen", &[]),
    ("routing", &[]),
    ("search", &[]),
    ("security", &[]),
    ("providers", &[]),
    ("store", &[]),
    ("catalogue", &[]),
    ("config", &[]),
    ("telemetry", &[]),
];

/// Crates that belong to some modules alone.
const OWNED: &[(&str, &[&str])] = &[
    ("axum", &["http", "listen", "commands"]),
    ("reqwest", &["providers"]),
    ("sled", &["store"]),
    ("tantivy", &["search"]),
    ("rmp_serde", &["store"]),
    ("keyring", &["security"]),
    ("chacha20poly1305", &["security"]),
    ("argon2", &["security"]),
    ("jsonwebtoken", &["security"]),
    ("zxcvbn", &["security"]),
    ("tiktoken", &["counting"]),
    ("tracing_subscriber", &["telemetry"]),
    ("prometheus", &["telemetry"]),
];

/// Folders whose members are strangers to one another, and the members that all may use.
const STRANGERS: &[(&str, &[&str])] = &[
    ("http/routes", &[]),
    ("providers", &["wire", "driver"]),
    ("store", &["records"]),
    ("config", &[]),
    ("commands", &["data_folder"]),
];

/// What only the registries name.
const CONCRETE: &[(&str, &[&str])] = &[
    ("store", &["store::memory", "store::sled"]),
    ("providers", &["providers::openai", "providers::deepseek", "providers::presets", "providers::wenxin", "providers::demo"]),
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files() -> Vec<(String, String)> {
    files_of(&source())
}

/// Every source file, as its path below `src`, with its code: no comments, no tests.
fn files_of(source: &Path) -> Vec<(String, String)> {
    let (mut found, mut folders) = (Vec::new(), vec![source.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of sources").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(source).expect("below src").display().to_string();
                let text = fs::read_to_string(&path).expect("a source file");
                let code = text.split("#[cfg(test)]").next().unwrap_or_default();
                found.push((
                    name,
                    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n"),
                ));
            }
        }
    }
    assert!(found.len() > 15, "the sources are not where this test looks");
    found
}

fn module_of(file: &str) -> &str {
    file.split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

fn first_name(path: &str) -> String {
    path.trim_start().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

/// The items of a braced list, as far as its closing brace.
fn items(list: &str) -> Vec<String> {
    let (mut depth, mut items) = (0, vec![String::new()]);
    for c in list.chars() {
        match c {
            '}' if depth == 0 => break,
            ',' if depth == 0 => items.push(String::new()),
            _ => {
                depth += i32::from(c == '{') - i32::from(c == '}');
                items.last_mut().expect("there is always one").push(c);
            }
        }
    }
    items
}

/// The top-level modules that `crate::…` paths name, also inside braces.
fn imports(code: &str) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = code
        .split("crate::")
        .skip(1)
        .flat_map(|after| match after.strip_prefix('{') {
            Some(list) => items(list),
            None => vec![after.to_owned()],
        })
        .map(|path| first_name(&path))
        .collect();
    names.remove("");
    names
}

#[test]
fn imports_go_downward_only() {
    let layers: BTreeMap<_, _> = LAYERS.iter().copied().collect();
    for (file, code) in files() {
        let module = module_of(&file);
        if matches!(module, "main" | "lib") {
            continue;
        }
        let allowed = layers.get(module).unwrap_or_else(|| panic!("`{module}` has no layer: add it to LAYERS"));
        for import in imports(&code) {
            let is_fine = import == module || allowed.contains(&import.as_str());
            assert!(is_fine, "{file} imports `{import}`, which `{module}` may not");
        }
    }
}

#[test]
fn the_layers_have_no_cycle() {
    let layers: BTreeMap<_, _> = LAYERS.iter().copied().collect();
    for (module, _) in LAYERS {
        let (mut seen, mut next) = (BTreeSet::new(), vec![*module]);
        while let Some(current) = next.pop() {
            for below in layers.get(current).copied().unwrap_or_default() {
                assert_ne!(below, module, "`{module}` reaches itself through `{current}`");
                if seen.insert(*below) {
                    next.push(below);
                }
            }
        }
    }
}

#[test]
fn crates_stay_where_they_belong() {
    for (file, code) in files() {
        for (owned, owners) in OWNED {
            // A path that only ends in the crate's name is a module of ours.
            let uses = code
                .match_indices(&format!("{owned}::"))
                .any(|(at, _)| !code[..at].ends_with("::") && !code[..at].ends_with('_'));
            assert!(!uses || owners.contains(&module_of(&file)), "{file} uses `{owned}`, which belongs to {owners:?}");
        }
    }
}

#[test]
fn siblings_are_strangers() {
    let files = files();
    for (folder, common) in STRANGERS {
        let inside: Vec<(&str, &String)> =
            files.iter().filter_map(|(file, code)| Some((file.strip_prefix(&format!("{folder}/"))?, code))).collect();
        let is_member = |name: &str| !matches!(name, "mod" | "registry");
        let members: BTreeSet<&str> = inside.iter().map(|(rest, _)| module_of(rest)).filter(|name| is_member(name)).collect();
        assert!(members.len() > 1 || *folder == "commands", "{folder} is not where this test looks");
        for (rest, code) in inside.iter().filter(|(rest, _)| is_member(module_of(rest))) {
            let own = module_of(rest);
            for other in members.iter().filter(|other| **other != own && !common.contains(other)) {
                let reaches = code.contains(&format!("crate::{}::{other}::", folder.replace('/', "::")))
                    || (!rest.contains('/') && code.contains(&format!("super::{other}::")));
                assert!(!reaches, "{folder}/{rest} reaches into its sibling `{other}`");
            }
        }
    }
}

#[test]
fn only_the_registries_name_a_concrete_engine_or_provider() {
    for (file, code) in files() {
        for (folder, names) in CONCRETE {
            let is_inside = file.starts_with(&format!("{folder}/"));
            for name in *names {
                assert!(is_inside || !code.contains(name), "{file} names `{name}`");
            }
        }
    }
}

/// The names that a crate's root hands on, and the modules that they come from.
const HANDED_ON: &[(&str, &str)] = &[("ApiError", "error"), ("ErrorCode", "error"), ("Language", "words"), ("Phrase", "words")];

#[test]
fn no_crate_has_a_cycle_among_its_modules() {
    for name in ["cli", "daemon", "shared"] {
        let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (file, code) in files_of(&source().join(format!("../../{name}/src"))) {
            let module = module_of(&file).to_owned();
            if module == "main" || module == "lib" {
                continue;
            }
            let handed = |import: String| {
                HANDED_ON.iter().find(|(name, _)| *name == import).map_or(import, |(_, from)| (*from).to_owned())
            };
            let below = imports(&code).into_iter().map(handed).filter(|import| *import != module);
            graph.entry(module.clone()).or_default().extend(below);
        }
        for start in graph.keys() {
            let (mut seen, mut next) = (BTreeSet::new(), vec![start]);
            while let Some(current) = next.pop() {
                for below in graph.get(current).into_iter().flatten() {
                    assert_ne!(below, start, "{name}: `{start}` reaches itself through `{current}`");
                    if seen.insert(below) {
                        next.push(below);
                    }
                }
            }
        }
    }
}
