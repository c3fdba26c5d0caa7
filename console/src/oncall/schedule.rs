//! The turns of a schedule, or of whatever leads to schedules.

use cards::{Card, Text, Tone};
use chrono::{DateTime, Utc};
use domain::incidents::{Known, OnCall, Schedule, Which, gaps};

use super::{Meant, Thing, card, choose, freshness, horizon, meant, scope, who};
use crate::{Asks, Ctx, Failure, PAGE, UserError, paging, words};

/// The turns of one schedule in the days to come.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The schedule.
    pub schedule: Schedule,
    /// The turns, by their begin, each once however many policies ask the schedule.
    pub turns: Vec<OnCall>,
    /// When nobody has a turn.
    pub gaps: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    /// From when until when the turns are told.
    pub time: (DateTime<Utc>, DateTime<Utc>),
    page: u32,
    known: Known,
}

/// The turns of the schedule that these words mean, or of the ones behind a service, a team or whatever else they mean.
pub async fn answer(ctx: &Ctx, words: &str, page: u32) -> Result<Card, Failure> {
    // A schedule's name wins over everything else that is called so.
    let words = &words::typed(words);
    if let [only] = Schedule::named(&ctx.db, words, 2).await?.as_slice() {
        return Ok(card(&of(ctx, only.clone(), page).await?));
    }
    let things = match meant(ctx, words).await? {
        Meant::One(thing, scope) => vec![(*thing, scope.policy_ids())],
        Meant::Several(things) => {
            let mut each = Vec::new();
            for thing in things {
                let policies = scope(ctx, &thing).await?.policy_ids();
                each.push((thing, policies));
            }
            each
        }
    };
    let mut found: Vec<Schedule> = Vec::new();
    for (thing, policies) in &things {
        let more = schedules(ctx, thing, policies).await?.into_iter().filter(|it| !found.contains(it));
        let more: Vec<Schedule> = more.collect();
        found.extend(more);
    }
    match (found.as_slice(), things.first()) {
        ([only], _) => Ok(self::card(&of(ctx, only.clone(), page).await?)),
        ([], Some((thing, _))) => Err(none(thing).into()),
        (several, _) => {
            let several: Vec<Thing> = several.iter().cloned().map(Thing::Schedule).collect();
            Ok(choose(words, &several, |it| ask(it, 1)))
        }
    }
}

/// The turns of the schedule with this id, where there is one.
pub async fn load(ctx: &Ctx, id: &str, page: u32) -> Result<Option<View>, Failure> {
    match Schedule::with_ids(&ctx.db, &[words::typed(id)]).await?.pop() {
        Some(schedule) => Ok(Some(of(ctx, schedule, page).await?)),
        None => Ok(None),
    }
}

fn ask(thing: &Thing, page: u32) -> cards::Ask {
    match thing {
        Thing::Schedule(it) => Asks::schedule(&it.id, page),
        other => Asks::schedule_of(&other.words()),
    }
}

/// The schedules that these policies ask.
async fn schedules(ctx: &Ctx, thing: &Thing, policies: &[String]) -> Result<Vec<Schedule>, Failure> {
    if let Thing::Schedule(it) = thing {
        return Ok(vec![it.clone()]);
    }
    let levels = domain::incidents::Level::of(&ctx.db, policies).await?;
    let ids: Vec<String> = levels
        .into_iter()
        .filter_map(|it| match it.1.target {
            domain::incidents::Target::Schedule(id) => Some(id),
            domain::incidents::Target::Member(_) => None,
        })
        .collect();
    Ok(Schedule::with_ids(&ctx.db, &ids).await?)
}

