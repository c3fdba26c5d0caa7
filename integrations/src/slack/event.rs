use serde::Deserialize;
use serde_json::Value;

use super::profile::User;
use super::{Malformed, Profile};

/// Something that happened in a workspace. <https://docs.slack.dev/apis/events-api/>
#[derive(Clone, Debug)]
pub enum Event {
    /// Slack asks whether this address is ours; the challenge is the answer.
    UrlVerification {
        /// What to answer.
        challenge: String,
    },
    /// An event.
    Callback(EventCallback),
    /// Something that we do not know, by its type.
    Unknown(String),
}

/// An event and where it happened.
#[derive(Clone, Debug, Deserialize)]
pub struct EventCallback {
    /// Id of the workspace.
    pub team_id: Option<String>,
    /// Id of the event; a repeated delivery has the same.
    pub event_id: String,
    /// When it happened, in seconds since 1970.
    pub event_time: Option<i64>,
    /// The event itself.
    pub event: Value,
}

impl Event {
    /// Reads a verified body.
    pub fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let body: Value = serde_json::from_slice(body).map_err(|_| Malformed("it is not JSON"))?;
        match body.get("type").and_then(Value::as_str) {
            Some("url_verification") => {
                let challenge = body.get("challenge").and_then(Value::as_str).ok_or(Malformed("no challenge"))?;
                Ok(Self::UrlVerification { challenge: challenge.into() })
            }
            Some("event_callback") => {
                serde_json::from_value(body).map(Self::Callback).map_err(|_| Malformed("an event without its fields"))
            }
            Some(other) => Ok(Self::Unknown(other.chars().take(64).collect())),
            None => Err(Malformed("no type")),
        }
    }
}

impl EventCallback {
    /// Whether a user changed.
    pub fn is_user_change(&self) -> bool {
        self.event.get("type").and_then(Value::as_str) == Some("user_change")
    }

    /// What a user of the workspace `home` has become, where that is what happened.
    /// <https://docs.slack.dev/reference/events/user_change/>
    pub fn changed_user(&self, home: &str) -> Option<Profile> {
        let ours = self.is_user_change() && self.team_id.as_deref() == Some(home);
        let user = self.event.get("user").filter(|_| ours)?;
        User::deserialize(user).ok().map(|it| it.seen_from(home))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_change_of_a_user_of_our_workspace_is_one() {
        let callback = |team: &str, event: Value| EventCallback {
            team_id: Some(team.into()),
            event_id: "Ev1".into(),
            event_time: None,
            event,
        };
        let user = serde_json::json!({ "id": "U1", "team_id": "T0PIN", "is_restricted": true });
        let change = serde_json::json!({ "type": "user_change", "user": user });
        let seen = callback("T0PIN", change.clone()).changed_user("T0PIN").expect("a user");
        assert!(seen.guest && !seen.stranger && seen.user_id == "U1", "{seen:?}");
        assert_eq!(callback("T9", change).changed_user("T0PIN"), None);
        let others = [
            serde_json::json!({ "type": "team_join", "user": user }),
            serde_json::json!({ "type": "user_change" }),
            serde_json::json!({ "type": "user_change", "user": "U1" }),
            Value::Null,
        ];
        for event in others {
            assert_eq!(callback("T0PIN", event).changed_user("T0PIN"), None);
        }
    }

    #[test]
    fn each_kind_is_told_apart() {
        let bodies = [
            r#"{"type":"url_verification","challenge":"3eZb","token":"x"}"#,
            r#"{"type":"event_callback","event_id":"Ev1","event_time":1,"team_id":"T1","event":{"type":"app_mention"}}"#,
            r#"{"type":"app_rate_limited","minute_rate_limited":1}"#,
            r#"{"type":"url_verification"}"#,
            r#"{"type":"event_callback"}"#,
            "[]",
            "{",
        ];
        let parsed: Vec<String> = bodies.iter().map(|it| format!("{:?}", Event::parse(it.as_bytes()))).collect();
        insta::assert_snapshot!(parsed.join("\n"), @r#"
            Ok(UrlVerification { challenge: "3eZb" })
            Ok(Callback(EventCallback { team_id: Some("T1"), event_id: "Ev1", event_time: Some(1), event: Object {"type": String("app_mention")} }))
            Ok(Unknown("app_rate_limited"))
            Err(Malformed("no challenge"))
            Err(Malformed("an event without its fields"))
            Err(Malformed("no type"))
            Err(Malformed("it is not JSON"))
            "#);
    }
}
