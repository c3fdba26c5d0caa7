//! What administrators are told when an event was set aside or not understood: what it told is missing here until somebody acts.

use cards::{Card, Text, Tone};
use chrono::Utc;
use domain::PgConnection;
use domain::delivery::{Delivery, State};
use domain::outbox::Lane;
use uuid::Uuid;

use super::asides::FOR_ADMINISTRATORS;
use super::{Destination, Kind, Message};
use crate::Asks;

/// Tells the administrators in the transaction that sets events aside: once a kind of event and day, and later ones change what is
/// said, since what fails usually fails for many.
pub async fn set_aside(db: &mut PgConnection, events: &[Uuid]) -> sqlx::Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    for it in Delivery::newest_of_each_kind(&mut *db, events).await? {
        super::put(&mut *db, &message(&it)).await?;
    }
    Ok(())
}

fn message(event: &Delivery) -> Message {
    let (title, next) = match event.state == State::Unparsed.as_str() {
        true => (
            "An event was not understood",
            "What it told is missing here. Sender and program may be of different ages: once a newer one understands it, press the button \
             or run ",
        ),
        false => {
            ("An event was set aside", "What it told is missing here. Mend the cause, then press the button or run ")
        }
    };
    let next = Text::plain(next)
        .then(Text::code(format!("pinconsole inbox retry {}", event.id)))
        .then(", or ")
        .then(Text::code("--all-dead"))
        .then(" for all of them. Later ones of this kind change this message: ")
        .then(Text::code(format!("pinconsole inbox list --state {}", event.state)))
        .then(" lists each.");
    let key = format!("inbox/{}/{}/{}/{}", event.state, event.source, event.event, Utc::now().date_naive());
    let card = Card::new(title)
        .tone(Tone::Bad)
        .fact("From", event.source.as_str())
        .fact("Event", Text::code(&event.event))
        .fact("About", event.subject.as_deref().unwrap_or_default())
        .fact("Received", Text::moment(event.received_at))
        .fact("Tried", format!("{} times", event.attempts))
        .fact("Why", event.error.as_deref().unwrap_or_default())
        .text(next)
        .read("Try it again", Asks::replay("retry", event.id))
        .read("Show it", Asks::event(event.id))
        .page(Asks::status_page());
    Message::new(key, Lane::Page, Destination::Administrators, card).of(Kind::Alarm).because(FOR_ADMINISTRATORS)
}
