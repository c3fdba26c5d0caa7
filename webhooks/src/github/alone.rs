//! Events about organisations, their repositories and teams. They are seldom, and change what is known of many pull requests at once; so
//! each is applied by itself, between those before and after it.

use chrono::{DateTime, Utc};
use domain::PgConnection;
use domain::github::News;

use super::apply::Said;
use super::kind::Kind;
use super::names::names;
use super::read::{Content, Read};
use super::{organization, repository};

impl Kind {
    /// Whether an event of this kind is applied by itself.
    pub(super) fn alone(self) -> bool {
        match self {
            Self::Repository | Self::Team | Self::Membership | Self::Organization => true,
            Self::Installation | Self::InstallationRepositories => true,
            Self::PullRequest | Self::Review | Self::ReviewComment | Self::ReviewThread | Self::IssueComment => false,
            Self::CheckRun | Self::Status | Self::WorkflowRun | Self::Push => false,
            Self::Deployment | Self::DeploymentStatus | Self::Nothing => false,
        }
    }
}

/// Applies one of them. Nobody is told.
pub(super) async fn apply(db: &mut PgConnection, read: &Read<'_>, now: DateTime<Utc>) -> anyhow::Result<Said<News>> {
    let Content::Event(kind, payload) = &read.content else { return Ok(Said::Nothing) };
    let event = read.event(payload, now);
    names(payload).write(&mut *db, event.named_at()).await?;
    match kind {
        Kind::Repository => repository::apply(db, &event).await,
        Kind::Team => organization::team(db, &event).await,
        Kind::Membership => organization::membership(db, &event).await,
        Kind::Organization => organization::apply(db, &event).await,
        Kind::Installation | Kind::InstallationRepositories => repository::readable(db, &event).await,
        _ => Ok(Said::Nothing),
    }
}
