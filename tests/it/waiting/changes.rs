//! What was merged before an incident began.

use chrono::{TimeDelta, Utc};
use domain::incidents::{Incident, Service, Status, Urgency};
use sqlx::PgPool;

use super::Ground;

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn an_incident_names_what_was_merged_before_it(db: PgPool) {
    let ground = Ground::new(&db).await;
    let now = Utc::now();
    let mut connection = db.acquire().await.expect("a connection");
    let service = Service {
        id: "PTBYLMM".into(),
        name: "orders-api alerts".into(),
        description: None,
        status: "active".into(),
        policy_id: None,
        url: None,
    };
    service.write(&mut *connection, now).await.expect("a service");
    let incident = |number: i64, created_at| Incident {
        id: format!("Q{number}"),
        number,
        title: "Orders fail".into(),
        status: Status::Triggered,
        urgency: Urgency::High,
        priority: None,
        service_id: "PTBYLMM".into(),
        policy_id: None,
        key: None,
        url: None,
        bridge_url: None,
        created_at,
        resolved_at: None,
        changed_by: None,
        source_at: created_at,
        source_id: "A".into(),
        revision: 0,
    };
    for (number, hours) in [(1, 1), (2, 5)] {
        let it = incident(number, now - TimeDelta::hours(hours));
        it.write(&mut connection, &[]).await.expect("an incident");
    }
    drop(connection);
    let after = ground.told("ada", "incident 1").await;
    assert!(after.contains("Merged in the 24 hours before"), "{after}");
    assert!(after.contains("mosaic-lane/orders#5 Cache prices") && after.contains("Grace"), "{after}");
    let before = ground.told("ada", "incident 2").await;
    assert!(!before.contains("Cache prices"), "it was merged later: {before}");
}
