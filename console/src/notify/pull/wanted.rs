//! What people want to hear, as far as that is known before anything is put: one that nobody wants is not put.

use std::collections::{HashMap, HashSet};

use domain::PgConnection;
use domain::github::{Whole, notice};
use domain::mute;
use domain::preference::{Defaults, Kind, Way};
use uuid::Uuid;

use super::said::{Said, Topic};

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
        let kind = said.topic.kind();
        let way = self.choices.get(&(person, kind)).copied().unwrap_or_else(|| self.defaults.way(kind));
        way != Way::Off && (said.topic == Topic::Asked || !self.muted.contains(&person))
    }
}
