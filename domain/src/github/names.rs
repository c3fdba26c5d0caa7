//! What repositories, people and teams are called.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::book::Book;

/// Somebody, as an event names them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamedActor {
    /// GitHub's id.
    pub id: i64,
    /// The name by which GitHub knows them.
    pub login: String,
    /// GitHub's word: User, Bot, Organization, Mannequin.
    pub kind: String,
}

/// A repository, as an event names it; what the event does not tell, is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedRepository {
    /// GitHub's id.
    pub id: i64,
    /// owner/name.
    pub name: String,
    /// GitHub's id in GraphQL.
    pub node_id: Option<String>,
    /// Its main branch.
    pub default_branch: Option<String>,
    /// Its page.
    pub url: Option<String>,
    /// Whether not everybody may see it.
    pub private: Option<bool>,
    /// Whether nothing changes there any more.
    pub archived: Option<bool>,
    /// The installation through which it can be read.
    pub installation_id: Option<i64>,
}

/// A team, as an event names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamedTeam {
    /// GitHub's id.
    pub id: i64,
    /// The organization's login.
    pub organization: String,
    /// Its name in addresses.
    pub slug: String,
    /// What people call it.
    pub name: String,
}

/// Everybody and everything that an event names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names {
    /// People, bots and organisations.
    pub actors: Vec<NamedActor>,
    /// Repositories.
    pub repositories: Vec<NamedRepository>,
    /// Teams.
    pub teams: Vec<NamedTeam>,
}

impl Names {
    /// Stores what they were called at that moment, unless something newer is known.
    pub async fn write(&self, db: &mut PgConnection, at: DateTime<Utc>) -> sqlx::Result<()> {
        let actors: Vec<i64> = self.actors.iter().map(|it| it.id).collect();
        let teams: Vec<i64> = self.teams.iter().map(|it| it.id).collect();
        let repositories: Vec<i64> = self.repositories.iter().map(|it| it.id).collect();
        let mut book = Book::default();
        book.read(&mut *db, (&actors, &teams, &repositories)).await?;
        book.tell(self, at);
        book.write(db).await
    }
}
