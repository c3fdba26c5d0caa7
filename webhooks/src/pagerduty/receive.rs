use std::time::Duration;

use axum::http::HeaderMap;
use chrono::{DateTime, Utc};
use console::intake::{Limits, single};
use domain::delivery::{self, State};
use sha2::{Digest, Sha256};

use super::OURS;
use crate::event::{Event, Unclear, plain, word};
use crate::scan::Fields;
use crate::signature::Claims;
use crate::source::Source;

/// PagerDuty promises up to 55 KB, and drops what has more than 256 KB; its own library for receivers reads 2 MiB.
/// <https://github.com/PagerDuty/go-pagerduty/blob/main/webhookv3/webhookv3.go>
const MAX_BYTES: usize = 2 * 1024 * 1024;

/// How long such a body may take.
const TIME: Duration = Duration::from_secs(10);

/// Several while a secret is changed. <https://developer.pagerduty.com/docs/verifying-webhook-signatures>
const SIGNATURE: &str = "x-pagerduty-signature";

/// More signatures than this are not looked at.
const MAX_SIGNATURES: usize = 16;

/// PagerDuty's own name of a delivery, which is the same in each try.
const DELIVERY: &str = "x-webhook-id";

/// What PagerDuty sends when it is asked whether it reaches us.
const PING: &str = "pagey.ping";

/// PagerDuty.
pub(crate) struct PagerDuty;

impl Source for PagerDuty {
    const NAME: delivery::Source = delivery::Source::Pagerduty;
    const LIMITS: Limits = Limits { bytes: MAX_BYTES, time: TIME, types: &["application/json"] };
    const KEPT: &'static [&'static str] = &[DELIVERY, "x-webhook-subscription"];
    const FIELDS: &'static [&'static [&'static str]] = &[
        &["event", "id"],
        &["event", "event_type"],
        &["event", "occurred_at"],
        &["event", "data", "id"],
        &["event", "data", "incident", "id"],
        &["event", "data", "service", "id"],
    ];

    /// Signatures of other schemes are passed over.
    fn claims(headers: &HeaderMap) -> Option<Claims> {
        let signatures = single(headers, SIGNATURE)?.split(',').map(str::trim).take(MAX_SIGNATURES);
        Claims::any(signatures.filter_map(|it| it.strip_prefix("v1=")))
    }

    /// Never refuses: PagerDuty drops an event that is refused, and after three of them stops sending.
    fn event(headers: &HeaderMap, fields: &Fields, body: &[u8]) -> Result<Event, Unclear> {
        let named = |nth| fields.text(nth).filter(|it: &String| plain(it));
        let event = named(1).unwrap_or_else(|| "unknown".into());
        // A ping asks only whether we are here; that it came is what counts.
        let state = if event == PING { State::Ignored } else { State::Pending };
        Ok(Event {
            external_id: named(0).filter(|it| !it.starts_with(OURS)).unwrap_or_else(|| nameless(headers, body)),
            subject: subject(&event, fields),
            action: None,
            source_at: fields
                .text(2)
                .and_then(|it| DateTime::parse_from_rfc3339(&it).ok())
                .map(|it| it.with_timezone(&Utc)),
            event,
            state,
        })
    }
}

/// The incident that an event is about, or the service; what is about neither needs no order.
fn subject(event: &str, fields: &Fields) -> Option<String> {
    let (own, incident, service) = (fields.text(3), fields.text(4), fields.text(5));
    match event.split('.').next() {
        // Some have a part of an incident for their data, with the incident in it.
        Some("incident") => incident.or(own),
        // A service's fields have the service in them, and no id of their own.
        Some("service") => own.or(service),
        _ => None,
    }
}

/// An id for what has none: PagerDuty's name of the delivery, else what the same bytes have again.
fn nameless(headers: &HeaderMap, body: &[u8]) -> String {
    let delivery = word(headers, DELIVERY).ok().filter(|it| !it.starts_with(OURS));
    delivery.unwrap_or_else(|| format!("sha256:{}", hex::encode(Sha256::digest(body))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::scan;

    fn event(body: &str) -> Event {
        let scanned = scan(body.as_bytes(), PagerDuty::FIELDS).expect("well-formed");
        PagerDuty::event(&HeaderMap::new(), &scanned.fields, body.as_bytes()).expect("never refused")
    }

    fn typed(event_type: &str, data: &str) -> Event {
        event(&format!(
            r#"{{"event":{{"id":"01ABC","event_type":"{event_type}","occurred_at":"2026-11-22T19:04:05.123Z","data":{data}}}}}"#
        ))
    }

    fn claimed(signature: &str) -> Option<Claims> {
        let mut headers = HeaderMap::new();
        headers.insert(SIGNATURE, signature.parse().expect("a value"));
        PagerDuty::claims(&headers)
    }

    #[test]
    fn the_subject_is_the_incident_or_the_service() {
        let triggered = typed("incident.triggered", r#"{"id":"Q1","type":"incident","service":{"id":"P1"}}"#);
        assert_eq!((triggered.external_id.as_str(), triggered.subject.as_deref()), ("01ABC", Some("Q1")));
        assert_eq!(triggered.source_at.map(|it| it.timestamp_millis()), Some(1_795_374_245_123));
        let note = typed("incident.annotated", r#"{"id":"PNOTE","incident":{"id":"Q1"},"content":"x"}"#);
        assert_eq!(note.subject.as_deref(), Some("Q1"));
        assert_eq!(typed("incident.responder.added", r#"{"incident":{"id":"Q1"}}"#).subject.as_deref(), Some("Q1"));
        assert_eq!(typed("service.updated", r#"{"id":"P1"}"#).subject.as_deref(), Some("P1"));
        assert_eq!(
            typed("service.custom_field_values.updated", r#"{"service":{"id":"P1"}}"#).subject.as_deref(),
            Some("P1")
        );
        assert_eq!(typed("incident.role.assigned", r#"{"incident":null}"#).subject, None);
        assert_eq!(typed("something.new", r#"{"id":"X"}"#).subject, None);
        let ping = typed(PING, r#"{"message":"hello"}"#);
        assert_eq!((ping.state, ping.subject), (State::Ignored, None));
    }

    #[test]
    fn what_has_no_id_has_the_same_one_when_it_comes_again() {
        for odd in ["{}", r#"{"event":null}"#, r#"{"event":{"id":"a b"}}"#, r#"{"event":{"id":"poll:incident:Q1:2"}}"#]
        {
            let (one, again) = (event(odd), event(odd));
            assert!(one.external_id.starts_with("sha256:") && one.event == "unknown", "{one:?}");
            assert_eq!((one.state, &one), (State::Pending, &again));
        }
        let headers: HeaderMap =
            [(DELIVERY.parse().expect("a name"), "0A1B".parse().expect("a value"))].into_iter().collect();
        assert_eq!(nameless(&headers, b"{}"), "0a1b");
    }

    #[test]
    fn signatures_of_other_schemes_are_passed_over_and_sixteen_are_looked_at() {
        let one = "a".repeat(64);
        for good in [format!("v1={one}"), format!("v0=x, v1={one}"), format!(" v1=short ,v1={one},")] {
            assert!(claimed(&good).is_some(), "{good}");
        }
        for bad in ["", "v1=", "v2=", one.as_str(), &format!("V1={one}"), &format!("v1 ={one}")] {
            assert_eq!(claimed(bad), None, "{bad}");
        }
        let after = |count: usize| claimed(&format!("{}v1={one}", "v0=x,".repeat(count)));
        assert!(after(15).is_some() && after(16).is_none());
    }
}
