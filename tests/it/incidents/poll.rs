use chrono::{TimeDelta, Utc};
use domain::incidents::{Incident, Level, OnCall, Part, Policy, Reading, Schedule, Service, Target};
use domain::tick::Job;
use integrations::fake::pagerduty::{PagerPolicy, PagerService, PagerUser};
use integrations::pagerduty::Urgency;
use sqlx::PgPool;
use uuid::Uuid;

use super::{CHANNEL, Ground};

async fn person(db: &PgPool, name: &str, email: &str) {
    let person =
        "insert into org.person (id, name, display_name, email, dn, digest) values ($1, $2, $2, $3, 'cn=' || $2, '')";
    sqlx::query(person).bind(Uuid::now_v7()).bind(name).bind(email).execute(db).await.expect("a person");
}

async fn linked(db: &PgPool) -> Vec<String> {
    let linked = "select a.external_id || ' ' || p.name || ' ' || a.proof from auth.account a
        join org.person p on p.id = a.person_id where a.platform = 'pagerduty' order by 1";
    sqlx::query_scalar(linked).fetch_all(db).await.expect("accounts")
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn the_first_reading_knows_everything_and_a_second_writes_nothing(db: PgPool) {
    let ground = Ground::over(&db).await;
    ground.pagerduty.lose_webhooks(true);
    let id = ground.pagerduty.trigger("PSVC1", "Payments fail", Urgency::High);
    let (outcome, note) = ground.poll().await;
    assert_eq!(outcome, "done", "{note}");
    assert_eq!(ground.line(&id).await.as_deref(), Some("Payments fail triggered [Ada]"));
    let service = Service::named(&db, "payments-api", 1).await.expect("read").remove(0);
    assert_eq!((service.id.as_str(), service.policy_id.as_deref()), ("PSVC1", Some("PEP1")));
    let policy = Policy::with_ids(&db, &["PEP1".into()]).await.expect("read").remove(0);
    let level = |level, target| Level { level, target, delay_minutes: 30 };
    let levels = [level(1, Target::Schedule("PSCHED1".into())), level(2, Target::Member("PGRACE".into()))];
    assert_eq!(policy.levels(&db).await.expect("read"), levels);
    assert_eq!(Schedule::named(&db, "Payments primary", 1).await.expect("read").len(), 1);
    let on_call = OnCall::at(&db, &["PEP1".into()], Utc::now() + TimeDelta::hours(1)).await.expect("read");
    assert_eq!(
        on_call.iter().map(|it| (it.shift.level, it.name.as_str())).collect::<Vec<_>>(),
        [(1, "Ada"), (2, "Grace")]
    );
    let (_, again) = ground.poll().await;
    assert!(again.contains("1 services, 1 incidents") && !again.contains("changed"), "{again}");
    ground.end().await;
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn what_pagerduty_no_longer_has_is_gone_and_stays_known(db: PgPool) {
    let ground = Ground::over(&db).await;
    ground.pagerduty.policy(PagerPolicy::new("PEP2", "Refunds", vec![]));
    ground.poll().await;
    sqlx::query(
        "insert into incidents.service (id, name, status, source_at) values ('PSVC9', 'old', 'active', 'epoch')",
    )
    .execute(&db)
    .await
    .expect("a row");
    sqlx::query("insert into incidents.policy (id, name, source_at) values ('PEP9', 'old', 'epoch')")
        .execute(&db)
        .await
        .expect("a row");
    ground.pagerduty.service(PagerService::new("PSVC1", "payments", "PEP2"));
    ground.poll().await;
    let present = Service::present(&db).await.expect("read");
    assert_eq!(present.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["payments"]);
    assert_eq!(Service::with_ids(&db, &["PSVC9".into()]).await.expect("read").len(), 1);
    assert!(Policy::named(&db, "old", 1).await.expect("read").is_empty());
    ground.end().await;
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn members_are_the_people_who_alone_have_their_address(db: PgPool) {
    let ground = Ground::over(&db).await;
    person(&db, "ada", "ada@mosaic.example").await;
    person(&db, "grace", "grace@mosaic.example").await;
    ground.poll().await;
    assert_eq!(linked(&db).await, ["PADA ada verified e-mail", "PGRACE grace verified e-mail"]);
    // A second person has the address; another member's address changes.
    person(&db, "grace2", "Grace@mosaic.example").await;
    ground.pagerduty.user(PagerUser::new("PADA", "Ada", "lovelace@mosaic.example"));
    ground.poll().await;
    assert!(linked(&db).await.is_empty());
    // What an administrator said stays, and no other account is theirs beside it.
    let said = "insert into auth.account (id, person_id, platform, tenant, external_id, proof)
        select $1, id, 'pagerduty', '', 'PADA', 'administrator' from org.person where name = 'ada'";
    sqlx::query(said).bind(Uuid::now_v7()).execute(&db).await.expect("an account");
    ground.pagerduty.user(PagerUser::new("PADA2", "Ada too", "ada@mosaic.example"));
    ground.poll().await;
    assert_eq!(linked(&db).await, ["PADA ada administrator"]);
    ground.end().await;
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_reading_that_fails_changes_nothing_and_says_so_after_a_while(db: PgPool) {
    let ground = Ground::over(&db).await;
    ground.poll().await;
    for nth in 1..=4 {
        // The first call and its second try: nothing else is asked then.
        ground.pagerduty.fail_next(2, 503);
        let (outcome, note) = ground.poll().await;
        assert_eq!(outcome, "failed", "{note}");
        let told = usize::from(nth >= 3);
        assert_eq!(ground.said("administrators").await.len(), told, "after {nth} failures");
    }
    assert_eq!(ground.said(&format!("slack:{CHANNEL}")).await, ["PagerDuty's API cannot be read"]);
    assert_eq!(Service::present(&db).await.expect("read").len(), 1, "what was known stays");
    ground.poll().await;
    assert_eq!(ground.said("administrators").await, ["PagerDuty's API can be read again"]);
    ground.end().await;
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn one_part_that_fails_takes_no_other_with_it(db: PgPool) {
    let ground = Ground::over(&db).await;
    let id = ground.pagerduty.trigger("PSVC1", "Payments fail", Urgency::High);
    ground.applied().await;
    // Priorities and services are answered; both tries for incidents are not.
    ground.pagerduty.well_next(2);
    ground.pagerduty.fail_next(2, 502);
    let (outcome, note) = ground.poll().await;
    assert_eq!(outcome, "partial", "{note}");
    assert!(note.contains("Not read, and left as they were: incidents: "), "{note}");
    assert!(
        Reading::of(&db, Part::Incidents)
            .await
            .expect("read")
            .is_some_and(|it| it.read_at.is_none() && it.failures == 1)
    );
    assert!(Reading::of(&db, Part::Shifts).await.expect("read").is_some_and(|it| it.read_at.is_some()));
    assert!(Incident::with_id(&db, &id).await.expect("read").is_some());
    ground.end().await;
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_reading_waits_when_pagerduty_wants_fewer_calls(db: PgPool) {
    let ground = Ground::over(&db).await;
    ground.pagerduty.limit(1, std::time::Duration::from_secs(2));
    let (outcome, note) = ground.poll().await;
    assert_eq!(outcome, "done", "{note}");
    ground.end().await;
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn two_replicas_read_once(db: PgPool) {
    let ground = Ground::over(&db).await;
    let before = ground.pagerduty.calls_of("GET /services").len();
    let (outcome, _) = ground.run(Job::Pagerduty, 3).await;
    assert_eq!((outcome.as_str(), ground.pagerduty.calls_of("GET /services").len()), ("done", before + 1));
    ground.end().await;
}
