//! Sending messages again that nobody got.

use cards::{Card, Text, Tone};
use domain::PgConnection;
use domain::outbox_list::{self, Letter, Listed, State};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Asker;
use crate::access::{Action, Attempt, Resource};
use crate::{Asks, Ctx, Failure, Reply, UserError};

/// Letters that a list shows.
const LISTED: i64 = 15;

/// A message of the outbox.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Message(Letter);

/// Shows the messages that nobody got to whoever may send them again.
pub async fn list(ctx: &Ctx, asker: Asker<'_>) -> Reply {
    let any = Action::RetryMessage.resource(None);
    let attempt =
        Attempt { person: asker.person, action: Action::RetryMessage, resource: &any, request: asker.request };
    attempt.demand(ctx).await?;
    let letters = Listed::newest(&ctx.db, Some(State::Dead), LISTED).await?;
    let card = Card::new("Messages that nobody got").results(letters.len());
    if letters.is_empty() {
        return Ok(card.tone(Tone::Good).text("There are none."));
    }
    let card = letters.iter().fold(card.tone(Tone::Warn), |card, it| card.item(headline(it), note(it)));
    let card = letters.iter().fold(card, |card, it| card.read(format!("Retry {}", it.title), Asks::retry(it.id)));
    Ok(card.page(Asks::status_page()))
}

impl Message {
    pub(super) async fn of(db: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Self>> {
        Ok(Letter::with_id(db, id).await?.map(Self))
    }

    pub(super) fn resource(&self) -> Resource {
        Action::RetryMessage.resource(Some(&self.0.listed.id.to_string()))
    }

    pub(super) fn version(&self) -> i64 {
        self.0.version
    }

    pub(super) fn is_open(&self) -> bool {
        self.0.listed.state == State::Dead.as_str()
    }

    pub(super) fn card(&self) -> Card {
        let listed = &self.0.listed;
        let card = match State::ALL.into_iter().find(|it| it.as_str() == listed.state) {
            Some(State::Dead) => Card::new("Nobody got this message").tone(Tone::Bad),
            Some(State::Held) => Card::new("This message waits for the end of quiet hours"),
            Some(State::Waiting) => Card::new("This message is about to be sent"),
            Some(State::Sent | State::Passed | State::Bundled) => Card::new("This message was sent").tone(Tone::Good),
            Some(State::Declined) => Card::new("Whoever this was for wants no such messages"),
            None => Card::new("A newer program deals with this message"),
        };
        let card = if self.is_open() { card.read("Retry", Asks::retry(listed.id)) } else { card };
        facts(card, listed).fact("Sent", listed.sent_at.map_or(Text::default(), Text::moment))
    }

    pub(super) fn proposal(&self) -> Card {
        let card = facts(Card::new("Send this message again?").tone(Tone::Warn), &self.0.listed);
        card.text("It is tried from the first way that it has, for a day. Mend first what kept it from being sent.")
    }

    pub(super) async fn retry(&self, db: &mut PgConnection) -> Result<Result<Value, UserError>, Failure> {
        Ok(match outbox_list::retry(db, Some(self.0.listed.id)).await? {
            0 => Err(UserError::new("Nobody need send that again", "It is on its way, or it was sent.")),
            _ => Ok(json!({ "key": self.0.listed.key })),
        })
    }
}

fn facts(card: Card, it: &Listed) -> Card {
    let card = card.fact("Message", it.title.as_str()).fact("To", Text::code(&it.destination));
    card.fact("Why", it.error.clone().unwrap_or_default()).fact("Since", Text::moment(it.created_at)).results(1)
}

fn headline(it: &Listed) -> Text {
    Text::plain(format!("{} → ", it.title)).then(Text::code(&it.destination))
}

fn note(it: &Listed) -> Text {
    Text::moment(it.created_at).then(format!(" · {}", it.error.as_deref().unwrap_or("no reason was kept")))
}
