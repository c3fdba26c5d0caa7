//! What administrators are told when an event was set aside: what it told is missing here until somebody acts.

use cards::{Card, Text, Tone};
use chrono::Utc;
use domain::PgConnection;
use domain::delivery::Delivery;
use domain::outbox::Lane;
use uuid::Uuid;

use super::asides::FOR_ADMINISTRATORS;
use super::{Destination, Kind, Message};
use crate::Asks;

/// Tells the administrators in the transaction that sets an event aside: once a kind of event and day, and later ones change what is
/// said, since what fails usually fails for many.
pub async fn set_aside(db: &mut PgConnection, event: Uuid) -> sqlx::Result<()> {
    if let Some(event) = Delivery::with_id(&mut *db, &event.to_string()).await?.pop() {
        super::put(db, &message(&event)).await?;
    }
    Ok(())
}

fn message(event: &Delivery) -> Message {
    let key = format!("inbox/dead/{}/{}/{}", event.source, event.event, Utc::now().date_naive());
    let next = Text::plain("What it told is missing here. Mend the cause, then press the button or run ")
        .then(Text::code(format!("pinconsole inbox retry {}", event.id)))
        .then(", or ")
        .then(Text::code("--all-dead"))
        .then(" for all of them. Later ones of this kind change this message: ")
        .then(Text::code("pinconsole inbox list --state dead"))
        .then(" lists each.");
    let card = Card::new("An event was set aside")
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