async fn of(ctx: &Ctx, schedule: Schedule, page: u32) -> Result<View, Failure> {
    let (now, known) = (Utc::now(), Known::now(&ctx.db).await?);
    let time = (now, horizon(now, &known));
    let which = Which::Schedule(&schedule.id);
    let mut turns = OnCall::during(&ctx.db, which, time).await?;
    turns.sort_by(|a, b| (a.shift.starts_at, &a.shift.member_id).cmp(&(b.shift.starts_at, &b.shift.member_id)));
    turns.dedup_by(|a, b| (a.shift.starts_at, &a.shift.member_id) == (b.shift.starts_at, &b.shift.member_id));
    let gaps = gaps(turns.iter().map(|it| (it.shift.starts_at, it.shift.ends_at)), time);
    Ok(View { schedule, turns, gaps, time, page, known })
}

/// The card of a schedule's turns.
pub fn card(view: &View) -> Card {
    let View { schedule, turns, gaps, page, known, .. } = view;
    let card = Card::new(schedule.name.clone()).freshness(freshness(known)).results(turns.len());
    let card = match (turns.is_empty(), gaps.is_empty()) {
        (true, _) => card
            .tone(Tone::Warn)
            .text("No turn is known in the next 14 days: nobody has one, or no escalation policy asks this schedule."),
        (false, true) => card.text("The turns of the next 14 days. Somebody is on call at any time."),
        (false, false) => card.tone(Tone::Warn).text(format!(
            "The turns of the next 14 days. {} nobody has a turn.",
            words::count(gaps.len() as i64, "time", "times")
        )),
    };
    let card = match &schedule.time_zone {
        Some(zone) => card.fact("Zone of the schedule", zone.as_str()),
        None => card,
    };
    let card = match &schedule.url {
        Some(url) => card.fact("In PagerDuty", Text::site("Open the schedule", url)),
        None => card,
    };
    let rows = rows(view);
    let total = i64::try_from(rows.len()).unwrap_or_default();
    let from = usize::try_from(paging::offset(*page)).unwrap_or_default();
    // Whoever turns beyond the last page gets the first one.
    let (page, from) = if from >= rows.len() { (1, 0) } else { (*page, from) };
    let shown: Vec<Vec<Text>> = rows.into_iter().skip(from).take(PAGE as usize).collect();
    let count = shown.len();
    let card = if shown.is_empty() { card } else { card.table(["Who", "From", "Until", "Hours"], shown) };
    let ask = |page| Asks::schedule(&schedule.id, page);
    let card =
        paging::turn(card, page, count, total, ask).read("On call now", Asks::oncall_id("schedule", &schedule.id));
    match ask(page).page {
        Some(page) => card.page(page),
        None => card,
    }
}

/// Turns and gaps, in order.
fn rows(view: &View) -> Vec<Vec<Text>> {
    let hours = |since: DateTime<Utc>, until: DateTime<Utc>| {
        let minutes = (until - since).num_minutes();
        match minutes % 60 {
            0 => (minutes / 60).to_string(),
            rest => format!("{}:{rest:02}", minutes / 60),
        }
    };
    let turns = view.turns.iter().map(|it| {
        let (since, until) = (it.shift.starts_at, it.shift.ends_at);
        let name = match card::overrides(it) {
            Some(why) => who(it).then(format!(", {why}")),
            None => who(it),
        };
        let until_words = until.map_or(Text::plain("further notice"), Text::moment);
        let length = until.map_or(Text::default(), |until| Text::plain(hours(since, until)));
        (since, vec![name, Text::moment(since), until_words, length])
    });
    let gaps = view.gaps.iter().map(|(since, until)| {
        (
            *since,
            vec![Text::plain("nobody"), Text::moment(*since), Text::moment(*until), Text::plain(hours(*since, *until))],
        )
    });
    let mut all: Vec<_> = turns.chain(gaps).collect();
    all.sort_by_key(|it| it.0);
    all.into_iter().map(|it| it.1).collect()
}

fn none(thing: &Thing) -> UserError {
    let card = Card::new("No schedule leads there").tone(Tone::Warn).results(0);
    let card = card.text(format!("Nothing that {} has to do with asks a schedule.", thing.label()));
    UserError::from(card.read("On call now", thing.ask()))
}
