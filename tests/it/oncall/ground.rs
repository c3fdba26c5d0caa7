use bot::Request;
use cards::Reader;
use cards::terminal::{Style, text};
use chrono::{DateTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use console::{Ctx, usage};
use domain::account::{Account, Platform, Proof};
use domain::incidents::{
    Incident, Level, Member, Part, Policy, Reading, Schedule, Service, Shift, Status, Target, Urgency,
};
use domain::person::Person;
use sqlx::PgPool;
use std::collections::HashMap;
use uuid::Uuid;

use crate::common::company;

/// The demo company with a PagerDuty: Ada, then Grace, is asked first for the orders' service, then always Lin; nobody for
/// the shipping labels.
pub(super) struct Ground {
    pub(super) db: PgPool,
    pub(super) ctx: Ctx,
    /// The full minute before it was made.
    pub(super) now: DateTime<Utc>,
}

impl Ground {
    pub(super) async fn new(db: &PgPool) -> Self {
        company(db).await;
        let now = Utc::now().with_second(0).and_then(|it| it.with_nanosecond(0)).expect("a minute");
        let ctx = Ctx::new(db.clone(), usage::recorder().0);
        let ground = Self { db: db.clone(), ctx, now };
        ground.write().await;
        ground
    }

    async fn write(&self) {
        let long_ago = self.now - TimeDelta::days(30);
        let mut db = self.db.acquire().await.expect("a connection");
        for (id, name, zone) in
            [("PADA", "Ada", "Europe/London"), ("PGRACE", "Grace", "Asia/Tokyo"), ("PLIN", "Lin Outside", "UTC")]
        {
            let member = Member {
                id: id.into(),
                name: name.into(),
                email: None,
                time_zone: Some(zone.into()),
                url: None,
                person_id: None,
                person: None,
            };
            member.write(&mut *db, long_ago).await.expect("a member");
        }
        for (id, login) in [("PADA", "ada"), ("PGRACE", "grace")] {
            let person = Person::named(&mut *db, login).await.expect("people").expect("somebody");
            Account::prove(&mut *db, person.id, (Platform::Pagerduty, "", id), Proof::Email, None)
                .await
                .expect("an account");
        }
        let schedule = Schedule {
            id: "PSCHED1".into(),
            name: "Orders primary".into(),
            time_zone: Some("Europe/London".into()),
            url: None,
        };
        schedule.write(&mut *db, long_ago).await.expect("a schedule");
        let level = |level, target, delay_minutes| Level { level, target, delay_minutes };
        let first = level(1, Target::Schedule("PSCHED1".into()), 15);
        let orders = Policy { id: "PEPORD".into(), name: "Orders on call".into(), loops: 1, url: None };
        let levels = [first.clone(), level(2, Target::Member("PLIN".into()), 30)];
        orders.write(&mut db, &levels, long_ago).await.expect("a policy");
        let labels = Policy { id: "PEPLAB".into(), name: "Labels".into(), loops: 1, url: None };
        labels.write(&mut db, &[level(1, Target::Schedule("PNONE".into()), 15)], long_ago).await.expect("a policy");
        // The demo's catalog names these.
        for (id, name, policy) in [("PTBYLMM", "orders-api alerts", "PEPORD"), ("P5F6VY6", "shipping labels", "PEPLAB")]
        {
            let service = Service {
                id: id.into(),
                name: name.into(),
                description: None,
                status: "active".into(),
                policy_id: Some(policy.into()),
                url: None,
            };
            service.write(&mut *db, long_ago).await.expect("a service");
        }
        drop(db);
        self.shifts(&[("PADA", -48, 4), ("PGRACE", 4, 10 * 24), ("PADA", 11 * 24, 20 * 24)]).await;
        Reading::good(&self.db, Part::Shifts, self.now, None).await.expect("a reading");
        // As if shifts had been read for a month.
        sqlx::query("update incidents.shift set seen_at = $1").bind(long_ago).execute(&self.db).await.expect("an age");
    }

    /// Makes these the turns of the orders' schedule, in hours from now, beside Lin's.
    pub(super) async fn shifts(&self, turns: &[(&str, i64, i64)]) {
        let mut all: Vec<Shift> = turns
            .iter()
            .map(|(member, from, to)| Shift {
                policy_id: "PEPORD".into(),
                level: 1,
                schedule_id: Some("PSCHED1".into()),
                member_id: (*member).into(),
                starts_at: self.now + TimeDelta::hours(*from),
                ends_at: Some(self.now + TimeDelta::hours(*to)),
            })
            .collect();
        all.push(Shift {
            policy_id: "PEPORD".into(),
            level: 2,
            schedule_id: None,
            member_id: "PLIN".into(),
            starts_at: self.now - TimeDelta::days(20),
            ends_at: None,
        });
        let mut db = self.db.acquire().await.expect("a connection");
        let time = (self.now - TimeDelta::days(3), self.now + TimeDelta::days(30));
        Shift::replace(&mut db, time, &all).await.expect("shifts");
    }

    /// An incident of the orders' service that asks this member.
    pub(super) async fn broken(&self, number: i64, status: Status, asked: &str) {
        let at = self.now - TimeDelta::minutes(number % 100);
        let incident = Incident {
            id: format!("Q{number}"),
            number,
            title: format!("Orders fail <{number}>"),
            status,
            urgency: Urgency::High,
            priority: None,
            service_id: "PTBYLMM".into(),
            policy_id: Some("PEPORD".into()),
            key: None,
            url: None,
            bridge_url: None,
            created_at: at,
            resolved_at: None,
            changed_by: None,
            source_at: at,
            source_id: "A".into(),
            revision: 0,
        };
        let mut db = self.db.acquire().await.expect("a connection");
        incident.write(&mut db, &[(asked.to_string(), asked.to_string())]).await.expect("an incident");
    }

    /// What a person is told who types this, without moments, and without what is below.
    pub(super) async fn told(&self, login: &str, typed: &str) -> String {
        let card = self.card(login, typed).await;
        let public = "https://pin.example/".parse().expect("an address");
        let reader = Reader { public: &public, mentions: &HashMap::new(), zone: Tz::UTC, now: Some(self.now) };
        text(&card, &reader, Style { colour: false, width: 200 })
    }

    pub(super) async fn card(&self, login: &str, typed: &str) -> cards::Card {
        let request = Request { id: Uuid::now_v7(), platform: Platform::Slack, text: typed.into(), place: None };
        let asker = async { Ok(Person::named(&self.db, login).await?.expect("somebody")) };
        bot::answer(&self.ctx, &request, asker).await.card
    }

    /// A moment so many hours from now, as cards tell it.
    pub(super) fn at(&self, hours: i64) -> String {
        (self.now + TimeDelta::hours(hours)).format("%-d %b %Y %H:%M UTC").to_string()
    }
}
