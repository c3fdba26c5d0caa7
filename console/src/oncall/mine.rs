//! What a person is on call for, and when next.

use std::collections::BTreeMap;

use cards::{Card, Text, Tone};
use chrono::{DateTime, Utc};
use domain::incidents::{Filter, Incident, Known, Member, OnCall, Policy, Which};
use domain::person::Person;
use domain::reference::EntityRef;

use super::{AHEAD, At, card, freshness, policy};
use crate::{Asks, Ctx, Failure, words};

/// What a person is on call for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct View {
    person: Person,
    members: Vec<String>,
    turns: Vec<(Stretch, Vec<(Policy, i16)>)>,
    open: i64,
    at: At,
    known: Known,
}

/// A time on call, however many turns of a schedule it is made of: from when until when, and why by an override.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Stretch {
    since: DateTime<Utc>,
    until: Option<DateTime<Utc>>,
    overrides: Option<String>,
}

/// Later turns than these are not listed.
const MAX: usize = 12;

pub(super) async fn load(ctx: &Ctx, person: &Person, at: At) -> Result<View, Failure> {
    let members = Member::of_person(&ctx.db, person.id).await?;
    let which = Which::Members(&members);
    let (since, known) = (at.moment(), Known::now(&ctx.db).await?);
    let turns = OnCall::during(&ctx.db, which, (since, since + AHEAD)).await?;
    let ids: Vec<String> = turns.iter().map(|it| it.shift.policy_id.clone()).collect();
    let policies = Policy::with_ids(&ctx.db, &ids).await?;
    let filter = Filter { open: true, members: Some(&members), ..Filter::default() };
    let open = Incident::list(&ctx.db, filter, (1, 0)).await?.1;
    Ok(View { person: person.clone(), members, turns: gathered(&turns, &policies), open, at, known })
}

/// The same stretch by several policies and levels is told once; turns that follow each other are one stretch.
fn gathered(turns: &[OnCall], policies: &[Policy]) -> Vec<(Stretch, Vec<(Policy, i16)>)> {
    let mut lines: BTreeMap<(&str, i16), Vec<Stretch>> = BTreeMap::new();
    for it in turns {
        let line = lines.entry((&it.shift.policy_id, it.shift.level)).or_default();
        let (since, until) = (it.shift.starts_at, it.shift.ends_at);
        match line.last_mut() {
            Some(last) if last.until.is_none_or(|it| it >= since) => {
                last.until = last.until.zip(until).map(|(a, b)| a.max(b));
            }
            _ => line.push(Stretch { since, until, overrides: card::overrides(it) }),
        }
    }
    let mut told: BTreeMap<Stretch, Vec<(Policy, i16)>> = BTreeMap::new();
    for ((id, level), stretches) in lines {
        let Some(policy) = policies.iter().find(|it| it.id == id) else { continue };
        for it in stretches {
            told.entry(it).or_default().push((policy.clone(), level));
        }
    }
    told.into_iter().collect()
}

/// The card; with a hint for whoever typed nothing.
pub(super) fn card(view: &View, hint: bool) -> Card {
    let View { person, members, turns, open, at, known } = view;
    let moment = at.moment();
    let (now, later): (Vec<_>, Vec<_>) = turns.iter().partition(|it| it.0.since <= moment);
    let name = &person.display_name;
    let title = match (now.is_empty(), at.named.is_some_and(|it| it.at < at.now)) {
        (false, false) => format!("{name} is on call"),
        (true, false) => format!("{name} is not on call"),
        (false, true) => format!("{name} was on call"),
        (true, true) => format!("{name} was not on call"),
    };
    let card = card::moment(Card::new(title).freshness(freshness(known)).results(now.len()), at);
    let card = if at.named.is_some() || now.is_empty() { card } else { card.tone(Tone::Warn) };
    let card = match members.is_empty() {
        true => card.text("No PagerDuty user is known of theirs. Everything here can be asked without one."),
        false => card,
    };
    let card = now.iter().fold(card, |card, it| card.item(places(&it.1), Text::plain("until ").then(end(&it.0))));
    let card = if later.is_empty() { card } else { card.heading("Next") };
    let card = later.iter().take(MAX).fold(card, |card, (stretch, of)| {
        card.item(Text::moment(stretch.since).then(" to ").then(end(stretch)), places(of))
    });
    let card = match later.len().saturating_sub(MAX) {
        0 => card,
        more => card.text(format!("… and {more} more in the next 14 days")),
    };
    let card = match (later.is_empty(), members.is_empty(), at.named) {
        (true, false, None) if now.is_empty() => card.text("No turn of theirs is planned in the next 14 days."),
        _ => card,
    };
    finished(card, view, (*open, hint))
}

fn places(of: &[(Policy, i16)]) -> Text {
    Text::joined(of.iter().map(|(it, level)| policy(it).then(format!(", level {level}"))), " · ")
}

fn end(it: &Stretch) -> Text {
    let until = it.until.map_or(Text::plain("further notice"), Text::moment);
    match &it.overrides {
        Some(why) => until.then(format!(" · {why}")),
        None => until,
    }
}

fn finished(card: Card, view: &View, (open, hint): (i64, bool)) -> Card {
    let card = match open {
        0 => card,
        open => {
            let asks = words::count(open, "open incident asks them", "open incidents ask them");
            card.text(format!("{asks} now."))
                .read("Open incidents", Asks::incident_list(Some(&format!("user:{}", view.person.name)), 1))
        }
    };
    let card = match hint {
        true => card
            .text(
                Text::plain("Ask for anything: ")
                    .then(Text::code("oncall payments"))
                    .then(", ")
                    .then(Text::code("oncall owner/repository"))
                    .then(", ")
                    .then(Text::code("oncall path/in/it/file.rs"))
                    .then(", ")
                    .then(Text::code("oncall ada"))
                    .then("."),
            )
            .read("Everybody on call", Asks::oncall_all(1)),
        false => card,
    };
    match EntityRef::user(&view.person.name).ok().and_then(|it| Asks::oncall_of(&it).page) {
        Some(page) => card.page(page),
        None => card,
    }
}
