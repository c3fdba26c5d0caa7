//! What people do from chat, in the terminal and by forms, all on one road: look at what is acted upon → may they? → show
//! what will happen → they confirm → may they still? → write down the intent → act → write down the outcome → show it.
//!
//! An act happens in one transaction together with the use of its confirmation and its outcome in the audit, with the
//! intent locked and the state of its target read under that lock. So it happens once, whoever else presses and whatever
//! crashes; and what is shown is what is there afterwards.
//!
//! What PagerDuty must do is an errand, ordered in that transaction and carried out after it ([`crate::errand`]). What calls
//! nobody new and can be taken back is done at once, under the version that was drawn; everything else is shown first.

pub mod account;
mod confirm;
mod deed;
pub mod delivery;
mod entry;
pub mod form;
pub mod incident;
mod incident_form;
mod incident_show;
pub mod message;
mod moment;
mod order;
pub mod page;
pub(crate) mod pass;
pub(crate) mod preferences;
pub mod pull;
mod review;
mod subject;
pub mod subscription;
pub mod sync;
pub mod turn;
mod whom;

use cards::{Act, Card, Text};
use domain::PgConnection;
use domain::intent::Intent;
use domain::person::Person;
use uuid::Uuid;

pub use confirm::{cancel, confirm};
pub use deed::{Deed, Manner, PullWork, Work};
pub use entry::{Entered, PLATFORMS, Wrong};
pub use review::{Reviewed, Seen, consider, press, review};

/// Who asks to act, and in which request.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    /// The person.
    pub person: &'a Person,
    /// The request.
    pub request: Uuid,
}

/// What a button that acts carries: this deed, and the state of its target that the card shows.
pub async fn button(db: &mut PgConnection, deed: &Deed, version: i64) -> sqlx::Result<Act> {
    let intent = Intent::of(db, deed.action().as_str(), &deed.target()).await?;
    Ok(Act { intent, version })
}

/// What several buttons carry: each a deed, and the state of its target that the card shows.
async fn all_buttons(db: &mut PgConnection, deeds: &[(Deed, i64)]) -> sqlx::Result<Vec<Act>> {
    let wanted: Vec<(&str, String)> = deeds.iter().map(|it| (it.0.action().as_str(), it.0.target())).collect();
    let wanted: Vec<(&str, &str)> = wanted.iter().map(|it| (it.0, it.1.as_str())).collect();
    let intents = Intent::each(db, &wanted).await?;
    Ok(intents.into_iter().zip(deeds).map(|(intent, (_, version))| Act { intent, version: *version }).collect())
}

/// The card with a remark before everything else that it says.
fn remarked(mut card: Card, remark: impl Into<Text>) -> Card {
    card.parts.insert(0, cards::Part::Text(remark.into()));
    card
}
