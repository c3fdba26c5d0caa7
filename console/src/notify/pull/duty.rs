//! What a pull request means for somebody: why them, and what next.

use cards::{Text, Tone};
use domain::github::{Mergeable, Request, Review, Reviewer, Standing, State, Verdict, Whole};

use super::cast::Cast;
use super::said::Topic;
use super::seat::{Reader, Seat, Whom};
use super::words;

const NOTHING: &str = "nothing for you to do";
const PASSED: &str = "This review was passed to you";

/// What is to be done about it, and how urgent that is.
pub(super) struct Duty {
    pub(super) text: Text,
    pub(super) tone: Tone,
}

/// What it means for whoever a message is for.
pub(super) fn of(whole: &Whole, cast: &Cast, seat: &Seat) -> Duty {
    let pull = &whole.pull_request;
    if pull.state != State::Open {
        return over(whole, cast, seat);
    }
    match &seat.whom {
        Whom::Team(crew, _) => team(whole, cast, (crew.team_id, &crew.name)),
        Whom::Person(it) if it.wrote(whole) => author(whole, cast, seat),
        Whom::Person(_) if seat.notice.snoozed_at.is_some() => {
            calm("You snoozed this: it is quiet until somebody does something.")
        }
        Whom::Person(it) => reviewer(whole, cast, (seat, it)),
    }
}

fn over(whole: &Whole, cast: &Cast, seat: &Seat) -> Duty {
    let merged = whole.pull_request.state == State::Merged;
    let by = whole.pull_request.merged_by;
    let myself = matches!(&seat.whom, Whom::Person(it) if it.is(by));
    match (merged, &whole.merged_by) {
        (true, _) if myself => calm("You merged this."),
        (true, Some(who)) if cast.0.contains_key(&who.id) => {
            calm(cast.text(by).then(format!(" merged this: {NOTHING}.")))
        }
        (true, Some(who)) => calm(format!("{} merged this: {NOTHING}.", who.login)),
        (true, None) => calm(format!("This is merged: {NOTHING}.")),
        (false, _) => calm(format!("This was closed without being merged: {NOTHING}.")),
    }
}

/// What is said to an author for whom nothing is to be done by how it stands.
fn idle(seat: &Seat) -> &'static str {
    match seat.said().map(|it| it.topic) {
        Some(Topic::Comment) => "answer if something is asked of you",
        _ => NOTHING,
    }
}

fn author(whole: &Whole, cast: &Cast, seat: &Seat) -> Duty {
    let idle = idle(seat);
    let base = crate::incident::one_line(&whole.pull_request.base_ref);
    let yours = |words: String| Text::plain(format!("Your pull request {words}"));
    match Standing::of(whole) {
        Standing::Merged | Standing::Closed => calm(format!("This is over: {NOTHING}.")),
        Standing::Draft => match trouble(whole).filter(|_| seat.said().is_some_and(|it| it.is_of_draft())) {
            Some(trouble) => bad(format!("Your draft {trouble}")),
            None => calm(yours("is a draft. Mark it ready when somebody should review it.".into())),
        },
        Standing::Queued => calm(yours(format!("waits in the merge queue: {NOTHING}."))),
        Standing::Conflicts | Standing::ChecksFailed => bad(yours(trouble(whole).unwrap_or_default())),
        Standing::ChangesRequested => {
            let who = all(cast, whole.reviews.iter().filter(|it| it.verdict == Verdict::ChangesRequested));
            let next = match whole.requests.is_empty() {
                true => " to see changes in your pull request: make them or answer, then ask for a review again.",
                false => " to see changes in your pull request, and somebody is asked to look again.",
            };
            warn(who.then(" would like").then(next))
        }
        Standing::ChecksRunning => calm(yours(format!("waits for its checks: {idle}."))),
        Standing::AwaitingReview if whole.requests.is_empty() => {
            warn(yours("waits for a review, and nobody is asked: ask somebody.".into()))
        }
        Standing::AwaitingReview => {
            calm(yours("waits for a review by ".into()).then(asked(cast, &whole.requests)).then(format!(": {idle}.")))
        }
        Standing::OutOfDate => warn(yours(format!("is behind {base}: update its branch."))),
        Standing::Ready => Duty { text: yours("can be merged: merge it.".into()), tone: Tone::Good },
    }
}

/// What its author must mend.
fn trouble(whole: &Whole) -> Option<String> {
    let pull = &whole.pull_request;
    let base = crate::incident::one_line(&pull.base_ref);
    match pull.mergeable {
        Mergeable::Conflicting => Some(format!("conflicts with {base}: bring it up to date and push.")),
        _ if whole.checks.failed.is_empty() => None,
        _ => Some("failed its checks: mend it and push, or run them again.".into()),
    }
}

