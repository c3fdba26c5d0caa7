//! What repositories, people and teams are called. Nearly every event says so again, so only what is new is written, and one
//! statement does it.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

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
    pub async fn write(&self, db: impl PgExecutor<'_>, at: DateTime<Utc>) -> sqlx::Result<()> {
        let (mut actors, mut teams) = (self.actors.clone(), self.teams.clone());
        actors.sort();
        actors.dedup_by_key(|it| it.id);
        teams.sort();
        teams.dedup_by_key(|it| it.id);
        let mut repositories: Vec<&NamedRepository> = self.repositories.iter().collect();
        repositories.sort_by_key(|it| it.id);
        repositories.dedup_by_key(|it| it.id);
        let ids: Vec<i64> = actors.iter().map(|it| it.id).collect();
        let logins: Vec<&str> = actors.iter().map(|it| it.login.as_str()).collect();
        let kinds: Vec<&str> = actors.iter().map(|it| it.kind.as_str()).collect();
        let team_ids: Vec<i64> = teams.iter().map(|it| it.id).collect();
        let organizations: Vec<&str> = teams.iter().map(|it| it.organization.as_str()).collect();
        let slugs: Vec<&str> = teams.iter().map(|it| it.slug.as_str()).collect();
        let team_names: Vec<&str> = teams.iter().map(|it| it.name.as_str()).collect();
        let repository_ids: Vec<i64> = repositories.iter().map(|it| it.id).collect();
        let names: Vec<&str> = repositories.iter().map(|it| it.name.as_str()).collect();
        let nodes: Vec<Option<&str>> = repositories.iter().map(|it| it.node_id.as_deref()).collect();
        let branches: Vec<Option<&str>> = repositories.iter().map(|it| it.default_branch.as_deref()).collect();
        let urls: Vec<Option<&str>> = repositories.iter().map(|it| it.url.as_deref()).collect();
        let private: Vec<Option<bool>> = repositories.iter().map(|it| it.private).collect();
        let archived: Vec<Option<bool>> = repositories.iter().map(|it| it.archived).collect();
        let installations: Vec<Option<i64>> = repositories.iter().map(|it| it.installation_id).collect();
        sqlx::query!(
            "with actor as (
                insert into github.actor as a (id, login, kind, source_at)
                select id, login, kind, $1 from unnest($2::bigint[], $3::text[], $4::text[]) it (id, login, kind)
                where not exists (select from github.actor k
                    where k.id = it.id and (k.source_at > $1 or (k.login = it.login and k.kind = it.kind)))
                order by id
                on conflict (id) do update set login = excluded.login, kind = excluded.kind, source_at = excluded.source_at
                where a.source_at <= excluded.source_at
             ), team as (
                insert into github.team as t (id, organization, slug, name, source_at)
                select id, organization, slug, name, $1
                from unnest($5::bigint[], $6::text[], $7::text[], $8::text[]) it (id, organization, slug, name)
                where not exists (select from github.team k where k.id = it.id and (k.source_at > $1
                    or (k.organization = it.organization and k.slug = it.slug and k.name = it.name and k.gone_at is null)))
                order by id
                on conflict (id) do update set organization = excluded.organization, slug = excluded.slug, name = excluded.name,
                    gone_at = null, source_at = excluded.source_at
                where t.source_at <= excluded.source_at
             )
             insert into github.repository as r (id, name, node_id, default_branch, url, private, archived, installation_id, source_at)
             select id, name, node, branch, url, coalesce(private, false), coalesce(archived, false), installation, $1
             from unnest($9::bigint[], $10::text[], $11::text[], $12::text[], $13::text[], $14::boolean[], $15::boolean[],
                $16::bigint[]) it (id, name, node, branch, url, private, archived, installation)
             where not exists (select from github.repository k where k.id = it.id and (k.source_at > $1
                or (k.name = it.name and k.node_id is not distinct from coalesce(it.node, k.node_id)
                    and k.default_branch is not distinct from coalesce(it.branch, k.default_branch)
                    and k.url is not distinct from coalesce(it.url, k.url) and k.private = coalesce(it.private, k.private)
                    and k.archived = coalesce(it.archived, k.archived) and k.gone_at is null
                    and k.installation_id is not distinct from coalesce(it.installation, k.installation_id))))
             order by id
             on conflict (id) do update set name = excluded.name, node_id = coalesce(excluded.node_id, r.node_id),
                default_branch = coalesce(excluded.default_branch, r.default_branch), url = coalesce(excluded.url, r.url),
                private = case when excluded.id = any ($17) then r.private else excluded.private end,
                archived = case when excluded.id = any ($18) then r.archived else excluded.archived end,
                installation_id = coalesce(excluded.installation_id, r.installation_id), gone_at = null,
                source_at = excluded.source_at
             where r.source_at <= excluded.source_at",
            at,
            &ids,
            &logins as &[&str],
            &kinds as &[&str],
            &team_ids,
            &organizations as &[&str],
            &slugs as &[&str],
            &team_names as &[&str],
            &repository_ids,
            &names as &[&str],
            &nodes as &[Option<&str>],
            &branches as &[Option<&str>],
            &urls as &[Option<&str>],
            &private as &[Option<bool>],
            &archived as &[Option<bool>],
            &installations as &[Option<i64>],
            &untold(&repositories, |it| it.private),
            &untold(&repositories, |it| it.archived)
        )
        .execute(db)
        .await
        .map(|_| ())
    }
}

/// Those of which this was not told.
fn untold(repositories: &[&NamedRepository], what: impl Fn(&NamedRepository) -> Option<bool>) -> Vec<i64> {
    repositories.iter().filter(|it| what(it).is_none()).map(|it| it.id).collect()
}
