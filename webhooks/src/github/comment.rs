//! What people say about pull requests.

use chrono::{DateTime, Utc};
use domain::github::{Activity, Change, Desk, Known};

use super::apply::{NO_PULL, Said, seen, subject};
use super::event::Event;
use super::history::excerpt;
use super::mentions::{mentions, newly};
use super::pull;
use super::settle::{Act, Taken, finish, take};
use super::wire::Comment;

/// Whether this is the first that we learn of a pull request's beginning.
pub(super) fn first(desk: &mut Desk, event: &Event<'_>, of: &Known) -> bool {
    let opened = Activity {
        id: format!("opened:{}", of.id),
        at: of.created_at,
        kind: "opened",
        actor_id: of.author_id.or(event.by()),
        text: excerpt(event.payload.pull_request.as_ref().and_then(|it| it.body.as_deref())),
        url: of.url.clone(),
        source_at: of.created_at,
    };
    desk.act((Some(of.id), of.repository_id, of.number), opened)
}

/// Something was said about a pull request as a whole.
pub(super) fn of_all(desk: &mut Desk, event: &Event<'_>) -> Said {
    let it = event.payload;
    let (Some(issue), Some(comment), Some(repository)) = (&it.issue, &it.comment, &it.repository) else {
        return Said::unclear("it has no comment, or does not say on what");
    };
    if issue.pull_request.is_none() {
        return Said::Nothing;
    }
    let known = desk.numbered((repository.id, issue.number)).cloned();
    let of = (known.as_ref().map(|it| it.id), repository.id, issue.number);
    let changes = said(desk, event, ("comment", comment, of));
    // What is said of one that we do not know waits for it.
    let Some(before) = known else { return Said::Known(Vec::new()) };
    let at = at(event, comment);
    let after = Known { active_at: before.active_at.max(at), ..before.clone() };
    let by = comment.user.as_ref().map(|it| it.id);
    let act = Act { at, by, more: changes, asks: Vec::new(), done: None, reason: None, news: event.news(at) };
    let happened = finish(desk, Taken { before: Some(before), after }, act);
    Said::Known(happened.into_iter().collect())
}

/// Something was said about a line of a pull request.
pub(super) fn of_a_line(desk: &mut Desk, event: &Event<'_>) -> Said {
    let Some((repository, pull)) = subject(event) else { return Said::unclear(NO_PULL) };
    let Some(comment) = &event.payload.comment else { return Said::unclear("it has no comment") };
    let telling = pull::shown(event, repository, pull);
    let Some(taken) = take(desk, &telling) else { return Said::unclear(NO_PULL) };
    let of = (Some(telling.id), repository, telling.number);
    let changes = said(desk, event, ("review_comment", comment, of));
    let (at, by) = (at(event, comment), comment.user.as_ref().map(|it| it.id));
    let act = Act { at, by, more: changes, news: event.news(at), ..seen(event, &telling) };
    let happened = finish(desk, taken, act);
    Said::Known(happened.into_iter().collect())
}

/// When a comment became what the event shows.
fn at(event: &Event<'_>, comment: &Comment) -> DateTime<Utc> {
    let made = comment.created_at.filter(|_| event.payload.action() == "created");
    made.or(comment.updated_at).or(comment.created_at).unwrap_or(event.sent_at)
}

/// Stores what was said; what is new about it.
fn said(
    desk: &mut Desk,
    event: &Event<'_>,
    (kind, comment, of): (&str, &Comment, (Option<i64>, i64, i32)),
) -> Vec<Change> {
    let gone = event.payload.action() == "deleted";
    let text = comment.body.as_deref().unwrap_or_default();
    let act = Activity {
        id: format!("{kind}:{}", comment.id),
        at: comment.created_at.unwrap_or_else(|| at(event, comment)),
        kind: if gone { "deleted" } else { "commented" },
        actor_id: comment.user.as_ref().map(|it| it.id),
        text: if gone { String::new() } else { excerpt(Some(text)) },
        url: comment.html_url.clone(),
        // What was deleted shows when it was changed last.
        source_at: if gone { event.sent_at.max(at(event, comment)) } else { at(event, comment) },
    };
    let new = desk.act(of, act);
    let was = event.payload.changes.as_ref().and_then(|it| it.body.as_ref()).and_then(|it| it.from.as_deref());
    match (gone, new, was) {
        (true, _, _) => Vec::new(),
        (false, true, _) => {
            vec![Change::Commented {
                text: excerpt(Some(text)),
                url: comment.html_url.clone(),
                mentions: mentions(text),
            }]
        }
        (false, false, Some(was)) => {
            let logins = newly(text, was);
            if logins.is_empty() { Vec::new() } else { vec![Change::Mentioned { logins }] }
        }
        (false, false, None) => Vec::new(),
    }
}
