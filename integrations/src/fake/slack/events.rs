//! What the workspace tells the app unasked.

use chrono::Utc;
use serde_json::json;
use uuid::Uuid;

use super::{Exchange, SignedRequest, Slack, SlackMember, TEAM};

const JSON: &str = "application/json";

impl Slack {
    /// The request with which Slack asks whether an address is the app's, not sent yet.
    /// <https://docs.slack.dev/reference/events/url_verification/>
    pub fn challenge(&self, challenge: &str) -> SignedRequest {
        let body = json!({ "type": "url_verification", "token": "unused", "challenge": challenge }).to_string();
        self.signed("/slack/events", JSON, body, 0, "")
    }

    /// Changes a member and tells the app.
    pub async fn change(&self, member: SlackMember) -> Exchange {
        self.member(member.clone());
        self.deliver(&self.changed(&member)).await
    }

    /// The request that tells of a changed member, not sent yet.
    /// <https://docs.slack.dev/reference/events/user_change/>
    pub fn changed(&self, member: &SlackMember) -> SignedRequest {
        let now = Utc::now().timestamp();
        let with_email = self.state().scopes.iter().any(|it| it == "users:read.email");
        let body = json!({
            "type": "event_callback", "token": "unused", "team_id": TEAM, "api_app_id": "A0PIN",
            "event_id": format!("Ev{}", Uuid::new_v4().simple()), "event_time": now,
            "event": {
                "type": "user_change", "user": member.json(with_email), "cache_ts": now,
                "event_ts": format!("{now}.000100"),
            },
        });
        self.signed("/slack/events", JSON, body.to_string(), 0, "")
    }
}
