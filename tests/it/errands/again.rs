//! The same incident asks the same person again.

use sqlx::PgPool;

use super::Watch;
use super::watch::CHANNEL;
use crate::common::until;

/// Waits until this many messages about the incident reached somebody, each of which is noticed.
async fn reached(watch: &Watch, direct: &str, count: usize) {
    until("a message", async || (watch.posted(direct).len() == count).then_some(())).await;
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn whoever_is_called_again_is_told_each_time_and_nobody_else_is(db: PgPool) {
    let watch = Watch::begin(&db).await;
    let id = watch.breaks().await;
    reached(&watch, "D0ADA", 1).await;
    watch.pagerduty.escalate(&id);
    reached(&watch, "D0GRACE", 1).await;
    // The levels begin anew.
    watch.pagerduty.reassign(&id, "PGRACE", &["PADA"]);
    reached(&watch, "D0ADA", 2).await;
    // She takes it and then nothing comes of it, so that PagerDuty calls her again.
    watch.pagerduty.acknowledge(&id, "PADA");
    watch.status(&id, "acknowledged").await;
    watch.pagerduty.unacknowledge(&id);
    reached(&watch, "D0ADA", 3).await;
    watch.pagerduty.note(&id, "PGRACE", "looking");
    watch.said().await;
    assert_eq!((watch.posted("D0ADA").len(), watch.posted("D0GRACE").len()), (3, 1));
    let own = |it: &&String| it.contains("#1 Payments fail");
    assert_eq!(watch.posted(CHANNEL).iter().filter(own).count(), 1, "{:?}", watch.posted(CHANNEL));
    assert!(watch.posted(CHANNEL).contains(&"No longer acknowledged".to_string()), "{:?}", watch.posted(CHANNEL));
}
