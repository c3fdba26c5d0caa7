//! The card of who is on call for something.

use cards::{Card, Text, Tone};
use chrono::{DateTime, Utc};
use domain::incidents::OnCall;

use super::rung::{Rung, Turn};
use super::{At, Duty, Thing, View, local, policy, who};
use crate::{Asks, paging, words};

/// Gaps beyond these are counted.
const GAPS: usize = 3;

pub(super) fn card(view: &View) -> Card {
    let View { thing, at, scope, duties, page, open, known, freshness } = view;
    let card = Card::new(format!("On call for {}", thing.label())).freshness(freshness.clone());
    let card = moment(card, at);
    let card = scope.notes.iter().fold(card, |card, it| card.text(it.clone()));
    let card = match thing.ask().page {
        Some(page) => card.page(page),
        None => card,
    };
    if let Some(card) = unknown(card.clone(), view) {
        return card;
    }
    let total = i64::try_from(scope.policies.len()).unwrap_or_default();
    let card = duties.iter().fold(card, |card, it| duty(card, it, at.moment(), total > 1));
    let card = paging::turn(card, *page, duties.len(), total, |page| paged(thing, page));
    let card = match at.named {
        None => now(card, view, *open),
        Some(when) if when.at < at.now => card.text(since(known.since)),
        Some(_) => card.text("That is to come: overrides and changes of schedules may still change it."),
    };
    toned(card, duties).results(duties.len())
}

fn paged(thing: &Thing, page: u32) -> cards::Ask {
    let ask = thing.ask();
    match page {
        0 | 1 => ask,
        page => cards::Ask {
            command: format!("{} --page {page}", ask.command),
            page: ask.page.map(|it| it.with("page", &page.to_string())),
        },
    }
}

/// Says which moment is told, and in which zone it was read.
pub(super) fn moment(card: Card, at: &At) -> Card {
    let Some(when) = at.named else { return card };
    let text = Text::plain("As of ").then(Text::moment(when.at));
    card.text(match when.assumed {
        Some(zone) if zone == chrono_tz::UTC => text.then(", read as UTC, since your zone is not known here."),
        Some(zone) => text.then(format!(", read in your zone, {}.", zone.name())),
        None => text.then("."),
    })
}

fn since(since: Option<DateTime<Utc>>) -> Text {
    match since {
        Some(since) => Text::plain("From what was read at the time: PinConsole has read shifts since ")
            .then(Text::moment(since))
            .then("."),
        None => Text::plain("PinConsole has read no shifts yet."),
    }
}

/// Why nothing can be told, where that is so.
fn unknown(card: Card, view: &View) -> Option<Card> {
    let View { thing, at, scope, known, .. } = view;
    let card = card.tone(Tone::Warn).results(0);
    if known.since.is_none() {
        return Some(card.text("No shifts were read from PagerDuty yet, so nobody knows here who is on call."));
    }
    if at.named.is_some_and(|it| known.since.is_some_and(|since| it.at < since)) {
        return Some(card.text("Who was on call then is not known here.").text(since(known.since)));
    }
    if !scope.policies.is_empty() {
        return None;
    }
    let advice = match (thing, scope.services.is_empty()) {
        (Thing::Schedule(_), _) => Text::plain("No escalation policy asks this schedule."),
        (_, false) => Text::plain("Its service has no escalation policy that is known here."),
        (Thing::Service(_) | Thing::Policy(_) | Thing::Person(_), true) => {
            Text::plain("No escalation policy is known for it.")
        }
        (_, true) => {
            Text::plain("Nothing leads from here to PagerDuty. Name its service in the catalog file by the annotation ")
                .then(Text::code(domain::document::annotation::PAGERDUTY_SERVICE_ID))
                .then(".")
        }
    };
    Some(card.text(advice).read("Everybody on call", Asks::oncall_all(1)))
}

fn duty(card: Card, duty: &Duty, at: DateTime<Utc>, several: bool) -> Card {
    let card = if several { card.heading(duty.policy.name.clone()) } else { card };
    let services = duty.services.iter().take(5).map(|it| it.name.clone()).collect::<Vec<_>>().join(", ");
    let services = match duty.services.len() {
        0..=5 => services,
        more => format!("{services} … and {} more", more - 5),
    };
    let card = if several { card } else { card.fact("Policy", policy(&duty.policy)) };
    let card = card.fact("Services", if services.is_empty() { Text::default() } else { Text::plain(services) });
    duty.rungs.iter().fold(card, |card, it| rung(card, it, at))
}

