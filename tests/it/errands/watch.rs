use chrono::{TimeDelta, Utc};
use integrations::fake::pagerduty::{Company, Level, PagerDuty, PagerPolicy, PagerSchedule, PagerService, PagerUser};
use integrations::fake::slack::{Entry, Exchange, SlackChannel, SlackMember};
use integrations::pagerduty::Urgency;
use serde_json::Value;
use sqlx::PgPool;

use crate::common::{Office, company, said, scalar, until};

/// The key by which the Events API reaches the service.
pub(super) const KEY: &str = "0123456789abcdef0123456789abcdef";

/// The channel of the payments team.
pub(super) const CHANNEL: &str = "C0PAYMENTS";

/// The payments team: Ada and Grace own a service, and Ada is on call for it; Linus is on another team.
pub(super) struct Watch {
    pub(super) office: Office,
    pub(super) pagerduty: PagerDuty,
    pub(super) db: PgPool,
}

impl Watch {
    pub(super) async fn begin(db: &PgPool) -> Self {
        company(db).await;
        let seeds = include_str!("seed.sql");
        sqlx::raw_sql(seeds).execute(db).await.expect("what PagerDuty told");
        let (office, pagerduty) = Office::on_call(db, played()).await;
        for (id, name, mail) in [("U0LINUS", "Linus Meyer", "linus"), ("U0HEDY", "Hedy", "nobody")] {
            office.slack.member(SlackMember::new(id, name, format!("{mail}@pinconsole.example")));
        }
        office.slack.channel(SlackChannel::new(CHANNEL, "payments"));
        Self { office, pagerduty, db: db.clone() }
    }

    /// An incident that is known; its id.
    pub(super) async fn breaks(&self) -> String {
        let id = self.pagerduty.trigger("PMM6KG3", "Payments fail", Urgency::High);
        self.status(&id, "triggered").await;
        id
    }

    /// Waits until this is how far we know the incident to have come.
    pub(super) async fn status(&self, id: &str, status: &str) {
        until(status, async || {
            let known: Option<String> = sqlx::query_scalar("select status from incidents.incident where id = $1")
                .bind(id)
                .fetch_optional(&self.db)
                .await
                .expect("a row");
            (known.as_deref() == Some(status)).then_some(())
        })
        .await;
    }

    /// What somebody who types this is answered.
    pub(super) async fn told(&self, user: &str, typed: &str) -> String {
        self.office.told(user, typed).await
    }

    /// What somebody is answered who types this, with its buttons.
    pub(super) async fn asked(&self, user: &str, typed: &str) -> Entry {
        let exchange = self.office.slack.command(user, typed).await;
        self.office.slack.answer(&exchange).await.expect("an answer")
    }

    /// What somebody is answered who presses the button with these words.
    pub(super) async fn presses(&self, user: &str, entry: &Entry, label: &str) -> String {
        said(self.opens(user, entry, label).await.message().expect("a message"))
    }

    /// The same, with its buttons.
    pub(super) async fn opens(&self, user: &str, entry: &Entry, label: &str) -> Entry {
        let exchange = self.pressed(user, entry, label).await;
        self.office.slack.answer(&exchange).await.expect("an answer")
    }

    /// Presses the button with these words, and waits for no answer.
    pub(super) async fn pressed(&self, user: &str, entry: &Entry, label: &str) -> Exchange {
        let action = action(entry.message().expect("a message"), label);
        self.office.slack.press(user, entry.id, &action).await.expect("a button")
    }

    /// Waits until nothing is to be done any more.
    pub(super) async fn ended(&self) {
        until("an end", async || {
            let waiting = "select count(*) from incidents.errand where state = 'waiting'";
            (self.count(waiting).await == 0).then_some(())
        })
        .await;
    }

    /// Waits until all was said that is to be said.
    pub(super) async fn said(&self) {
        self.pagerduty.settled().await;
        until("silence", async || {
            let waiting = "select (select count(*) from inbox.delivery where state = 'pending')
                + (select count(*) from notify.message where state = 'waiting')";
            (self.count(waiting).await == 0).then_some(())
        })
        .await;
    }

    /// The first words of what was posted in a channel, those of answers in threads included.
    pub(super) fn posted(&self, channel: &str) -> Vec<String> {
        let first = |it: &Entry| said(it.message()?).lines().next().map(String::from);
        self.office.slack.posted(channel).iter().filter_map(first).collect()
    }

    /// The same for what is typed and confirmed.
    pub(super) async fn confirmed(&self, user: &str, typed: &str) -> (String, String) {
        let shown = self.asked(user, typed).await;
        let words = said(shown.message().expect("a message"));
        assert!(words.contains("confirm "), "nothing to confirm: {words}");
        (words, self.presses(user, &shown, "Confirm").await)
    }

    /// Who called PagerDuty on a route, in whose name.
    pub(super) fn callers(&self, route: &str) -> Vec<Option<String>> {
        self.pagerduty.calls_of(route).into_iter().map(|it| it.from).collect()
    }

    /// The audit of an action, in a line.
    pub(super) async fn audit(&self, action: &'static str) -> String {
        domain::audit_chain::verify(&self.db, None).await.expect("rows").expect("a chain");
        let rows: Vec<String> = sqlx::query_scalar(
            "select who || ' ' || kind || coalesce(' ' || outcome, '') from audit.entry where action = $1 order by number",
        )
        .bind(action)
        .fetch_all(&self.db)
        .await
        .expect("rows");
        rows.join(", ")
    }

    pub(super) async fn count(&self, query: &'static str) -> i64 {
        scalar(&self.db, query).await
    }
}

fn action(message: &Value, label: &str) -> String {
    let blocks = message["blocks"].as_array().expect("blocks");
    let mut elements = blocks.iter().filter_map(|it| it["elements"].as_array()).flatten();
    let button = elements.find(|it| it["text"]["text"] == label);
    button.unwrap_or_else(|| panic!("no button {label}: {message}"))["action_id"].as_str().expect("a name").into()
}

fn played() -> Company {
    let schedule =
        PagerSchedule::new("PSCHED1", "Payments primary").shift(Utc::now() - TimeDelta::days(1), 24 * 30, "PADA");
    let levels = vec![Level::schedules(&["PSCHED1"]), Level::users(&["PGRACE"])];
    let service =
        PagerService { integration_key: Some(KEY.into()), ..PagerService::new("PMM6KG3", "payments-api", "PEP1") };
    Company {
        users: vec![
            PagerUser::new("PADA", "Ada Lindqvist", "ada.pd@pinconsole.example"),
            PagerUser::new("PGRACE", "Grace Okafor", "grace.pd@pinconsole.example"),
        ],
        schedules: vec![schedule],
        policies: vec![PagerPolicy::new("PEP1", "Payments", levels)],
        services: vec![service],
        priorities: vec![],
    }
}
