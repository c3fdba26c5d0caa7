//! How much each of a team has to review.

use std::collections::HashMap;

use cards::{Card, Text};
use chrono::{DateTime, TimeDelta, Utc};
use domain::github::handing::Passed;
use domain::github::{Load, people};
use domain::group::Group;
use domain::person::Person;
use domain::working::WorkingHours;
use uuid::Uuid;

use super::meant::known;
use super::turn::worked;
use super::working;
use crate::oncall::{self, Thing};
use crate::{Asks, Ctx, Reply, UserError, words};

/// How far back reviews are counted.
const BACK: TimeDelta = TimeDelta::days(7);

/// Beyond these members nobody is listed.
const MOST: usize = 100;

/// How much each member of the team that these words mean has to review.
pub async fn answer(ctx: &Ctx, asker: Option<&Person>, words: &str) -> Reply {
    if words.trim().is_empty() {
        return Err(no_team("Whose load?").into());
    }
    let found = known(ctx, words, oncall::find(ctx, words).await).await?;
    let groups: Vec<Thing> = found.into_iter().filter(|it| matches!(it, Thing::Group(..))).collect();
    let ask = |it: &Thing| Asks::review_load(&it.words());
    let group = match groups.as_slice() {
        [Thing::Group(reference, _)] => Group::named(&ctx.db, reference.name()).await?,
        [] => None,
        _ => return Ok(oncall::choose(words, &groups, ask)),
    };
    let Some(group) = group else {
        return Err(no_team("That is no team").into());
    };
    let now = Utc::now();
    let members = group.enabled(&ctx.db).await?;
    let accounts = people::accounts_of(&ctx.db, &members).await?;
    let accounts: Vec<(Uuid, i64)> = accounts.into_iter().map(|(person, it)| (person, it.id)).collect();
    let ids: Vec<i64> = accounts.iter().map(|it| it.1).collect();
    let loads = Load::of(&ctx.db, &ids, now - BACK).await?;
    let passed = Passed::to(&ctx.db, &members).await?;
    let named = Person::with_ids(&ctx.db, &members).await?;
    let working = working(ctx, asker).await?;
    Ok(drawn(&group, rows(&named, &accounts, &loads, &passed), (&working, now)))
}

fn no_team(title: &str) -> UserError {
    let advice =
        Text::plain("Name a team of the directory, such as ").then(Text::code("prs payments --load")).then(".");
    UserError::new(title, advice)
}

/// What a member has to review; nothing is known of those without an account.
type Row<'a> = (&'a Person, Option<Load>);

fn rows<'a>(named: &'a [Person], accounts: &[(Uuid, i64)], loads: &[Load], passed: &[Passed]) -> Vec<Row<'a>> {
    let mut of: HashMap<Uuid, Load> = HashMap::new();
    for (person, actor) in accounts {
        let Some(load) = loads.iter().find(|it| it.actor_id == *actor) else { continue };
        of.entry(*person)
            .and_modify(|it| {
                it.asked += load.asked;
                it.reviewed += load.reviewed;
                it.since = it.since.into_iter().chain(load.since).min();
            })
            .or_insert_with(|| load.clone());
    }
    for it in passed {
        if let Some(load) = of.get_mut(&it.person_id) {
            load.asked += 1;
            load.since = load.since.into_iter().chain([it.at]).min();
        }
    }
    let mut rows: Vec<Row<'_>> = named.iter().map(|it| (it, of.remove(&it.id))).collect();
    rows.sort_by_key(|(person, load)| {
        let load = load.as_ref();
        let asked = load.map_or(-1, |it| it.asked);
        (std::cmp::Reverse(asked), load.and_then(|it| it.since), person.name.clone())
    });
    rows
}

fn drawn(group: &Group, rows: Vec<Row<'_>>, (working, now): (&WorkingHours, DateTime<Utc>)) -> Card {
    let open: i64 = rows.iter().filter_map(|it| it.1.as_ref()).map(|it| it.asked).sum();
    let requests = words::count(open, "review is awaited", "reviews are awaited");
    let card = Card::new(format!("{}: {requests}", group.display_name)).results(rows.len());
    let unknown = rows.iter().filter(|it| it.1.is_none()).count();
    let shown = rows.iter().filter(|it| it.1.is_some()).take(MOST).map(|(person, load)| {
        let Some(load) = load else { return Vec::new() };
        let oldest = load.since.map_or_else(Text::default, |at| Text::plain(worked(working, at, now)));
        let who = Text::person(&person.name, &person.display_name);
        vec![who, Text::plain(load.asked.to_string()), oldest, Text::plain(load.reviewed.to_string())]
    });
    let shown: Vec<Vec<Text>> = shown.collect();
    let card = match shown.is_empty() {
        true => card.text("Nobody of this team is known at GitHub."),
        false => card.table(["Who", "Asked", "Waits longest", "Reviewed in 7 days"], shown),
    };
    let card = match unknown {
        0 => card,
        _ => card.text(format!(
            "Of {} it is not known what they are called at GitHub.",
            words::count(i64::try_from(unknown).unwrap_or(i64::MAX), "member", "members")
        )),
    };
    let card = card.freshness("As GitHub's events tell");
    let card = card.read("Its pull requests", Asks::pulls(Some(&format!("group:{}", group.name)), 1));
    match Asks::review_load(&group.name).page {
        Some(page) => card.page(page),
        None => card,
    }
}
