//! What people want to hear, as far as that is known before anything is put: what nobody wants is kept aside, and changes no message.

use std::collections::{HashMap, HashSet};

use cards::Card;
use chrono::Utc;
use domain::PgConnection;
use domain::github::{Notice, Whole, notice};
use domain::mute;
use domain::preference::{Defaults, Kind, Way};
use uuid::Uuid;

use super::said::{BREATH, Said, Topic};
use super::words;
use crate::notify::{Destination, Lane, Message};

/// Why nothing of it was sent.
pub(super) const UNWANTED: &str = "they chose to hear nothing of it";

/// What several people chose.
pub(super) struct Wanted<'a> {
    defaults: &'a Defaults,
    choices: HashMap<(Uuid, Kind), Way>,
    /// Who wants to hear nothing of the repository that does not ask them by name.
    muted: HashSet<Uuid>,
}

impl<'a> Wanted<'a> {
    pub(super) async fn of(
        db: &mut PgConnection,
        defaults: &'a Defaults,
        (people, whole): (&[Uuid], &Whole),
    ) -> sqlx::Result<Self> {
        let choices = notice::choices(&mut *db, people).await?;
        let muted = mute::muted(db, people, whole.repository.id).await?;
        Ok(Self { defaults, choices, muted })
    }

    /// Whether somebody wants to hear this.
    pub(super) fn has(&self, person: Uuid, said: &Said) -> bool {
        let kind = said.kind();
        let way = self.choices.get(&(person, kind)).copied().unwrap_or_else(|| self.defaults.way(kind));
        way != Way::Off && (said.topic == Topic::Asked || !self.muted.contains(&person))
    }
}

/// What somebody would have been told, so that they can see what another choice sends. What comes in one go counts once, as it would
/// have been one message.
pub(super) fn refrained(whole: &Whole, (notice, person): (&Notice, Uuid), said: &Said) -> Message {
    let kind = said.kind();
    let breath = Utc::now().timestamp() / BREATH as i64;
    let key = format!("{}:unwanted:{}:{breath}", notice.key, kind.as_str());
    let card = Card::new(words::title(whole)).text(said.title());
    let message = Message::new(key, Lane::Update, Destination::Person(person), card).of(kind);
    if notice.opened { message.thread_of(&notice.key) } else { message }
}
