//! Having a channel told of pull requests, from now on or no longer.

use std::fmt;

use cards::{Card, Text};
use domain::PgConnection;
use domain::account::Platform;
use domain::github::Subscription;
use domain::github::subscription::{self, About, Asked, Target, Wanted};
use domain::reference::EntityRef;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Asker;
use crate::access::{Action, Resource, WHOSE};
use crate::notify::{self, Destination, Lane, Message};
use crate::subscriptions::{self, Room};
use crate::{Ctx, Failure, UserError};

/// Repositories that are named.
const NAMED: usize = 5;

/// From now on, or no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The channel is told from now on.
    Begin,
    /// It is told no longer.
    End,
}

impl Change {
    /// What needs leave.
    pub fn action(self) -> Action {
        match self {
            Self::Begin => Action::SubscribeChannel,
            Self::End => Action::UnsubscribeChannel,
        }
    }
}

/// A channel, and of what it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The channel.
    pub room: Room,
    /// Of what.
    pub target: Target,
}

/// As an intent keeps it.
impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}|{}", self.room, self.target)
    }
}

impl Spot {
    /// The spot that is kept like this; none where a newer program wrote it.
    pub fn read(kept: &str) -> Option<Self> {
        let (room, target) = kept.rsplit_once('|')?;
        let (kind, id) = target.split_once(':')?;
        Some(Self { room: Room::read(room)?, target: Target::read(kind, id)? })
    }
}

/// What policies look at, of what is named in words, whatever the channel.
pub(crate) async fn resource(ctx: &Ctx, action: Action, words: &str) -> Result<Resource, Failure> {
    let target = subscriptions::target(ctx, words).await?;
    let about = subscription::about(&ctx.db, &target).await?;
    Ok(owned(action, &about, words))
}

fn owned(action: Action, about: &About, words: &str) -> Resource {
    let resource = action.resource(Some(about.label.as_deref().unwrap_or(words)));
    let owner = |it: &String| resource.clone().owned_by(&EntityRef::parse(it, None, "default").ok()?).owner;
    let owners = about.owners.iter().filter_map(owner).collect();
    Resource { owners, ..resource }
}

/// What a channel is told of, as it is now.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Case {
    change: Change,
    spot: Spot,
    about: About,
    known: Option<Subscription>,
}

impl Case {
    pub(super) async fn of(db: &mut PgConnection, change: Change, spot: &Spot) -> sqlx::Result<Self> {
        let mut about = subscription::about(&mut *db, &spot.target).await?;
        let Room { id, name } = &spot.room;
        about.owners.extend(subscription::whose(&mut *db, (id, name.as_deref())).await?);
        let at = (Platform::Slack, Some(id.as_str()));
        let known = Subscription::listed(db, at, Some(&spot.target), 1).await?.pop();
        Ok(Self { change, spot: spot.clone(), about, known })
    }

    pub(super) fn resource(&self) -> Resource {
        let resource = owned(self.change.action(), &self.about, &self.spot.target.to_string());
        resource.with(WHOSE, self.known.iter().map(|it| it.made_by).collect())
    }

    /// Another one when it was asked for anew.
    pub(super) fn version(&self) -> i64 {
        self.known.as_ref().map_or(0, |it| it.made_at.timestamp_micros())
    }

