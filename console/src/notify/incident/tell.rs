use std::collections::HashMap;

use cards::{Action, Card};
use chrono::Utc;
use domain::PgConnection;
use domain::incidents::ping::{Opening, Ping};
use domain::incidents::{Group, Incident, LogEntry, Status, Urgency};

use super::open::{Draft, Opened};
use super::{Redraw, Rules, direct, draw, log, open, ways};
use crate::Failure;
use crate::incident::{self, View};
use crate::notify::{Destination, Kind, Lane, Message, message};

/// What an event did to an incident.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// As it is after the event.
    pub incident: &'a Incident,
    /// Its status before; none for one that was not known.
    pub before: Option<Status>,
    /// Members who are asked by this event and were not before it.
    pub asked: &'a [String],
    /// What happened, where that was newly logged.
    pub entry: Option<&'a LogEntry>,
    /// False for what is read of the past: messages change, and nobody is told anew.
    pub told: bool,
}

/// Puts what people should be told of an event, within the caller's transaction, which has written the incident, who is asked
/// and its log, and holds the incident. What it gives back is drawn at that transaction's end; after the commit,
/// [`crate::notify::wake`] makes all of it go at once.
pub async fn tell(db: &mut PgConnection, rules: &Rules, change: &Change<'_>) -> Result<Redraw, Failure> {
    let id = &change.incident.id;
    let mut pings = if open::may(change) { None } else { Some(Ping::of(&mut *db, id).await?) };
    if pings.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Redraw::default());
    }
    let (mut opened, mut view) = (Opened::default(), None);
    if pings.is_none() {
        let around = incident::around(&mut *db, change.incident.clone(), Utc::now()).await?;
        opened = open::open(&mut *db, rules, change, &around).await?;
        pings = Some(Ping::of(&mut *db, id).await?);
        view = Some(around);
    }
    let (later, now): (Vec<Ping>, Vec<Ping>) =
        pings.unwrap_or_default().into_iter().partition(|it| it.many && it.thread_of.is_none());
    if change.incident.status == Status::Resolved && change.before != Some(Status::Resolved) {
        Ping::touch(&mut *db, id).await?;
    }
    let entry = change.entry.filter(|_| change.told);
    let redraw = put_off(&later, change.incident, entry);
    if now.is_empty() && opened.drafts.is_empty() {
        return Ok(redraw);
    }
    let view = match view {
        Some(view) => view,
        None => incident::around(&mut *db, change.incident.clone(), Utc::now()).await?,
    };
    let cards = draw(&mut *db, &view, &now).await?;
    let channel = now.iter().find(|it| it.member_id.is_none());
    let announced = opened.drafts.iter().any(|it| channel.is_some_and(|ping| ping.key == it.key));
    let logged = channel.zip(entry.filter(|_| !announced));
    let logged = logged.map(|(ping, entry)| log::message(&view.incident, entry, ping, ways::to_channel(rules, &view)));
    send(db, &view, opened, (cards, logged)).await?;
    Ok(redraw)
}

/// What is left for the end of the transaction.
fn put_off(later: &[Ping], incident: &Incident, entry: Option<&LogEntry>) -> Redraw {
    let mut redraw = Redraw::default();
    for it in later {
        redraw.add(&it.key, &incident.id);
        if let Some(entry) = entry.filter(|_| it.member_id.is_none()) {
            redraw.log(it, incident, entry);
        }
    }
    redraw
}

/// What tells of the incident alone, or of a few with it, as it should be now.
async fn draw(db: &mut PgConnection, view: &View, pings: &[Ping]) -> Result<HashMap<String, Card>, Failure> {
    let many: Vec<String> = pings.iter().filter(|it| it.many).map(|it| it.key.clone()).collect();
    let groups = if many.is_empty() { Vec::new() } else { Group::of(&mut *db, &many).await? };
    let groups: HashMap<&str, &Group> =
        groups.iter().filter(|it| it.total > 1).map(|it| (it.key.as_str(), it)).collect();
    let single = pings.iter().any(|it| !groups.contains_key(it.key.as_str()));
    let buttons = if single { incident::buttons(&mut *db, &view.incident).await? } else { Vec::new() };
    let card = |ping: &Ping| drawn(view, ping, groups.get(ping.key.as_str()).copied(), &buttons);
    Ok(pings.iter().map(|it| (it.key.clone(), card(it))).collect())
}

/// What a message says: of one incident, or of the group of which it tells.
pub(super) fn drawn(view: &View, ping: &Ping, group: Option<&Group>, buttons: &[Action]) -> Card {
    match (&ping.member_id, group) {
        (None, Some(group)) => draw::several(view, group),
        (None, None) => draw::one(view, buttons),
        (Some(member), Some(group)) => direct::several(view, group, member),
        (Some(member), None) => direct::one(view, buttons, member),
    }
}

async fn send(
    db: &mut PgConnection,
    view: &View,
    opened: Opened,
    (mut cards, logged): (HashMap<String, Card>, Option<Message>),
) -> Result<(), Failure> {
    let mut new = Vec::new();
    for draft in opened.drafts {
        if let Some(card) = cards.remove(&draft.key) {
            new.push(letter(draft, view, card));
        }
    }
    for (reply, draft, ping) in opened.grown {
        let Some(card) = cards.remove(&reply) else { continue };
        if !message::edit_unsent(&mut *db, &reply, &card).await? {
            // It was taken to be sent meanwhile, so that nobody would notice what is added.
            let member = ping.member_id.clone().unwrap_or_default();
            let opening = Opening { new: vec![ping], ..Opening::default() };
            opening.write(&mut *db, &view.incident, view.incident.urgency == Urgency::High).await?;
            let buttons = incident::buttons(&mut *db, &view.incident).await?;
            new.push(letter(draft, view, direct::one(view, &buttons, &member)));
        }
    }
    new.extend(logged);
    let edits: Vec<(String, Card)> = cards.into_iter().collect();
    message::add(&mut *db, &new).await?;
    // Last, since whoever sends these waits for this transaction from here on.
    message::edit_all(db, edits).await?;
    Ok(())
}

fn letter(draft: Draft, view: &View, card: Card) -> Message {
    let (lane, kind) = match view.incident.urgency {
        Urgency::High => (Lane::Page, Kind::Page),
        Urgency::Low => (Lane::Update, Kind::Incident),
    };
    let mut ways = draft.ways.all.into_iter();
    let first = ways.next().unwrap_or(Destination::Administrators);
    let or_else = ways.collect();
    Message { or_else, thread_of: draft.thread_of, ..Message::new(draft.key, lane, first, card) }
        .of(kind)
        .because(draft.ways.why)
}
