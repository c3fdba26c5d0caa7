//! What a message to somebody who is asked says: the same as the channel's, beginning with what it means for them.

use cards::{Action, Card, Part, Text};
use domain::incidents::{Group, Somebody, Status};

use super::draw;
use crate::incident::View;
use crate::incident::people::{all, somebody};

/// The message about one incident.
pub(super) fn one(view: &View, buttons: &[Action], member: &str) -> Card {
    first(draw::one(view, buttons), duty(view, member))
}

/// The message about several.
pub(super) fn several(view: &View, group: &Group, member: &str) -> Card {
    let duty = match (group.triggered, group.open()) {
        (0, 0) => Text::plain("All of this is over; nothing to do for you."),
        (0, _) => Text::plain("Somebody works on each of these; nothing new to do for you."),
        _ => addressed(view, member).then("you are asked to take these. Each is an answer in this message's thread."),
    };
    first(draw::several(view, group), duty)
}

/// What an incident means for somebody who was asked.
fn duty(view: &View, member: &str) -> Text {
    let settled = view.around.settled_by.as_ref();
    let myself = settled.is_some_and(|it| it.member_id.as_deref() == Some(member));
    let who = settled.and_then(|it| it.who.clone()).or_else(|| view.incident.changed_by.clone());
    let by = |verb: &str, alone: &str| match &who {
        Some(who) => format!("{} {verb}; nothing to do for you.", crate::incident::one_line(who)),
        None => format!("{alone}; nothing to do for you."),
    };
    match view.incident.status {
        Status::Resolved if myself => Text::plain("You resolved this."),
        Status::Resolved => by("resolved this", "This is over").into(),
        Status::Acknowledged if myself => Text::plain("You acknowledged this."),
        Status::Acknowledged => by("acknowledged", "Somebody acknowledged this").into(),
        Status::Triggered if view.around.asked.iter().any(|it| it.member_id == member) => {
            addressed(view, member).then("you are asked to take this.")
        }
        Status::Triggered if view.around.asked.is_empty() => {
            Text::plain("You are no longer asked; nothing to do for you.")
        }
        Status::Triggered => {
            let others = all(view.around.asked.iter());
            Text::plain("Asked now: ").then(others).then(". Nothing to do for you.")
        }
    }
}

/// By name, so that it is clear whom it means wherever it arrives.
fn addressed(view: &View, member: &str) -> Text {
    let asked = view.around.asked.iter();
    let known = asked.chain(view.around.on_call.iter().map(|it| &it.who)).find(|it| it.member_id == member);
    known.map_or_else(|| Text::plain(member), |it: &Somebody| somebody(it)).then(", ")
}

fn first(mut card: Card, text: Text) -> Card {
    card.parts.insert(0, Part::Text(text));
    card
}
