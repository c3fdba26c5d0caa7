//! What somebody on GitHub is called, there and here.

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use super::people;

/// Somebody on GitHub, as others read of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// The name by which GitHub knows them.
    pub login: String,
    /// Whether it is a program.
    pub bot: bool,
    /// Entity name, and what people call them, where that is known.
    pub person: Option<(String, String)>,
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
    let named =
        sqlx::query!("select id, name, display_name from org.person where id = any($1)", &ids).fetch_all(db).await?;
    let named: HashMap<Uuid, (String, String)> =
        named.into_iter().map(|it| (it.id, (it.name, it.display_name))).collect();
    let person = |id: i64| people.get(&id).and_then(|it| named.get(it)).cloned();
    let called =
        rows.into_iter().map(|it| (it.id, Called { login: it.login, bot: it.kind == "Bot", person: person(it.id) }));
    Ok(called.collect())
}
