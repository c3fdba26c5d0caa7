//! Reviews. <https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request_review>

use chrono::{DateTime, Utc};
use domain::PgConnection;
use domain::github::{Activity, Change, Reviewed, Target, Verdict};

use super::apply::{NO_PULL, Said, seen, subject};
use super::event::Event;
use super::history::excerpt;
use super::settle::{Act, finish, take};
use super::{mentions, pull};

/// Applies what became of a review.
pub(super) async fn apply(db: &mut PgConnection, event: &Event<'_>) -> anyhow::Result<Said> {
    let Some((repository, pull)) = subject(event) else { return Said::unclear(NO_PULL) };
    let Some(review) = read(event) else { return Said::unclear("it has no review whose state is known") };
    let mut telling = pull::shown(event, repository, pull);
    let submitted = event.payload.action() == "submitted";
    let done = review.actor_id.map(Target::Actor).filter(|_| submitted);
    // Whoever reviewed is asked no longer, whatever the list still says.
    telling.asked = done.map(|it| (it, false)).into_iter().collect();
    let Some(mut taken) = take(db, &telling).await? else { return Said::unclear(NO_PULL) };
    let known = Reviewed::of(&mut *db, telling.id).await?;
    let more = changes(event, &review, &known);
    if !more.is_empty() {
        // What reviewers decided together, only GitHub knows.
        taken.after.stale_at = taken.after.stale_at.max(Some(review.source_at));
    }
    let at: DateTime<Utc> = if submitted { review.submitted_at } else { review.source_at };
    let by = if submitted { review.actor_id } else { event.by() };
    let act = Act { at, by, more, done, news: event.news(at), ..seen(event, &telling) };
    let happened = finish(db, &taken, act).await?;
    let verdict = known.iter().find(|it| it.id == review.id).map(|it| it.verdict);
    Reviewed::write(db, telling.id, std::slice::from_ref(&review)).await?;
    let kind = if verdict == Some(Verdict::Dismissed) { Verdict::Dismissed } else { review.verdict };
    let said = Activity {
        id: format!("review:{}", review.id),
        at: review.submitted_at,
        kind: kind.as_str(),
        actor_id: review.actor_id,
        text: excerpt(event.payload.review.as_ref().and_then(|it| it.body.as_deref())),
        url: review.url.clone(),
        source_at: review.source_at,
    };
    Activity::write(db, (Some(telling.id), repository, telling.number), &[said]).await?;
    Ok(Said::Known(happened.into_iter().collect()))
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

/// What is new about a review: what was overtaken is not, nor an empty frame around remarks, which are told by themselves.
fn changes(event: &Event<'_>, review: &Reviewed, known: &[Reviewed]) -> Vec<Change> {
    let text = event.payload.review.as_ref().and_then(|it| it.body.as_deref());
    let before = known.iter().find(|it| it.id == review.id);
    let mut changes = Vec::new();
    let overtaken = known.iter().any(|it| {
        let verdict = !matches!(it.verdict, Verdict::Commented);
        it.id != review.id && verdict && it.actor_id == review.actor_id && it.submitted_at > review.submitted_at
    });
    let settled = before.is_some_and(|it| it.verdict == Verdict::Dismissed || it.verdict == review.verdict);
    let frame = review.verdict == Verdict::Commented && text.is_none_or(|it| it.trim().is_empty());
    if !settled && !overtaken && !frame {
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
