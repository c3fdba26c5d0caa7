//! What deliveries say once their bytes are read, and what must be known before they are applied.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use domain::delivery::Claimed;
use domain::github::{About, Names};
use integrations::github::Snapshot;
use integrations::github::snapshot::PULL_REQUEST;

use super::event::Event;
use super::kind::Kind;
use super::names::names;
use super::poll;
use super::wire::Payload;
use crate::form;
use crate::zeros::without_zeros;

/// What a delivery brings.
pub(super) enum Content {
    /// An event of GitHub.
    Event(Kind, Box<Payload>),
    /// A pull request that we read ourselves.
    Snapshot(Box<Snapshot>),
    /// Nothing that we keep.
    Nothing,
    /// It could not be understood: why.
    Unclear(String),
}

/// A delivery, and what it brings.
pub(super) struct Read<'a> {
    pub(super) claimed: &'a Claimed,
    pub(super) content: Content,
}

impl<'a> Read<'a> {
    pub(super) fn of(claimed: &'a Claimed) -> Self {
        let json = match claimed.body.trim_ascii_start().first() {
            Some(b'{') => Cow::Borrowed(&claimed.body[..]),
            // It was looked at when it came; a form is no JSON.
            _ => form::payload(&claimed.body).map_or(Cow::Borrowed(&claimed.body[..]), Cow::Owned),
        };
        let body = without_zeros(&json);
        let ours = claimed.external_id.starts_with(super::OURS);
        Self { claimed, content: if ours { reading(claimed, &body) } else { event(claimed, &body) } }
    }

    /// Whether it is applied by itself: what it changes lies on no desk.
    pub(super) fn alone(&self) -> bool {
        matches!(&self.content, Content::Event(kind, _) if kind.alone())
    }

    /// What must be known before it is applied.
    pub(super) fn about(&self) -> About {
        match &self.content {
            Content::Event(kind, payload) => of_event(*kind, payload),
            Content::Snapshot(it) => About {
                pulls: vec![it.id],
                heads: vec![(it.repository.id, it.head_sha.clone())],
                ..named(&poll::names(it))
            },
            Content::Nothing | Content::Unclear(_) => About::default(),
        }
    }

    pub(super) fn event<'b>(&'b self, payload: &'b Payload, now: DateTime<Utc>) -> Event<'b> {
        Event::of(payload, self.claimed, now)
    }
}

fn event(claimed: &Claimed, body: &[u8]) -> Content {
    match Kind::of(&claimed.event) {
        Kind::Nothing => Content::Nothing,
        kind => Payload::parse(body).map_or_else(Content::Unclear, |it| Content::Event(kind, Box::new(it))),
    }
}

fn reading(claimed: &Claimed, body: &[u8]) -> Content {
    if claimed.event != PULL_REQUEST {
        return Content::Unclear(format!("nothing is read that is called {}", claimed.event));
    }
    let snapshot = serde_json::from_slice(body).map(Content::Snapshot);
    snapshot.unwrap_or_else(|error| Content::Unclear(error.to_string()))
}

fn of_event(kind: Kind, it: &Payload) -> About {
    let place = it.repository.as_ref().map(|it| it.id);
    let pull = it.pull_request.as_ref();
    let head = pull.and_then(|it| it.head.as_ref()).and_then(|it| it.sha.as_deref());
    let commit = match kind {
        Kind::CheckRun => it.check_run.as_ref().map(|it| it.head_sha.as_str()),
        Kind::Status => it.sha.as_deref(),
        Kind::WorkflowRun => it.workflow_run.as_ref().map(|it| it.head_sha.as_str()),
        _ => None,
    };
    let number = it.issue.as_ref().filter(|_| kind == Kind::IssueComment).map(|it| it.number);
    let branch = it.name.as_deref().and_then(|it| it.strip_prefix("refs/heads/")).filter(|_| kind == Kind::Push);
    let of_place = |what: Option<&str>| place.zip(what.map(str::to_owned)).into_iter().collect();
    About {
        pulls: pull.iter().map(|it| it.id).collect(),
        heads: of_place(head),
        commits: of_place(commit),
        numbers: place.zip(number).into_iter().collect(),
        branches: of_place(branch),
        gone: place.filter(|_| kind == Kind::Repository && it.action() == "deleted").into_iter().collect(),
        acts: act(kind, it).into_iter().collect(),
        ..named(&names(it))
    }
}

/// The act of which one must know whether it is new.
fn act(kind: Kind, it: &Payload) -> Option<String> {
    let comment = || it.comment.as_ref().map(|it| it.id);
    match kind {
        Kind::PullRequest if it.action() == "opened" => it.pull_request.as_ref().map(|it| format!("opened:{}", it.id)),
        Kind::IssueComment => comment().map(|it| format!("comment:{it}")),
        Kind::ReviewComment => comment().map(|it| format!("review_comment:{it}")),
        _ => None,
    }
}

fn named(names: &Names) -> About {
    About {
        actors: names.actors.iter().map(|it| it.id).collect(),
        teams: names.teams.iter().map(|it| it.id).collect(),
        repositories: names.repositories.iter().map(|it| it.id).collect(),
        ..About::default()
    }
}
