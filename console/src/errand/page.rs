use cards::{Card, Text, Tone};
use domain::incidents::Bound;
use domain::incidents::errand::{Errand, State};
use integrations::pagerduty::{Alert, Payload, Severity};
use serde_json::json;

use super::Pager;
use super::carry::{Ended, Step, missed};
use super::settle::words;
use crate::Failure;

/// Calls whoever is on call. The key of deduplication is the request's, so that it is one page however often it is sent.
pub(super) async fn carry(parts: &Pager, errand: &Errand) -> Result<Step, Failure> {
    let Some(key) = Bound::key(&parts.db, &errand.target).await? else {
        let card = Card::new("It cannot be paged any more").tone(Tone::Warn);
        let card = card.text("Its catalog file names no integration key now. Nobody was called.").results(0);
        return Ok(Ended::new(State::Refused, card, json!({})).into());
    };
    let input = &errand.input;
    let (who, message) = (words(input, "who"), words(input, "message"));
    let payload = Payload {
        summary: format!("{who} pages: {message}"),
        source: errand.target.clone(),
        severity: Severity::Critical,
        timestamp: Some(errand.made_at),
        custom_details: json!({
            "message": message, "paged_by": who, "paged_by_login": words(input, "login"), "through": "PinConsole",
            "request": errand.request_id.to_string(),
        }),
    };
    if !errand.sending(&parts.db).await? {
        return Ok(Step::Lost);
    }
    let dedup = format!("pinconsole/{}", errand.request_id);
    match parts.pagerduty.enqueue(&key, &dedup, &Alert::Trigger(&payload)).await {
        Ok(()) => {
            let card = Card::new("Paged").tone(Tone::Good).fact("For", words(input, "title")).fact("Message", message);
            let card =
                card.text(Text::plain("PagerDuty calls whoever is on call. Who answers is told in its incident."));
            Ok(Ended::new(State::Done, card.results(1), json!({ "dedup_key": dedup })).into())
        }
        Err(error) => Ok(missed(&error, errand)),
    }
}
