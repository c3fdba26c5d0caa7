//! What messages about a pull request say.

use cards::{Action, Card, Text};
use domain::github::{State, Whole};

use super::cast::Cast;
use super::said::{Said, Topic};
use super::seat::{Seat, Whom};
use super::{duty, words};

/// The message itself: what it means for its reader, and how it stands.
pub(super) fn message(whole: &Whole, cast: &Cast, seat: &Seat, buttons: &[Action]) -> Card {
    let duty = duty::of(whole, cast, seat);
    let card = Card::new(words::title(whole)).tone(duty.tone).text(duty.text);
    let card = card.fact("Status", words::standing(whole));
    let card = match &seat.whom {
        Whom::Person(it) if it.wrote(whole) => card,
        Whom::Person(_) | Whom::Team(..) => card.fact("By", author(whole, cast)),
    };
    let card = card.fact("Approvals", words::approvals(whole)).fact("Checks", words::checks(whole));
    let card = card.fact("Size", words::size(whole));
    let card = news(card, seat);
    let card = match &whole.pull_request.url {
        Some(url) => card.text(Text::site("Open it at GitHub", url)),
        None => card,
    };
    match whole.pull_request.state {
        State::Open => Card { actions: buttons.to_vec(), ..card },
        State::Merged | State::Closed => card,
    }
}

/// What happened last; its words only where no answer has them, and those of what this message told first, which no answer has.
fn news(card: Card, seat: &Seat) -> Card {
    let Some(said) = seat.said() else { return card };
    // What GitHub says of it, the message says anyway.
    let told = match said.topic {
        Topic::Asked | Topic::TeamAsked => said.by.is_some(),
        Topic::Failed | Topic::Conflict | Topic::Ready | Topic::Over => true,
        Topic::Verdict | Topic::Comment | Topic::Dequeued => false,
    };
    let card = if told { card } else { card.fact("Last", said.title()) };
    let lines = if seat.notice.answers > 0 { Vec::new() } else { said.lines };
    said.first.into_iter().chain(lines).fold(card, Card::text)
}

fn author(whole: &Whole, cast: &Cast) -> Text {
    match &whole.author {
        Some(it) if cast.0.contains_key(&it.id) => cast.text(Some(it.id)),
        Some(it) => Text::plain(&it.login),
        None => Text::default(),
    }
}

/// What is news, in the thread of the message.
pub(super) fn answer(said: &Said) -> Card {
    let card = Card::new(said.title()).tone(said.tone);
    said.lines.iter().cloned().fold(card, Card::text)
}
