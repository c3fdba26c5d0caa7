use chrono::{DateTime, TimeDelta, Utc};
use console::notify::Sender;
use console::notify::incident::{Change, Rules, tell};
use domain::account::{Account, Platform, Proof};
use domain::incidents::{Incident, LogEntry, Member, Policy, Service, Shift, Status, Urgency, Written};
use domain::person::Person;
use integrations::fake::slack::{Entry, SlackChannel};
use serde_json::json;
use sqlx::{PgConnection, PgPool};

use crate::common::people;
use crate::outbox::Post;

/// The channel of whoever owns payments.
pub(super) const PAYMENTS: &str = "C0PAYMENTS";

/// A company with Ada, Grace and a ghost, whom Slack does not know; services, of which `PAY` belongs to the payments team.
pub(super) struct Scene {
    pub(super) post: Post,
    pub(super) rules: Rules,
    sender: Sender,
}

/// What PagerDuty tells of an incident.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) incident: Incident,
    /// Members who are asked after it.
    pub(super) asked: Vec<&'static str>,
    /// The word of what happened, who did it, and what they wrote.
    pub(super) happened: (&'static str, Option<&'static str>, String),
    pub(super) told: bool,
}

/// The moment of an event, so many seconds after all began.
pub(super) fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 0).expect("a moment") + TimeDelta::seconds(second)
}

