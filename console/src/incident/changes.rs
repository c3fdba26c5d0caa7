//! What was merged shortly before an incident began.

use cards::{Card, Text};
use chrono::TimeDelta;
use domain::PgConnection;
use domain::github::repositories::{Merged, Span, merged_around};
use domain::incidents::{Around, Incident};

use super::one_line;
use crate::Asks;
use crate::pull::Names;

/// How far back changes may be to blame.
const BACK: TimeDelta = TimeDelta::hours(24);

/// Changes that are named; others are counted.
const NAMED: i64 = 5;

/// Pull requests that were merged before an incident, into the repositories of what broke and of what that needs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    merged: Vec<Merged>,
    total: i64,
    names: Names,
}

impl Changes {
    /// Those of each of these incidents; nothing is asked where no entity of the catalog says that it is its service.
    pub(super) async fn of(db: &mut PgConnection, incidents: &[(&Incident, &Around)]) -> sqlx::Result<Vec<Self>> {
        let span = |(incident, around): &(&Incident, &Around)| Span {
            entities: around.entities.iter().map(|it| it.reference.clone()).collect(),
            from: incident.created_at - BACK,
            to: incident.created_at,
        };
        let found = merged_around(&mut *db, &incidents.iter().map(span).collect::<Vec<_>>(), NAMED).await?;
        let authors: Vec<i64> = found.iter().flat_map(|it| &it.0).filter_map(|it| it.author_id).collect();
        let names = if authors.is_empty() { Names::default() } else { Names::of(db, &[], &authors).await? };
        let changes = found.into_iter().map(|(merged, total)| {
            let names = if merged.is_empty() { Names::default() } else { names.clone() };
            Self { merged, total, names }
        });
        Ok(changes.collect())
    }

    /// Adds them to the card of the incident.
    pub(super) fn draw(&self, card: Card) -> Card {
        if self.merged.is_empty() {
            return card;
        }
        let card = card.heading("Merged in the 24 hours before");
        let card = self.merged.iter().fold(card, |card, it| card.item(line(it), self.note(it)));
        let more = self.total - i64::try_from(self.merged.len()).unwrap_or_default();
        if more > 0 { card.text(format!("… and {more} more")) } else { card }
    }

    fn note(&self, it: &Merged) -> Text {
        self.names.text(it.author_id).then(" · ").then(Text::moment(it.at))
    }
}

fn line(it: &Merged) -> Text {
    let reference = format!("{}#{}", it.repository, it.number);
    let words = format!("{reference} {}", one_line(&it.title));
    match Asks::pull(&reference).page {
        Some(page) => Text::page(words, page),
        None => Text::plain(words),
    }
}
