use std::time::Instant;

use anyhow::Result;
use futures::TryStreamExt;
use sqlx::{Connection, PgConnection};
use url::Url;

/// The rows that a first sync leaves, table by table, as Postgres's own binary copy.
pub struct Rows(Vec<(String, Vec<u8>)>);

/// Each table with its columns, generated ones excepted.
const TABLES: [(&str, &str); 5] = [
    ("org.person", "id, name, display_name, email, title, description, dn, disabled, digest"),
    ("org.\"group\"", "id, name, display_name, email, kind, description, dn, digest, members_digest"),
    ("org.membership", "group_id, person_id"),
    ("org.nesting", "parent_id, child_id"),
    ("catalog.term", "ref, field, value, folded, weight"),
];

impl Rows {
    /// Reads them.
    pub async fn of(database: &Url) -> Result<Self> {
        let mut db = PgConnection::connect(database.as_str()).await?;
        let mut tables = Vec::new();
        for (table, columns) in TABLES {
            let out = format!("copy {table} ({columns}) to stdout (format binary)");
            let parts: Vec<_> = db.copy_out_raw(&out).await?.try_collect().await?;
            tables.push((format!("copy {table} ({columns}) from stdin (format binary)"), parts.concat()));
        }
        db.close().await?;
        Ok(Self(tables))
    }

    /// Writes them into the same tables with the same indexes, in one transaction; gives the seconds that it took.
    pub async fn write(&self, database: &Url) -> Result<f64> {
        let begun = Instant::now();
        let mut db = PgConnection::connect(database.as_str()).await?;
        sqlx::query("begin").execute(&mut db).await?;
        for (copy, rows) in &self.0 {
            let mut into = db.copy_in_raw(copy).await?;
            into.send(rows.as_slice()).await?;
            into.finish().await?;
        }
        sqlx::query("commit").execute(&mut db).await?;
        db.close().await?;
        Ok(begun.elapsed().as_secs_f64())
    }
}
