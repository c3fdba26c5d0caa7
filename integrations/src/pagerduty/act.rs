use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::client::{Call, json, words};
use super::lenient;
use super::read::one;
use super::window::time;
use super::{Actor, Client, Help, Incident, Note, Override, PagerDutyError, Subscription, Window};

/// An incident may wait a week at the most. <https://developer.pagerduty.com/api-reference/>
pub const LONGEST_SNOOZE: Duration = Duration::from_secs(7 * 24 * 3600);

impl Client {
    /// Takes an incident for somebody. One that is over would begin anew: whoever calls this has looked at it before.
    pub async fn acknowledge(&self, as_: &Actor, incident: &str) -> Result<Incident, PagerDutyError> {
        self.change(as_, incident, json!({ "status": "acknowledged" })).await
    }

    /// Says that an incident is over.
    pub async fn resolve(&self, as_: &Actor, incident: &str) -> Result<Incident, PagerDutyError> {
        self.change(as_, incident, json!({ "status": "resolved" })).await
    }

    /// Asks the people of another level of the incident's policy; the first level is 1.
    pub async fn escalate(&self, as_: &Actor, incident: &str, level: u32) -> Result<Incident, PagerDutyError> {
        self.change(as_, incident, json!({ "escalation_level": level })).await
    }

    /// Asks the people of another policy.
    pub async fn move_to_policy(&self, as_: &Actor, incident: &str, policy: &str) -> Result<Incident, PagerDutyError> {
        let policy = json!({ "id": policy, "type": "escalation_policy_reference" });
        self.change(as_, incident, json!({ "escalation_policy": policy })).await
    }

    /// Asks these users, and nobody else.
    pub async fn reassign(&self, as_: &Actor, incident: &str, users: &[String]) -> Result<Incident, PagerDutyError> {
        let assignments = users.iter().map(|it| json!({ "assignee": { "id": it, "type": "user_reference" } }));
        self.change(as_, incident, json!({ "assignments": assignments.collect::<Vec<_>>() })).await
    }

    /// Gives an incident a priority.
    pub async fn prioritize(&self, as_: &Actor, incident: &str, priority: &str) -> Result<Incident, PagerDutyError> {
        let priority = json!({ "id": priority, "type": "priority_reference" });
        self.change(as_, incident, json!({ "priority": priority })).await
    }

    /// Lets an incident wait; then it is triggered again. It must be acknowledged, and takes one second to a week.
    pub async fn snooze(&self, as_: &Actor, incident: &str, time: Duration) -> Result<Incident, PagerDutyError> {
        let path = ["incidents", incident, "snooze"];
        let call = Call { from: Some(&as_.email), ..Call::act(Method::POST, &path) };
        self.told(Call { body: Some(json!({ "duration": time.as_secs() })), ..call }, "incident").await
    }

    /// Writes a note to an incident.
    pub async fn note(&self, as_: &Actor, incident: &str, content: &str) -> Result<Note, PagerDutyError> {
        let path = ["incidents", incident, "notes"];
        let call = Call { from: Some(&as_.email), ..Call::act(Method::POST, &path) };
        self.told(Call { body: Some(json!({ "note": { "content": content } })), ..call }, "note").await
    }

    /// Asks others to help.
    pub async fn add_responders(&self, as_: &Actor, incident: &str, help: &Help<'_>) -> Result<(), PagerDutyError> {
        let target = |id: &String, type_: &str| json!({ "responder_request_target": { "id": id, "type": type_ } });
        let users = help.users.iter().map(|it| target(it, "user_reference"));
        let policies = help.policies.iter().map(|it| target(it, "escalation_policy_reference"));
        let body = json!({
            "requester_id": as_.user_id,
            "message": help.message,
            "responder_request_targets": users.chain(policies).collect::<Vec<_>>(),
        });
        let path = ["incidents", incident, "responder_requests"];
        let call = Call { from: Some(&as_.email), body: Some(body), ..Call::act(Method::POST, &path) };
        self.act(&call).await.map(|_| ())
    }

    /// Lets somebody take the place of whoever a schedule names.
    pub async fn create_override(
        &self,
        schedule: &str,
        user: &str,
        window: Window,
    ) -> Result<Override, PagerDutyError> {
        let user = json!({ "id": user, "type": "user_reference" });
        let wanted = json!({ "start": time(window.since), "end": time(window.until), "user": user });
        let path = ["schedules", schedule, "overrides"];
        let call = Call { body: Some(json!({ "overrides": [wanted] })), ..Call::act(Method::POST, &path) };
        let answer = self.act(&call).await?;
        // Each has its own verdict, whatever the status of the whole.
        let told = json(&answer).and_then(|mut it| it.get_mut(0).map(Value::take)).unwrap_or_default();
        match told.get("status").and_then(Value::as_u64) {
            None | Some(200..=299) => one(told, "override").map_err(done),
            Some(http) => Err(PagerDutyError::Refused {
                http: http.try_into().unwrap_or(StatusCode::BAD_REQUEST.as_u16()),
                code: None,
                message: words(&told),
            }),
        }
    }

    /// Takes an override back; one that has begun ends now.
    pub async fn delete_override(&self, schedule: &str, id: &str) -> Result<(), PagerDutyError> {
        let path = ["schedules", schedule, "overrides", id];
        self.act(&Call::act(Method::DELETE, &path)).await.map(|_| ())
    }

    /// Lets PagerDuty send an event that says only that it arrived.
    pub async fn ping(&self, subscription: &str) -> Result<(), PagerDutyError> {
        let path = ["webhook_subscriptions", subscription, "ping"];
        self.act(&Call::act(Method::POST, &path)).await.map(|_| ())
    }

    /// Lets PagerDuty send events again after it stopped because it was refused too often.
    pub async fn enable(&self, subscription: &str) -> Result<Subscription, PagerDutyError> {
        let path = ["webhook_subscriptions", subscription, "enable"];
        self.told(Call::act(Method::POST, &path), "webhook_subscription").await
    }

    async fn change(&self, as_: &Actor, incident: &str, mut to: Value) -> Result<Incident, PagerDutyError> {
        to["type"] = "incident_reference".into();
        let path = ["incidents", incident];
        let call = Call { from: Some(&as_.email), pause: "pagerduty:change", ..Call::act(Method::PUT, &path) };
        self.told(Call { body: Some(json!({ "incident": to })), ..call }, "incident").await
    }

    /// Does something whose outcome is told.
    async fn told<T: DeserializeOwned>(&self, call: Call<'_>, name: &str) -> Result<T, PagerDutyError> {
        let answer = self.act(&call).await?;
        one(json(&answer).unwrap_or_default(), name).map_err(done)
    }
}

/// It was done, whatever the answer says of it.
fn done(error: lenient::Malformed) -> PagerDutyError {
    PagerDutyError::Unclear(error.0.into())
}
