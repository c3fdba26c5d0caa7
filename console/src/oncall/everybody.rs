//! Who is on call for everything, policy by policy.

use cards::{Card, Text, Tone};
use chrono::{DateTime, Utc};
use domain::incidents::{Known, Policy};

use super::rung::Rung;
use super::{Duty, duties, freshness, horizon, policy, who};
use crate::{Asks, Ctx, Failure, PAGE, paging};

/// One page of all policies that a service in use names.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    duties: Vec<Duty>,
    page: u32,
    total: i64,
    known: Known,
    end: DateTime<Utc>,
}

/// One page of who is on call for everything now.
pub async fn load(ctx: &Ctx, page: u32) -> Result<View, Failure> {
    let (policies, total) = Policy::used(&ctx.db, (PAGE, paging::offset(page))).await?;
    // Whoever turns beyond the last page gets the first one.
    let (page, (policies, total)) = match policies.is_empty() && page > 1 {
        true => (1, Policy::used(&ctx.db, (PAGE, 0)).await?),
        false => (page, (policies, total)),
    };
    let (now, known) = (Utc::now(), Known::now(&ctx.db).await?);
    let end = horizon(now, &known);
    Ok(View { duties: duties(ctx, policies, &[], (now, end)).await?, page, total, known, end })
}

/// The card of who is on call for everything.
pub fn card(View { duties, page, total, known, .. }: &View) -> Card {
    let card = Card::new("Everybody on call").freshness(freshness(known));
    let card = card.results(usize::try_from(*total).unwrap_or_default());
    let card = match Asks::oncall_all(*page).page {
        Some(page) => card.page(page),
        None => card,
    };
    if *total == 0 {
        return card.tone(Tone::Warn).text(
            "No escalation policy is known yet. PinConsole reads them from PagerDuty; the status page says how that goes.",
        );
    }
    let rows = duties.iter().map(row).collect();
    let card = card.table(["Policy", "Level 1", "Until", "Level 2", "First gap on level 1"], rows);
    let card = paging::turn(card, *page, duties.len(), *total, Asks::oncall_all);
    card.read("All gaps", Asks::oncall_gaps(None, 1)).read("Open incidents", Asks::incident_list(None, 1))
}

fn row(duty: &Duty) -> Vec<Text> {
    let level = |level: i16| duty.rungs.iter().find(|it| it.level == level);
    let until = level(1).and_then(|it| it.on.iter().filter_map(|it| it.until).min());
    let until = match (level(1).is_some_and(|it| it.on.is_empty()), until) {
        (_, Some(until)) => Text::moment(until),
        (false, None) => Text::plain("always"),
        (true, None) => Text::default(),
    };
    let gap = level(1).and_then(|it| it.gaps.first());
    let gap = gap.map_or(Text::plain("none"), |it| Text::moment(it.0));
    vec![policy(&duty.policy), names(level(1)), until, names(level(2)), gap]
}

fn names(rung: Option<&Rung>) -> Text {
    match rung {
        Some(it) if it.on.is_empty() => Text::plain("nobody"),
        Some(it) => Text::joined(it.on.iter().map(|it| who(&it.who)), ", "),
        None => Text::default(),
    }
}
