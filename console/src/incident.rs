//! One incident: what is broken, whose it is, who deals with it, and what else is broken nearby.

mod buttons;
mod changes;
mod facts;
mod happened;
mod nearby;
pub(crate) mod people;

use cards::{Card, Page, Text, Tone};
use chrono::{DateTime, Utc};
use domain::PgConnection;
use domain::incidents::{Around, Incident, Status, Urgency};

use crate::Failure;

pub use buttons::{all_buttons, buttons};
pub use changes::Changes;
pub use happened::happened;

/// An incident with everything that its card says.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The incident.
    pub incident: Incident,
    /// What lies around it.
    pub around: Around,
    /// What was merged shortly before.
    pub changes: Changes,
}

/// The incident with this id of PagerDuty, at a moment, where there is one. Takes the caller's connection, so that it can be
/// read within the transaction that changes it.
pub async fn load(db: &mut PgConnection, id: &str, at: DateTime<Utc>) -> Result<Option<View>, Failure> {
    let Some(incident) = Incident::with_id(&mut *db, id).await? else { return Ok(None) };
    Ok(Some(around(db, incident, at).await?))
}

/// The same for an incident that was read already.
pub async fn around(db: &mut PgConnection, incident: Incident, at: DateTime<Utc>) -> Result<View, Failure> {
    let view = all_around(db, vec![incident], at).await?.pop();
    view.ok_or_else(|| anyhow::anyhow!("nothing was read around an incident").into())
}

/// The same for several, in their order.
pub(crate) async fn all_around(
    db: &mut PgConnection,
    incidents: Vec<Incident>,
    at: DateTime<Utc>,
) -> Result<Vec<View>, Failure> {
    if incidents.is_empty() {
        return Ok(Vec::new());
    }
    let all: Vec<&Incident> = incidents.iter().collect();
    let around = Around::of(&mut *db, &all, at).await?;
    let changes = Changes::of(db, &all.into_iter().zip(&around).collect::<Vec<_>>()).await?;
    let views = incidents.into_iter().zip(around).zip(changes);
    Ok(views.map(|((incident, around), changes)| View { incident, around, changes }).collect())
}

/// The card of an incident, without its buttons: those are [`buttons`].
pub fn card(view: &View) -> Card {
    let incident = &view.incident;
    let card = Card::new(title(incident)).tone(tone(incident.status, incident.urgency)).page(page(incident.number));
    let card = facts::facts(card, view);
    view.changes.draw(nearby::nearby(card, &view.around)).freshness(freshness(incident))
}

/// Adds what several incidents of the view's service have in common to a card.
pub(crate) fn around_service(card: Card, view: &View) -> Card {
    facts::shared(card, view)
}

/// The number and what is wrong.
pub(crate) fn title(incident: &Incident) -> String {
    format!("#{} {}", incident.number, one_line(&incident.title))
}

/// How good the news of an incident is.
pub fn tone(status: Status, urgency: Urgency) -> Tone {
    match (status, urgency) {
        (Status::Triggered, Urgency::High) => Tone::Bad,
        (Status::Triggered, Urgency::Low) | (Status::Acknowledged, _) => Tone::Warn,
        (Status::Resolved, _) => Tone::Good,
    }
}

/// The page of an incident.
pub fn page(number: i64) -> Page {
    Page::at(["incidents", &number.to_string()])
}

/// How old the facts of an incident are.
pub fn freshness(incident: &Incident) -> Text {
    Text::plain("PagerDuty said so ").then(Text::ago(incident.source_at))
}

/// A status as people say it.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Triggered => "triggered",
        Status::Acknowledged => "acknowledged",
        Status::Resolved => "resolved",
    }
}

/// What others wrote, on one line: no line of theirs looks like one of ours.
pub(crate) fn one_line(words: &str) -> String {
    let line = words.split(|it: char| it.is_whitespace() || it.is_control()).filter(|it| !it.is_empty());
    let line = line.collect::<Vec<_>>().join(" ");
    if line.is_empty() { "(without a title)".into() } else { line }
}

#[cfg(test)]
mod tests;
