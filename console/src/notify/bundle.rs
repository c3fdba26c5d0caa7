//! Many messages for one destination go as one that lists them: after an outage, or in a flood.

use cards::{Action, Card, Text, Tone};
use chrono::{DateTime, Utc};
use domain::outbox::Lane;
use domain::outbox_bundle::{Companion, MANY, MOST};
use domain::outbox_claim::Claim;
use domain::preference::Kind;
use uuid::Uuid;

use super::send::Stop;
use super::{Destination, Sender, message};
use crate::Asks;

/// Letters of a title that are shown, so that all of them have room.
const TITLE: usize = 90;

/// The same beside the buttons of a direct message.
const TITLE_DIRECT: usize = 74;

/// One message of a bundle.
struct Line {
    id: Uuid,
    card: Card,
    since: DateTime<Utc>,
}

impl Sender {
    /// Puts one message in the place of all that wait with this one, where they are many; says whether it did.
    pub(super) async fn bundled(&self, claim: &Claim, destination: &Destination) -> Result<bool, Stop> {
        let sure = claim.posted.is_none() && claim.unsure_since.is_none() && claim.thread_of.is_none();
        if !(claim.crowded && sure && may_bundle(destination, claim.lane)) {
            return Ok(false);
        }
        let format = i32::from(cards::FORMAT);
        let mut transaction = self.parts.ctx.db.begin().await?;
        let companions = claim.companions(&mut transaction, format).await?;
        let lines: Vec<Line> = companions.into_iter().filter_map(|it| line(it, claim.kind)).take(MOST).collect();
        if lines.len() <= MANY || lines.iter().all(|it| it.id != claim.id) {
            transaction.rollback().await?;
            return Ok(false);
        }
        let longest = if matches!(destination, Destination::Person(_)) { TITLE_DIRECT } else { TITLE };
        let ids: Vec<Uuid> = lines.iter().map(|it| it.id).collect();
        claim.bundle(&mut transaction, &ids, &message::stored(&card(&lines, longest))?, format).await?;
        transaction.commit().await?;
        tracing::info!(destination = claim.destination, count = ids.len(), "messages go together");
        super::wake();
        Ok(true)
    }
}

/// A page that somebody gets directly stays a message of its own, which notifies them of just that.
fn may_bundle(destination: &Destination, lane: Lane) -> bool {
    match destination {
        Destination::SlackChannel(_) => true,
        Destination::Person(_) => lane != Lane::Page,
        Destination::Members(_) | Destination::Administrators => false,
    }
}

/// None of one that somebody must press something on: its buttons would be lost. Those about a pull request `pr` has, too.
fn line(it: Companion, kind: Option<Kind>) -> Option<Line> {
    let card: Card = serde_json::from_value(it.card).ok()?;
    let acts = card.actions.iter().any(|it| !matches!(it, Action::Read { .. }));
    let elsewhere = kind.is_some_and(Kind::may_be_in_channel);
    (!acts || elsewhere).then_some(Line { id: it.id, card, since: it.created_at })
}

fn card(lines: &[Line], longest: usize) -> Card {
    let card = Card::new(format!("{} messages", lines.len())).tone(worst(lines)).page(Asks::status_page());
    let since = lines.first().map_or(Text::default(), |it| Text::moment(it.since));
    let card = card.text("So many waited that they come together, the oldest first.").fact("The oldest is of", since);
    lines.iter().fold(card, |card, it| {
        let title = short(&it.card.title, longest);
        let title = match &it.card.link {
            Some(page) => Text::page(title, page.clone()),
            None => Text::plain(title),
        };
        card.item(title, Text::default())
    })
}

fn short(title: &str, longest: usize) -> String {
    match title.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &title[..end]),
        None => title.into(),
    }
}

fn worst(lines: &[Line]) -> Tone {
    let any = |tone| lines.iter().any(|it| it.card.tone == tone);
    [Tone::Bad, Tone::Warn].into_iter().find(|it| any(*it)).unwrap_or_default()
}
