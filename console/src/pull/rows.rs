//! How pull requests are put into groups by what they need, and into an order.

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

/// Where one belongs in a list of whose.
pub(super) fn group(whose: &Whose, it: &Whole) -> Group {
    let standing = Standing::of(it);
    let waits = standing.waits_for(it);
    let (actors, teams) = of(whose);
    let asked = matches!(&waits, Waiting::Reviewers(_)) && asked_since(it, (&actors, &teams)).is_some();
    match (standing, &waits) {
        _ if asked => Group::ToReview,
        (Standing::Draft, _) => Group::Drafts,
        (_, Waiting::Author) => Group::ToAct,
        (_, Waiting::SomeReviewer) => Group::Anybody,
        (_, Waiting::Nobody | Waiting::Reviewers(_)) => Group::Elsewhere,
    }
}

/// The accounts and teams of whose.
pub(super) fn of(whose: &Whose) -> (Vec<i64>, Vec<i64>) {
    match whose {
        Whose::All | Whose::Repositories { .. } => (Vec::new(), Vec::new()),
        Whose::Person { actors, teams, .. } => (actors.iter().map(|it: &Actor| it.id).collect(), teams.clone()),
        Whose::Team { actors, teams, .. } => (actors.clone(), teams.clone()),
    }
}

/// In the order of their groups, and within each whoever waits longest first.
pub(super) fn sorted(whose: &Whose, all: Vec<Whole>) -> Vec<(Group, Whole)> {
    let (actors, teams) = of(whose);
    let mut rows: Vec<(Group, Whole)> = all.into_iter().map(|it| (group(whose, &it), it)).collect();
    rows.sort_by_cached_key(|(group, it)| {
        let since = match group {
            Group::ToReview => asked_since(it, (&actors, &teams)).unwrap_or_else(|| since(it)),
            Group::ToAct | Group::Anybody | Group::Elsewhere | Group::Drafts => since(it),
        };
        (*group, since, it.pull_request.id)
    });
    rows
}