    pub(super) fn done(&self) -> &'static str {
        match self.change {
            Change::Begin => "This channel is subscribed",
            Change::End => "This channel is subscribed no longer",
        }
    }

    pub(super) fn card(&self) -> Card {
        let card = Card::new("Subscription").fact("Channel", self.spot.room.text()).results(1);
        let Some(known) = &self.known else {
            let card = card.fact("Of", self.label());
            return card
                .text("It is told nothing more of that. What was posted stays, and goes on to show how it stands.");
        };
        let card = card.fact("Of", self.label()).fact("Repositories", self.repositories());
        let card = subscriptions::facts(card, &known.wanted);
        let card = card.text(
            "Each pull request gets one message in the channel, which changes as it does; what happens to it goes into the \
             thread of that message.",
        );
        let card = card.text(
            Text::plain("PinConsole must be in the channel: if it says nothing there now, type ")
                .then(Text::code("/invite @PinConsole"))
                .then(" there and subscribe once more. You are told directly when it cannot post."),
        );
        card.text(
            Text::plain("To undo this, type in the channel: ")
                .then(Text::code(format!("unsubscribe {}", known.words()))),
        )
    }

    fn label(&self) -> String {
        self.about.label.clone().unwrap_or_else(|| self.spot.target.to_string())
    }

    /// Where the pull requests come from that it is told of.
    fn repositories(&self) -> Text {
        let all = &self.about.repositories;
        let more = all.len().saturating_sub(NAMED);
        let named = all.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        match (&self.spot.target, all.is_empty(), more) {
            (Target::Repository(_), ..) => Text::default(),
            (_, true, _) => Text::plain("none is known yet: they follow the annotation ")
                .then(Text::code("github.com/project-slug"))
                .then(" of the catalog"),
            (_, false, 0) => Text::plain(format!("{named} now; they follow the catalog")),
            (_, false, more) => Text::plain(format!("{named} and {more} more now; they follow the catalog")),
        }
    }

    pub(super) async fn act(
        &self,
        db: &mut PgConnection,
        asker: &Asker<'_>,
        input: &Value,
    ) -> Result<Result<Value, UserError>, Failure> {
        let detail = json!({ "channel": self.spot.room.id, "target": self.spot.target.to_string(), "wanted": input });
        match (self.change, &self.known) {
            (Change::Begin, _) => {
                self.begin(db, asker, &Wanted::deserialize(input)?).await.map(|it| it.map(|()| detail))
            }
            (Change::End, Some(known)) => {
                Subscription::end(db, known.id).await?;
                Ok(Ok(detail))
            }
            (Change::End, None) => Ok(Err(UserError::new(
                "That is not subscribed here",
                Text::plain("Nothing was done. ")
                    .then(Text::code("subscriptions"))
                    .then(" lists what the channel is told of."),
            ))),
        }
    }

    /// Keeps it, and says so in the channel, which also shows whether it takes messages.
    async fn begin(
        &self,
        db: &mut PgConnection,
        asker: &Asker<'_>,
        wanted: &Wanted,
    ) -> Result<Result<(), UserError>, Failure> {
        if self.known.as_ref().is_some_and(|it| it.wanted == *wanted && it.paused_at.is_none()) {
            return Ok(Ok(()));
        }
        let room = &self.spot.room;
        let asked = Asked {
            channel: (Platform::Slack, &room.id),
            channel_name: room.name.as_deref(),
            target: &self.spot.target,
            wanted,
            by: asker.person.id,
        };
        let id = asked.keep(&mut *db).await?;
        let at = (Platform::Slack, Some(room.id.as_str()));
        let Some(kept) = Subscription::listed(&mut *db, at, Some(&self.spot.target), 1).await?.pop() else {
            return Err(anyhow::anyhow!("a subscription was not kept").into());
        };
        let card = Card::new(format!("This channel is told of pull requests of {}", self.label()));
        let card = subscriptions::facts(card, wanted);
        let undo = Text::code(format!("unsubscribe {}", kept.words()));
        let card = card.text(Text::plain("Whoever does not want that types ").then(undo).then("."));
        // One a request, so that asking once more after an invitation says it once more.
        let key = notify::subscription::opening(id, asker.request);
        let message = Message::new(key, Lane::Update, Destination::SlackChannel(room.id.clone()), card);
        notify::put(db, &message.because(format!("{} subscribed this channel", asker.person.display_name))).await?;
        Ok(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_intent_keeps_is_read_again() {
        for name in [None, Some("payments".to_string())] {
            for target in
                [Target::Repository(7), Target::Entity("component:default/a".into()), Target::Team("group:x/y".into())]
            {
                let spot = Spot { room: Room { id: "C0PAY".into(), name: name.clone() }, target };
                assert_eq!(Spot::read(&spot.to_string()), Some(spot));
            }
        }
        assert_eq!((Spot::read("C0PAY"), Spot::read("C0PAY|topic:x")), (None, None));
    }
}
