//! What people are told when somebody comes on call: the owners in their channel, and whoever it is, directly.

use cards::{Card, Text};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use domain::PgConnection;
use domain::document::annotation;
use domain::entity::Entity;
use domain::incidents::{Filter, Incident, Known, Notable, OnCall, Policy, Service, Shift, Which};
use domain::reference::EntityRef;
use serde::Deserialize;

use super::incident::channel;
use super::{Destination, Kind, Lane, Message, put};
use crate::{Asks, Failure, incident, oncall, words};

/// Of which turns people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Of which levels.
    pub tell: Levels,
    /// Turns that began longer ago than these hours, while nobody looked, are not told any more.
    pub late_hours: u16,
}

/// Levels of escalation policies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Levels {
    /// The first one.
    #[default]
    First,
    /// Every one that asks a schedule.
    All,
    /// None.
    Off,
}

impl Default for Rules {
    fn default() -> Self {
        Self { tell: Levels::First, late_hours: 2 }
    }
}

impl Rules {
    /// What is wrong, in a sentence.
    pub fn check(&self) -> Result<(), String> {
        match (1..=24).contains(&self.late_hours) {
            true => Ok(()),
            false => Err("oncall.late_hours must be from 1 to 24".into()),
        }
    }
}

/// Channels beyond these are not told of one turn.
const CHANNELS: usize = 5;

/// Incidents beyond these are counted.
const OPEN: i64 = 5;

/// Puts what people should be told of the turns that began by this moment, in the caller's transaction; how many those are. Each
/// is told once, whoever asks how often.
pub async fn tell(db: &mut PgConnection, rules: &Rules, now: DateTime<Utc>) -> Result<usize, Failure> {
    let Some(known) = Known::now(&mut *db).await?.since.filter(|_| rules.tell != Levels::Off) else { return Ok(0) };
    // What was under way when PinConsole first read is no news.
    let since = known.max(now - TimeDelta::hours(rules.late_hours.into()));
    let which = Notable { since, now, all_levels: rules.tell == Levels::All };
    let mut begun = Vec::new();
    for shift in Shift::begun(&mut *db, which).await? {
        if shift.tell(&mut *db).await? {
            begun.push(shift);
        }
    }
    // One turn of a schedule that several policies ask is one thing to be told.
    let mut turns: Vec<Vec<Shift>> = Vec::new();
    for shift in begun {
        let same = |it: &&mut Vec<Shift>| {
            it.first().is_some_and(|it| (&it.schedule_id, it.starts_at) == (&shift.schedule_id, shift.starts_at))
        };
        match turns.iter_mut().find(same) {
            Some(turn) => turn.push(shift),
            None => turns.push(vec![shift]),
        }
    }
    for turn in &turns {
        told(db, turn, now).await?;
    }
    Ok(turns.len())
}

/// A turn with what its messages say.
struct Change {
    key: String,
    /// Who comes on call, each with when they hand over.
    now: Vec<(OnCall, Option<DateTime<Utc>>)>,
    before: Vec<OnCall>,
    policies: Vec<(Policy, i16)>,
    services: Vec<Service>,
}

async fn told(db: &mut PgConnection, turn: &[Shift], now: DateTime<Utc>) -> Result<(), Failure> {
    let Some(change) = change(db, turn).await? else { return Ok(()) };
    for (nth, channel) in channels(db, &change.services).await?.into_iter().enumerate() {
        let key = if nth == 0 { change.key.clone() } else { format!("{}/{channel}", change.key) };
        let message = Message::new(key, Lane::Update, channel, to_channel(&change)).of(Kind::Shift);
        put(&mut *db, &message.because("Posted here because this is the channel of whoever owns these services"))
            .await?;
    }
    let services: Vec<String> = change.services.iter().map(|it| it.id.clone()).collect();
    let filter = Filter { open: true, services: Some(&services), ..Filter::default() };
    let open = Incident::list(&mut *db, filter, (OPEN, 0)).await?;
    for (who, until) in &change.now {
        let Some((id, _)) = &who.person else { continue };
        let card = to_person(&change, (who, *until), &open, now);
        let key = format!("{}/{}", change.key, who.shift.member_id);
        let message = Message::new(key, Lane::Update, Destination::Person(*id), card).of(Kind::Shift);
        put(&mut *db, &message.because(because(who, *until))).await?;
    }
    Ok(())
}

async fn change(db: &mut PgConnection, turn: &[Shift]) -> Result<Option<Change>, Failure> {
    let Some(first) = turn.first() else { return Ok(None) };
    let at = first.starts_at;
    let ids: Vec<String> = turn.iter().map(|it| it.policy_id.clone()).collect();
    let which = Which::Policies(std::slice::from_ref(&first.policy_id));
    let around = OnCall::during(&mut *db, which, (at - TimeDelta::microseconds(1), at + oncall::AHEAD)).await?;
    let level: Vec<&OnCall> = around.iter().filter(|it| it.shift.level == first.level).collect();
    let mut comes: Vec<(OnCall, Option<DateTime<Utc>>)> = Vec::new();
    for it in &level {
        let member = &it.shift.member_id;
        let new = turn.iter().any(|turn| turn.member_id == *member) && it.shift.starts_at == at;
        if new && !comes.iter().any(|it| it.0.shift.member_id == *member) {
            comes.push(((*it).clone(), oncall::handover(&level, member, at)));
        }
    }
    let before = level.iter().filter(|it| it.shift.starts_at < at && it.shift.ends_at.is_some_and(|end| end <= at));
    let before = before.map(|it| (*it).clone()).collect();
    let known = Policy::with_ids(&mut *db, &ids).await?;
    let mut policies: Vec<(Policy, i16)> = Vec::new();
    for policy in known {
        let level = turn.iter().filter(|it| it.policy_id == policy.id).map(|it| it.level).min().unwrap_or(first.level);
        policies.push((policy, level));
    }
    let services = Service::of_policies(&mut *db, &ids).await?;
    let key = format!("oncall/{}/{}/{}", first.policy_id, first.level, at.to_rfc3339_opts(SecondsFormat::Secs, true));
    Ok((!comes.is_empty() && !policies.is_empty()).then_some(Change { key, now: comes, before, policies, services }))
}

