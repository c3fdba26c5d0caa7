use std::path::Path;

use anyhow::{Context, Result, bail};
use chrono::Utc;
use domain::brake::Brake;
use domain::catalog_plan::Removal;
use domain::person::Person;
use domain::token::Token;
use domain::{PgPool, pool};
use integrations::files;
use integrations::ldap::LdifDirectory;
use scheduler::jobs::{Mode, catalog as catalog_job, ldap as directory_job};
use tokio::sync::OnceCell;
use url::Url;
use uuid::Uuid;

use super::folder::Folder;
use super::{catalog, company, disk, process};

/// The personal token of [`company::person`] 0.
pub const TOKEN: &str = "pin_bench_0123456789abcdef0123456789abcdef";

/// A Postgres of our own on a real disk, and what was made on it.
pub struct Ground {
    // The order matters: the server ends before its folder goes.
    server: postgres::Server,
    folder: Folder,
    loaded: OnceCell<Url>,
}

impl Ground {
    /// Starts the server, with the settings that the managed Postgres always has.
    pub async fn prepare() -> Result<Self> {
        let folder = Folder::make()?;
        let options =
            postgres::Options { folder: folder.path().into(), settings: Vec::new(), database: "pinconsole".into() };
        let server = tokio::task::spawn_blocking(move || postgres::Server::start(&options, &mut |_| {})).await??;
        Ok(Self { server, folder, loaded: OnceCell::new() })
    }

    /// A folder for files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What one fdatasync costs now, in milliseconds.
    pub fn fdatasync(&self) -> Result<f64> {
        disk::fdatasync(self.folder())
    }

    /// Seconds of CPU that Postgres used so far, all of its processes together.
    pub fn postgres_cpu(&self) -> Result<f64> {
        process::family_cpu(self.server.pid())
    }

    /// Refuses a server that may lose what it committed: its figures would flatter everybody.
    pub async fn durable(&self) -> Result<()> {
        let db = pool::pool(self.server.url(), 1)?;
        for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
            let value: String = sqlx::query_scalar("select current_setting($1)").bind(setting).fetch_one(&db).await?;
            if value != "on" {
                bail!("{setting} is {value}: nothing is reported from a server that may lose what it committed");
            }
        }
        db.close().await;
        Ok(())
    }

    /// A new database with our tables, which are all logged.
    pub async fn database(&self, name: &str) -> Result<Url> {
        let db = pool::pool(self.server.url(), 1)?;
        sqlx::query(sqlx::AssertSqlSafe(format!("create database {name}"))).execute(&db).await?;
        db.close().await;
        let mut url = Url::parse(self.server.url())?;
        url.set_path(name);
        let db = pool::pool(url.as_str(), 1)?;
        domain::MIGRATOR.run(&db).await?;
        let unlogged: i64 =
            sqlx::query_scalar("select count(*) from pg_class where relpersistence = 'u'").fetch_one(&db).await?;
        db.close().await;
        if unlogged > 0 {
            bail!("{unlogged} tables are unlogged: nothing is reported from tables that a crash empties");
        }
        Ok(url)
    }

    /// A database with the whole company and its catalog, read by the same jobs as in production.
    pub async fn loaded(&self) -> Result<&Url> {
        self.loaded.get_or_try_init(|| async { load(self.database("loaded").await?).await }).await
    }
}

async fn load(url: Url) -> Result<Url> {
    let db = pool::pool(url.as_str(), 2)?;
    let config = company::config()?;
    let source = LdifDirectory::new(&config, &company::ldif())?;
    let sync = directory_job::Sync { directory: &source, config: &config, brake: Brake::default() };
    let report = sync.run(&db, &Mode::Apply, &|_| {}).await?;
    anyhow::ensure!(report.outcome.good(), "the directory could not be loaded: {}", report.summary);
    let reading = files::read_embedded(catalog::files().iter().map(|(name, text)| (name.clone(), text.as_str())));
    anyhow::ensure!(reading.problems.is_empty(), "the catalog could not be read: {:?}", reading.problems.first());
    let removal = Removal { before: None };
    catalog_job::sync(&db, &Mode::Apply, reading, removal, Utc::now()).await?;
    give_token(&db).await?;
    // What the server does by itself within a minute or two.
    sqlx::query("vacuum analyze").execute(&db).await?;
    sqlx::query("checkpoint").execute(&db).await?;
    db.close().await;
    Ok(url)
}

async fn give_token(db: &PgPool) -> Result<()> {
    let person = Person::named(db, &company::person(0)).await?.context("nobody is there")?;
    Token::store(db, person.id, Uuid::new_v4(), TOKEN, Utc::now() + chrono::Duration::days(1)).await?;
    Ok(())
}
