//! One message in the place of many: whoever was told of several pull requests a moment ago gets a list of what comes after.

use cards::{Card, Text, Tone};
use chrono::Utc;
use domain::PgConnection;
use domain::github::notice::{self, Recent};
use uuid::Uuid;

use super::said::Said;
use crate::incident::one_line;
use crate::notify::{Destination, Kind, Lane, Message, put};

/// Messages about so many pull requests within so many minutes; what comes then is listed.
pub(super) const MANY: i64 = 6;
pub(super) const MINUTES: i32 = 10;

/// So many are named; the message counts the rest.
const NAMED: i64 = 20;

/// Key of the list that takes one more up, where so many came that one should.
pub(super) fn of(person: Uuid, recent: Option<&Recent>) -> Option<String> {
    let recent = recent.filter(|it| it.told >= MANY)?;
    Some(recent.list.clone().unwrap_or_else(|| format!("pulls:{person}:{}", Utc::now().timestamp_millis())))
}

/// Puts what a list says now.
pub(super) async fn draw(db: &mut PgConnection, list: &str, (person, kind): (Uuid, Kind)) -> sqlx::Result<()> {
    let (named, all) = notice::listed(&mut *db, list, NAMED).await?;
    let card = Card::new(format!("News of {}", crate::words::count(all, "more pull request", "more pull requests")));
    let card = card.tone(Tone::Warn).text("So much came at once that it comes together, the newest first.");
    let mut card = named.iter().fold(card, |card, it| {
        let title = format!("{} {}", it.reference, one_line(&it.title));
        let title = it.url.as_ref().map_or_else(|| Text::plain(&title), |url| Text::site(&title, url));
        let said = it.said.clone().and_then(|it| serde_json::from_value::<Said>(it).ok());
        card.item(title, said.map_or_else(String::new, |it| it.title()))
    });
    let more = all - i64::try_from(named.len()).unwrap_or_default();
    if more > 0 {
        card = card.text(format!("… and {more} more"));
    }
    let message = Message::new(list, Lane::Update, Destination::Person(person), card).of(kind);
    put(db, &message.because("You get this because much happened to pull requests of yours at once")).await?;
    Ok(())
}
