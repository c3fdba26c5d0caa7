use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::known::Target;

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
    /// Since when they are asked no longer.
    pub gone_at: Option<DateTime<Utc>>,
}

impl Asking {
    /// Who is asked to review any of these pull requests now, each with the pull request.
    pub(super) async fn of(db: &mut PgConnection, pulls: &[i64]) -> sqlx::Result<Vec<(i64, Self)>> {
        let rows = sqlx::query!(
            "select pull_request_id, kind, target, requested_by, requested_at, again from github.review_request
             where pull_request_id = any($1) and gone_at is null",
            pulls
        );
        let asking = rows.fetch_all(db).await?.into_iter().map(|it| {
            let of = if it.kind == "team" { Target::Team(it.target) } else { Target::Actor(it.target) };
            let (by, at, again) = (it.requested_by, it.requested_at, it.again);
            (it.pull_request_id, Self { of, by, at, again, gone_at: None })
        });
        Ok(asking.collect())
    }

    /// Stores who is asked now, or no longer, each with the pull request, and sorted by both.
    pub(super) async fn write(db: &mut PgConnection, all: &[(i64, &Self)]) -> sqlx::Result<()> {
        let pulls: Vec<i64> = all.iter().map(|it| it.0).collect();
        let kinds: Vec<&str> = all.iter().map(|it| it.1.of.kind()).collect();
        let targets: Vec<i64> = all.iter().map(|it| it.1.of.id()).collect();
        let by: Vec<Option<i64>> = all.iter().map(|it| it.1.by).collect();
        let at: Vec<DateTime<Utc>> = all.iter().map(|it| it.1.at).collect();
        let again: Vec<bool> = all.iter().map(|it| it.1.again).collect();
        let gone: Vec<Option<DateTime<Utc>>> = all.iter().map(|it| it.1.gone_at).collect();
        sqlx::query!(
            "insert into github.review_request (pull_request_id, kind, target, requested_by, requested_at, again, source_at, gone_at)
             select pull, kind, target, by, at, again, greatest(at, gone), gone
             from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::boolean[], $7::timestamptz[])
                it (pull, kind, target, by, at, again, gone)
             on conflict (pull_request_id, kind, target) do update set requested_by = excluded.requested_by,
                requested_at = excluded.requested_at, again = excluded.again, source_at = excluded.source_at,
                gone_at = excluded.gone_at",
            &pulls,
            &kinds as &[&str],
            &targets,
            &by as &[Option<i64>],
            &at,
            &again,
            &gone as &[Option<DateTime<Utc>>]
        )
        .execute(db)
        .await
        .map(|_| ())
    }
}
