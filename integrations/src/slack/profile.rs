use serde::Deserialize;

/// A user of a workspace, as far as it decides who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Id of the user.
    pub user_id: String,
    /// Id of the user's own workspace.
    pub team_id: Option<String>,
    /// E-mail address; absent for bots, and without the scope `users:read.email`.
    pub email: Option<String>,
    /// Whether the user proved that address to Slack.
    pub email_confirmed: bool,
    /// Whether the account is closed.
    pub deleted: bool,
    /// Whether a program speaks.
    pub bot: bool,
    /// Whether the user sees only some channels.
    pub guest: bool,
    /// Whether the user belongs to another workspace.
    pub stranger: bool,
    /// IANA name of the user's time zone.
    pub zone: Option<String>,
    /// What people call the user.
    pub real_name: String,
}

/// As Slack tells it: every flag may be absent or null, as for closed accounts and users of other workspaces.
/// <https://docs.slack.dev/reference/objects/user-object/>
#[derive(Deserialize)]
pub(super) struct User {
    id: String,
    team_id: Option<String>,
    name: Option<String>,
    real_name: Option<String>,
    deleted: Option<bool>,
    tz: Option<String>,
    is_bot: Option<bool>,
    is_restricted: Option<bool>,
    is_ultra_restricted: Option<bool>,
    is_stranger: Option<bool>,
    is_email_confirmed: Option<bool>,
    profile: Option<Details>,
    enterprise_user: Option<Enterprise>,
}

#[derive(Deserialize)]
struct Details {
    email: Option<String>,
    real_name: Option<String>,
}

#[derive(Deserialize)]
struct Enterprise {
    teams: Option<Vec<String>>,
}

/// What Slack's own bot is called; it is not marked as one.
const SLACKBOT: &str = "USLACKBOT";

impl User {
    /// As seen from a workspace. Whoever is not known to belong to it is a stranger.
    pub(super) fn seen_from(self, home: &str) -> Profile {
        let teams = self.enterprise_user.and_then(|it| it.teams).unwrap_or_default();
        let at_home = self.team_id.iter().chain(&teams).any(|it| it == home);
        let yes = |it: Option<bool>| it == Some(true);
        let (email, long_name) = self.profile.map(|it| (it.email, it.real_name)).unwrap_or_default();
        let filled = |it: &String| !it.trim().is_empty();
        let names = [self.real_name, long_name, self.name];
        Profile {
            email: email.filter(filled),
            email_confirmed: yes(self.is_email_confirmed),
            deleted: yes(self.deleted),
            bot: yes(self.is_bot) || self.id == SLACKBOT,
            guest: yes(self.is_restricted) || yes(self.is_ultra_restricted),
            stranger: yes(self.is_stranger) || !at_home,
            zone: self.tz.filter(filled),
            real_name: names.into_iter().flatten().find(filled).unwrap_or_else(|| self.id.clone()),
            team_id: self.team_id,
            user_id: self.id,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn seen(user: Value) -> Profile {
        serde_json::from_value::<User>(user).unwrap().seen_from("T0PIN")
    }

    #[test]
    fn a_member_with_a_proven_address() {
        let ada = json!({
            "id": "U1", "team_id": "T0PIN", "real_name": "Ada Byron", "tz": "Europe/London", "is_email_confirmed": true,
            "is_restricted": false, "profile": { "email": "ada@pin.example", "status_text": "x" }, "color": null,
        });
        insta::assert_debug_snapshot!(seen(ada), @r#"
            Profile {
                user_id: "U1",
                team_id: Some(
                    "T0PIN",
                ),
                email: Some(
                    "ada@pin.example",
                ),
                email_confirmed: true,
                deleted: false,
                bot: false,
                guest: false,
                stranger: false,
                zone: Some(
                    "Europe/London",
                ),
                real_name: "Ada Byron",
            }
            "#);
    }

    #[test]
    fn what_is_not_said_is_not_trusted() {
        let bare = seen(json!({ "id": "U2", "profile": { "email": "" }, "deleted": null }));
        assert!(bare.stranger && !bare.email_confirmed && bare.email.is_none());
        assert_eq!(bare.real_name, "U2");
    }

    #[test]
    fn guests_strangers_and_bots_are_marked() {
        let user = |extra: Value| {
            let mut user = json!({ "id": "U3", "team_id": "T0PIN" });
            user.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            seen(user)
        };
        assert!(user(json!({ "is_ultra_restricted": true })).guest);
        assert!(user(json!({ "is_restricted": true })).guest);
        assert!(user(json!({ "is_stranger": true })).stranger);
        assert!(user(json!({ "team_id": "T9" })).stranger);
        assert!(!user(json!({ "team_id": "T9", "enterprise_user": { "teams": ["T8", "T0PIN"] } })).stranger);
        assert!(user(json!({ "id": "USLACKBOT" })).bot);
    }
}
