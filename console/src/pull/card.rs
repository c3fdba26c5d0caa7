//! The card of one pull request.

use cards::{Card, Text, Tone};
use domain::github::{Reviewer, Standing, Verdict, Waiting, Whole};

use super::turn::{self, author, since, who, worked};
use super::{View, words};
use crate::{Asks, paging};

/// The card of one pull request: how it stands, who must do what next, and what happened.
pub fn card(view: &View) -> Card {
    let View { whole, names, .. } = view;
    let pull = &whole.pull_request;
    let standing = Standing::of(whole);
    let card = Card::new(words::title(whole)).tone(tone(standing)).text(next(view, standing));
    let card = card.fact("Status", words::standing(whole)).fact("By", author(whole, names));
    let card = card.fact("Approvals", words::approvals(whole)).fact("Checks", words::checks(whole));
    let card = card.fact("Size", words::size(whole)).fact("Into", into(whole)).fact("Labels", labels(whole));
    let card = card.fact("Opened", Text::moment(pull.created_at)).fact("Part of", part_of(view));
    let card = match &pull.merge_sha {
        Some(sha) if standing == Standing::Merged => {
            card.fact("Commit", Text::code(sha.chars().take(12).collect::<String>()))
        }
        _ => card,
    };
    let card = failed(asked(reviews(card, view), view), whole);
    let card = history(card, view);
    let card = match &pull.url {
        Some(url) => card.text(Text::site("Open it at GitHub", url)),
        None => card,
    };
    let card = card.freshness(super::freshness(view.told_at)).results(1);
    let card = match whole.author.as_ref().and_then(|it| names.0.get(&it.id)?.person.as_ref()) {
        Some(it) => {
            card.read(format!("Pull requests of {}", it.display), Asks::pulls(Some(&format!("user:{}", it.name)), 1))
        }
        None => card,
    };
    let card = card.read(format!("All of {}", whole.repository.name), Asks::pulls(Some(&whole.repository.name), 1));
    match Asks::pull(&whole.reference()).page {
        Some(page) => card.page(page),
        None => card,
    }
}

/// How urgent that is.
pub(crate) fn tone(standing: Standing) -> Tone {
    match standing {
        Standing::Merged | Standing::Ready => Tone::Good,
        Standing::Conflicts | Standing::ChecksFailed => Tone::Bad,
        Standing::ChangesRequested | Standing::OutOfDate | Standing::AwaitingReview => Tone::Warn,
        Standing::Closed | Standing::Draft | Standing::Queued | Standing::ChecksRunning => Tone::Neutral,
    }
}

/// Who does what next, and since when that waits.
fn next(view: &View, standing: Standing) -> Text {
    let View { whole, names, .. } = view;
    let author = || author(whole, names);
    let what = match standing {
        Standing::Merged => match &whole.merged_by {
            Some(it) => return Text::plain("Merged by ").then(names.text(Some(it.id))).then(closed(whole)),
            None => return Text::plain("Merged").then(closed(whole)),
        },
        Standing::Closed => return Text::plain("Closed without being merged").then(closed(whole)),
        Standing::Draft => author().then(" still works on it"),
        Standing::Queued => Text::plain("It waits in the merge queue"),
        Standing::Conflicts => author().then(" must bring it up to date: it conflicts with its base"),
        Standing::ChecksFailed => author().then(" must mend what its checks found"),
        Standing::ChecksRunning => Text::plain("Its checks are running"),
        Standing::OutOfDate => author().then(" must update its branch"),
        Standing::Ready => author().then(" can merge it"),
        Standing::ChangesRequested | Standing::AwaitingReview => match standing.waits_for(whole) {
            Waiting::Author => author().then(" must answer what reviewers asked for"),
            _ => Text::plain("It ").then(who(whole, names)),
        },
    };
    let hours = worked(&view.working, since(whole), view.at);
    what.then(", since ").then(Text::moment(since(whole))).then(format!(" ({hours})."))
}

