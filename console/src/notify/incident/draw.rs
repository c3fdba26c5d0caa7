//! What a channel's message says.

use cards::{Action, Card, Emphasis, Page, Text, Tone};
use domain::incidents::{Group, Grouped, Status, Urgency};

use crate::incident::{self, View, one_line, page, status};
use crate::{Asks, words};

/// The message about one incident.
pub(super) fn one(view: &View, buttons: &[Action]) -> Card {
    Card { actions: buttons.to_vec(), ..incident::card(view) }
}

/// The message about several.
pub(super) fn several(view: &View, group: &Group) -> Card {
    let card = Card::new(title(group)).tone(tone(group)).page(Page::at(["incidents"]));
    let card = match is_flapping(group) {
        true => card.text(Text::plain("The same came again and again; this message tells of all of it.")),
        false => card,
    };
    let card = card.fact("Status", counts(group)).fact("Since", Text::moment(group.since));
    let card = if group.services == 1 { incident::around_service(card, view) } else { card };
    let card = group.named.iter().fold(card.heading("Incidents"), |card, it| card.item(line(it), note(it)));
    let more = group.total - i64::try_from(group.named.len()).unwrap_or_default();
    let card = if more > 0 { card.text(format!("… and {more} more")) } else { card };
    let newest = group.named.first().map(|it| it.number);
    let card = match newest.filter(|_| group.open() > 0) {
        Some(number) => card.urge(format!("Show #{number}"), Asks::incident(number), Emphasis::Normal),
        None => card,
    };
    card.read("Open incidents", Asks::incidents()).freshness(incident::freshness(&view.incident))
}

/// Whether it is one thing that comes and goes.
fn is_flapping(group: &Group) -> bool {
    group.titles == 1 && group.services == 1 && group.open() <= 1
}

fn title(group: &Group) -> String {
    let first = group.named.first();
    if let Some(first) = first.filter(|_| is_flapping(group)) {
        return format!("#{} {} ({} times)", first.number, one_line(&first.title), group.total);
    }
    let names: Vec<String> = group.service_names.iter().map(|it| one_line(it)).collect();
    let more = group.services - i64::try_from(names.len()).unwrap_or_default();
    let names = match more {
        0 => names.join(", "),
        more => format!("{} and {}", names.join(", "), words::count(more, "other service", "other services")),
    };
    match group.open() {
        0 => format!("{} over: {names}", words::count(group.total, "incident is", "incidents are")),
        open => format!("{}: {names}", words::count(open, "open incident", "open incidents")),
    }
}

fn tone(group: &Group) -> Tone {
    let urgent = group.named.iter().any(|it| it.status == Status::Triggered && it.urgency == Urgency::High);
    match (group.triggered, group.acknowledged) {
        (0, 0) => Tone::Good,
        (0, _) => Tone::Warn,
        _ if urgent => Tone::Bad,
        _ => Tone::Warn,
    }
}

fn counts(group: &Group) -> String {
    let resolved = group.total - group.open();
    let counts = [(group.triggered, "triggered"), (group.acknowledged, "acknowledged"), (resolved, "resolved")];
    let counts = counts.into_iter().filter(|it| it.0 > 0).map(|(count, word)| format!("{count} {word}"));
    counts.collect::<Vec<_>>().join(" · ")
}

fn line(it: &Grouped) -> Text {
    Text::page(format!("#{} {}", it.number, one_line(&it.title)), page(it.number))
}

fn note(it: &Grouped) -> Text {
    let by = match (&it.changed_by, it.status) {
        (Some(who), Status::Acknowledged | Status::Resolved) => format!(" by {}", one_line(who)),
        (Some(_) | None, _) => String::new(),
    };
    Text::plain(format!("{}{by} · {} · ", status(it.status), one_line(&it.service))).then(Text::ago(it.created_at))
}
