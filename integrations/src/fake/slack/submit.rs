//! People who fill in views and close them.

use chrono::Utc;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::draw::{items, word};
use super::modals::{Modal, checked, hash};
use super::state::State;
use super::{Exchange, SignedRequest, Slack, TEAM};

const FORM: &str = "application/x-www-form-urlencoded";

/// What people read where the app did not answer well.
const TROUBLE: &str = "We had some trouble connecting. Try again?";

impl Slack {
    /// A user sends the answers of a view, by the names of its inputs; none where they see no such view, or where an
    /// answer is missing or none of those there are.
    pub async fn submit(&self, user: &str, view: &str, answers: &[(&str, &str)]) -> Option<Exchange> {
        let request = self.submitted(user, view, answers)?;
        Some(self.deliver(&request).await)
    }

    /// The request of that, not sent yet.
    /// <https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload/>
    pub fn submitted(&self, user: &str, view: &str, answers: &[(&str, &str)]) -> Option<SignedRequest> {
        let modal = self.seen(user, view).filter(|it| it.view.get("submit").is_some())?;
        let values: Option<Map<String, Value>> = items(&modal.view, "blocks")
            .iter()
            .filter(|it| word(it, "type") == "input")
            .map(|it| filled(it, answers))
            .collect();
        let trigger = self.state().modals.trigger(user, Utc::now());
        let mut payload = payload("view_submission", user, &modal);
        payload["trigger_id"] = trigger.into();
        payload["response_urls"] = json!([]);
        payload["view"]["state"] = json!({ "values": values? });
        Some(self.of_view(&payload, view))
    }

    /// A user closes a view; none where they see no such view. The app is told where it asked for that.
    pub async fn close(&self, user: &str, view: &str) -> Option<Exchange> {
        let modal = self.seen(user, view)?;
        let mut payload = payload("view_closed", user, &modal);
        payload["is_cleared"] = false.into();
        let request = self.of_view(&payload, "");
        self.tell(|state| state.modals.shut(view));
        match modal.view["notify_on_close"] == true {
            true => Some(self.deliver(&request).await),
            false => None,
        }
    }

    fn seen(&self, user: &str, view: &str) -> Option<Modal> {
        self.modals().into_iter().find(|it| it.id == view && it.user == user)
    }

    fn of_view(&self, payload: &Value, view: &str) -> SignedRequest {
        let body =
            form_urlencoded::Serializer::new(String::new()).append_pair("payload", &payload.to_string()).finish();
        let exchange = self.tell(|state| state.transcript.number());
        let request = self.signed("/slack/interactions", FORM, body, exchange, "");
        SignedRequest { view: Some(view.into()).filter(|it: &String| !it.is_empty()), ..request }
    }
}

impl State {
    /// Takes the app's answer to a view's answers.
    /// <https://docs.slack.dev/surfaces/modals/#updating_response>
    pub(super) fn take_view(&mut self, view: &str, exchange: &Exchange) {
        let answer: Value = serde_json::from_str(&exchange.body).unwrap_or_default();
        match (exchange.status, word(&answer, "response_action")) {
            (Some(200), "") if exchange.body.trim().is_empty() => self.modals.shut(view),
            (Some(200), "clear") => self.modals.shut(view),
            (Some(200), "errors") => {
                let errors = answer["errors"].as_object().cloned().unwrap_or_default();
                self.modals.wrong(view, errors);
            }
            (Some(200), "update") => match checked(answer["view"].clone()) {
                Ok(shown) => self.modals.replace(view, (shown, hash())),
                Err(_) => self.modals.wrong(view, trouble()),
            },
            _ => self.modals.wrong(view, trouble()),
        }
    }
}

fn trouble() -> Map<String, Value> {
    [(String::new(), TROUBLE.into())].into_iter().collect()
}

fn payload(kind: &str, user: &str, modal: &Modal) -> Value {
    let mut view = modal.view.clone();
    view["id"] = modal.id.as_str().into();
    view["hash"] = modal.hash.as_str().into();
    view["root_view_id"] = modal.id.as_str().into();
    view["team_id"] = TEAM.into();
    view["state"] = json!({ "values": {} });
    json!({
        "type": kind, "api_app_id": "A0PIN", "token": "unused", "team": { "id": TEAM, "domain": "pin" },
        "user": { "id": user, "username": user.to_lowercase(), "team_id": TEAM }, "view": view,
        "enterprise": null, "is_enterprise_install": false,
    })
}

/// What an input holds; nothing where Slack would not let the user send that.
fn filled(block: &Value, answers: &[(&str, &str)]) -> Option<(String, Value)> {
    let (name, element) = (word(block, "block_id"), &block["element"]);
    let answer = answers.iter().find(|it| it.0 == name).map(|it| it.1).filter(|it| !it.is_empty());
    let held = match (word(element, "type"), answer) {
        (_, None) if block["optional"] != true => return None,
        ("static_select", None) => json!({ "selected_option": null }),
        ("static_select", Some(answer)) => {
            let option = items(element, "options").iter().find(|it| word(it, "value") == answer)?;
            json!({ "selected_option": option })
        }
        ("datetimepicker", answer) => json!({ "selected_date_time": answer.and_then(|it| it.parse::<i64>().ok()) }),
        (_, answer) => json!({ "value": answer }),
    };
    let mut input = held;
    input["type"] = element["type"].clone();
    Some((name.into(), json!({ word(element, "action_id"): input })))
}
