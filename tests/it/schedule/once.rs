//! Counting: every run once, never two of a job at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::tick::{HoldError, Job, Outcome, Tick};
use scheduler::jobs::housekeeping::Sweep;
use sqlx::PgPool;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{ask, replica};
use crate::common::{scalar, until};

const TICKS: usize = 1_000;

/// What becomes of a run on the way, by its number.
enum Fate {
    Finishes,
    /// Its process is killed before it wrote anything.
    Dies,
    /// Its process hangs until another one has done the run, and then tries to write.
    Freezes,
}

fn fate(tick: &Tick) -> Fate {
    match (tick.scheduled_for.timestamp_subsec_micros() % 10, tick.attempt) {
        (1, 1) => Fate::Dies,
        (2, 1) => Fate::Freezes,
        _ => Fate::Finishes,
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_thousand_runs_on_three_replicas_that_die_and_freeze_happen_once_each(db: PgPool) {
    sqlx::raw_sql("create table effect (tick uuid)").execute(&db).await.expect("a table");
    ask(&db, Job::Housekeeping, TICKS).await;
    let frozen = Arc::new(Mutex::new(Vec::new()));
    let replicas = ["one:1", "two:2", "three:3"].map(|name| tokio::spawn(work(db.clone(), name, frozen.clone())));
    let counts = futures::future::join_all(replicas).await;
    assert!(counts.iter().all(|it| *it.as_ref().expect("no panic") > 0), "each replica had a part: {counts:?}");
    let frozen = frozen.lock().await;
    let died = scalar::<i64>(&db, "select count(*) from schedule.tick where attempts = 2").await;
    assert!(frozen.len() > 20 && died > frozen.len() as i64 + 20, "{} froze, {died} were taken over", frozen.len());
    for tick in &*frozen {
        assert!(matches!(effect(&db, tick).await, Err(HoldError::Overtaken(Job::Housekeeping))));
        assert!(!tick.finish(&db, Outcome::Done, "").await.expect("an answer"), "nor does it say how it ended");
    }
    let once = "select count(*) from (select tick from effect group by tick having count(*) = 1) it";
    assert_eq!(scalar::<i64>(&db, once).await, TICKS as i64);
    assert_eq!(scalar::<i64>(&db, "select count(*) from effect").await, TICKS as i64);
    assert_eq!(scalar::<i64>(&db, "select count(*) from schedule.tick where outcome = 'done'").await, TICKS as i64);
    let tokens = "select count(distinct token) from schedule.tick";
    assert_eq!(scalar::<i64>(&db, tokens).await, TICKS as i64, "no two runs had the same token");
}

/// Claims and does runs until none is left; how many were claimed.
async fn work(db: PgPool, name: &str, frozen: Arc<Mutex<Vec<Tick>>>) -> usize {
    let mut claimed = 0;
    loop {
        let Some(tick) = Tick::claim(&db, Job::Housekeeping, name).await.expect("an answer") else {
            if scalar::<i64>(&db, "select count(*) from schedule.tick where finished_at is null").await == 0 {
                return claimed;
            }
            tokio::task::yield_now().await;
            continue;
        };
        claimed += 1;
        match fate(&tick) {
            Fate::Dies => lease_ends(&db, &tick).await,
            Fate::Freezes => {
                lease_ends(&db, &tick).await;
                frozen.lock().await.push(tick);
            }
            Fate::Finishes => {
                effect(&db, &tick).await.expect("nobody has taken over");
                assert!(tick.finish(&db, Outcome::Done, "").await.expect("an answer"));
            }
        }
    }
}

/// As if the time of its holder had run out.
async fn lease_ends(db: &PgPool, tick: &Tick) {
    let ends = sqlx::query("update schedule.tick set leased_until = now() where id = $1").bind(tick.id);
    ends.execute(db).await.expect("a lease that ends");
}

/// What a run does: it writes, as long as nobody has taken over.
async fn effect(db: &PgPool, tick: &Tick) -> Result<(), HoldError> {
    let mut transaction = db.begin().await?;
    tick.hold(&mut transaction).await?;
    sqlx::query("insert into effect values ($1)").bind(tick.id).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(())
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn three_schedulers_run_what_is_asked_once_and_never_two_at_a_time(db: PgPool) {
    let (done, at_once) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    ask(&db, Job::Housekeeping, 30).await;
    let stop = CancellationToken::new();
    let sweep = || {
        let (done, at_once) = (done.clone(), at_once.clone());
        Sweep::new("nothing", move |_| {
            let (done, at_once) = (done.clone(), at_once.clone());
            async move {
                assert_eq!(at_once.fetch_add(1, Ordering::SeqCst), 0, "two at a time");
                tokio::task::yield_now().await;
                at_once.fetch_sub(1, Ordering::SeqCst);
                done.fetch_add(1, Ordering::SeqCst);
                Ok(0)
            }
        })
    };
    let replicas = ["one:1", "two:2", "three:3"].map(|name| replica(&db, name, sweep(), &stop));
    until("all runs", async || {
        let open = scalar::<i64>(&db, "select count(*) from schedule.tick where finished_at is null").await;
        (open == 0 && done.load(Ordering::SeqCst) > 30).then_some(())
    })
    .await;
    stop.cancel();
    assert!(futures::future::join_all(replicas).await.iter().all(Result::is_ok));
    let runs: i64 = scalar(&db, "select count(*) from schedule.tick where attempts = 1 and outcome = 'done'").await;
    assert_eq!(runs, 31, "those that were asked for, and the first of the schedule");
    assert_eq!(done.load(Ordering::SeqCst), 31);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_second_request_of_the_same_run_is_another_run(db: PgPool) {
    let mut connection = db.acquire().await.expect("a connection");
    let argument = serde_json::json!({});
    let mut ids: Vec<Uuid> = Vec::new();
    for _ in 0..2 {
        ids.push(Tick::ask(&mut connection, Job::Ldap, &argument, "ada").await.expect("a run"));
    }
    let first = Tick::claim(&db, Job::Ldap, "one:1").await.expect("an answer").expect("a run");
    assert_eq!((first.id, first.attempt, first.asked_by.as_deref()), (ids[0], 1, Some("ada")));
    assert_eq!(Tick::claim(&db, Job::Ldap, "two:2").await.expect("an answer"), None, "never two at a time");
    assert!(first.finish(&db, Outcome::Done, "").await.expect("an answer"));
    let second = Tick::claim(&db, Job::Ldap, "two:2").await.expect("an answer").expect("a run");
    assert!(second.id == ids[1] && second.token > first.token);
}
