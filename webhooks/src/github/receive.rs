//! GitHub. <https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers>

use std::time::Duration;

use axum::http::HeaderMap;
use console::intake::{Limits, single};
use domain::delivery::{self, State};

use crate::event::{Event, Unclear, word};
use crate::scan::Fields;
use crate::signature::Claims;
use crate::source::Source;

/// "Payloads are capped at 25 MB." <https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap>
const MAX_BYTES: usize = 25 * 1024 * 1024;

/// A body of that size may come over a slow line. GitHub itself gives up after ten seconds, GitHub Enterprise after thirty.
const TIME: Duration = Duration::from_secs(30);

/// <https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries>
const SIGNATURE: &str = "x-hub-signature-256";

/// GitHub.
pub(crate) struct GitHub;

impl Source for GitHub {
    const NAME: delivery::Source = delivery::Source::Github;
    const LIMITS: Limits =
        Limits { bytes: MAX_BYTES, time: TIME, types: &["application/json", "application/x-www-form-urlencoded"] };
    const KEPT: &'static [&'static str] =
        &["x-github-hook-id", "x-github-hook-installation-target-id", "x-github-hook-installation-target-type"];
    const FIELDS: &'static [&'static [&'static str]] =
        &[&["action"], &["repository", "full_name"], &["number"], &["pull_request", "number"], &["issue", "number"]];

    fn claims(headers: &HeaderMap) -> Option<Claims> {
        Claims::of([single(headers, SIGNATURE)?.strip_prefix("sha256=")?])
    }

    fn event(headers: &HeaderMap, fields: &Fields, _: &[u8]) -> Result<Event, Unclear> {
        let (external_id, event) = (word(headers, "x-github-delivery")?, word(headers, "x-github-event")?);
        let number = [2, 3, 4].into_iter().find_map(|it| fields.text(it));
        let subject = fields.text(1).map(|repository| match number {
            Some(number) => format!("{}#{number}", repository.to_lowercase()),
            None => repository.to_lowercase(),
        });
        // A ping only asks whether we are here.
        let state = if event == "ping" { State::Ignored } else { State::Pending };
        Ok(Event { external_id, event, action: fields.text(0), subject, source_at: None, state })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::scan;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value"))).collect()
    }

    fn event(body: &str, event: &str) -> Event {
        let scanned = scan(body.as_bytes(), GitHub::FIELDS).expect("well-formed");
        let headers = headers(&[("x-github-delivery", " 72D3162E-CC78 "), ("x-github-event", event)]);
        GitHub::event(&headers, &scanned.fields, body.as_bytes()).expect("an event")
    }

    #[test]
    fn the_subject_is_the_pull_request_else_the_repository() {
        let body = r#"{"action":"opened","number":7,"repository":{"id":1,"full_name":"Mosaic/Payments"}}"#;
        let opened = event(body, "pull_request");
        assert_eq!((opened.external_id.as_str(), opened.action.as_deref()), ("72d3162e-cc78", Some("opened")));
        assert_eq!((opened.subject.as_deref(), opened.state), (Some("mosaic/payments#7"), State::Pending));
        let review = r#"{"pull_request":{"number":8},"repository":{"full_name":"a/b"}}"#;
        assert_eq!(event(review, "pull_request_review").subject.as_deref(), Some("a/b#8"));
        let push = r#"{"repository":{"full_name":"a/b"},"commits":[{"number":1}]}"#;
        assert_eq!(event(push, "push").subject.as_deref(), Some("a/b"));
        assert_eq!(event(r#"{"repository":null,"action":{}}"#, "brand_new").subject, None);
        assert_eq!(event("{}", "ping").state, State::Ignored);
    }

    #[test]
    fn ids_and_events_are_words_that_are_there_once() {
        let scanned = scan(b"{}", GitHub::FIELDS).expect("well-formed");
        let long = "a".repeat(101);
        for wrong in ["", " ", "a b", "ä", "a\u{7f}", "../x", long.as_str()] {
            let Ok(value) = axum::http::HeaderValue::from_bytes(wrong.as_bytes()) else { continue };
            let mut headers = headers(&[("x-github-event", "push")]);
            headers.insert("x-github-delivery", value);
            assert!(GitHub::event(&headers, &scanned.fields, b"{}").is_err(), "{wrong}");
        }
        let mut twice = headers(&[("x-github-delivery", "a"), ("x-github-event", "push")]);
        twice.append("x-github-event", "push".parse().expect("a value"));
        assert!(GitHub::event(&twice, &scanned.fields, b"{}").is_err_and(|it| it.0.contains("x-github-event")));
    }
}
