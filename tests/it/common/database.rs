use std::env;

use sqlx::{PgPool, Postgres};
use url::Url;

/// The address of the database that a test has for itself.
pub(crate) fn address(db: &PgPool) -> String {
    let mut url = Url::parse(&env::var("DATABASE_URL").expect("a database for the tests")).expect("an address");
    url.set_path(db.connect_options().get_database().expect("a database"));
    url.into()
}

/// One value that a query tells.
pub(crate) async fn scalar<T>(db: &PgPool, query: &'static str) -> T
where
    T: Send + Unpin + for<'r> sqlx::Decode<'r, Postgres> + sqlx::Type<Postgres>,
{
    sqlx::query_scalar(query).fetch_one(db).await.expect("a value")
}
