use std::collections::HashSet;

use domain::PgConnection;
use domain::incidents::ping::{self, Ping};
use domain::incidents::{Incident, LogEntry, Status};

use super::drawing::Drawing;
use super::open::Opened;
use super::views::Views;
use super::{Rules, log, open, put, ways};
use crate::Failure;
use crate::notify::Message;

/// What an event did to an incident.
#[derive(Clone, Debug)]
pub struct Change {
    /// As it is after the event.
    pub incident: Incident,
    /// Its status before; none for one that was not known.
    pub before: Option<Status>,
    /// Members who are asked by this event and were not before it.
    pub asked: Vec<String>,
    /// Whether it escalated: then PagerDuty calls everybody who is asked, also whoever was asked before it.
    pub escalated: bool,
    /// What happened, where that was newly logged and is news.
    pub log: Vec<LogEntry>,
    /// False for what is read of the past: messages change, and nobody is told anew.
    pub told: bool,
}

/// Puts what people should be told of events, each about another incident, within the caller's transaction, which has written
/// the incidents, who is asked and their logs, and holds the incidents. All of them together, since a message that tells of
/// many takes longer to draw the more they are. After the commit, [`crate::notify::wake`] makes all of it go at once.
pub async fn tell(db: &mut PgConnection, rules: &Rules, changes: &[Change]) -> Result<(), Failure> {
    let ids: Vec<String> = changes.iter().map(|it| it.incident.id.clone()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let mut views = Views::default();
    views.load(&mut *db, changes.iter().filter(|it| open::may(it)).map(|it| &it.incident)).await?;
    let (opened, opening) = open::open(&mut *db, rules, changes, &views).await?;
    // Places first, then messages in one order: so no two transactions wait for each other.
    ping::hold_messages(&mut *db, &ids, &opening.joined).await?;
    opening.write(&mut *db).await?;
    ping::touch(&mut *db, &open::ended(changes)).await?;
    let pings = Ping::of(&mut *db, &ids).await?;
    let of = |it: &Change| pings.get(&it.incident.id).map_or(&[][..], |it| it);
    let told: Vec<(&Change, &[Ping])> = changes.iter().map(|it| (it, of(it))).filter(|it| !it.1.is_empty()).collect();
    if told.is_empty() {
        return Ok(());
    }
    let drawing = Drawing::of(&mut *db, &told, &mut views).await?;
    let said = said(&told, &opened, &drawing);
    views.load(&mut *db, said.iter().map(|it| it.0)).await?;
    let to_channel = |(incident, entry, ping): (&Incident, &LogEntry, &Ping)| -> Option<Message> {
        Some(log::message(incident, entry, ping, ways::to_channel(rules, views.of(&incident.id)?)))
    };
    let said: Vec<Message> = said.into_iter().filter_map(to_channel).collect();
    put::put(db, &views, (opened, drawing), said).await
}

/// What of the news goes into the threads of the channels' messages.
fn said<'a>(
    told: &[(&'a Change, &'a [Ping])],
    opened: &Opened,
    drawing: &Drawing,
) -> Vec<(&'a Incident, &'a LogEntry, &'a Ping)> {
    let opened: HashSet<_> = opened.drafts.iter().map(|it| (it.key.as_str(), it.incident.as_str())).collect();
    let mut said = Vec::new();
    for (change, pings) in told.iter().filter(|it| it.0.told) {
        for ping in pings.iter().filter(|it| it.member_id.is_none()) {
            // A new message says itself what happened first.
            let announced = opened.contains(&(ping.key.as_str(), change.incident.id.as_str()));
            let entries = change.log.iter().skip(usize::from(announced));
            let worth = entries.filter(|it| log::worth(it, drawing.open(&ping.key)));
            said.extend(worth.map(|it| (&change.incident, it, ping)));
        }
    }
    said
}
