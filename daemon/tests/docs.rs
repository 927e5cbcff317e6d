//! The documents name what there is: files that exist, every setting, every error code.

use std::{
    fs,
    path::{Path, PathBuf},
};

use mmp_shared::{ErrorCode, config::KEYS};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Everything in backticks that looks like a path of this repository.
fn paths(text: &str) -> Vec<String> {
    let is_path = |word: &&str| {
        ["cli/", "daemon/", "shared/", "docs/", ".ci/"].iter().any(|start| word.starts_with(start))
            && !word.contains(|c: char| c.is_ascii_uppercase() || c.is_whitespace() || c == '{' || c == '*')
    };
    text.split('`').skip(1).step_by(2).filter(is_path).map(str::to_owned).collect()
}

#[test]
fn every_file_that_a_document_names_exists() {
    let mut count = 0;
    for entry in fs::read_dir(root().join("docs")).expect("documents").flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        for named in paths(&fs::read_to_string(&path).expect("a document")) {
            assert!(root().join(&named).exists(), "{} names `{named}`, which is not there", path.display());
            count += 1;
        }
    }
    assert!(count > 60, "the documents name {count} files: this test looks in the wrong place");
}

#[test]
fn every_setting_is_in_the_table_with_its_default_and_variable() {
    let text = read("docs/configuration.md");
    for key in KEYS {
        let row = text.lines().find(|line| line.starts_with(&format!("| `{}` |", key.name)));
        let row = row.unwrap_or_else(|| panic!("docs/configuration.md lacks `{}`", key.name));
        assert!(row.contains(key.default), "`{}` has the default {}", key.name, key.default);
        assert!(key.variable.is_none_or(|variable| row.contains(variable)), "`{}`: {row}", key.name);
    }
}

#[test]
fn every_error_code_is_in_the_table_as_it_is() {
    let text = read("docs/protocol.md");
    for code in ErrorCode::ALL {
        let http = if code.http_status() == 0 { "-".to_owned() } else { code.http_status().to_string() };
        let retry = if code.is_retryable() { "yes" } else { "no" };
        let row = format!("| `{code}` | {http} | {} | {retry} |", code.exit_code());
        assert!(text.contains(&row), "docs/protocol.md lacks: {row}");
    }
}

#[test]
fn every_route_is_in_the_protocol() {
    let text = read("docs/protocol.md");
    let router = read("daemon/src/http/router.rs");
    let routes: Vec<_> = router.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(routes.len() > 10, "the router is not where this test looks");
    for route in routes {
        let last = route.replace("{reference}", "{ref}");
        let known = text.contains(&last) || last.rsplit_once('/').is_some_and(|(_, end)| text.contains(&format!("/{end}")));
        assert!(known, "docs/protocol.md lacks {route}");
    }
}

#[test]
fn the_readme_has_the_two_commands() {
    let text = read("README.md");
    assert!(text.contains("cargo build --release && ./target/release/mmp chat \"hello\""));
    assert!(text.contains("\n    cargo test --workspace\n"));
}
