//! Names of the annotations that PinConsole understands.
//! <https://backstage.io/docs/features/software-catalog/well-known-annotations>

/// The GitHub repository, `org/repository`.
pub const GITHUB_PROJECT_SLUG: &str = "github.com/project-slug";
/// The team of GitHub's that a group is, `team` or `organization/team`.
pub const GITHUB_TEAM_SLUG: &str = "github.com/team-slug";
/// What a person is called at GitHub.
pub const GITHUB_USER_LOGIN: &str = "github.com/user-login";
/// The PagerDuty service that is paged for it.
pub const PAGERDUTY_SERVICE_ID: &str = "pagerduty.com/service-id";
/// The key with which events reach its PagerDuty service.
pub const PAGERDUTY_INTEGRATION_KEY: &str = "pagerduty.com/integration-key";
/// The Slack channel of the people who look after it.
pub const SLACK_CHANNEL: &str = "pinconsole.io/slack-channel";
/// The page to open when it breaks.
pub const RUNBOOK_URL: &str = "pinconsole.io/runbook-url";
/// How much depends on it: a small number or word that policies can name.
pub const TIER: &str = "pinconsole.io/tier";
/// Its dashboards.
pub const DASHBOARDS: &str = "pinconsole.io/dashboards";
/// Where its source is, as `url:…`.
pub const SOURCE_LOCATION: &str = "backstage.io/source-location";
/// The page that shows its descriptor.
pub const VIEW_URL: &str = "backstage.io/view-url";
/// The location that it was read from.
pub const MANAGED_BY_LOCATION: &str = "backstage.io/managed-by-location";
/// `true` once the location that held it no longer does.
pub const ORPHAN: &str = "backstage.io/orphan";
