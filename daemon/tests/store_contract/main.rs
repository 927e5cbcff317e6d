//! One contract, every engine: what `store/mod.rs` promises, asked of each engine through the registry alone.
//!
//! A file holds the cases of a noun; `cases!` makes a case and its line in the table in one, so that none can be
//! written and left out. What only one engine does inside is tested beside that engine.

mod audit;
mod batches;
mod changes;
mod conversations;
mod deleting;
mod differential;
mod disk;
mod filters;
mod fixture;
mod invites;
mod login_attempts;
mod logins;
mod messages;
mod models;
mod providers;
mod records;
mod reopening;
mod roles;
mod runs;
mod settings;
mod tokens;
mod upkeep;
mod usage;
mod users;

use fixture::{Case, ENGINES, Engine, Fixture};
use mmpd::store::registry::SCHEMES;

/// Every case, by noun.
const NOUNS: &[(&str, &[Case])] = &[
    ("audit", audit::CASES),
    ("batches", batches::CASES),
    ("changes", changes::CASES),
    ("conversations", conversations::CASES),
    ("deleting", deleting::CASES),
    ("filters", filters::CASES),
    ("invites", invites::CASES),
    ("login attempts", login_attempts::CASES),
    ("logins", logins::CASES),
    ("messages", messages::CASES),
    ("models", models::CASES),
    ("providers", providers::CASES),
    ("reopening", reopening::CASES),
    ("roles", roles::CASES),
    ("runs", runs::CASES),
    ("settings", settings::CASES),
    ("tokens", tokens::CASES),
    ("upkeep", upkeep::CASES),
    ("usage", usage::CASES),
    ("users", users::CASES),
];

/// How many cases there are. Whoever adds one counts it here, and whoever loses one notices.
const CASES: usize = 94;

/// What engines cannot do, by engine and noun: the only cases that may be left out, each of them on purpose.
const CANNOT: &[(&str, &str)] = &[("memory", "reopening")];

#[test]
fn every_engine_is_in_the_suite() {
    let names: Vec<_> = ENGINES.iter().map(|engine| engine.name).collect();
    assert_eq!(names, SCHEMES);
}

#[test]
fn every_engine_keeps_every_case_of_the_contract() {
    let (mut kept, mut left_out, mut broken) = (0, Vec::new(), Vec::new());
    for engine in ENGINES {
        for (noun, cases) in NOUNS {
            for case in *cases {
                let name = format!("{}: {noun}: {}", engine.name, case.name);
                if CANNOT.contains(&(engine.name, noun)) {
                    left_out.push(name);
                } else if keeps(engine, case) {
                    kept += 1;
                } else {
                    broken.push(name);
                }
            }
        }
    }
    println!("kept {kept}, cannot {}: {left_out:#?}", left_out.len());
    assert!(broken.is_empty(), "broken: {broken:#?}");
    let written: usize = NOUNS.iter().map(|(_, cases)| cases.len()).sum();
    assert_eq!(written, CASES, "the number of cases has changed; was one lost?");
    assert_eq!(kept + left_out.len(), ENGINES.len() * CASES);
    assert_eq!(left_out.len(), reopening::CASES.len());
}

/// Runs one case on a store of its own.
fn keeps(engine: &'static Engine, case: &Case) -> bool {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let fixture = Fixture::open(engine).await;
        tokio::spawn((case.run)(fixture)).await.is_ok()
    })
}
