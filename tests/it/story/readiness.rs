//! Whether a replica can answer, asked while it has other things to do.

use std::time::{Duration, Instant};

use futures::future::join_all;
use sqlx::PgPool;

use crate::common::{Office, get, people, until};

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_replica_whose_connections_are_all_busy_is_ready(db: PgPool) {
    people(&db, "ada").await;
    let office = Office::furnished(&db, |it| it.config("[database]\nconnections = 1\n")).await;
    office.typed("U0ADA", "/pin help").await;
    let mut busy = db.begin().await.expect("a transaction");
    sqlx::query("lock table org.person in access exclusive mode").execute(&mut *busy).await.expect("a lock");
    let asked = office.slack.command("U0ADA", "/pin whoami");
    let looked = async {
        until("a command that waits", async || (waiting(&db, "org.person").await == 1).then_some(())).await;
        let ready = get(&office.console.public, "readyz").await;
        assert_eq!((ready.status.as_u16(), ready.text.as_str()), (200, "ready\n"));
        busy.rollback().await.expect("an end");
    };
    let (exchange, ()) = tokio::join!(asked, looked);
    assert_eq!(exchange.status, Some(200));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_database_that_hangs_is_told_in_time_and_asked_once_for_all(db: PgPool) {
    let office = Office::open(&db).await;
    let mut hung = db.begin().await.expect("a transaction");
    sqlx::query("lock table _sqlx_migrations in access exclusive mode").execute(&mut *hung).await.expect("a lock");
    let begun = Instant::now();
    let probes = join_all((0..20).map(|_| get(&office.console.public, "readyz")));
    let looked = until("a probe that waits", async || (waiting(&db, MIGRATIONS).await > 0).then_some(()));
    let (told, ()) = tokio::join!(probes, async {
        looked.await;
        assert_eq!(waiting(&db, MIGRATIONS).await, 1, "twenty probes are one question");
    });
    for ready in told {
        assert_eq!((ready.status.as_u16(), ready.text.as_str()), (503, "the database does not answer\n"));
    }
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    hung.rollback().await.expect("an end");
    until("readiness", async || (get(&office.console.public, "readyz").await.status == 200).then_some(())).await;
}

const MIGRATIONS: &str = "_sqlx_migrations";

/// How many wait for this table, which somebody has locked.
async fn waiting(db: &PgPool, table: &str) -> i64 {
    let waiting = sqlx::query_scalar("select count(*) from pg_locks where relation = $1::regclass and not granted");
    waiting.bind(table).fetch_one(db).await.expect("a count")
}
