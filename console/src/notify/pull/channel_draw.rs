//! The one message about a pull request in a channel.

use cards::{Card, Text};
use domain::github::{Reviewer, Standing, Subscription, Whole};

use super::cast::Cast;
use super::words;
use crate::{Asks, pull, subscriptions};

/// How it stands now, and for whom it waits. People are named, not mentioned: whoever must act is told directly.
pub(super) fn card(whole: &Whole, cast: &Cast) -> Card {
    let standing = Standing::of(whole);
    let card = Card::new(words::title(whole)).tone(pull::tone(standing)).fact("Status", words::standing(whole));
    let author = whole.author.as_ref().map(|it| named(cast, it.id, &it.login)).unwrap_or_default();
    let card = card.fact("By", author).fact("Waits for", waits(whole, cast, standing));
    let card = card.fact("Approvals", words::approvals(whole)).fact("Checks", words::checks(whole));
    let labels = Text::joined(whole.pull_request.labels.iter().map(Text::code), " ");
    let card = card.fact("Size", words::size(whole)).fact("Labels", labels);
    let card = match &whole.pull_request.url {
        Some(url) => card.text(Text::site("Open it at GitHub", url)),
        None => card,
    };
    card.read("Details", Asks::pull(&whole.reference()))
}

fn waits(whole: &Whole, cast: &Cast, standing: Standing) -> String {
    if standing != Standing::AwaitingReview {
        return String::new();
    }
    let name = |it: &Reviewer| match it {
        Reviewer::Actor(it) => named(cast, it.id, &it.login),
        Reviewer::Team(it) => it.name.clone(),
    };
    let all: Vec<String> = whole.requests.iter().map(|it| name(&it.of)).collect();
    match all.is_empty() {
        true => "somebody: nobody is asked".into(),
        false => words::names(all.iter().map(String::as_str)),
    }
}

fn named(cast: &Cast, id: i64, login: &str) -> String {
    if cast.0.contains_key(&id) { cast.name(Some(id)) } else { login.into() }
}

/// Why it is there.
pub(super) fn why(by: &Subscription) -> String {
    let label = by.label.clone().unwrap_or_else(|| by.words());
    format!(
        "Posted here because this channel is subscribed to {label} ({}) by {}",
        subscriptions::told(&by.wanted),
        by.made_by_name
    )
}
