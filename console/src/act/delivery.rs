//! Applying events once more: those that were set aside, and those whose outcome is doubted.

use cards::{Card, Text, Tone};
use domain::PgConnection;
use domain::delivery::{self, Again, Delivery, Filter, State};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Asker;
use crate::access::{Action, Attempt, Resource};
use crate::{Asks, Ctx, Failure, Reply, UserError, inbox};

/// Events that a list shows, of each state.
const LISTED: i64 = 10;

/// An event that somebody sent us.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Event(Delivery);

/// Shows the events that were set aside or not understood to whoever may have them applied again.
pub async fn list(ctx: &Ctx, asker: Asker<'_>) -> Reply {
    permit(ctx, asker, None).await?;
    let mut events = Vec::new();
    for state in [State::Dead, State::Unparsed] {
        events.extend(Delivery::list(&ctx.db, Filter { state: Some(state), source: None }, LISTED).await?);
    }
    let card = inbox::section(Card::new("Events that need somebody"), &inbox::load(&ctx.db, chrono::Utc::now()).await?);
    let card = card.results(events.len()).page(Asks::status_page());
    if events.is_empty() {
        return Ok(card.tone(Tone::Good).text("None was set aside, and all were understood."));
    }
    let card = events.iter().fold(card.tone(Tone::Warn), |card, it| card.item(headline(it), note(it)));
    Ok(events.iter().fold(card, |card, it| card.read(format!("Show {}", it.external_id), Asks::event(it.id))))
}

/// Shows one event, without its body, by our id or its sender's.
pub async fn show(ctx: &Ctx, asker: Asker<'_>, id: &str) -> Reply {
    permit(ctx, asker, Some(id)).await?;
    let delivery = find(ctx, id).await?;
    Ok(Event(delivery).card())
}

/// Our id of the event with this id, for whoever may have it applied again.
pub async fn named(ctx: &Ctx, asker: Asker<'_>, id: &str) -> Result<Uuid, Failure> {
    permit(ctx, asker, Some(id)).await?;
    find(ctx, id).await.map(|it| it.id)
}

/// The event with this id, which is ours or its sender's.
async fn find(ctx: &Ctx, id: &str) -> Result<Delivery, Failure> {
    let found = Delivery::with_id(&ctx.db, id).await?.into_iter().next();
    Ok(found.ok_or_else(|| UserError::new("There is no such event", "Type inbox to see those that need somebody."))?)
}

async fn permit(ctx: &Ctx, asker: Asker<'_>, id: Option<&str>) -> Result<(), Failure> {
    let action = Action::ReplayDelivery;
    let resource = action.resource(id);
    let attempt = Attempt { person: asker.person, action, resource: &resource, request: asker.request };
    attempt.demand(ctx).await.map(|_| ())
}

impl Event {
    pub(super) async fn of(db: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Self>> {
        Ok(Delivery::with_id(db, &id.to_string()).await?.into_iter().find(|it| it.id == id).map(Self))
    }

    pub(super) fn resource(&self) -> Resource {
        Action::ReplayDelivery.resource(Some(&self.0.id.to_string()))
    }

    /// Each try has a token of its own, and ends in one state.
    pub(super) fn version(&self) -> i64 {
        let states = State::ALL.len() as i64 + 1;
        let state = State::ALL.iter().position(|it| it.as_str() == self.0.state).unwrap_or(State::ALL.len());
        self.0.token * states + state as i64
    }

    pub(super) fn is_open(&self) -> bool {
        self.0.state != State::Pending.as_str()
    }

    pub(super) fn card(&self) -> Card {
        let card = inbox::card(&self.0).results(1);
        match State::ALL.into_iter().find(|it| it.as_str() == self.0.state) {
            Some(State::Pending) => card.text("It waits to be applied; there is nothing to do."),
            Some(State::Dead | State::Unparsed) => {
                card.tone(Tone::Bad).read("Try it again", Asks::replay("retry", self.0.id))
            }
            Some(State::Applied | State::Ignored) => card.read("Apply it once more", Asks::replay("replay", self.0.id)),
            None => card.text("A newer program deals with this event."),
        }
    }

    pub(super) fn proposal(&self) -> Card {
        let failed = [State::Dead, State::Unparsed].iter().any(|it| it.as_str() == self.0.state);
        let title = if failed { "Try to apply this event again?" } else { "Apply this event once more?" };
        let card = inbox::card(&Delivery { headers: Value::Null, ..self.0.clone() });
        let card = Card { title: title.into(), ..card }.tone(Tone::Warn).results(1);
        let card = if failed { card.text("Mend first what kept it from being applied.") } else { card };
        card.text("The bytes that were signed are read again. What is newer than they are stays, and no message is sent twice.")
    }

    pub(super) async fn replay(&self, db: &mut PgConnection) -> Result<Result<Value, UserError>, Failure> {
        Ok(match delivery::replay(db, Again::One(self.0.id)).await? {
            0 => Err(UserError::new(
                "This event cannot be applied again",
                "It waits to be applied already, or its bytes are no longer kept.",
            )),
            _ => Ok(json!({ "source": self.0.source, "external_id": self.0.external_id, "was": self.0.state })),
        })
    }
}

fn headline(it: &Delivery) -> Text {
    Text::plain(format!("{} {} ", it.event, it.state)).then(Text::code(&it.external_id))
}

fn note(it: &Delivery) -> Text {
    Text::moment(it.received_at).then(format!(" · {}", it.error.as_deref().unwrap_or("no reason was kept")))
}
