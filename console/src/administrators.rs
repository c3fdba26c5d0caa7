use serde::Deserialize;

/// Who keeps PinConsole running, and where they are told what needs them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Administrators {
    /// Entity name of their group.
    pub group: Option<String>,
    /// Id of their Slack channel; without one, each of them gets a direct message.
    pub channel: Option<String>,
}
