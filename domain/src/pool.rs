//! Connections to Postgres.

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgExecutor, PgPool};

/// How long a caller waits for a connection before it answers that the database is away.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// How alike a word must be to one of a term to count as a typing error of it, from 0 to 1: two letters that changed places
/// in a word of six leave 0.43.
///
/// <https://www.postgresql.org/docs/current/pgtrgm.html#PGTRGM-GUC>
const LIKENESS: &str = "0.4";

/// A connection that was used within this time is taken for alive; asking each time would double the round trips.
const ALIVE: Duration = Duration::from_secs(1);

/// A pool of at most `size` connections; connects when first used, and fails only on an address that is no address.
pub fn pool(url: &str, size: u32) -> sqlx::Result<PgPool> {
    Ok(kept_alive(size).connect_lazy_with(tuned(PgConnectOptions::from_str(url)?)))
}

fn kept_alive(size: u32) -> PgPoolOptions {
    let pool = PgPoolOptions::new().max_connections(size).acquire_timeout(PATIENCE).test_before_acquire(false);
    pool.before_acquire(|connection, known| {
        Box::pin(async move {
            if known.idle_for > ALIVE {
                connection.ping().await?;
            }
            Ok(true)
        })
    })
}

/// Connections as our queries expect them.
pub fn tuned(options: PgConnectOptions) -> PgConnectOptions {
    // Each of our statements has one good plan, whatever its arguments; making it anew costs more than many a query.
    options.application_name("pinconsole").options([
        ("pg_trgm.word_similarity_threshold", LIKENESS),
        ("statement_timeout", "60s"),
        // A process that hangs in a transaction must not keep its locks for ever.
        ("idle_in_transaction_session_timeout", "30s"),
        ("plan_cache_mode", "force_generic_plan"),
        // Compiling one takes longer than any of them runs, and whatever is planned to be dear, as without an index, is compiled.
        ("jit", "off"),
    ])
}

/// A pool of its own over the same database, for what carries events to people: whoever asks questions takes no connection from
/// it. Its statements go by indexes. A statement is planned once a connection: planned while its table is nearly empty it would
/// read all of it, and go on so when a storm has filled it.
pub fn carrying(db: &PgPool) -> PgPool {
    let options = db.connect_options().as_ref().clone().options([("enable_seqscan", "off")]);
    kept_alive(db.options().get_max_connections()).connect_lazy_with(options)
}

/// The same for what only applies events. Its commits do not wait for the disk: what a crash of the database takes back was never acted
/// on, since whatever acts (sends a message, carries an errand) commits first, which brings all that was committed before to the disk;
/// and the event that told it is still there, to be applied again.
///
/// <https://www.postgresql.org/docs/current/wal-async-commit.html>
pub fn applying(db: &PgPool) -> PgPool {
    let options = db.connect_options().as_ref().clone();
    let options = options.options([("enable_seqscan", "off"), ("synchronous_commit", "off")]);
    kept_alive(APPLYING).connect_lazy_with(options)
}

/// One for the events of each sender.
const APPLYING: u32 = 2;

/// Whether the database answers and has every table that this program needs.
pub async fn ready(db: &PgPool) -> Result<(), String> {
    let away = |_| "the database does not answer".to_string();
    let mut connection = db.acquire().await.map_err(away)?;
    missing(&mut connection).await.map_err(away)?.map_or(Ok(()), Err)
}

/// What the database lacks that this program needs.
pub(crate) async fn missing(db: &mut PgConnection) -> sqlx::Result<Option<String>> {
    let known = sqlx::query_scalar!(r#"select to_regclass('_sqlx_migrations') is not null as "known!""#);
    if !known.fetch_one(&mut *db).await? {
        return Ok(Some("the database is empty: run `pinconsole migrate`".into()));
    }
    let newest = crate::MIGRATOR.iter().map(|it| it.version).max().unwrap_or_default();
    let applied = applied(db).await?;
    let behind =
        || format!("the database is at version {applied}, this program needs {newest}: run `pinconsole migrate`");
    Ok((applied < newest).then(behind))
}

/// Number of the newest migration that was applied.
async fn applied(db: impl PgExecutor<'_>) -> sqlx::Result<i64> {
    let sql = sqlx::query_scalar("select coalesce(max(version), 0) from _sqlx_migrations where success");
    sql.fetch_one(db).await
}

/// Connects once, beside the pool, to learn why there is no connection; the words hold no address and no password.
pub async fn probe(db: &PgPool) -> Result<(), String> {
    let options = db.connect_options();
    let connecting = tokio::time::timeout(PROBE, PgConnection::connect_with(&options));
    match connecting.await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(sqlx::Error::Io(error))) => {
            Err(format!("no connection ({error}): check the host and port in DATABASE_URL, and that the server runs"))
        }
        Ok(Err(sqlx::Error::Database(error))) => {
            Err(format!("the database refuses us ({}): check user, password and name in DATABASE_URL", error.message()))
        }
        Ok(Err(sqlx::Error::Tls(error))) => Err(format!("no TLS ({error}): check sslmode in DATABASE_URL")),
        Ok(Err(_)) => Err("the connection fails: check DATABASE_URL".into()),
        Err(_) => Err("the server does not answer in time: check the network and the server".into()),
    }
}

const PROBE: Duration = Duration::from_secs(5);

/// The server's version, such as `15.18`.
pub async fn version(db: impl PgExecutor<'_>) -> sqlx::Result<String> {
    sqlx::query_scalar!(r#"select current_setting('server_version') as "version!""#).fetch_one(db).await
}
