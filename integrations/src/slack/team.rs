use serde::Deserialize;

/// The workspace that a token belongs to, and as whom we are in it.
/// <https://docs.slack.dev/reference/methods/auth.test/>
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Team {
    /// Id of the workspace.
    pub team_id: String,
    /// Id of the organisation, where there is one.
    pub enterprise_id: Option<String>,
    /// Name of the workspace.
    #[serde(rename = "team", default)]
    pub name: String,
    /// Address of the workspace.
    #[serde(default)]
    pub url: String,
    /// Our own user id.
    #[serde(rename = "user_id")]
    pub bot_user: String,
    /// What the token may do; empty when Slack did not say.
    #[serde(skip)]
    pub scopes: Vec<String>,
}