fn rung(card: Card, rung: &Rung, at: DateTime<Utc>) -> Card {
    let level = Text::plain(format!("{}. ", rung.level));
    let after = rung.delay.map(|it| format!("after {it} minutes the next level is asked"));
    if rung.on.is_empty() {
        let next = match &rung.first {
            Some(it) => Text::plain("next: ").then(who(it)).then(" from ").then(Text::moment(it.shift.starts_at)),
            None => Text::plain("nobody is planned in the next 14 days"),
        };
        return card.item(level.then("nobody"), next);
    }
    rung.on.iter().fold(card, |card, it| card.item(level.clone().then(who(&it.who)), turn(it, at, after.as_deref())))
}

fn turn(turn: &Turn, at: DateTime<Utc>, after: Option<&str>) -> Text {
    let local = local(turn.who.time_zone.as_deref(), at).map(Text::plain);
    let until = match turn.until {
        Some(until) => Text::plain("until ").then(Text::moment(until)),
        None => Text::plain("always"),
    };
    let next = turn.next.as_ref().map(|next| match turn.until {
        Some(until) if next.shift.starts_at > until => Text::plain("then nobody until ")
            .then(Text::moment(next.shift.starts_at))
            .then(", when ")
            .then(who(next))
            .then(" begins"),
        _ => Text::plain("then ").then(who(next)),
    });
    let overrides = overrides(&turn.who).map(Text::plain);
    let after = after.map(Text::plain);
    Text::joined([local, Some(until), next, overrides, after].into_iter().flatten(), " · ")
}

pub(crate) fn overrides(it: &OnCall) -> Option<String> {
    match (&it.reason, it.overrides) {
        (Some(reason), true) => Some(format!("by an override: {reason}")),
        (None, true) => Some("by an override".into()),
        (_, false) => None,
    }
}

fn now(card: Card, view: &View, open: i64) -> Card {
    let View { thing, duties, .. } = view;
    let rungs = duties.iter().flat_map(|duty| duty.rungs.iter().map(move |rung| (duty, rung)));
    let all: Vec<_> = rungs.flat_map(|(duty, it)| it.gaps.iter().map(move |gap| (duty, it.level, gap))).collect();
    let card = if all.is_empty() { card } else { card.heading("Nobody is on call in the next 14 days") };
    let card = all.iter().take(GAPS).fold(card, |card, (duty, level, gap)| {
        let when = Text::moment(gap.0).then(" to ").then(Text::moment(gap.1));
        card.item(when, format!("{}, level {level}", duty.policy.name))
    });
    let card = match all.len() > GAPS {
        true => card
            .text(format!("… and {} more", all.len() - GAPS))
            .read("All gaps", Asks::oncall_gaps(Some(&thing.words()), 1)),
        false => card,
    };
    let card = match open {
        0 => card,
        open => card
            .text(format!("{} now.", words::count(open, "open incident", "open incidents")))
            .read("Open incidents", Asks::incident_list(Some(&thing.words()), 1)),
    };
    let schedules = duties
        .iter()
        .flat_map(|it| &it.rungs)
        .flat_map(|it| &it.on)
        .filter_map(|it| Some((it.who.schedule.clone()?, it.who.shift.schedule_id.clone()?)));
    let mut seen = Vec::new();
    schedules.take(20).fold(card, |card, (name, id)| {
        if seen.contains(&id) || seen.len() >= 2 {
            return card;
        }
        seen.push(id.clone());
        card.read(format!("Schedule: {name}"), Asks::schedule(&id, 1))
    })
}

/// Nobody on the first level is bad now; a gap to come wants a look.
fn toned(card: Card, duties: &[Duty]) -> Card {
    let first = || duties.iter().filter_map(|it| it.rungs.first());
    match (first().any(|it| it.on.is_empty()), first().any(|it| !it.gaps.is_empty())) {
        (true, _) => card.tone(Tone::Bad),
        (false, true) => card.tone(Tone::Warn),
        (false, false) => card,
    }
}
