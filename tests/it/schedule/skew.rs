//! Replicas whose clocks are wrong: only Postgres's counts.

use std::time::{Duration, Instant};

use sqlx::PgPool;

use super::replicas::program;
use crate::common::{Clocks, Console};

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn clocks_half_a_minute_off_neither_double_nor_skip_nor_hasten_a_run(db: PgPool) {
    let clocks = Clocks::new();
    let skewed = |name: &str, seconds| {
        let program = clocks.given(name, program(&db));
        clocks.step(name, seconds);
        program
    };
    let (fast, slow) = (skewed("fast", 30), skewed("slow", -30));
    let consoles = [Console::start(&fast).await, Console::start(&slow).await];
    let told = |it: &Console| {
        it.logged("listening")[0]["timestamp"].as_str().expect("a time").parse::<chrono::DateTime<chrono::Utc>>()
    };
    let apart = told(&consoles[0]).expect("a time") - told(&consoles[1]).expect("a time");
    assert!(apart.num_seconds() > 40, "their clocks are {apart} apart");
    // The first run is that of a new job; then come those of two minutes.
    let deadline = Instant::now() + Duration::from_secs(150);
    let runs = loop {
        let runs = runs(&db).await;
        if runs.len() >= 3 {
            break runs;
        }
        assert!(Instant::now() < deadline, "{runs:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    for pair in runs.windows(2) {
        assert_eq!((pair[1].0 - pair[0].0).num_minutes(), 1, "{runs:?}");
    }
    for (scheduled, delay, attempts, outcome) in &runs[1..] {
        assert!((0.0..10.0).contains(delay), "the run of {scheduled} began {delay} s after its time");
        assert_eq!((*attempts, outcome.as_str()), (1, "done"));
    }
}

/// The readings that ended: when they were due, how many seconds later they began, how often, and how they ended.
async fn runs(db: &PgPool) -> Vec<(chrono::DateTime<chrono::Utc>, f64, i32, String)> {
    sqlx::query_as(
        "select scheduled_for, extract(epoch from started_at - scheduled_for)::float8, attempts, outcome
         from schedule.tick where job = 'catalog' and finished_at is not null order by scheduled_for",
    )
    .fetch_all(db)
    .await
    .expect("runs")
}
