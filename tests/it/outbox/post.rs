use std::time::Duration;

use cards::{Card, FORMAT};
use console::notify::{self, Destination, Lane, Message, Parts, Sender, SharedPace};
use console::{Administrators, Ctx, usage};
use domain::outbox_list::{Listed, State};
use integrations::fake::World;
use integrations::fake::slack::{CHANNEL, Slack, SlackMember};
use integrations::slack::Client;
use sqlx::PgPool;

/// The outbox over a database, its Slack, and senders that work when told to.
pub(crate) struct Post {
    pub(crate) db: PgPool,
    pub(crate) slack: Slack,
    pub(crate) administrators: Administrators,
    pub(crate) _world: World,
}

/// Shorter than a hung call of the fake, longer than any other.
const PATIENCE: Duration = Duration::from_secs(2);

impl Post {
    /// With nobody configured as administrator.
    pub(crate) async fn open(db: &PgPool) -> Self {
        Self::with(db, Administrators::default()).await
    }

    /// With these administrators.
    pub(crate) async fn with(db: &PgPool, administrators: Administrators) -> Self {
        let world = World::start().await.expect("a world");
        let slack = world.slack();
        slack.member(SlackMember::new("U0ADA", "Ada Lindqvist", "ada@pinconsole.example"));
        slack.member(SlackMember::new("U0GRACE", "Grace Okafor", "grace@pinconsole.example"));
        Self { db: db.clone(), slack, administrators, _world: world }
    }

    /// A sender as a replica of its own has one.
    pub(crate) fn sender(&self) -> Sender {
        let slack = Client::patient(self.slack.address(), PATIENCE).expect("a client");
        let slack = slack.paced(std::sync::Arc::new(SharedPace(self.db.clone())));
        let ctx = Ctx::new(self.db.clone(), usage::recorder().0);
        let public = "https://pin.example/".parse().expect("an address");
        Sender::new(Parts { ctx, slack, public, administrators: self.administrators.clone() })
    }

    /// Puts a message to the channel that everybody is in.
    pub(crate) async fn put(&self, key: &str, lane: Lane) {
        self.put_to(key, lane, CHANNEL).await;
    }

    /// Puts a message to a channel.
    pub(crate) async fn put_to(&self, key: &str, lane: Lane, channel: &str) {
        self.message(&Message::new(key, lane, Destination::SlackChannel(channel.into()), card(key))).await;
    }

    /// Puts a message.
    pub(crate) async fn message(&self, message: &Message) -> bool {
        notify::put(&self.db, message).await.expect("a message is put")
    }

    /// Lets one replica send all that may be sent, as if a channel's second were over each time.
    pub(crate) async fn send(&self, sender: &Sender) {
        while sender.once(16).await.expect("the outbox") > 0 {
            self.pass(1.0).await;
        }
    }

    /// Lets time pass for everything that waits and that nobody changes just now.
    pub(crate) async fn pass(&self, seconds: f64) {
        for query in [
            "update notify.message set next_at = next_at - make_interval(secs => $1), \
             unsure_since = unsure_since - make_interval(secs => $1), expires_at = expires_at - make_interval(secs => $1) \
             where id = any (array(select id from notify.message for update skip locked))",
            "update notify.pace set next_at = next_at - make_interval(secs => $1), \
             leased_until = leased_until - make_interval(secs => $1)",
        ] {
            sqlx::query(query).bind(seconds).execute(&self.db).await.expect("time passes");
        }
    }

    /// The first words of everything that the app posted in a channel, oldest first.
    pub(crate) fn said(&self, channel: &str) -> Vec<String> {
        let first = |text: &str| text.lines().next().unwrap_or_default().to_string();
        let entries = self.slack.posted(channel);
        entries.iter().filter_map(|it| it.message()?["text"].as_str().map(first)).collect()
    }

    /// The messages, the oldest first, as `<key>: <state>` with why.
    pub(crate) async fn listed(&self) -> Vec<String> {
        let mut all = Listed::newest(&self.db, None, 1000).await.expect("the outbox");
        all.reverse();
        let line = |it: Listed| match it.error {
            Some(error) => format!("{}: {} ({error})", it.key, it.state),
            None => format!("{}: {}", it.key, it.state),
        };
        all.into_iter().map(line).collect()
    }

    /// How many messages are in a state.
    pub(crate) async fn count(&self, state: State) -> usize {
        Listed::newest(&self.db, Some(state), 10_000).await.expect("the outbox").len()
    }

    /// How many were or may have been doubled.
    pub(crate) async fn unsettled(&self) -> i32 {
        Listed::newest(&self.db, None, 10_000).await.expect("the outbox").iter().map(|it| it.unsettled).sum()
    }
}

/// A card that says this.
pub(crate) fn card(title: &str) -> Card {
    assert_eq!(FORMAT, 1, "a new form needs a golden file, and senders that know it");
    Card::new(title).text("Something happened.")
}
