use cards::{Card, Text};
use domain::incidents::{Around, Near, Nearness, Urgency};

use super::{one_line, page, status};

/// Other open incidents of the same service, of what it needs or what needs it, and of the same owner.
pub(super) fn nearby(card: Card, around: &Around) -> Card {
    if around.near.is_empty() {
        return card;
    }
    let card = around.near.iter().fold(card.heading("Also open"), |card, it| card.item(line(it), note(it)));
    let more = around.near_total - i64::try_from(around.near.len()).unwrap_or_default();
    if more > 0 { card.text(format!("… and {more} more")) } else { card }
}

fn line(it: &Near) -> Text {
    Text::page(format!("#{} {}", it.number, one_line(&it.title)), page(it.number))
}

fn note(it: &Near) -> Text {
    let urgency = if it.urgency == Urgency::Low { ", low urgency" } else { "" };
    let why = match it.why {
        Nearness::SameService => "same service".into(),
        Nearness::Dependency => format!("{}, a dependency", one_line(&it.service)),
        Nearness::SameOwner => format!("{}, same owner", one_line(&it.service)),
    };
    Text::plain(format!("{}{urgency} · {why} · ", status(it.status))).then(Text::ago(it.created_at))
}