fn reviewer(whole: &Whole, cast: &Cast, (seat, reader): (&Seat, &Reader)) -> Duty {
    let request =
        whole.requests.iter().find(|it| matches!(&it.of, Reviewer::Actor(actor) if reader.is(Some(actor.id))));
    let reviewed = whole.reviews.iter().find(|it| reader.is(it.by.as_ref().map(|it| it.id)));
    let draft = whole.pull_request.draft;
    match (request, reviewed) {
        _ if seat.notice.passed_at.is_some() => calm(format!("You passed this review on: {NOTHING}.")),
        (Some(_), _) if draft => calm("You are asked to review this draft; it can wait until it is ready."),
        (Some(it), _) => warn(ask(whole, cast, it, seat.notice.passed_by.is_some())),
        (None, Some(it)) => said(it),
        (None, None) if seat.notice.passed_by.is_some() => warn(format!("{PASSED}: review it.")),
        (None, None) if !reader.teams.is_empty() => {
            warn(format!("Your team {} is asked to review this: whoever has time.", reader.teams.join(", ")))
        }
        (None, None) => no_longer(whole, cast, reader),
    }
}

/// Who asks, and what helps to decide when.
fn ask(whole: &Whole, cast: &Cast, request: &Request, passed: bool) -> Text {
    let again = if request.again { " again" } else { "" };
    let next = match Standing::of(whole) {
        Standing::Conflicts => ". It conflicts with its base for now.",
        Standing::ChecksFailed => ". Its checks fail for now.",
        _ => ".",
    };
    let by = request.by.filter(|it| cast.0.contains_key(it) && !cast.is_bot(Some(*it)));
    let who = match by {
        Some(_) => cast.text(by).then(format!(" asks you to review this{again}")),
        // Whoever passed it on has GitHub ask in the app's name.
        None if passed => Text::plain(format!("{PASSED}: review it")),
        None => Text::plain(format!("You are asked to review this{again}")),
    };
    who.then(next)
}

/// What one said already.
fn said(review: &Review) -> Duty {
    match review.verdict {
        Verdict::Approved => calm(format!("You approved this: {NOTHING}.")),
        Verdict::ChangesRequested => calm(format!("You asked for changes: {NOTHING} until you are asked again.")),
        Verdict::Commented => calm(format!("You commented: {NOTHING} until somebody answers or asks you again.")),
        Verdict::Dismissed => calm("Your review was dismissed. Look again if you are asked to."),
    }
}

/// Nobody asks them: others did it, or nobody ever did.
fn no_longer(whole: &Whole, cast: &Cast, reader: &Reader) -> Duty {
    let approved: Vec<&Review> = whole.reviews.iter().filter(|it| it.verdict == Verdict::Approved).collect();
    match (reader.mentioned, approved.is_empty()) {
        (true, _) => calm("You are mentioned here: answer if something is asked of you."),
        (false, true) => calm(format!("You are not asked to review this: {NOTHING}.")),
        (false, false) => calm(all(cast, approved.into_iter()).then(format!(" approved: {NOTHING}."))),
    }
}

fn team(whole: &Whole, cast: &Cast, (id, name): (i64, &str)) -> Duty {
    let request = whole.requests.iter().find(|it| matches!(&it.of, Reviewer::Team(team) if team.id == id));
    let approved: Vec<&Review> = whole.reviews.iter().filter(|it| it.verdict == Verdict::Approved).collect();
    match request {
        Some(_) if whole.pull_request.draft => calm(format!("{name} is asked to review this draft, which can wait.")),
        Some(it) => {
            let by = it.by.filter(|it| cast.0.contains_key(it) && !cast.is_bot(Some(*it)));
            warn(match by {
                Some(_) => cast.text(by).then(format!(" asks {name} to review this: whoever has time.")),
                None => Text::plain(format!("{name} is asked to review this: whoever has time.")),
            })
        }
        None if approved.is_empty() => calm(format!("{name} is asked no longer: nothing to do here.")),
        None => calm(all(cast, approved.into_iter()).then(" approved: nothing to do here.")),
    }
}

/// Whoever gave these reviews.
fn all<'a>(cast: &Cast, reviews: impl Iterator<Item = &'a Review>) -> Text {
    let names = reviews.map(|it| match &it.by {
        Some(it) if cast.0.contains_key(&it.id) => cast.text(Some(it.id)),
        Some(it) => Text::plain(&it.login),
        None => Text::plain("Somebody"),
    });
    Text::joined(names, ", ")
}

fn asked(cast: &Cast, requests: &[Request]) -> Text {
    let name = |it: &Reviewer| match it {
        Reviewer::Actor(it) => match cast.0.get(&it.id).and_then(|it| it.person.as_ref()) {
            Some(it) => it.display.clone(),
            None => it.login.clone(),
        },
        Reviewer::Team(it) => it.name.clone(),
    };
    let all: Vec<String> = requests.iter().map(|it| name(&it.of)).collect();
    Text::plain(words::names(all.iter().map(String::as_str)))
}

fn calm(text: impl Into<Text>) -> Duty {
    Duty { text: text.into(), tone: Tone::Neutral }
}

fn warn(text: impl Into<Text>) -> Duty {
    Duty { text: text.into(), tone: Tone::Warn }
}

fn bad(text: impl Into<Text>) -> Duty {
    Duty { text: text.into(), tone: Tone::Bad }
}
