//! A source that says nothing any more, whatever keeps it from that.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use integrations::files;
use scheduler::jobs::{Files, Jobs};
use scheduler::{Config, Runner};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use super::ask;
use crate::common::{scalar, until};

/// Titles of what is told of silences.
const TOLD: &str =
    "select coalesce(string_agg(card ->> 'title', ', '), '') from notify.message where key like 'silent/%'";

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_catalog_that_is_not_read_any_more_is_told_once_and_that_it_is_heard_again(db: PgPool) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("catalog-info.yaml"), "").expect("a file");
    let (config, root) =
        (files::Config { paths: vec![".".into()], ..files::Config::default() }, folder.path().to_owned());
    let broken = Arc::new(AtomicBool::new(true));
    let breaks = broken.clone();
    let read = move || {
        assert!(!breaks.load(Ordering::SeqCst), "a reading that never gets as far as to fail in good order");
        files::read(&config, &root)
    };
    // It was read whole, hours ago.
    sqlx::raw_sql(
        "insert into catalog.run (id, source, started_at, finished_at, outcome, summary, plan, changes) values
            (gen_random_uuid(), 'files', now() - interval '5 hours', now() - interval '5 hours', 'applied', '', '', 1)",
    )
    .execute(&db)
    .await
    .expect("a reading");
    let files = Some(Files { read: Arc::new(read), keep: None });
    let jobs = Jobs {
        schedule: Config::default(),
        directory: None,
        files,
        pagerduty: None,
        github: None,
        handover: None,
        sweeps: Vec::new(),
    };
    let stop = CancellationToken::new();
    let running = tokio::spawn(Runner::new(db.clone(), "one:1".into(), jobs).expect("a schedule").run(stop.clone()));
    let told = async |words: &str| {
        until(words, async || (scalar::<String>(&db, TOLD).await == words).then_some(())).await;
    };
    told("Catalog files went silent").await;
    ask(&db, domain::tick::Job::Housekeeping, 1).await;
    let swept = "select count(*) from schedule.tick where job = 'housekeeping' and outcome = 'done'";
    until("another look", async || (scalar::<i64>(&db, swept).await == 2).then_some(())).await;
    told("Catalog files went silent").await;
    broken.store(false, Ordering::SeqCst);
    ask(&db, domain::tick::Job::Catalog, 1).await;
    told("Catalog files: heard again").await;
    stop.cancel();
    running.await.expect("an end");
}
