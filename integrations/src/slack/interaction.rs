use serde::Deserialize;
use serde_json::Value;

use super::form::Fields;
use super::submission::Submission;
use super::{Malformed, ResponseUrl};

/// Something done with a message or a dialog.
#[derive(Clone, Debug)]
pub enum Interaction {
    /// A button was pressed.
    BlockActions(Box<BlockActions>),
    /// A view's answers were sent.
    Submitted(Box<Submission>),
    /// A view was closed.
    Closed(Box<Submission>),
    /// Something that we do not handle, by its type.
    Unknown(String),
}

/// Buttons pressed. <https://docs.slack.dev/reference/interaction-payloads/block_actions-payload/>
#[derive(Clone, Debug, Deserialize)]
pub struct BlockActions {
    /// Who pressed.
    pub user: Presser,
    /// The workspace; null where the app is installed for a whole organisation.
    pub team: Option<Named>,
    /// The organisation.
    pub enterprise: Option<Named>,
    /// The channel of the message.
    pub channel: Option<Named>,
    /// Where answers go.
    pub response_url: Option<ResponseUrl>,
    /// What the button was on.
    #[serde(default)]
    pub container: Container,
    /// The buttons; in practice one.
    pub actions: Vec<Pressed>,
    /// Tells this request from every other; a repeated delivery has the same.
    pub trigger_id: String,
}

impl BlockActions {
    /// Id of the workspace, wherever it is told.
    pub fn team_id(&self) -> Option<&str> {
        self.team.as_ref().map(|it| it.id.as_str()).or(self.user.team_id.as_deref())
    }
}

/// Who pressed.
#[derive(Clone, Debug, Deserialize)]
pub struct Presser {
    /// Id of the user.
    pub id: String,
    /// Id of the user's workspace.
    pub team_id: Option<String>,
}

/// Something with an id.
#[derive(Clone, Debug, Deserialize)]
pub struct Named {
    /// The id.
    pub id: String,
}

/// What a button was on.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Container {
    /// Whether only the presser sees it.
    #[serde(default)]
    pub is_ephemeral: bool,
    /// When the message was posted, which is its id.
    pub message_ts: Option<String>,
    /// Id of the channel.
    pub channel_id: Option<String>,
}

/// A pressed button.
#[derive(Clone, Debug, Deserialize)]
pub struct Pressed {
    /// Its name.
    pub action_id: String,
    /// What it carries; a button that only opens a link carries nothing.
    pub value: Option<String>,
}

impl Interaction {
    /// Reads a verified body.
    pub fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let payload = Fields::parse(body)?.need("payload", "no payload")?;
        let payload: Value = serde_json::from_str(&payload).map_err(|_| Malformed("the payload is not JSON"))?;
        match payload.get("type").and_then(Value::as_str) {
            Some("block_actions") => {
                let actions = serde_json::from_value(payload).map_err(|_| Malformed("a press without its fields"))?;
                Ok(Self::BlockActions(actions))
            }
            Some("view_submission") => view(payload).map(Self::Submitted),
            Some("view_closed") => view(payload).map(Self::Closed),
            Some(other) => Ok(Self::Unknown(other.chars().take(64).collect())),
            None => Err(Malformed("the payload has no type")),
        }
    }
}

fn view(payload: Value) -> Result<Box<Submission>, Malformed> {
    serde_json::from_value(payload).map(Box::new).map_err(|_| Malformed("a view without its fields"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(payload: &Value) -> Result<Interaction, Malformed> {
        let payload = payload.to_string();
        let body = url::form_urlencoded::Serializer::new(String::new()).append_pair("payload", &payload).finish();
        Interaction::parse(body.as_bytes())
    }

    fn press() -> Value {
        json!({
            "type": "block_actions", "team": null, "enterprise": { "id": "E1", "name": "Pin" }, "trigger_id": "1.2.3",
            "user": { "id": "U1", "team_id": "T0PIN", "username": "ada" }, "channel": { "id": "C1", "name": "general" },
            "container": { "type": "message", "is_ephemeral": true, "message_ts": "1.2", "channel_id": "C1" },
            "response_url": "https://hooks.slack.com/actions/1", "state": { "values": {} },
            "actions": [{ "type": "button", "action_id": "read-0", "block_id": "b", "value": "catalog payments" }],
        })
    }

    #[test]
    fn a_press_in_an_organisation_has_no_team_but_a_workspace() {
        let Ok(Interaction::BlockActions(press)) = parse(&press()) else { panic!("not a press") };
        assert_eq!(press.team_id(), Some("T0PIN"));
        insta::assert_debug_snapshot!(press, @r#"
            BlockActions {
                user: Presser {
                    id: "U1",
                    team_id: Some(
                        "T0PIN",
                    ),
                },
                team: None,
                enterprise: Some(
                    Named {
                        id: "E1",
                    },
                ),
                channel: Some(
                    Named {
                        id: "C1",
                    },
                ),
                response_url: Some(
                    ResponseUrl(…),
                ),
                container: Container {
                    is_ephemeral: true,
                    message_ts: Some(
                        "1.2",
                    ),
                    channel_id: Some(
                        "C1",
                    ),
                },
                actions: [
                    Pressed {
                        action_id: "read-0",
                        value: Some(
                            "catalog payments",
                        ),
                    },
                ],
                trigger_id: "1.2.3",
            }
            "#);
    }

    #[test]
    fn other_types_are_known_by_name_only() {
        let parsed = parse(&json!({ "type": "message_action", "message": {} })).unwrap();
        insta::assert_debug_snapshot!(parsed, @r#"
            Unknown(
                "message_action",
            )
            "#);
    }

    #[test]
    fn a_payload_that_makes_no_sense_is_refused() {
        let mut without_user = press();
        without_user.as_object_mut().unwrap().remove("user");
        let errors = [
            parse(&without_user),
            parse(&json!({ "type": "view_submission", "user": { "id": "U1" } })),
            parse(&json!([])),
            parse(&json!({ "type": 7 })),
            Interaction::parse(b"payload=%7B"),
            Interaction::parse(b"other=1"),
        ];
        let said: Vec<String> = errors.into_iter().map(|it| it.unwrap_err().to_string()).collect();
        insta::assert_snapshot!(said.join("\n"), @"
            not a request as Slack sends it: a press without its fields
            not a request as Slack sends it: a view without its fields
            not a request as Slack sends it: the payload has no type
            not a request as Slack sends it: the payload has no type
            not a request as Slack sends it: the payload is not JSON
            not a request as Slack sends it: no payload
            ");
    }
}
