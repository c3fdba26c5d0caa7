//! What makes messages like one less.

use cards::{Card, Text, Tone};
use domain::preference::{Kind, Way};

use super::Why;
use crate::{Asks, notifications};

/// What can be chosen, each at one press; what cannot be less says why.
pub(super) fn card(why: &Why) -> Card {
    let card = Card::new("Less of this").fact("Message", why.reason.title.as_str());
    match why.reason.kind {
        Some(kind) if why.direct && kind.may_be_off() => {
            let card = card.text("Nothing is changed yet. Choose what you can do without:");
            let card = buttons(choices(card, why, kind), why, kind);
            let card = if why.way == Way::Off { card.read(ON, Asks::notify(kind, Way::Direct)) } else { card };
            card.read("All kinds, and quiet hours", Asks::notifications()).results(1)
        }
        Some(kind) if why.direct => card.tone(Tone::Warn).text(notifications::unchangeable(kind)).results(0),
        Some(_) | None => {
            let card =
                card.tone(Tone::Warn).text("It is in a channel, for everybody there: yours alone cannot be less.");
            card.read("Why is this here?", Asks::why(why.reason.id)).results(0)
        }
    }
}

fn choices(card: Card, why: &Why, kind: Kind) -> Card {
    let name = notifications::name(kind);
    let card = match why.way {
        Way::Off => card.item("It is off already", format!("you chose to get no more {name}")),
        Way::Direct | Way::Channel => card.item(off(kind), format!("no more {name}, wherever they are from")),
    };
    let card = match &why.reason.repository {
        Some(it) => card.item(mute(it), "nothing more of this repository, but for who asks or mentions you by name"),
        None => card,
    };
    match channel(why, kind) {
        true => card.item(TEAM, "there instead of directly, where your team can see to it"),
        false => card,
    }
}

/// What makes it less, at one press each.
pub(super) fn buttons(card: Card, why: &Why, kind: Kind) -> Card {
    let card = if why.way == Way::Off { card } else { card.read(off(kind), Asks::notify(kind, Way::Off)) };
    let card = match &why.reason.repository {
        Some(it) => card.read(mute(it), Asks::mute(it, true)),
        None => card,
    };
    if channel(why, kind) { card.read(TEAM, Asks::notify(kind, Way::Channel)) } else { card }
}

/// That there is another way than to go without all of a kind.
pub(super) fn muting(why: &Why) -> Text {
    match &why.reason.repository {
        Some(it) => {
            Text::plain(" Or hear nothing more of ").then(Text::code(it)).then(" unless you are asked by name.")
        }
        None => Text::default(),
    }
}

const TEAM: &str = "In my team's channel";

fn channel(why: &Why, kind: Kind) -> bool {
    kind.ways().contains(&Way::Channel) && why.way != Way::Channel
}

fn off(kind: Kind) -> String {
    format!("Turn off {}", kind.as_str())
}

fn mute(repository: &str) -> String {
    format!("Mute {repository}")
}

const ON: &str = "Turn on again";
