//! What administrators are told when nobody got a message.

use cards::{Card, Emphasis, Text, Tone};
use chrono::Utc;
use domain::outbox::Lane;
use domain::outbox_claim::Claim;
use domain::outbox_list::Letter;
use domain::{PgConnection, outbox_list};

use super::asides::FOR_ADMINISTRATORS;
use super::{Destination, Kind, Message};
use crate::Asks;
use crate::act::{self, Deed};

/// Tells the administrators, once a destination and day: later ones change what is said.
pub(super) async fn put(db: &mut PgConnection, claim: &Claim, reason: &str) -> sqlx::Result<()> {
    let count = outbox_list::dead_at(&mut *db, &claim.destination).await?;
    let mut message = message(claim, reason, count);
    if let Some(letter) = Letter::with_id(&mut *db, claim.id).await? {
        let act = act::button(&mut *db, &Deed::RetryMessage(claim.id), letter.version).await?;
        message.card = message.card.act("Retry", act, Emphasis::Primary);
    }
    super::put(db, &message).await?;
    Ok(())
}

fn message(claim: &Claim, reason: &str, count: i64) -> Message {
    let key = format!("undelivered/{}/{}", claim.destination, Utc::now().date_naive());
    let title = claim.card.get("title").and_then(|it| it.as_str()).unwrap_or(&claim.key);
    let retry = Text::plain("When that is mended, press the button or run ")
        .then(Text::code(format!("pinconsole outbox retry {}", claim.id)));
    let card = Card::new("A message could not be delivered")
        .tone(Tone::Bad)
        .fact("Message", title)
        .fact("To", Text::code(&claim.destination))
        .fact("Why", reason)
        .fact("There in all", if count > 1 { format!("{count} messages that nobody got") } else { String::new() })
        .text(retry.then(", or ").then(Text::code("--all-dead")).then(" for all of them."))
        .page(Asks::status_page());
    let lane = if claim.lane == Lane::Page { Lane::Page } else { Lane::Update };
    let message = Message::new(key, lane, Destination::Administrators, card);
    Message { about_delivery: true, ..message }.of(Kind::Undelivered).because(FOR_ADMINISTRATORS)
}
