use serde_json::{Value, json};

use super::TEAM;

/// A user of the workspace.
#[derive(Clone, Debug)]
pub struct SlackMember {
    /// Id of the user.
    pub id: String,
    /// What people call the user.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Whether the user proved that address.
    pub email_confirmed: bool,
    /// IANA name of the time zone.
    pub zone: String,
    /// Whether the user sees only some channels.
    pub guest: bool,
    /// Whether the user is from another workspace.
    pub stranger: bool,
    /// Whether the account is closed.
    pub deleted: bool,
    /// Whether a program speaks.
    pub bot: bool,
}

impl SlackMember {
    /// An ordinary member with a proven address.
    pub fn new(id: impl Into<String>, name: impl Into<String>, email: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            email: Some(email.into()),
            email_confirmed: true,
            zone: "Etc/UTC".into(),
            guest: false,
            stranger: false,
            deleted: false,
            bot: false,
        }
    }

    /// As `users.info` tells it. <https://docs.slack.dev/reference/objects/user-object/>
    pub(super) fn json(&self, with_email: bool) -> Value {
        let team = if self.stranger { "T0OTHER" } else { TEAM };
        let mut profile = json!({ "real_name": self.name, "display_name": self.name, "team": team });
        if let Some(email) = self.email.as_ref().filter(|_| with_email) {
            profile["email"] = email.as_str().into();
        }
        let mut user = json!({
            "id": self.id, "team_id": team, "name": self.id.to_lowercase(), "real_name": self.name,
            "deleted": self.deleted, "is_bot": self.bot, "is_app_user": false, "profile": profile, "updated": 1_700_000_000,
        });
        // Slack says little about closed accounts.
        if !self.deleted {
            user["tz"] = self.zone.as_str().into();
            user["is_restricted"] = self.guest.into();
            user["is_ultra_restricted"] = false.into();
            user["is_email_confirmed"] = self.email_confirmed.into();
        }
        if self.stranger {
            user["is_stranger"] = true.into();
        }
        user
    }
}
