//! What everybody and everything is called, as events tell it. Nearly every event says so again, so what is known is read for all of them
//! at once, and only what is new is written.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{Actor, BOT, NamedActor, NamedRepository, NamedTeam, Names, Repository, Reviewer, Target, Team, called_so};

/// A name, and since when it is so.
#[derive(Clone, Debug)]
pub(super) struct Entry<T> {
    pub(super) named: T,
    pub(super) at: DateTime<Utc>,
    /// Whether it was gone by then.
    pub(super) gone: bool,
    /// Whether it is to be written.
    pub(super) new: bool,
}

/// Names, by GitHub's ids.
#[derive(Clone, Debug, Default)]
pub(super) struct Book {
    pub(super) actors: BTreeMap<i64, Entry<NamedActor>>,
    pub(super) teams: BTreeMap<i64, Entry<NamedTeam>>,
    pub(super) repositories: BTreeMap<i64, Entry<NamedRepository>>,
}

impl Book {
    /// Reads what these people, teams and repositories are called.
    pub(super) async fn read(
        &mut self,
        db: &mut PgConnection,
        (actors, teams, repositories): (&[i64], &[i64], &[i64]),
    ) -> sqlx::Result<()> {
        if !actors.is_empty() {
            self.actors.extend(called_so::actors(&mut *db, actors).await?);
        }
        if !teams.is_empty() {
            self.teams.extend(called_so::teams(&mut *db, teams).await?);
        }
        if !repositories.is_empty() {
            self.repositories.extend(called_so::repositories(&mut *db, repositories).await?);
        }
        Ok(())
    }

    /// Takes up what everybody was called at that moment, unless something newer is known.
    pub(super) fn tell(&mut self, names: &Names, at: DateTime<Utc>) {
        // Of what is named twice, the first in this order counts.
        let (mut actors, mut teams) = (names.actors.clone(), names.teams.clone());
        let mut repositories = names.repositories.clone();
        actors.sort();
        actors.dedup_by_key(|it| it.id);
        teams.sort();
        teams.dedup_by_key(|it| it.id);
        repositories.sort_by_key(|it| it.id);
        repositories.dedup_by_key(|it| it.id);
        actors.into_iter().for_each(|it| told(&mut self.actors, (it.id, it), at));
        teams.into_iter().for_each(|it| told(&mut self.teams, (it.id, it), at));
        for it in repositories {
            let known = self.repositories.get(&it.id).map(|it| &it.named);
            let whole = known.map_or(it.clone(), |known| it.over(known));
            told(&mut self.repositories, (whole.id, whole), at);
        }
    }

    /// Stores what is new.
    pub(super) async fn write(&mut self, db: &mut PgConnection) -> sqlx::Result<()> {
        let (actors, teams, repositories) = (new(&self.actors), new(&self.teams), new(&self.repositories));
        if !actors.is_empty() {
            called_so::write_actors(&mut *db, &actors).await?;
        }
        if !teams.is_empty() {
            called_so::write_teams(&mut *db, &teams).await?;
        }
        if !repositories.is_empty() {
            called_so::write_repositories(&mut *db, &repositories).await?;
        }
        self.actors.values_mut().for_each(|it| it.new = false);
        self.teams.values_mut().for_each(|it| it.new = false);
        self.repositories.values_mut().for_each(|it| it.new = false);
        Ok(())
    }

    pub(super) fn actor(&self, id: i64) -> Option<Actor> {
        let it = &self.actors.get(&id)?.named;
        Some(Actor { id, login: it.login.clone(), bot: it.kind == BOT })
    }

    pub(super) fn reviewer(&self, target: Target) -> Option<Reviewer> {
        match target {
            Target::Actor(id) => self.actor(id).map(Reviewer::Actor),
            Target::Team(id) => {
                let it = &self.teams.get(&id)?.named;
                let slug = format!("{}/{}", it.organization, it.slug);
                Some(Reviewer::Team(Team { id, slug, name: it.name.clone() }))
            }
        }
    }

    pub(super) fn repository(&self, id: i64) -> Repository {
        let it = self.repositories.get(&id).map(|it| &it.named);
        Repository {
            id,
            name: it.map_or_else(|| format!("repository {id}"), |it| it.name.clone()),
            default_branch: it.and_then(|it| it.default_branch.clone()),
            url: it.and_then(|it| it.url.clone()),
        }
    }
}

impl NamedRepository {
    /// The same with what is known of it besides.
    fn over(self, known: &Self) -> Self {
        Self {
            node_id: self.node_id.or_else(|| known.node_id.clone()),
            default_branch: self.default_branch.or_else(|| known.default_branch.clone()),
            url: self.url.or_else(|| known.url.clone()),
            private: self.private.or(known.private),
            archived: self.archived.or(known.archived),
            installation_id: self.installation_id.or(known.installation_id),
            ..self
        }
    }
}

fn told<T: PartialEq>(all: &mut BTreeMap<i64, Entry<T>>, (id, named): (i64, T), at: DateTime<Utc>) {
    let known = all.get(&id);
    if known.is_none_or(|it| it.at <= at && (it.named != named || it.gone)) {
        all.insert(id, Entry { named, at, gone: false, new: true });
    }
}

fn new<T>(all: &BTreeMap<i64, Entry<T>>) -> Vec<&Entry<T>> {
    all.values().filter(|it| it.new).collect()
}