fn closed(whole: &Whole) -> Text {
    match whole.pull_request.closed_at {
        Some(at) => Text::plain(", ").then(Text::moment(at)).then("."),
        None => Text::plain("."),
    }
}

fn into(whole: &Whole) -> Text {
    let pull = &whole.pull_request;
    let into = Text::code(&pull.base_ref);
    let into = if pull.head_ref.is_empty() { into } else { into.then(" from ").then(Text::code(&pull.head_ref)) };
    if pull.auto_merge { into.then(", merged by itself once it may") } else { into }
}

fn labels(whole: &Whole) -> Text {
    Text::joined(whole.pull_request.labels.iter().map(Text::code), " ")
}

/// What the repository is part of, as the catalog says.
fn part_of(view: &View) -> Text {
    Text::joined(view.entities.iter().map(|(reference, title)| crate::words::named(reference, title)), ", ")
}

fn asked(card: Card, view: &View) -> Card {
    let View { whole, names, .. } = view;
    if whole.requests.is_empty() {
        return card;
    }
    whole.requests.iter().fold(card.heading("Asked to review"), |card, it| {
        let hours = worked(&view.working, it.at, view.at);
        let note = Text::plain(if it.again { "asked again " } else { "asked " }).then(Text::moment(it.at));
        let name = match &it.of {
            Reviewer::Team(team) => names.reviewer(&it.of).then(format!(" ({})", team.slug)),
            Reviewer::Actor(_) => names.reviewer(&it.of),
        };
        card.item(name, note.then(format!(", {hours}")))
    })
}

fn reviews(card: Card, view: &View) -> Card {
    let View { whole, names, .. } = view;
    if whole.reviews.is_empty() {
        return card;
    }
    whole.reviews.iter().fold(card.heading("Reviews"), |card, it| {
        let old = it.sha.as_ref().is_some_and(|sha| *sha != whole.pull_request.head_sha);
        let note = Text::plain(verdict(it.verdict)).then(" ").then(Text::moment(it.at));
        let note = if old { note.then(", before the newest commit") } else { note };
        card.item(names.text(it.by.as_ref().map(|it| it.id)), note)
    })
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Approved => "approved",
        Verdict::ChangesRequested => "asked for changes",
        Verdict::Commented => "commented",
        Verdict::Dismissed => "was dismissed",
    }
}

/// Checks that are named one by one.
const FAILED: usize = 5;

fn failed(card: Card, whole: &Whole) -> Card {
    if whole.checks.failed.is_empty() {
        return card;
    }
    let all = &whole.checks.failed;
    let card = all.iter().take(FAILED).fold(card.heading("Failed checks"), |card, (name, url)| {
        let name = crate::incident::one_line(name);
        card.item(url.as_ref().map_or_else(|| Text::plain(&name), |it| Text::site(&name, it)), "")
    });
    match all.len().saturating_sub(FAILED) {
        0 => card,
        more => card.text(format!("… and {more} more.")),
    }
}

fn history(card: Card, view: &View) -> Card {
    if view.acts.is_empty() {
        return card;
    }
    let card = view.acts.iter().fold(card.heading("What happened"), |card, it| {
        let who = view.names.text(it.actor_id);
        let (did, said) = words::done(&it.kind, &it.text);
        let what = Text::moment(it.at).then(" ").then(who).then(format!(" {did}"));
        card.item(what, said)
    });
    let reference = view.whole.reference();
    paging::turn(card, view.page, view.acts.len(), view.total, |page| Asks::pull_turned(&reference, page))
}

pub(super) fn row(card: Card, view: (&Whole, &super::Names), note: Text) -> Card {
    let (whole, names) = view;
    let who = who(whole, names);
    let note = if who.is_empty() { note } else { who.then(" · ").then(note) };
    turn::item(card, whole, note)
}
