//! The demo company, read from `config/demo` through the seams that read a real one.

use std::path::Path;

use chrono::Utc;
use domain::PgPool;
use domain::brake::Brake;
use domain::catalog_plan::Removal;
use integrations::{files, ldap};
use scheduler::jobs::{Mode, catalog, ldap as directory};
use serde::Deserialize;

/// What `config/demo/ldap.toml` holds.
#[derive(Deserialize)]
struct Mapping {
    ldap: ldap::Config,
}

/// Puts the company into an empty database.
pub(super) async fn load(db: &PgPool) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../config/demo");
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a file of the demo");
    let Mapping { ldap: config } = toml::from_str(&text("ldap.toml")).expect("a mapping");
    let source = ldap::LdifDirectory::new(&config, &text("company.ldif")).expect("a directory");
    let sync = directory::Sync { directory: &source, config: &config, brake: Brake::default() };
    let report = sync.run(db, &Mode::Apply, &|_| {}).await.expect("a sync");
    assert!(report.outcome.good(), "{}", report.summary);
    let paths = files::Config { paths: vec!["catalog".into()], ..files::Config::default() };
    let reading = files::read(&paths, &folder);
    let report = catalog::sync(db, &Mode::Apply, reading, Removal { before: None }, Utc::now()).await.expect("a sync");
    assert!(report.outcome.good(), "{}", report.summary);
}
