use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};

use super::known::Target;
use super::{Actor, Reviewer, Team};

/// Who is asked to review a pull request, or no longer, since when and by whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Asking {
    /// Who.
    pub of: Target,
    /// Who asked them; nobody where GitHub did not say.
    pub by: Option<i64>,
    /// Since when, by GitHub's clock.
    pub at: DateTime<Utc>,
    /// Whether they had reviewed it before.
    pub again: bool,
}

impl Asking {
    /// Stores who is asked now and was not.
    pub async fn begin(db: &mut PgConnection, pull_request: i64, asked: &[Self]) -> sqlx::Result<()> {
        let kinds: Vec<&str> = asked.iter().map(|it| it.of.kind()).collect();
        let targets: Vec<i64> = asked.iter().map(|it| it.of.id()).collect();
        let by: Vec<Option<i64>> = asked.iter().map(|it| it.by).collect();
        let at: Vec<DateTime<Utc>> = asked.iter().map(|it| it.at).collect();
        let again: Vec<bool> = asked.iter().map(|it| it.again).collect();
        sqlx::query!(
            "insert into github.review_request (pull_request_id, kind, target, requested_by, requested_at, again, source_at)
             select $1, kind, target, by, at, again, at
             from unnest($2::text[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::boolean[]) it (kind, target, by, at, again)
             on conflict (pull_request_id, kind, target) do update set requested_by = excluded.requested_by,
                requested_at = excluded.requested_at, again = excluded.again, source_at = excluded.source_at, gone_at = null",
            pull_request,
            &kinds as &[&str],
            &targets,
            &by as &[Option<i64>],
            &at,
            &again
        )
        .execute(db)
        .await
        .map(|_| ())
    }

    /// Stores who is asked no longer, since then.
    pub async fn end(
        db: &mut PgConnection,
        pull_request: i64,
        (gone, at): (&[Target], DateTime<Utc>),
    ) -> sqlx::Result<()> {
        let kinds: Vec<&str> = gone.iter().map(|it| it.kind()).collect();
        let targets: Vec<i64> = gone.iter().map(|it| it.id()).collect();
        sqlx::query!(
            "update github.review_request q set gone_at = $4, source_at = greatest(q.source_at, $4)
             from unnest($2::text[], $3::bigint[]) it (kind, target)
             where q.pull_request_id = $1 and q.kind = it.kind and q.target = it.target and q.gone_at is null",
            pull_request,
            &kinds as &[&str],
            &targets,
            at
        )
        .execute(db)
        .await
        .map(|_| ())
    }

    /// Corrects who asked somebody who is asked since that moment: another event of it had told of the whole list.
    pub async fn attribute(db: &mut PgConnection, pull_request: i64, (of, by): (Target, i64)) -> sqlx::Result<()> {
        sqlx::query!(
            "update github.review_request set requested_by = $4
             where pull_request_id = $1 and kind = $2 and target = $3 and requested_by is null and gone_at is null",
            pull_request,
            of.kind(),
            of.id(),
            by
        )
        .execute(db)
        .await
        .map(|_| ())
    }
}

impl Target {
    /// Who these are, as far as GitHub told of them.
    pub async fn named(db: impl PgExecutor<'_>, targets: &[Self]) -> sqlx::Result<HashMap<Self, Reviewer>> {
        let of = |kind| targets.iter().filter(|it| it.kind() == kind).map(|it| it.id()).collect::<Vec<i64>>();
        let rows = sqlx::query!(
            r#"select id as "id!", null as organization, login as "login!", kind = 'Bot' as "bot!", null as name
             from github.actor where id = any($1)
             union all select id, organization, slug, false, name from github.team where id = any($2)"#,
            &of("actor"),
            &of("team")
        );
        Ok(rows
            .fetch_all(db)
            .await?
            .into_iter()
            .map(|it| match (it.organization, it.name) {
                (Some(organization), Some(name)) => {
                    let slug = format!("{organization}/{}", it.login);
                    (Self::Team(it.id), Reviewer::Team(Team { id: it.id, slug, name }))
                }
                _ => (Self::Actor(it.id), Reviewer::Actor(Actor { id: it.id, login: it.login, bot: it.bot })),
            })
            .collect())
    }
}
