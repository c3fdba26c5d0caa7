//! Databases with something in them, read by the same jobs as in production.

use anyhow::{Context, Result, ensure};
use chrono::Utc;
use domain::brake::Brake;
use domain::catalog_plan::Removal;
use domain::person::Person;
use domain::token::Token;
use domain::{PgPool, pool};
use integrations::files;
use integrations::ldap::LdifDirectory;
use scheduler::jobs::{Mode, catalog as catalog_job, ldap as directory_job};
use url::Url;
use uuid::Uuid;

use super::{catalog, company};

/// The personal token of [`company::person`] 0.
pub const TOKEN: &str = "pin_bench_0123456789abcdef0123456789abcdef";

/// Fills in the people and groups, and a token.
pub async fn with_company(database: &Url) -> Result<()> {
    let db = pool::pool(database.as_str(), 2)?;
    let config = company::config()?;
    let source = LdifDirectory::new(&config, &company::ldif())?;
    let sync = directory_job::Sync { directory: &source, config: &config, brake: Brake::default(), tick: None };
    let report = sync.run(&db, &Mode::Apply, &|_| {}).await?;
    ensure!(report.outcome.good(), "the directory could not be loaded: {}", report.summary);
    let person = Person::named(&db, &company::person(0)).await?.context("nobody is there")?;
    Token::store(&db, person.id, Uuid::new_v4(), TOKEN, Utc::now() + chrono::Duration::days(1)).await?;
    settle(db).await
}

/// Fills in the entities.
pub async fn with_catalog(database: &Url) -> Result<()> {
    let db = pool::pool(database.as_str(), 2)?;
    let reading = files::read_embedded(catalog::files().iter().map(|(name, text)| (name.clone(), text.as_str())));
    ensure!(reading.problems.is_empty(), "the catalog could not be read: {:?}", reading.problems.first());
    let sync = catalog_job::Sync { removal: Removal { before: None }, started: Utc::now(), tick: None };
    sync.write(&db, &Mode::Apply, reading).await?;
    settle(db).await
}

/// Does what the server does by itself within a minute or two, so that it does not do it while we measure.
async fn settle(db: PgPool) -> Result<()> {
    sqlx::query("vacuum analyze").execute(&db).await?;
    sqlx::query("checkpoint").execute(&db).await?;
    db.close().await;
    Ok(())
}
