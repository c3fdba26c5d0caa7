//! When nobody is on call.

use cards::{Card, Text, Tone};
use chrono::{DateTime, Utc};
use domain::incidents::{Gap, Known, Policy};

use super::{Meant, Thing, choose, freshness, horizon, meant, policy};
use crate::{Asks, Ctx, Failure, PAGE, paging, words};

/// Gaps of everything, or of one thing.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    thing: Option<Thing>,
    gaps: Vec<Gap>,
    policies: Vec<Policy>,
    page: u32,
    now: DateTime<Utc>,
    end: DateTime<Utc>,
    known: Known,
}

/// The gaps of what these words mean; without any, of everything.
pub async fn answer(ctx: &Ctx, words: &str, page: u32) -> Result<Card, Failure> {
    let words = words.trim();
    if words.is_empty() {
        return Ok(card(&load(ctx, None, page).await?));
    }
    match meant(ctx, words).await? {
        Meant::One(thing, scope) => Ok(card(&load(ctx, Some((*thing, scope.policies)), page).await?)),
        Meant::Several(things) => Ok(choose(words, &things, |it| Asks::oncall_gaps(Some(&it.words()), 1))),
    }
}

async fn load(ctx: &Ctx, of: Option<(Thing, Vec<Policy>)>, page: u32) -> Result<View, Failure> {
    let (now, known) = (Utc::now(), Known::now(&ctx.db).await?);
    let end = horizon(now, &known);
    let ids: Option<Vec<String>> = of.as_ref().map(|it| it.1.iter().map(|it| it.id.clone()).collect());
    let mut gaps = Gap::of(&ctx.db, ids.as_deref(), (now, end)).await?;
    // The first levels first, then what comes soonest.
    gaps.sort_by(|a, b| (a.level, a.since, &a.policy_id).cmp(&(b.level, b.since, &b.policy_id)));
    let named: Vec<String> = gaps.iter().map(|it| it.policy_id.clone()).collect();
    let policies = Policy::with_ids(&ctx.db, &named).await?;
    Ok(View { thing: of.map(|it| it.0), gaps, policies, page, now, end, known })
}

fn card(View { thing, gaps, policies, page, now, end, known }: &View) -> Card {
    let total = i64::try_from(gaps.len()).unwrap_or_default();
    let of = thing.as_ref().map_or(String::new(), |it| format!(" for {}", it.label()));
    let title = match total {
        0 => format!("No gap{of} in the next 14 days"),
        total => format!("{}{of} in the next 14 days", words::count(total, "gap", "gaps")),
    };
    let tone = match gaps.iter().find(|it| it.level == 1) {
        Some(it) if it.since <= *now => Tone::Bad,
        Some(_) => Tone::Warn,
        None if gaps.is_empty() && known.since.is_some() => Tone::Good,
        None => Tone::Neutral,
    };
    let card = Card::new(title).tone(tone).freshness(freshness(known)).results(gaps.len());
    let card = match known.since {
        None => card.tone(Tone::Warn).text("No shifts were read from PagerDuty yet, so nothing can be said of gaps."),
        Some(_) => card.text("A gap is a time in which a level of an escalation policy asks nobody."),
    };
    let ask = |page| Asks::oncall_gaps(thing.as_ref().map(Thing::words).as_deref(), page);
    let from = usize::try_from(paging::offset(*page)).unwrap_or_default();
    // Whoever turns beyond the last page gets the first one.
    let (page, from) = if from >= gaps.len() { (1, 0) } else { (*page, from) };
    let shown: Vec<&Gap> = gaps.iter().skip(from).take(PAGE as usize).collect();
    let rows: Vec<Vec<Text>> = shown.iter().map(|it| row(it, policies, (*now, *end))).collect();
    let card = if rows.is_empty() { card } else { card.table(["Policy", "Level", "From", "To"], rows) };
    let card = paging::turn(card, page, shown.len(), total, ask).read("Everybody on call", Asks::oncall_all(1));
    match ask(page).page {
        Some(page) => card.page(page),
        None => card,
    }
}

fn row(gap: &Gap, policies: &[Policy], (now, end): (DateTime<Utc>, DateTime<Utc>)) -> Vec<Text> {
    let name = policies.iter().find(|it| it.id == gap.policy_id);
    let name = name.map_or_else(|| Text::code(&gap.policy_id), policy);
    let since = if gap.since <= now { Text::plain("now") } else { Text::moment(gap.since) };
    let until = match gap.until >= end {
        true => Text::plain("beyond ").then(Text::moment(gap.until)),
        false => Text::moment(gap.until),
    };
    vec![name, Text::plain(gap.level.to_string()), since, until]
}
