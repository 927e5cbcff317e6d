//! The help as people read it, under review as plain files. `MMP_SNAPSHOTS=write cargo test -p mmp` writes them anew.

use std::{fs, path::PathBuf};

use crate::world::World;

fn check(name: &str, arguments: &[&str], lang: &str) {
    let ran = World::new().with("MMP_LANG", lang).run(arguments);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/snapshots/{name}.{lang}.txt"));
    if std::env::var_os("MMP_SNAPSHOTS").is_some() {
        fs::write(&path, &ran.stdout).expect("written");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(ran.stdout, expected, "{} differs", path.display());
}

#[test]
fn the_help_is_as_it_was_reviewed() {
    for lang in ["en", "zh-CN"] {
        check("mmp", &[], lang);
        for command in [
            "login",
            "passwd",
            "account",
            "tokens",
            "admin",
            "chat",
            "rerun",
            "history",
            "runs",
            "models",
            "providers",
            "config",
            "daemon",
            "doctor",
        ] {
            check(command, &[command, "--help"], lang);
        }
        check("providers-add", &["providers", "add", "-h"], lang);
        check("history-list", &["history", "list", "-h"], lang);
        check("tokens-create", &["tokens", "create", "-h"], lang);
        check("admin-users", &["admin", "users", "-h"], lang);
        check("admin-audit", &["admin", "audit", "-h"], lang);
    }
}

#[test]
fn the_locale_chooses_the_language() {
    let ran = World::new().with("LANG", "zh_CN.UTF-8").run(&["--help"]);
    assert!(ran.stdout.contains("用法"), "{}", ran.stdout);
    let ran = World::new().with("LANG", "zh_CN.UTF-8").run(&["--help", "--lang", "en"]);
    assert!(ran.stdout.contains("usage"), "{}", ran.stdout);
    let ran = World::new().with("LANG", "zh_CN.UTF-8").run(&["chat"]);
    assert!(ran.stderr.starts_with("error: 提示词是空的"), "{}", ran.stderr);
}

#[test]
fn the_version_is_said() {
    assert_eq!(World::new().run(&["--version"]).stdout, format!("mmp {}\n", env!("CARGO_PKG_VERSION")));
}
