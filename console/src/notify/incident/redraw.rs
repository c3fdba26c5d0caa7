//! What is drawn once for all events of a transaction: a message that tells of many incidents takes longer to draw the more they
//! are, and in a storm each of its events would draw it.

use std::collections::BTreeMap;

use chrono::Utc;
use domain::PgConnection;
use domain::incidents::ping::Ping;
use domain::incidents::{Group, Incident};

use super::tell::drawn;
use crate::Failure;
use crate::incident;
use crate::notify::message;

/// Messages that do not yet say what is so: the key of each, and the incident for which it was last looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "what is not drawn goes on saying what was so before"]
pub struct Redraw(BTreeMap<String, String>);

impl Redraw {
    /// One more message.
    pub(super) fn add(&mut self, key: &str, incident: &str) {
        self.0.insert(key.into(), incident.into());
    }

    /// Those of another event, too.
    pub fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Draws them, at the end of the transaction in which they were told of, which holds them.
    pub async fn draw(self, db: &mut PgConnection) -> Result<(), Failure> {
        if self.0.is_empty() {
            return Ok(());
        }
        let keys: Vec<String> = self.0.keys().cloned().collect();
        let groups = Group::of(&mut *db, &keys).await?;
        let mut edits = Vec::new();
        for ping in Ping::with_keys(&mut *db, &keys).await? {
            let group = groups.iter().find(|it| it.key == ping.key && it.total > 1);
            let Some(incident) = Incident::with_id(&mut *db, &self.0[&ping.key]).await? else { continue };
            let buttons = if group.is_none() { incident::buttons(&mut *db, &incident).await? } else { Vec::new() };
            let view = incident::around(&mut *db, incident, Utc::now()).await?;
            edits.push((ping.key.clone(), drawn(&view, &ping, group, &buttons)));
        }
        message::edit_all(db, edits).await?;
        Ok(())
    }
}
