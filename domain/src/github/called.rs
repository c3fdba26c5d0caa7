//! What somebody on GitHub is called, there and here.

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use super::audience::{Somebody, somebody};
use super::people;

/// Somebody on GitHub, as others read of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// The name by which GitHub knows them.
    pub login: String,
    /// Whether it is a program.
    pub bot: bool,
    /// Who that is here, where that is known.
    pub person: Option<Somebody>,
}

/// What these are called, by GitHub's id.
pub async fn called(db: &mut PgConnection, actors: &[i64]) -> sqlx::Result<HashMap<i64, Called>> {
    if actors.is_empty() {
        return Ok(HashMap::new());
    }
    let rows =
        sqlx::query!("select id, login, kind from github.actor where id = any($1)", actors).fetch_all(&mut *db).await?;
    let people = people::of(&mut *db, actors).await?;
    let ids: Vec<Uuid> = people.values().copied().collect();
    let named = if ids.is_empty() { HashMap::new() } else { somebody(db, &ids).await? };
    let called = rows.into_iter().map(|it| {
        let person = people.get(&it.id).and_then(|id| named.get(id)).cloned();
        (it.id, Called { login: it.login, bot: it.kind == super::BOT, person })
    });
    Ok(called.collect())
}