impl Event {
    /// An incident of high urgency begins, about payments.
    pub(super) fn triggered(number: i64, title: &str, asked: &[&'static str]) -> Self {
        let incident = Incident {
            id: format!("Q{number}"),
            number,
            title: title.into(),
            status: Status::Triggered,
            urgency: Urgency::High,
            priority: None,
            service_id: "PAY".into(),
            policy_id: Some("PEP".into()),
            key: None,
            url: Some(format!("https://mosaic.pagerduty.com/incidents/Q{number}")),
            bridge_url: None,
            created_at: at(0),
            resolved_at: None,
            changed_by: None,
            source_at: at(0),
            source_id: "A".into(),
            revision: 0,
        };
        Self { incident, asked: asked.to_vec(), happened: ("triggered", None, String::new()), told: true }
    }

    /// What happens to it next, so many seconds after all began.
    pub(super) fn then(mut self, second: i64, kind: &'static str, who: Option<&'static str>) -> Self {
        self.incident.source_at = at(second);
        self.incident.status = match kind {
            "acknowledged" => Status::Acknowledged,
            "resolved" => Status::Resolved,
            "triggered" | "escalated" | "reassigned" => Status::Triggered,
            _ => self.incident.status,
        };
        if self.incident.status == Status::Resolved {
            self.incident.resolved_at = Some(at(second));
            self.asked.clear();
        }
        self.incident.changed_by = who.map(String::from).or(self.incident.changed_by);
        self.happened = (kind, who, String::new());
        self
    }

    /// The same about another service.
    pub(super) fn about(mut self, service: &str, policy: &str) -> Self {
        (self.incident.service_id, self.incident.policy_id) = (service.into(), Some(policy.into()));
        self
    }

    /// The same, asking these.
    pub(super) fn asking(self, asked: &[&'static str]) -> Self {
        Self { asked: asked.to_vec(), ..self }
    }

    /// The same, that can wait.
    pub(super) fn quiet(mut self) -> Self {
        self.incident.urgency = Urgency::Low;
        self
    }
}

impl Scene {
    pub(super) async fn open(db: &PgPool) -> Self {
        people(db, "ada\ngrace\nghost").await;
        let post = Post::open(db).await;
        post.slack.channel(SlackChannel::new(PAYMENTS, "payments"));
        post.slack.channel(SlackChannel::new("C0ONCALL", "on-call"));
        let sender = post.sender();
        let rules = Rules { channel: Some("C0ONCALL".into()), ..Rules::default() };
        let scene = Self { post, rules, sender };
        scene.furnish().await;
        scene
    }

    async fn furnish(&self) {
        let mut db = self.post.db.acquire().await.expect("a connection");
        for (login, name) in [("ada", "Ada Lindqvist"), ("grace", "Grace Okafor"), ("ghost", "Gus Host")] {
            let id = format!("P{}", login.to_uppercase());
            let person = Person::named(&mut *db, login).await.expect("people").expect("a person").id;
            let member = Member {
                id: id.clone(),
                name: name.into(),
                email: None,
                time_zone: None,
                url: None,
                person_id: None,
                person: None,
            };
            member.write(&mut *db, at(0)).await.expect("a member");
            let account = (Platform::Pagerduty, "", id.as_str());
            Account::prove(&mut *db, person, account, Proof::Administrator, None).await.expect("an account");
        }
        let policy = Policy { id: "PEP".into(), name: "Payments".into(), loops: 1, url: None };
        policy.write(&mut db, &[], at(0)).await.expect("a policy");
        let service = |id: &str, name: &str| Service {
            id: id.into(),
            name: name.into(),
            description: None,
            status: "active".into(),
            policy_id: Some("PEP".into()),
            url: None,
        };
        service("PAY", "Payments API").write(&mut *db, at(0)).await.expect("a service");
        let shift = |level, member: &str| Shift {
            policy_id: "PEP".into(),
            level,
            schedule_id: None,
            member_id: member.into(),
            starts_at: at(0),
            ends_at: None,
        };
        let turns = [shift(1, "PADA"), shift(2, "PGRACE")];
        Shift::replace(&mut db, (at(0), at(1_000_000_000)), &turns).await.expect("turns");
        drop(db);
        self.entity("payments-api", "PAY", "group:default/everybody", Some("#payments")).await;
    }

    /// An entity of the catalog that says that a service is its own.
    pub(super) async fn entity(&self, name: &str, service: &str, owner: &str, channel: Option<&str>) {
        let mut said =
            json!({ "pagerduty.com/service-id": service, "pinconsole.io/runbook-url": "https://runbooks.example/it" });
        if let Some(channel) = channel {
            said["pinconsole.io/slack-channel"] = channel.into();
        }
        sqlx::query(
            "insert into catalog.entity (ref, kind, namespace, name, owner, document, source, location, line, digest)
             values ($1, 'Component', 'default', $2, $3, $4, 'files', 'file:it.yaml', 1, 'x')",
        )
        .bind(format!("component:default/{name}"))
        .bind(name)
        .bind(owner)
        .bind(json!({ "metadata": { "annotations": said } }))
        .execute(&self.post.db)
        .await
        .expect("an entity");
    }

    /// Applies an event as the program does: all in one transaction.
    pub(super) async fn happens(&self, event: &Event) {
        apply(&self.post.db, &self.rules, event).await;
    }

    /// Applies several as the program does: all in one transaction, at once.
    pub(super) async fn happen(&self, events: &[Event]) {
        apply_all(&self.post.db, &self.rules, events).await;
    }

    /// Lets everything be sent that waits.
    pub(super) async fn send(&self) {
        self.post.send(&self.sender).await;
    }

    /// An event, and all that it sends.
    pub(super) async fn plays(&self, event: &Event) {
        self.happens(event).await;
        self.send().await;
    }

    /// Lets minutes pass for what folds.
    pub(super) async fn minutes(&self, minutes: i32) {
        sqlx::query(
            "update incidents.ping set opened_at = opened_at - make_interval(mins => $1),
                last_at = last_at - make_interval(mins => $1)",
        )
        .bind(minutes)
        .execute(&self.post.db)
        .await
        .expect("time passes");
    }

    /// What was posted in a channel by itself, and what in threads.
    pub(super) fn posted(&self, channel: &str) -> (Vec<Entry>, Vec<Entry>) {
        let all = self.post.slack.posted(channel);
        all.into_iter().partition(|it| it.message().expect("a message").get("thread_ts").is_none())
    }

    /// The first words of what was posted by itself.
    pub(super) fn top(&self, channel: &str) -> Vec<String> {
        self.posted(channel).0.iter().map(|it| first(&words(it))).collect()
    }

    /// The first words of what was posted in threads.
    pub(super) fn threads(&self, channel: &str) -> Vec<String> {
        self.posted(channel).1.iter().map(|it| first(&words(it))).collect()
    }
}

/// Applies an event in one transaction.
pub(super) async fn apply(db: &PgPool, rules: &Rules, event: &Event) {
    apply_all(db, rules, std::slice::from_ref(event)).await;
}

/// Applies events, each about another incident, at once and in one transaction.
pub(super) async fn apply_all(db: &PgPool, rules: &Rules, events: &[Event]) {
    let mut transaction = db.begin().await.expect("a transaction");
    let mut changes = Vec::new();
    for event in events {
        changes.extend(written(&mut transaction, event).await);
    }
    tell(&mut transaction, rules, &changes).await.unwrap_or_else(|error| panic!("{error:?}"));
    transaction.commit().await.expect("committed");
}

async fn written(db: &mut PgConnection, event: &Event) -> Option<Change> {
    let asked: Vec<(String, String)> = event.asked.iter().map(|it| (it.to_string(), named(it))).collect();
    let written = event.incident.write(&mut *db, &asked).await.expect("written");
    let Written::Newest { before, asked, incident } = written else { return None };
    let (kind, who, text) = &event.happened;
    let entry = LogEntry {
        id: format!("{}-{kind}-{}", incident.id, incident.source_at.timestamp()),
        at: incident.source_at,
        kind: (*kind).into(),
        who: who.map(String::from),
        member_id: who.map(|it| format!("P{}", it.split(' ').next().unwrap_or_default().to_uppercase())),
        text: text.clone(),
    };
    entry.write(&mut *db, &incident.id).await.expect("logged");
    let log = if event.told { vec![entry] } else { Vec::new() };
    let escalated = event.happened.0 == "escalated";
    Some(Change { incident: *incident, before, asked, escalated, log, told: event.told })
}

fn named(member: &str) -> String {
    match member {
        "PADA" => "Ada Lindqvist".into(),
        "PGRACE" => "Grace Okafor".into(),
        "PGHOST" => "Gus Host".into(),
        other => format!("Member {other}"),
    }
}

/// The plain words of a message.
pub(super) fn words(entry: &Entry) -> String {
    entry.message().expect("a message")["text"].as_str().expect("words").to_string()
}

fn first(words: &str) -> String {
    words.lines().next().unwrap_or_default().to_string()
}
