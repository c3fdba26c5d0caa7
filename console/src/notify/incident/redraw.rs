//! What is drawn once for all events of a transaction: a message that tells of many incidents takes longer to draw the more they
//! are, and in a storm each of its events would draw it.

use std::collections::{BTreeMap, HashMap};

use chrono::Utc;
use domain::PgConnection;
use domain::incidents::ping::Ping;
use domain::incidents::{Group, Incident, LogEntry};

use super::tell::drawn;
use super::{Rules, log, ways};
use crate::Failure;
use crate::incident;
use crate::notify::message;

/// Messages that do not yet say what is so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "what is not drawn goes on saying what was so before"]
pub struct Redraw {
    /// The key of each, and the incident for which it was last looked at.
    messages: BTreeMap<String, String>,
    /// What happened to their incidents.
    log: Vec<Logged>,
}

/// What may go into the thread of a message that tells of many: how many of them are open is known once all is applied.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Logged {
    ping: Ping,
    incident: Incident,
    entry: LogEntry,
}

impl Redraw {
    /// One more message.
    pub(super) fn add(&mut self, key: &str, incident: &str) {
        self.messages.insert(key.into(), incident.into());
    }

    /// What happened to one of its incidents.
    pub(super) fn log(&mut self, ping: &Ping, incident: &Incident, entry: &LogEntry) {
        self.log.push(Logged { ping: ping.clone(), incident: incident.clone(), entry: entry.clone() });
    }

    /// Those of another event, too.
    pub fn merge(&mut self, other: Self) {
        self.messages.extend(other.messages);
        self.log.extend(other.log);
    }

    /// Draws them, at the end of the transaction in which they were told of, which holds them.
    pub async fn draw(self, db: &mut PgConnection, rules: &Rules) -> Result<(), Failure> {
        if self.messages.is_empty() {
            return Ok(());
        }
        let keys: Vec<String> = self.messages.keys().cloned().collect();
        let groups = Group::of(&mut *db, &keys).await?;
        let groups: HashMap<&str, &Group> = groups.iter().map(|it| (it.key.as_str(), it)).collect();
        self.say(&mut *db, rules, &groups).await?;
        let mut edits = Vec::new();
        for ping in Ping::with_keys(&mut *db, &keys).await? {
            let group = groups.get(ping.key.as_str()).copied().filter(|it| it.total > 1);
            let Some(incident) = Incident::with_id(&mut *db, &self.messages[&ping.key]).await? else { continue };
            let buttons = if group.is_none() { incident::buttons(&mut *db, &incident).await? } else { Vec::new() };
            let view = incident::around(&mut *db, incident, Utc::now()).await?;
            edits.push((ping.key.clone(), drawn(&view, &ping, group, &buttons)));
        }
        message::edit_all(db, edits).await?;
        Ok(())
    }

    /// Puts what the threads should have.
    async fn say(&self, db: &mut PgConnection, rules: &Rules, groups: &HashMap<&str, &Group>) -> Result<(), Failure> {
        let open = |it: &Ping| groups.get(it.key.as_str()).map_or(0, |it| it.open());
        let mut said = Vec::new();
        for it in self.log.iter().filter(|it| log::worth(&it.entry, open(&it.ping))) {
            let view = incident::around(&mut *db, it.incident.clone(), Utc::now()).await?;
            said.push(log::message(&it.incident, &it.entry, &it.ping, ways::to_channel(rules, &view)));
        }
        message::add(db, &said).await?;
        Ok(())
    }
}
