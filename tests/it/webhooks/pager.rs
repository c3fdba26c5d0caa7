use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use sqlx::PgPool;

use super::sender::{Answer, Event, Hook, SECRETS, program};
use crate::common::{Program, address};

/// The program with a webhook of PagerDuty.
pub(super) fn paged(db: &PgPool) -> Program {
    program(address(db)).with("PAGERDUTY_WEBHOOK_SECRET", SECRETS.join(","))
}

/// PagerDuty's signature with this secret.
pub(super) fn sign(secret: &str, body: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length");
    format!("v1={}", hex::encode(mac.chain_update(body).finalize().into_bytes()))
}

/// A signed request as PagerDuty sends it, with this body.
pub(super) fn request(body: &[u8]) -> Event {
    let pairs = [
        ("content-type", "application/json"),
        ("user-agent", "PagerDuty-Webhook/V3.0"),
        ("x-webhook-id", "3f2b8c10-7d44-4c35-9a57-0a9c8e1f6d21"),
        ("x-webhook-subscription", "PSUB001"),
        ("x-pagerduty-signature", &sign(SECRETS[1], body)),
    ];
    Event { headers: pairs.map(|(name, value)| (name.into(), value.into())).into(), body: body.into() }
}

/// An event of this id, type and data.
pub(super) fn event(id: &str, event_type: &str, data: &Value) -> Event {
    let resource_type = event_type.split('.').next();
    let event = json!({ "event": {
        "id": id, "event_type": event_type, "resource_type": resource_type, "occurred_at": "2026-11-22T19:04:05.123Z",
        "agent": null, "client": { "name": "PagerDuty" }, "data": data,
    } });
    request(event.to_string().as_bytes())
}

/// A type that this program knows nothing of, about this incident.
pub(super) fn unknown(id: &str, incident: &str) -> Event {
    event(id, "incident.invented_tomorrow", &json!({ "incident": { "id": incident, "type": "incident_reference" } }))
}

impl Hook {
    /// Sends an event of PagerDuty.
    pub(super) async fn page(&self, event: &Event) -> Answer {
        self.send_to(self.console.public.join("webhooks/pagerduty").expect("an address"), event).await
    }
}
