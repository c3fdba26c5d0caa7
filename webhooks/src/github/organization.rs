//! Who is in which team. What teams are called is stored with every event.

use domain::PgConnection;
use domain::github::{News, repository, team, team_member};

use super::apply::Said;
use super::event::Event;

/// Applies what became of a team.
pub(super) async fn team(db: &mut PgConnection, event: &Event<'_>) -> anyhow::Result<Said<News>> {
    let Some(it) = &event.payload.team else { return Ok(Said::Unclear("it names no team".into())) };
    if event.payload.action() == "deleted" {
        team::gone(db, it.id, event.sent_at).await?;
    }
    Ok(Said::Known(Vec::new()))
}

/// Somebody came into a team, or left it. A team that was deleted since is named by no more than its id.
pub(super) async fn membership(db: &mut PgConnection, event: &Event<'_>) -> anyhow::Result<Said<News>> {
    let (Some(member), Some(team)) = (&event.payload.member, &event.payload.team) else { return Ok(Said::Nothing) };
    let there = match event.payload.action() {
        "added" => true,
        "removed" => false,
        _ => return Ok(Said::Nothing),
    };
    team_member::write(db, (team.id, member.id), (there, event.sent_at)).await?;
    Ok(Said::Known(Vec::new()))
}

/// Somebody left an organisation, or it is called otherwise.
pub(super) async fn apply(db: &mut PgConnection, event: &Event<'_>) -> anyhow::Result<Said<News>> {
    let it = event.payload;
    let Some(organization) = &it.organization else { return Ok(Said::Unclear("it names no organisation".into())) };
    let user = it.membership.as_ref().and_then(|it| it.user.as_ref());
    let before = it.changes.as_ref().and_then(|it| it.login.as_ref()).and_then(|it| it.from.as_deref());
    match (it.action(), user, before) {
        ("member_removed", Some(user), _) => {
            team_member::left(db, (&organization.login, user.id), event.sent_at).await?;
        }
        ("renamed", _, Some(before)) => repository::renamed(db, (before, &organization.login), event.sent_at).await?,
        _ => return Ok(Said::Nothing),
    }
    Ok(Said::Known(Vec::new()))
}
