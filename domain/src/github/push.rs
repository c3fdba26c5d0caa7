use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// What went into a branch.
#[derive(Clone, Debug, PartialEq)]
pub struct Push {
    /// Our id of the event that told it.
    pub id: Uuid,
    /// Where.
    pub repository_id: i64,
    /// Such as refs/heads/main.
    pub name: String,
    /// The commit that the branch was at.
    pub before: String,
    /// The commit that it is at.
    pub after: String,
    /// Whether commits were taken from it.
    pub forced: bool,
    /// Who pushed.
    pub actor_id: Option<i64>,
    /// When, by GitHub's clock.
    pub at: DateTime<Utc>,
}

impl Push {
    /// Stores what is not yet.
    pub(super) async fn write(db: &mut PgConnection, all: &[Self]) -> sqlx::Result<()> {
        let ids: Vec<Uuid> = all.iter().map(|it| it.id).collect();
        let repositories: Vec<i64> = all.iter().map(|it| it.repository_id).collect();
        let names: Vec<&str> = all.iter().map(|it| it.name.as_str()).collect();
        let before: Vec<&str> = all.iter().map(|it| it.before.as_str()).collect();
        let after: Vec<&str> = all.iter().map(|it| it.after.as_str()).collect();
        let forced: Vec<bool> = all.iter().map(|it| it.forced).collect();
        let actors: Vec<Option<i64>> = all.iter().map(|it| it.actor_id).collect();
        let at: Vec<DateTime<Utc>> = all.iter().map(|it| it.at).collect();
        sqlx::query!(
            "insert into github.push (id, repository_id, ref, before, after, forced, actor_id, at)
             select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::bigint[],
                $8::timestamptz[])
             on conflict (id) do nothing",
            &ids,
            &repositories,
            &names as &[&str],
            &before as &[&str],
            &after as &[&str],
            &forced,
            &actors as &[Option<i64>],
            &at
        )
        .execute(db)
        .await
        .map(|_| ())
    }
}