/// Where the owners of these services talk: the channel of the owner, else the entity's own.
async fn channels(db: &mut PgConnection, services: &[Service]) -> Result<Vec<Destination>, Failure> {
    let ids: Vec<String> = services.iter().map(|it| it.id.clone()).collect();
    let tied = Service::entities(&mut *db, &ids).await?;
    let references: Vec<String> = tied.into_iter().map(|it| it.1).collect();
    let entities = Entity::with_references(&mut *db, &references).await?;
    let owners: Vec<String> = entities.iter().filter_map(|it| it.document.owner()).map(|it| it.to_string()).collect();
    let owners = Entity::with_references(&mut *db, &owners).await?;
    let written = |it: &Entity| it.document.annotation(annotation::SLACK_CHANNEL).and_then(channel);
    let mut found = Vec::new();
    for entity in &entities {
        let owner = entity.document.owner().map(|it: EntityRef| it.to_string());
        let owner = owners.iter().find(|it| Some(&it.reference) == owner.as_ref());
        if let Some(channel) = owner.and_then(written).or_else(|| written(entity))
            && !found.contains(&channel)
        {
            found.push(channel);
        }
    }
    found.sort_by_key(ToString::to_string);
    found.truncate(CHANNELS);
    Ok(found)
}

fn to_channel(change: &Change) -> Card {
    let names = change.now.iter().map(|it| it.0.name.as_str()).collect::<Vec<_>>().join(" and ");
    let verb = if change.now.len() == 1 { "is" } else { "are" };
    let card = Card::new(format!("{names} {verb} on call for {}", policies(change)));
    let each = change.now.iter().map(|(who, until)| oncall::who(who).then(until_words(*until)));
    let text = Text::joined(each, ", ");
    let before = Text::joined(change.before.iter().map(oncall::who), ", ");
    let text = if before.is_empty() { text } else { text.then(", after ").then(before) };
    let why = change.now.iter().filter_map(|it| oncall::overrides(&it.0)).next();
    let card = card.text(text.then("."));
    let card = match why {
        Some(why) => card.text(format!("It is so {why}.")),
        None => card,
    };
    finished(card, change)
}

fn to_person(
    change: &Change,
    (who, until): (&OnCall, Option<DateTime<Utc>>),
    (open, total): &(Vec<Incident>, i64),
    now: DateTime<Utc>,
) -> Card {
    let card = Card::new(format!("You are on call for {}", policies(change)));
    let since = if now - who.shift.starts_at > TimeDelta::minutes(5) {
        Text::plain("Since ").then(Text::moment(who.shift.starts_at)).then(",")
    } else {
        Text::plain("From now")
    };
    let before = Text::joined(change.before.iter().map(oncall::who), ", ");
    let text = since.then(until_words(until));
    let text = if before.is_empty() { text } else { text.then(", after ").then(before) };
    let card = card.text(text.then("."));
    let card = match total {
        0 => card.text("Nothing is open."),
        total => card.heading(words::count(*total, "open incident", "open incidents")),
    };
    let card = open.iter().fold(card, |card, it| {
        let name = Text::page(incident::title(it), incident::page(it.number));
        let state = Text::plain(format!("{} · since ", incident::status(it.status)));
        card.item(name, state.then(Text::moment(it.created_at)))
    });
    let card = match *total - i64::try_from(open.len()).unwrap_or_default() {
        more if more > 0 => card.text(format!("… and {more} more")),
        _ => card,
    };
    let next = "Turns of yours that are to come: ";
    finished(card.text(Text::plain(next).then(Text::code("oncall me")).then(".")), change)
}

/// Why somebody is told of their turn.
fn because(who: &OnCall, until: Option<DateTime<Utc>>) -> Text {
    let by = match &who.schedule {
        Some(schedule) => format!("You get this because the schedule {schedule} names you"),
        None => "You get this because PagerDuty names you".into(),
    };
    Text::plain(by).then(until_words(until))
}

fn until_words(until: Option<DateTime<Utc>>) -> Text {
    match until {
        Some(until) => Text::plain(" until ").then(Text::moment(until)),
        None => Text::plain(" until further notice"),
    }
}

/// The policies by name, with the level where it is not the first.
fn policies(change: &Change) -> String {
    let named = change.policies.iter().take(3).map(|(policy, level)| match level {
        1 => policy.name.clone(),
        level => format!("{} (level {level})", policy.name),
    });
    let named = named.collect::<Vec<_>>().join(", ");
    match change.policies.len() {
        0..=3 => named,
        all => format!("{named} and {} more", all - 3),
    }
}

fn finished(card: Card, change: &Change) -> Card {
    let card = match change.policies.first() {
        Some((policy, _)) => {
            let ask = Asks::oncall_id("policy", &policy.id);
            let page = ask.page.clone();
            let card = card.read("Who is on call", ask);
            page.map_or(card.clone(), |page| card.page(page))
        }
        None => card,
    };
    match change.now.iter().find_map(|it| it.0.shift.schedule_id.as_deref()) {
        Some(schedule) => card.read("Schedule", Asks::schedule(schedule, 1)),
        None => card,
    }
}
