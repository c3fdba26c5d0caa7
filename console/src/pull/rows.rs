//! How pull requests are put into groups by what they need, and into an order.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::github::handing::Passed;
use domain::github::{Actor, Standing, Waiting, Whole};

use super::meant::Whose;
use super::turn::{asked_since, since};

/// A group of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// They wait for whoever was asked about.
    ToReview,
    /// They were written by whoever was asked about, who must act.
    ToAct,
    /// Nobody is asked, or anybody may act.
    Anybody,
    /// They wait for others.
    Elsewhere,
    /// Nobody need look at them yet.
    Drafts,
}

impl Group {
    /// What stands above it.
    pub(super) fn heading(self, whose: &Whose) -> &'static str {
        match (self, whose) {
            (Self::ToReview, Whose::Person { .. }) => "Waiting for a review",
            (Self::ToReview, _) => "Waiting for a review by the team",
            (Self::ToAct, _) => "Waiting for their author",
            (Self::Anybody, _) => "Nobody is asked",
            (Self::Elsewhere, Whose::Person { .. } | Whose::Team { .. }) => "Waiting for others",
            (Self::Elsewhere, _) => "Waiting for reviewers or machines",
            (Self::Drafts, _) => "Drafts",
        }
    }
}

/// Whose list it is: their accounts and teams, and what was passed to them and since when.
pub(super) struct Of {
    actors: Vec<i64>,
    teams: Vec<i64>,
    passed: HashMap<i64, DateTime<Utc>>,
}

impl Of {
    /// Those of whose, to whom this was passed.
    pub(super) fn new(whose: &Whose, passed: Vec<Passed>) -> Self {
        let (actors, teams) = match whose {
            Whose::All | Whose::Repositories { .. } => (Vec::new(), Vec::new()),
            Whose::Person { actors, teams, .. } => (actors.iter().map(|it: &Actor| it.id).collect(), teams.clone()),
            Whose::Team { actors, teams, .. } => (actors.clone(), teams.clone()),
        };
        let mut since: HashMap<i64, DateTime<Utc>> = HashMap::new();
        for it in passed {
            since.entry(it.pull_request_id).and_modify(|at| *at = (*at).min(it.at)).or_insert(it.at);
        }
        Self { actors, teams, passed: since }
    }

    /// Since when one of them is to review it.
    pub(super) fn asked(&self, it: &Whole) -> Option<DateTime<Utc>> {
        let passed = self.passed.get(&it.pull_request.id).copied();
        asked_since(it, (&self.actors, &self.teams)).into_iter().chain(passed).min()
    }

    /// Since when it stands where it does in their list.
    pub(super) fn since(&self, group: Group, it: &Whole) -> DateTime<Utc> {
        match group {
            Group::ToReview => self.asked(it).unwrap_or_else(|| since(it)),
            Group::ToAct | Group::Anybody | Group::Elsewhere | Group::Drafts => since(it),
        }
    }
}

/// Where one belongs in a list of whose.
fn group(of: &Of, it: &Whole) -> Group {
    let standing = Standing::of(it);
    let waits = standing.waits_for(it);
    match (standing, &waits) {
        (_, Waiting::Reviewers(_) | Waiting::SomeReviewer) if of.asked(it).is_some() => Group::ToReview,
        (Standing::Draft, _) => Group::Drafts,
        (_, Waiting::Author) => Group::ToAct,
        (_, Waiting::SomeReviewer) => Group::Anybody,
        (_, Waiting::Nobody | Waiting::Reviewers(_)) => Group::Elsewhere,
    }
}

/// In the order of their groups, and within each whoever waits longest first.
pub(super) fn sorted(of: &Of, all: Vec<Whole>) -> Vec<(Group, Whole)> {
    let mut rows: Vec<(Group, Whole)> = all.into_iter().map(|it| (group(of, &it), it)).collect();
    rows.sort_by_cached_key(|(group, it)| (*group, of.since(*group, it), it.pull_request.id));
    rows
}
