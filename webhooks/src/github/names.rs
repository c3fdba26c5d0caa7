//! Everybody and everything that a payload names.

use domain::github::{NamedActor, NamedRepository, NamedTeam, Names};

use super::wire::{Payload, Repository, Team, User};

/// What most people on GitHub are.
const USER: &str = "User";

/// All names of a payload.
pub(super) fn names(it: &Payload) -> Names {
    let pull = it.pull_request.as_ref();
    let reviewers = pull.and_then(|it| it.requested_reviewers.as_ref()).map_or(&[][..], |it| &it.0);
    let teams = pull.and_then(|it| it.requested_teams.as_ref()).map_or(&[][..], |it| &it.0);
    let some = [
        it.sender.as_ref(),
        it.requested_reviewer.as_ref(),
        pull.and_then(|it| it.user.as_ref()),
        pull.and_then(|it| it.merged_by.as_ref()),
        it.review.as_ref().and_then(|it| it.user.as_ref()),
        it.comment.as_ref().and_then(|it| it.user.as_ref()),
        it.member.as_ref(),
        it.membership.as_ref().and_then(|it| it.user.as_ref()),
        it.deployment.as_ref().and_then(|it| it.creator.as_ref()),
    ];
    let organization = it.organization.as_ref().or(it.repository.as_ref().and_then(|it| it.owner.as_ref()));
    let teams = teams.iter().chain(&it.requested_team).chain(&it.team);
    Names {
        actors: some.into_iter().flatten().chain(reviewers).map(actor).collect(),
        repositories: it
            .repository
            .iter()
            .filter_map(|of| repository(of, it.installation.as_ref().map(|it| it.id)))
            .collect(),
        teams: teams.filter_map(|it| team(it, organization)).collect(),
    }
}

fn actor(it: &User) -> NamedActor {
    NamedActor { id: it.id, login: it.login.clone(), kind: it.kind.clone().unwrap_or_else(|| USER.into()) }
}

/// A repository, where it is told what it is called.
pub(super) fn repository(it: &Repository, installation_id: Option<i64>) -> Option<NamedRepository> {
    Some(NamedRepository {
        id: it.id,
        name: it.full_name.clone()?,
        node_id: it.node_id.clone(),
        default_branch: it.default_branch.clone(),
        url: it.html_url.clone(),
        private: it.private,
        archived: it.archived,
        installation_id,
    })
}

/// A team, of whichever organisation its page or the event names.
fn team(it: &Team, organization: Option<&User>) -> Option<NamedTeam> {
    let page = it.html_url.as_deref().and_then(|it| it.split_once("/orgs/")).and_then(|it| it.1.split_once('/'));
    let organization = page.map(|it| it.0.to_string()).or_else(|| organization.map(|it| it.login.clone()))?;
    let name = it.name.clone().unwrap_or_else(|| it.slug.clone());
    Some(NamedTeam { id: it.id, organization, slug: it.slug.clone(), name })
}
