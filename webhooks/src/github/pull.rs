//! What a payload says of a pull request.

use chrono::{DateTime, Utc};
use domain::github::{End, Mergeable, Part, State, Target, Telling, Weight};
use serde_json::Value;

use super::event::Event;
use super::wire::Pull;

/// What a payload shows of a pull request, whatever it is about.
pub(super) fn shown(event: &Event<'_>, repository: i64, pull: &Pull) -> Telling {
    let at = pull.updated_at.unwrap_or(event.sent_at);
    let size = pull.additions.zip(pull.deletions).zip(pull.changed_files);
    Telling {
        node_id: pull.node_id.clone(),
        url: pull.html_url.clone(),
        author_id: pull.user.as_ref().map(|it| it.id),
        created_at: pull.created_at,
        end: end(pull),
        draft: pull.draft,
        head: pull.head.as_ref().and_then(|it| Some((it.sha.clone()?, it.name.clone().unwrap_or_default()))),
        title: pull.title.clone(),
        base: pull.base.as_ref().and_then(|it| it.name.clone()),
        size: size.map(|((add, take), files)| (add, take, files)),
        auto_merge: pull.auto_merge.as_ref().map(|it| *it != Value::Null),
        labels: pull.labels.as_ref().map(|it| it.0.iter().map(|it| it.name.clone()).collect()),
        requests: requests(pull),
        mergeable: pull.mergeable.map_or(Mergeable::Unknown, |it| match it {
            true => Mergeable::Mergeable,
            false => Mergeable::Conflicting,
        }),
        ..Telling::of((pull.id, repository, pull.number), event.moment(at))
    }
}

fn end(pull: &Pull) -> Option<End> {
    let merged = pull.merged == Some(true) || pull.merged_at.is_some();
    let state = match pull.state.as_deref()? {
        _ if merged => State::Merged,
        "closed" => State::Closed,
        _ => State::Open,
    };
    Some(End {
        state,
        at: pull.merged_at.or(pull.closed_at),
        sha: pull.merge_commit_sha.clone(),
        by: pull.merged_by.as_ref().map(|it| it.id),
    })
}

fn requests(pull: &Pull) -> Option<Vec<Target>> {
    let people = pull.requested_reviewers.as_ref()?.0.iter().map(|it| Target::Actor(it.id));
    let teams = pull.requested_teams.iter().flat_map(|it| &it.0).map(|it| Target::Team(it.id));
    Some(people.chain(teams).collect())
}

/// What an event about a pull request says: what it shows, and what it is about for certain.
pub(super) fn told(event: &Event<'_>, repository: i64, pull: &Pull) -> Telling {
    let mut it = shown(event, repository, pull);
    let at: DateTime<Utc> = it.moment.at;
    let asked = || {
        let person = event.payload.requested_reviewer.as_ref().map(|it| Target::Actor(it.id));
        person.or(event.payload.requested_team.as_ref().map(|it| Target::Team(it.id)))
    };
    let label = || event.payload.label.as_ref().map(|it| it.name.clone());
    match event.payload.action() {
        "opened" => it.moment.weight = Weight::First,
        "closed" | "reopened" => it.about = vec![Part::State],
        "ready_for_review" | "converted_to_draft" => it.about = vec![Part::Draft],
        "auto_merge_enabled" | "auto_merge_disabled" => it.about = vec![Part::AutoMerge],
        "synchronize" => {
            it.about = vec![Part::Head];
            it.before.clone_from(&event.payload.before);
        }
        "edited" => {
            let changes = event.payload.changes.as_ref();
            let title = changes.is_some_and(|it| it.title.is_some()).then_some(Part::Title);
            let base = changes.is_some_and(|it| it.base.is_some()).then_some(Part::Base);
            it.about = title.into_iter().chain(base).collect();
        }
        "enqueued" => (it.about, it.queue) = (vec![Part::Queue], Some(Some(at))),
        "dequeued" => (it.about, it.queue) = (vec![Part::Queue], Some(None)),
        "labeled" => it.labelled = label().map(|it| (it, true)).into_iter().collect(),
        "unlabeled" => it.labelled = label().map(|it| (it, false)).into_iter().collect(),
        "review_requested" => it.asked = asked().map(|it| (it, true)).into_iter().collect(),
        "review_request_removed" => it.asked = asked().map(|it| (it, false)).into_iter().collect(),
        // Assigned, locked, milestoned, stacked, and what GitHub adds: it only shows the rest.
        _ => {}
    }
    it
}
