use std::time::{Duration, Instant};

use cards::{Card, Part, Reader, Text};
use chrono::TimeDelta;
use chrono_tz::Tz;
use domain::account::Platform;
use domain::outbox_claim::Claim;
use domain::person::Person;
use domain::preference::Kind;
use integrations::slack::{Place, Post, SlackError};

use super::{Destination, Sender, asides};
use crate::mentions;

/// <https://docs.slack.dev/apis/web-api/rate-limits/>
pub(super) const PACE: Duration = Duration::from_secs(1);

/// For so long a lease that outlasts a call is known to outlast it.
const LEAVE: Duration = Duration::from_secs(1);

/// How far the clocks of Slack and the database may differ.
const SKEW: TimeDelta = TimeDelta::minutes(2);

/// Why a message was not sent.
#[derive(Debug)]
pub(super) enum Stop {
    /// Slack did not take this call.
    Slack(&'static str, SlackError),
    /// The method must not be called for so long.
    Wait(&'static str, Duration),
    /// Another replica has taken over.
    Lost,
    /// The destination takes nothing, for this reason.
    ForGood(String),
    /// Nobody could take it, for this reason; another way would not help.
    Unsendable(String),
    /// The database did not do what it should.
    Database(sqlx::Error),
    /// It was sent, and the database did not take that down.
    Unrecorded(sqlx::Error),
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl Sender {
    /// Sends a claimed message, and records what came of it.
    pub(super) async fn send(&self, claim: &Claim) {
        let destination = Destination::read(&claim.destination);
        match self.as_wished(claim).await {
            Ok(true) => return,
            Ok(false) => {}
            Err(stop) => return self.failed(claim, stop).await,
        }
        if let Some(destination) = &destination {
            match self.bundled(claim, destination).await {
                Ok(true) => return,
                Ok(false) => {}
                Err(stop) => return self.failed(claim, stop).await,
            }
        }
        let sent = match destination {
            Some(Destination::SlackChannel(channel)) => self.deliver(claim, channel).await,
            Some(Destination::Person(person)) => match self.room(claim, person).await {
                Ok(channel) => self.deliver(claim, channel).await,
                Err(stop) => Err(stop),
            },
            Some(Destination::Members(group)) => self.pass_on_to_members(claim, &group).await,
            Some(Destination::Administrators) => self.pass_on_to_administrators(claim).await,
            None => Err(Stop::ForGood("this version of PinConsole does not know that destination".into())),
        };
        if let Err(stop) = sent {
            self.failed(claim, stop).await;
        }
    }

    async fn deliver(&self, claim: &Claim, channel: String) -> Result<(), Stop> {
        // An answer goes where what it answers went.
        let (channel, thread) = match &claim.thread {
            Some((channel, ts)) => (channel.clone(), Some(ts.as_str())),
            None => (channel, None),
        };
        if let Some((channel, ts)) = claim.posted.clone() {
            return self.update(claim, Place { channel, ts }, 0).await;
        }
        let found = self.look(claim, &channel, thread).await?;
        match found.as_deref() {
            Some([first, others @ ..]) => {
                let others = i32::try_from(others.len()).unwrap_or(i32::MAX);
                tracing::info!(message = %claim.id, "a message whose sending was unclear had been posted");
                let channel = self.id_of(claim, channel).await?;
                let place = Place { channel, ts: first.clone() };
                match claim.revision {
                    1 => self.record(claim, &place, others).await,
                    // Which state of it was posted is as unclear.
                    _ => self.update(claim, place, others).await,
                }
            }
            Some([]) => self.post(claim, &channel, thread, 0).await,
            None => self.post(claim, &channel, thread, 1).await,
        }
    }

    /// The id of a channel that is called by its name, as far as it is known: only posting takes names.
    async fn id_of(&self, claim: &Claim, channel: String) -> Result<String, Stop> {
        match channel.starts_with('#') {
            true => Ok(claim.room(&self.parts.ctx.db).await?.unwrap_or(channel)),
            false => Ok(channel),
        }
    }

    /// Where the message was posted already, if that is unclear; nothing where that cannot be learned.
    pub(super) async fn look(
        &self,
        claim: &Claim,
        channel: &str,
        thread: Option<&str>,
    ) -> Result<Option<Vec<String>>, Stop> {
        let Some(since) = claim.unsure_since else { return Ok(Some(Vec::new())) };
        let method = if thread.is_some() { "conversations.replies" } else { "conversations.history" };
        let channel = &self.id_of(claim, channel.into()).await?;
        self.may(claim, method).await?;
        match self.parts.slack.find(channel, thread, &claim.id.to_string(), since - SKEW).await {
            Ok(found) => Ok(Some(found)),
            // Waiting would not help: better twice than never.
            Err(error @ SlackError::Refused(_)) => {
                tracing::warn!(message = %claim.id, %error, "whether a message was posted cannot be looked up");
                Ok(None)
            }
            Err(error) => Err(Stop::Slack(method, error)),
        }
    }

    async fn post(&self, claim: &Claim, channel: &str, thread: Option<&str>, unsettled: i32) -> Result<(), Stop> {
        let message = self.message(claim).await?;
        self.may(claim, "chat.postMessage").await?;
        let id = claim.id.to_string();
        let post = Post { channel, thread, id: &id, text: &message.text, blocks: &message.blocks };
        let place = self.parts.slack.post(&post).await.map_err(|it| Stop::Slack("chat.postMessage", it))?;
        self.record(claim, &place, unsettled).await
    }

    async fn update(&self, claim: &Claim, at: Place, unsettled: i32) -> Result<(), Stop> {
        let message = self.message(claim).await?;
        self.may(claim, "chat.update").await?;
        let updated = self.parts.slack.update(&at, &message.text, &message.blocks).await;
        updated.map_err(|it| Stop::Slack("chat.update", it))?;
        self.record(claim, &at, unsettled).await
    }

    async fn record(&self, claim: &Claim, at: &Place, unsettled: i32) -> Result<(), Stop> {
        let db = &self.parts.ctx.db;
        let sent = claim.sent(db, (&at.channel, &at.ts), PACE, unsettled).await;
        if sent.map_err(Stop::Unrecorded)? {
            tracing::info!(message = %claim.id, key = claim.key, lane = claim.lane.as_str(), unsettled, "message sent");
            if claim.posted.is_none() {
                let waited = claim.waited.0 + claim.waited.1.elapsed();
                metrics::histogram!("pinconsole_outbox_delivery_duration_seconds", "lane" => claim.lane.as_str())
                    .record(waited);
            }
        } else {
            tracing::warn!(message = %claim.id, "a message was sent after another replica took over");
            claim.posted_late(db, &at.ts).await.map_err(Stop::Unrecorded)?;
        }
        Ok(())
    }

    async fn message(&self, claim: &Claim) -> Result<cards::slack::Message, Stop> {
        let card: Card = serde_json::from_value(claim.card.clone())
            .map_err(|error| Stop::Unsendable(format!("the stored card cannot be read: {error}")))?;
        let card = self.meant(claim, card).await?;
        let home = self.home(claim).await?;
        let accounts = mentions::of(&self.parts.ctx, &card, Platform::Slack, home).await?;
        let context = context(claim);
        let extras = cards::Extras { share: None, context, asides: asides::of(claim) };
        let reader = Reader { public: &self.parts.public, mentions: &accounts, zone: Tz::UTC, now: None };
        Ok(cards::slack::message(&card, &reader, &extras))
    }

    /// A card that somebody chose to get in a channel says there whom it is for.
    async fn meant(&self, claim: &Claim, mut card: Card) -> Result<Card, Stop> {
        if let Some(person) = claim.meant_for
            && matches!(Destination::read(&claim.destination), Some(Destination::SlackChannel(_)))
            && let Some(person) = Person::with_id(&self.parts.ctx.db, person).await?
        {
            let words = match claim.kind {
                Some(Kind::TeamReview) => Text::plain("For your team."),
                _ => Text::plain("For ").then(Text::person(person.name, person.display_name)).then("."),
            };
            card.parts.insert(0, Part::Text(words));
        }
        Ok(card)
    }

    /// Id of our own workspace.
    pub(super) async fn home(&self, claim: &Claim) -> Result<&str, Stop> {
        let ask = || async {
            self.may(claim, "auth.test").await?;
            self.parts.slack.team().await.map(|it| it.team_id).map_err(|it| Stop::Slack("auth.test", it))
        };
        self.workspace.get_or_try_init(ask).await.map(String::as_str)
    }

    /// Whether a method may be called now, and the lease outlasts the call.
    pub(super) async fn may(&self, claim: &Claim, method: &'static str) -> Result<(), Stop> {
        loop {
            let asked = Instant::now();
            match claim.may(&self.parts.ctx.db, method).await? {
                // This process may have stood still while the answer came: then it says nothing of now.
                Some(rest) if rest.is_zero() && asked.elapsed() > LEAVE => {}
                Some(rest) if rest.is_zero() => return Ok(()),
                Some(rest) => return Err(Stop::Wait(method, rest)),
                None => return Err(Stop::Lost),
            }
        }
    }
}

/// Why it is where it is: whoever reads it on another way than was meant is not who it was meant for.
fn context(claim: &Claim) -> Option<Text> {
    match &claim.detour {
        Some(detour) => Some(format!("Sent here because another way failed: {detour}").into()),
        // It tells why one person gets it.
        None if claim.meant_for.is_some() => {
            Some(Text::plain("Here rather than directly, as they chose with ").then(Text::code("notifications")))
        }
        None => claim.why.clone().and_then(|it| serde_json::from_value(it).ok()),
    }
}
