use serde::Deserialize;

/// Who runs PinConsole, and where they are told what needs them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Administrators {
    /// Entity name of the group whose members are administrators.
    pub group: Option<String>,
    /// Id of the channel where they are told; without one, each member is told directly.
    pub channel: Option<String>,
}

impl Administrators {
    /// Whether anybody is told.
    pub fn are_told(&self) -> bool {
        self.group.is_some() || self.channel.is_some()
    }
}
