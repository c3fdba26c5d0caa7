use sqlx::PgExecutor;

/// Where the app is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// GitHub's id of the installation.
    pub id: i64,
    /// Whose it is.
    pub login: String,
    /// Whether it is an organization, which has teams.
    pub organization: bool,
    /// Whether it is of no use for now.
    pub suspended: bool,
}

impl Installed {
    /// Where it is installed.
    pub async fn all(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(Self, "select id, login, organization, suspended from github.installation order by id")
            .fetch_all(db)
            .await
    }

    /// Stores where it is installed, and nowhere else.
    pub async fn write(db: impl PgExecutor<'_>, all: &[Self]) -> sqlx::Result<()> {
        let ids: Vec<i64> = all.iter().map(|it| it.id).collect();
        let logins: Vec<&str> = all.iter().map(|it| it.login.as_str()).collect();
        let organizations: Vec<bool> = all.iter().map(|it| it.organization).collect();
        let suspended: Vec<bool> = all.iter().map(|it| it.suspended).collect();
        sqlx::query!(
            "with gone as (delete from github.installation where id <> all ($1))
             insert into github.installation (id, login, organization, suspended)
             select * from unnest($1::bigint[], $2::text[], $3::boolean[], $4::boolean[])
             on conflict (id) do update set login = excluded.login, organization = excluded.organization,
                suspended = excluded.suspended",
            &ids,
            &logins as &[&str],
            &organizations,
            &suspended
        )
        .execute(db)
        .await
        .map(|_| ())
    }
}
