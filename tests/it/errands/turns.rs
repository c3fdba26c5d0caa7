//! Somebody comes on call.

use domain::tick::{Job, Tick};
use serde_json::json;
use sqlx::PgPool;

use super::Watch;
use super::watch::CHANNEL;
use crate::common::{Console, until};

/// Ada hands over to Grace now, as was known for a day.
const HANDS_OVER: &str = "update incidents.shift set seen_at = now() - interval '1 day';
    update incidents.shift set ends_at = now() where schedule_id = 'PSCHED1';
    insert into incidents.shift (id, policy_id, level, schedule_id, member_id, starts_at, ends_at, seen_at)
    values (gen_random_uuid(), 'PEP1', 1, 'PSCHED1', 'PGRACE', now(), now() + interval '8 hours', now() - interval '1 day')";

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn whoever_comes_on_call_is_told_once_by_two_replicas(db: PgPool) {
    let watch = Watch::begin(&db).await;
    let _other = Console::start(&watch.office.program).await;
    sqlx::raw_sql(HANDS_OVER).execute(&db).await.expect("a turn that begins");
    let mut connection = db.acquire().await.expect("a connection");
    for number in 0..4 {
        Tick::ask(&mut connection, Job::Handover, &json!({ "number": number }), "ada").await.expect("a look");
    }
    until("looks at who is on call", async || {
        let left = "select count(*) from schedule.tick where job = 'handover' and finished_at is null";
        (watch.count(left).await == 0).then_some(())
    })
    .await;
    watch.said().await;
    let told = watch.posted("D0GRACE");
    assert!(told.len() == 1 && told[0].contains("You are on call for Payments"), "{told:?}");
    let channel = watch.posted(CHANNEL);
    assert!(channel.len() == 1 && channel[0].contains("Grace") && channel[0].contains("Payments"), "{channel:?}");
    assert!(watch.posted("D0ADA").is_empty(), "whoever hands over is asked nothing");
    let done = "select count(*) from schedule.tick where job = 'handover' and note = 'Told of 1 turn.'";
    assert_eq!(watch.count(done).await, 1);
}
