//! <https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers>

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
    const FIELDS: &'static [&'static [&'static str]] = &[
        &["action"],
        &["repository", "full_name"],
        &["number"],
        &["pull_request", "number"],
        &["issue", "number"],
        &["sha"],
        &["check_run", "head_sha"],
        &["check_suite", "head_sha"],
        &["workflow_run", "head_sha"],
    ];

    fn claims(headers: &HeaderMap) -> Option<Claims> {
        Claims::of([single(headers, SIGNATURE)?.strip_prefix("sha256=")?])
    }

    fn event(headers: &HeaderMap, fields: &Fields, _: &[u8]) -> Result<Event, Unclear> {
        let (external_id, event) = (word(headers, "x-github-delivery")?, word(headers, "x-github-event")?);
        // The id is not signed: whoever has a signed event could send it under any.
        if external_id.starts_with(super::OURS) {
            return Err(Unclear(format!("x-github-delivery must not begin with {}", super::OURS)));
        }
        let subject = fields.text(1).map(|repository| subject(&repository.to_lowercase(), fields));
        // A ping only asks whether we are here.
        let state = if event == "ping" { State::Ignored } else { State::Pending };
        Ok(Event { external_id, event, action: fields.text(0), subject, source_at: None, state })
    }
}

/// What an event of a repository is about: a pull request, a commit (so that many checks of one repository need not wait for
/// each other), or the repository.
fn subject(repository: &str, fields: &Fields) -> String {
    let first = |of: &[usize]| of.iter().find_map(|it| fields.text(*it));
    match (first(&[2, 3, 4]), first(&[5, 6, 7, 8])) {
        (Some(number), _) => format!("{repository}#{number}"),
        (None, Some(commit)) => format!("{repository}@{commit}"),
        (None, None) => repository.into(),
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
    fn the_subject_is_the_pull_request_or_the_commit_else_the_repository() {
        let body = r#"{"action":"opened","number":7,"repository":{"id":1,"full_name":"Mosaic/Payments"}}"#;
        let opened = event(body, "pull_request");
        assert_eq!((opened.external_id.as_str(), opened.action.as_deref()), ("72d3162e-cc78", Some("opened")));
        assert_eq!((opened.subject.as_deref(), opened.state), (Some("mosaic/payments#7"), State::Pending));
        let review = r#"{"pull_request":{"number":8},"repository":{"full_name":"a/b"}}"#;
        assert_eq!(event(review, "pull_request_review").subject.as_deref(), Some("a/b#8"));
        for commit in [
            r#""check_run":{"head_sha":"c0ffee","id":1}"#,
            r#""sha":"c0ffee""#,
            r#""workflow_run":{"head_sha":"c0ffee"}"#,
        ] {
            let body = format!(r#"{{{commit},"repository":{{"full_name":"A/b"}}}}"#);
            assert_eq!(event(&body, "any").subject.as_deref(), Some("a/b@c0ffee"));
        }
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
        let ours = headers(&[("x-github-delivery", "POLL:pull_request:1:2"), ("x-github-event", "poll.pull_request")]);
        assert!(GitHub::event(&ours, &scanned.fields, b"{}").is_err(), "only we may say what we read");
        let mut twice = headers(&[("x-github-delivery", "a"), ("x-github-event", "push")]);
        twice.append("x-github-event", "push".parse().expect("a value"));
        assert!(GitHub::event(&twice, &scanned.fields, b"{}").is_err_and(|it| it.0.contains("x-github-event")));
    }
}
