use std::collections::HashMap;

use cards::Card;
use chrono::Utc;
use domain::PgConnection;
use domain::incidents::ping::{Opening, Ping};
use domain::incidents::{Group, Incident, LogEntry, Status, Urgency};

use super::open::{Draft, Opened};
use super::{Rules, direct, draw, log, open, ways};
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
/// and its log, and holds the incident. After the commit, [`crate::notify::wake`] makes it go at once.
pub async fn tell(db: &mut PgConnection, rules: &Rules, change: &Change<'_>) -> Result<(), Failure> {
    let id = &change.incident.id;
    let mut pings = if open::may(change) { None } else { Some(Ping::of(&mut *db, id).await?) };
    if pings.as_ref().is_some_and(Vec::is_empty) {
        return Ok(());
    }
    let view = incident::around(&mut *db, change.incident.clone(), Utc::now()).await?;
    let mut opened = Opened::default();
    if pings.is_none() {
        opened = open::open(&mut *db, rules, change, &view).await?;
        pings = Some(Ping::of(&mut *db, id).await?);
    }
    let pings = pings.unwrap_or_default();
    if change.incident.status == Status::Resolved && change.before != Some(Status::Resolved) {
        Ping::touch(&mut *db, id).await?;
    }
    let drawn = draw(&mut *db, &view, &pings).await?;
    send(db, rules, change, &view, (opened, drawn)).await
}

/// Every message that tells of the incident, as it should be now.
struct Drawn {
    cards: HashMap<String, Card>,
    /// The channel's message, and how many of its incidents are open.
    channel: Option<(Ping, i64)>,
}

async fn draw(db: &mut PgConnection, view: &View, pings: &[Ping]) -> Result<Drawn, Failure> {
    let many: Vec<String> = pings.iter().filter(|it| it.many).map(|it| it.key.clone()).collect();
    let groups = if many.is_empty() { Vec::new() } else { Group::of(&mut *db, &many).await? };
    let groups: HashMap<&str, &Group> =
        groups.iter().filter(|it| it.total > 1).map(|it| (it.key.as_str(), it)).collect();
    let single = pings.iter().any(|it| !groups.contains_key(it.key.as_str()));
    let buttons = if single { incident::buttons(db, &view.incident).await? } else { Vec::new() };
    let card = |ping: &Ping| {
        let group = groups.get(ping.key.as_str());
        match (&ping.member_id, group) {
            (None, Some(group)) => draw::several(view, group),
            (None, None) => draw::one(view, &buttons),
            (Some(member), Some(group)) => direct::several(view, group, member),
            (Some(member), None) => direct::one(view, &buttons, member),
        }
    };
    let channel = pings.iter().find(|it| it.member_id.is_none()).cloned();
    let open = |it: &Ping| groups.get(it.key.as_str()).map_or(0, |group| group.open());
    Ok(Drawn {
        cards: pings.iter().map(|it| (it.key.clone(), card(it))).collect(),
        channel: channel.map(|it| (it.clone(), open(&it))),
    })
}

async fn send(
    db: &mut PgConnection,
    rules: &Rules,
    change: &Change<'_>,
    view: &View,
    (opened, drawn): (Opened, Drawn),
) -> Result<(), Failure> {
    let Drawn { mut cards, channel } = drawn;
    let mut new = Vec::new();
    let announced = opened.drafts.iter().any(|it| channel.as_ref().is_some_and(|(ping, _)| ping.key == it.key));
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
    if let (Some((ping, open)), Some(entry)) = (&channel, change.entry.filter(|_| change.told))
        && !announced
        && log::worth(entry, *open)
    {
        new.push(log::message(&view.incident, entry, ping, ways::to_channel(rules, view)));
    }
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
