//! Calling whoever is on call, and changing who that is.

use sqlx::PgPool;

use super::Watch;
use super::watch::KEY;

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn anybody_pages_once_and_the_key_stays_secret(db: PgPool) {
    let watch = Watch::begin(&db).await;
    let (shown, done) = watch.confirmed("U0LINUS", "/pin page payments-api \"Checkout refuses cards\"").await;
    assert!(shown.contains("Page for Payments API?") && shown.contains("Ada") && shown.contains("Checkout"), "{shown}");
    assert!(done.starts_with("✓ Paged"), "{done}");
    assert!(!shown.contains(KEY) && !done.contains(KEY));
    let sent = watch.pagerduty.calls_of("POST /v2/enqueue");
    assert_eq!(sent.len(), 1);
    let payload = &sent[0].body["payload"];
    let summary = payload["summary"].as_str().expect("a summary");
    assert!(summary.contains("Linus") && summary.ends_with("pages: Checkout refuses cards"), "{summary}");
    assert_eq!(payload["custom_details"]["paged_by_login"], "linus");
    assert_eq!(watch.pagerduty.incidents().len(), 1);
    let kept = "select count(*) from incidents.errand where input::text like '%0123456789abcdef%'";
    assert_eq!(watch.count(kept).await, 0);
    assert_eq!(watch.audit("page").await, "linus intent, linus outcome done");

    let lacking = watch.told("U0LINUS", "/pin page payments-admin \"It hangs\"").await;
    assert!(lacking.contains("pagerduty.com/integration-key") && lacking.contains("Payments"), "{lacking}");
    assert!(watch.told("U0LINUS", "/pin page zeppelin down").await.starts_with("! Nothing is called so"));
    assert_eq!(watch.pagerduty.calls_of("POST /v2/enqueue").len(), 1);
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_turn_that_is_taken_over_is_right_at_once(db: PgPool) {
    let watch = Watch::begin(&db).await;
    let typed = "/pin override \"Payments primary\" +1h +4h grace --reason dentist";
    let (shown, done) = watch.confirmed("U0ADA", typed).await;
    assert!(shown.starts_with("! Change who is on call for Payments primary?") && shown.contains("dentist"), "{shown}");
    assert!(shown.contains("Grace") && shown.contains("Ada") && shown.contains("Europe/Berlin"), "{shown}");
    assert!(done.contains("Grace Okafor is on call for Payments primary"), "{done}");
    assert_eq!(watch.pagerduty.calls_of("POST /schedules/{id}/overrides").len(), 1);
    let turns = "select count(*) from incidents.shift where schedule_id = 'PSCHED1'";
    assert_eq!(watch.count(turns).await, 3, "before, hers, after");
    let hers = "select count(*) from incidents.shift where member_id = 'PGRACE' and schedule_id = 'PSCHED1'
        and ends_at - starts_at = interval '4 hours'";
    let kept = "select count(*) from incidents.override where reason = 'dentist' and made_by is not null";
    assert_eq!((watch.count(hers).await, watch.count(kept).await), (1, 1));
    let refused = watch.told("U0LINUS", typed).await;
    assert!(refused.starts_with("! You may not change who is on call"), "{refused}");
    let wrong = watch.told("U0ADA", "/pin override \"Payments primary\" soon +4h").await;
    assert!(wrong.starts_with("! That is not complete") && wrong.contains("tomorrow 9:00"), "{wrong}");
    assert!(watch.told("U0ADA", "/pin override zeppelin now +4h").await.starts_with("! There is no such schedule"));
}
