//! Reviews. <https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request_review>

use chrono::{DateTime, Utc};
use domain::github::{Activity, Change, Desk, Reviewed, Target, Verdict};

use super::apply::{NO_PULL, Said, seen, subject};
use super::event::Event;
use super::history::excerpt;
use super::settle::{Act, finish, take};
use super::{mentions, pull};

/// Applies what became of a review.
pub(super) fn apply(desk: &mut Desk, event: &Event<'_>) -> Said {
    let Some((repository, pull)) = subject(event) else { return Said::unclear(NO_PULL) };
    let Some(review) = read(event) else { return Said::unclear("it has no review whose state is known") };
    let mut telling = pull::shown(event, repository, pull);
    let submitted = event.payload.action() == "submitted";
    let done = review.actor_id.map(Target::Actor).filter(|_| submitted);
    // Whoever reviewed is asked no longer, whatever the list still says.
    telling.asked = done.map(|it| (it, false)).into_iter().collect();
    let Some(mut taken) = take(desk, &telling) else { return Said::unclear(NO_PULL) };
    let known = desk.reviews(telling.id).to_vec();
    let more = changes(event, &review, &known);
    if !more.is_empty() {
        // What reviewers decided together, only GitHub knows.
        taken.after.stale_at = taken.after.stale_at.max(Some(review.source_at));
    }
    let at: DateTime<Utc> = if submitted { review.submitted_at } else { review.source_at };
    let by = if submitted { review.actor_id } else { event.by() };
    let act = Act { at, by, more, done, news: event.news(at), ..seen(event, &telling) };
    let happened = finish(desk, taken, act);
    if !frame(event, &review) {
        let said = activity(event, &review, &known);
        desk.act((Some(telling.id), repository, telling.number), said);
    }
    desk.review(telling.id, review);
    Said::Known(happened.into_iter().collect())
}

fn activity(event: &Event<'_>, review: &Reviewed, known: &[Reviewed]) -> Activity {
    let dismissed = known.iter().any(|it| it.id == review.id && it.verdict == Verdict::Dismissed);
    let kind = if dismissed { Verdict::Dismissed } else { review.verdict };
    Activity {
        id: format!("review:{}", review.id),
        at: review.submitted_at,
        kind: kind.as_str(),
        actor_id: review.actor_id,
        text: excerpt(text(event)),
        url: review.url.clone(),
        source_at: review.source_at,
    }
}

fn text<'a>(event: &Event<'a>) -> Option<&'a str> {
    event.payload.review.as_ref().and_then(|it| it.body.as_deref())
}

/// Whether it is no more than what holds remarks about lines together; they are told by themselves.
fn frame(event: &Event<'_>, review: &Reviewed) -> bool {
    review.verdict == Verdict::Commented && text(event).is_none_or(|it| it.trim().is_empty())
}

fn read(event: &Event<'_>) -> Option<Reviewed> {
    let it = event.payload.review.as_ref()?;
    let pull = event.payload.pull_request.as_ref().and_then(|it| it.updated_at);
    let submitted_at = it.submitted_at.or(pull).unwrap_or(event.sent_at);
    // Without a moment of its own, a change of it is from when its pull request changed.
    let changed = || if event.payload.action() == "submitted" { Some(submitted_at) } else { pull };
    Some(Reviewed {
        id: it.id,
        actor_id: it.user.as_ref().map(|it| it.id),
        verdict: Verdict::from_word(it.state.as_deref()?)?,
        sha: it.commit_id.clone(),
        url: it.html_url.clone(),
        submitted_at,
        source_at: it.updated_at.or_else(changed).unwrap_or(event.sent_at).max(submitted_at),
    })
}

/// What is new about a review: what was overtaken is not.
fn changes(event: &Event<'_>, review: &Reviewed, known: &[Reviewed]) -> Vec<Change> {
    let text = text(event);
    let before = known.iter().find(|it| it.id == review.id);
    let mut changes = Vec::new();
    let overtaken = known.iter().any(|it| {
        let verdict = !matches!(it.verdict, Verdict::Commented);
        it.id != review.id && verdict && it.actor_id == review.actor_id && it.submitted_at > review.submitted_at
    });
    let settled = before.is_some_and(|it| it.verdict == Verdict::Dismissed || it.verdict == review.verdict);
    if !settled && !overtaken && !frame(event, review) {
        changes.push(Change::Reviewed { verdict: review.verdict, text: excerpt(text), url: review.url.clone() });
    }
    let was = event.payload.changes.as_ref().and_then(|it| it.body.as_ref()).and_then(|it| it.from.as_deref());
    let mentioned = match (before, was) {
        (None, _) => mentions::mentions(text.unwrap_or_default()),
        (Some(it), Some(was)) if it.source_at < review.source_at => mentions::newly(text.unwrap_or_default(), was),
        (Some(_), _) => Vec::new(),
    };
    if !mentioned.is_empty() && event.payload.action() != "dismissed" {
        changes.push(Change::Mentioned { logins: mentioned });
    }
    changes
}
