use std::path::Path;

use anyhow::{Result, bail};
use domain::pool;
use tokio::sync::OnceCell;
use url::Url;

use super::folder::Folder;
use super::{disk, filled, process};

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

    /// A database with the people and groups of the company.
    pub async fn peopled(&self) -> Result<Url> {
        let url = self.database("peopled").await?;
        filled::with_company(&url).await?;
        Ok(url)
    }

    /// A database with the whole company and its catalog.
    pub async fn loaded(&self) -> Result<&Url> {
        let load = async || {
            let url = self.database("loaded").await?;
            filled::with_company(&url).await?;
            filled::with_catalog(&url).await?;
            anyhow::Ok(url)
        };
        self.loaded.get_or_try_init(load).await
    }
}
