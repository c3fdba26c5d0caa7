/// What an event is about, as far as we keep it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Something was done to a pull request.
    PullRequest,
    /// A review was given, changed, dismissed.
    Review,
    /// Something was said about a line.
    ReviewComment,
    /// What was said about a line is settled, or is not.
    ReviewThread,
    /// Something was said about an issue, which may be a pull request.
    IssueComment,
    /// A check began or ended.
    CheckRun,
    /// A check of the older kind.
    Status,
    /// A workflow; most of what it does, its checks tell.
    WorkflowRun,
    /// Commits came into a branch.
    Push,
    /// Something is to be deployed.
    Deployment,
    /// A deployment came further.
    DeploymentStatus,
    /// A repository came, went, or is called otherwise.
    Repository,
    /// A team came, went, or is called otherwise.
    Team,
    /// Somebody came into a team, or left it.
    Membership,
    /// Somebody left an organisation, or it is called otherwise.
    Organization,
    /// What we may read.
    Installation,
    /// Repositories that we may read, or may not any longer.
    InstallationRepositories,
    /// Nothing that we keep. Among others: what suites of checks tell, their runs do; what is in the merge queue, the pull
    /// requests tell; and what GitHub adds some day.
    Nothing,
}

impl Kind {
    /// What an event with this name is about.
    pub(super) fn of(event: &str) -> Self {
        match event {
            "pull_request" => Self::PullRequest,
            "pull_request_review" => Self::Review,
            "pull_request_review_comment" => Self::ReviewComment,
            "pull_request_review_thread" => Self::ReviewThread,
            "issue_comment" => Self::IssueComment,
            "check_run" => Self::CheckRun,
            "status" => Self::Status,
            "workflow_run" => Self::WorkflowRun,
            "push" => Self::Push,
            "deployment" => Self::Deployment,
            "deployment_status" => Self::DeploymentStatus,
            "repository" => Self::Repository,
            "team" => Self::Team,
            "membership" => Self::Membership,
            "organization" => Self::Organization,
            "installation" => Self::Installation,
            "installation_repositories" => Self::InstallationRepositories,
            _ => Self::Nothing,
        }
    }
}
