//! What becomes of runs that were missed, that fail, and whose process ends.

use domain::tick::{Job, Outcome, Tick};
use domain::tick_history;
use domain::timetable::{Filling, Standing, fill};
use scheduler::jobs::housekeeping::Sweep;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use super::{ask, let_leases_end, replica};
use crate::common::{scalar, until};

/// Runs of housekeeping with how they ended, the oldest first.
async fn runs(db: &PgPool) -> Vec<(String, Option<String>, i32)> {
    sqlx::query_as("select coalesce(outcome, 'open'), note, attempts from schedule.tick order by scheduled_for")
        .fetch_all(db)
        .await
        .expect("runs")
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn after_downtime_one_run_begins_and_the_others_are_recorded_as_skipped(db: PgPool) {
    sqlx::raw_sql(
        "insert into schedule.tick (id, job, scheduled_for, attempts, finished_at, outcome, note) values
         (gen_random_uuid(), 'housekeeping', date_trunc('hour', now()) + interval '23 minutes' - interval '5 hours', 1,
          now() - interval '5 hours', 'done', '')",
    )
    .execute(&db)
    .await
    .expect("a run of long ago");
    let stop = CancellationToken::new();
    let running = replica(&db, "one:1", Sweep::new("nothing", async |_| Ok(0)), &stop);
    until("the run", async || {
        let done: i64 = scalar(&db, "select count(*) from schedule.tick where outcome = 'done'").await;
        (done == 2).then_some(())
    })
    .await;
    stop.cancel();
    running.await.expect("an end");
    let runs = runs(&db).await;
    let (last, others) = runs.split_last().expect("runs");
    assert_eq!(last, &("done".into(), Some("Nothing was old.".into()), 1));
    assert!((3..=4).contains(&(others.len() - 1)), "{others:?}");
    let missed = ("skipped".into(), Some("missed: no replica was there to begin it".into()), 0);
    assert!(others[1..].iter().all(|it| *it == missed), "{others:?}");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_run_that_waits_gives_way_to_a_newer_one(db: PgPool) {
    let now = domain::timetable::now(&db).await.expect("a time");
    let at = |minutes: i64| now - chrono::TimeDelta::minutes(minutes);
    let filling = |minutes| Filling { run: Some(at(minutes)), skipped: Vec::new() };
    fill(&db, Job::Ldap, &filling(20)).await.expect("a row");
    // Another replica that comes to the same at the same time changes nothing.
    fill(&db, Job::Ldap, &filling(20)).await.expect("no row");
    fill(&db, Job::Ldap, &filling(10)).await.expect("a row");
    let tick = Tick::claim(&db, Job::Ldap, "one:1").await.expect("an answer").expect("a run");
    assert_eq!(tick.scheduled_for.timestamp_micros(), at(10).timestamp_micros());
    fill(&db, Job::Ldap, &filling(5)).await.expect("a row");
    assert_eq!(scalar::<i64>(&db, "select count(*) from schedule.tick where outcome = 'skipped'").await, 1);
    let standing = Standing::of(&db, &[Job::Ldap]).await.expect("an answer")[0];
    assert!(standing.running && standing.waiting, "a run that has begun gives way to nothing");
    assert_eq!(standing.filled.map(|it| it.timestamp_micros()), Some(at(5).timestamp_micros()));
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_run_whose_process_ends_is_begun_three_times_and_then_given_up(db: PgPool) {
    ask(&db, Job::Ldap, 1).await;
    for attempt in 1..=3 {
        let tick = Tick::claim(&db, Job::Ldap, "one:1").await.expect("an answer").expect("a run");
        assert_eq!(tick.attempt, attempt);
        let_leases_end(&db).await;
    }
    assert_eq!(Tick::claim(&db, Job::Ldap, "one:1").await.expect("an answer"), None);
    let note = "begun 3 times, and each time its process ended before the run did";
    assert_eq!(runs(&db).await, [("failed".to_string(), Some(note.to_string()), 3)]);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_run_that_is_given_back_does_not_count(db: PgPool) {
    ask(&db, Job::Ldap, 1).await;
    for _ in 0..5 {
        let tick = Tick::claim(&db, Job::Ldap, "one:1").await.expect("an answer").expect("a run");
        assert_eq!(tick.attempt, 1);
        tick.release(&db).await.expect("given back");
    }
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_panic_is_a_failed_run_and_the_scheduler_lives_on(db: PgPool) {
    let stop = CancellationToken::new();
    let panics = Sweep::new("panic", async |db: PgPool| {
        let runs: i64 = scalar(&db, "select count(*) from schedule.tick").await;
        if runs == 1 { panic!("a mistake in the program") } else { anyhow::bail!("a mistake elsewhere") }
    });
    let running = replica(&db, "one:1", panics, &stop);
    let ended = async |count: usize| {
        until("an end", async || {
            let runs = runs(&db).await;
            (runs.len() == count && runs.iter().all(|it| it.0 != "open")).then_some(runs)
        })
        .await
    };
    let note = |it: &str| Some(it.to_string());
    let by_panic = note("It ended by a mistake in the program; the log of its process says where.");
    assert_eq!(ended(1).await, [("failed".to_string(), by_panic.clone(), 1)]);
    ask(&db, Job::Housekeeping, 1).await;
    let by_error = note("Nothing was old. Failed, as the log says: panic.");
    assert_eq!(ended(2).await, [("failed".to_string(), by_panic, 1), ("partial".to_string(), by_error, 1)]);
    stop.cancel();
    running.await.expect("an end");
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_history_is_bounded_and_keeps_the_newest_of_a_schedule(db: PgPool) {
    sqlx::raw_sql(
        "insert into schedule.tick (id, job, scheduled_for, finished_at, outcome, asked_by)
         select gen_random_uuid(), 'ldap', now() - it * interval '1 minute', now(), 'done', 'ada' from generate_series(1, 1200) it;
         insert into schedule.tick (id, job, scheduled_for, finished_at, outcome)
         select gen_random_uuid(), 'catalog', now() - it * interval '100 days', now() - it * interval '100 days', 'done'
         from generate_series(1, 3) it;
         insert into schedule.tick (id, job, scheduled_for, asked_by)
         select gen_random_uuid(), 'ldap', now() - interval '200 days', 'ada'",
    )
    .execute(&db)
    .await
    .expect("runs");
    assert_eq!(tick_history::forget(&db).await.expect("an answer"), 200 + 2);
    assert_eq!(tick_history::forget(&db).await.expect("an answer"), 0);
    assert_eq!(scalar::<i64>(&db, "select count(*) from schedule.tick where job = 'catalog'").await, 1);
    assert_eq!(scalar::<i64>(&db, "select count(*) from schedule.tick where finished_at is null").await, 1);
    // Nothing of it stands in the way of what comes.
    let tick = Tick::claim(&db, Job::Ldap, "one:1").await.expect("an answer").expect("a run");
    assert!(tick.finish(&db, Outcome::Done, "").await.expect("an answer"));
}
