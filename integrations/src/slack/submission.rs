use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::interaction::{Named, Presser};

/// The answers of a form, or that a view was closed.
/// <https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload/>
#[derive(Clone, Debug, Deserialize)]
pub struct Submission {
    /// Who.
    pub user: Presser,
    /// The workspace; null where the app is installed for a whole organisation.
    pub team: Option<Named>,
    /// The view as it was.
    pub view: Submitted,
    /// Tells this request from every other; a repeated delivery has the same. One that closes a view has none.
    #[serde(default)]
    pub trigger_id: String,
}

/// A view as it was when it was sent or closed.
#[derive(Clone, Debug, Deserialize)]
pub struct Submitted {
    /// Its id.
    pub id: String,
    /// Its state; another one after every change.
    #[serde(default)]
    pub hash: String,
    /// What kind of view of ours it is.
    #[serde(default)]
    pub callback_id: String,
    /// What we gave it to carry.
    #[serde(default)]
    pub private_metadata: String,
    /// What was entered.
    #[serde(default)]
    state: State,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct State {
    #[serde(default)]
    values: BTreeMap<String, BTreeMap<String, Value>>,
}

impl Submission {
    /// Id of the workspace, wherever it is told.
    pub fn team_id(&self) -> Option<&str> {
        self.team.as_ref().map(|it| it.id.as_str()).or(self.user.team_id.as_deref())
    }

    /// What was entered, by the name of each field; a field that was left empty is missing.
    pub fn answers(&self) -> BTreeMap<String, String> {
        let fields = self.view.state.values.iter();
        fields.filter_map(|(name, inputs)| Some((name.clone(), inputs.values().find_map(answer)?))).collect()
    }
}

/// What an input holds. <https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload/>
fn answer(input: &Value) -> Option<String> {
    let text = input.get("value").or(input.pointer("/selected_option/value")).and_then(Value::as_str);
    let moment = || input.get("selected_date_time").and_then(Value::as_i64).map(|it| it.to_string());
    text.map(String::from).or_else(moment).filter(|it| !it.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn answers_are_found_whatever_the_input() {
        let submission: Submission = serde_json::from_value(json!({
            "user": { "id": "U1" }, "team": null, "trigger_id": "1.2.3",
            "view": { "id": "V1", "hash": "h", "callback_id": "form", "private_metadata": "1:2", "state": { "values": {
                "account": { "account": { "type": "plain_text_input", "value": " U0ADA " } },
                "platform": { "platform": { "type": "static_select", "selected_option": {
                    "text": { "type": "plain_text", "text": "Slack" }, "value": "slack" } } },
                "until": { "until": { "type": "datetimepicker", "selected_date_time": 1772366400 } },
                "reason": { "reason": { "type": "plain_text_input", "value": null } },
                "take": { "take": { "type": "static_select", "selected_option": null } },
            } } },
        }))
        .unwrap();
        let answers: Vec<(String, String)> = submission.answers().into_iter().collect();
        let said = |name: &str, it: &str| (name.to_string(), it.to_string());
        assert_eq!(answers, [said("account", " U0ADA "), said("platform", "slack"), said("until", "1772366400")]);
    }
}
