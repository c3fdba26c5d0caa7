//! Whether something was done that PagerDuty did not answer to.

use std::collections::BTreeSet;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use domain::incidents::errand::Errand;
use integrations::pagerduty::{Client, Incident, LogEntry, LogKind, PagerDutyError, Reference, Status};
use serde_json::Value;

use super::told::asked;
use crate::act::Work;

/// By so much PagerDuty's clock may be behind ours.
const SKEW: TimeDelta = TimeDelta::seconds(30);

/// Whether what an errand sent before shows in PagerDuty as done by this user; `others` like it were done since it might have been.
pub(super) async fn done(
    client: &Client,
    (errand, others): (&Errand, usize),
    (work, now, me): (Work, &Incident, &str),
) -> Result<bool, PagerDutyError> {
    let since = since(errand);
    let by_me = |it: Option<&Reference>| it.is_some_and(|it| it.id == me);
    match work {
        Work::Acknowledge => Ok(now.acknowledgements.iter().any(|it| it.acknowledger.id == me)),
        Work::Resolve => Ok(now.status == Status::Resolved && by_me(now.last_status_change_by.as_ref())),
        Work::Reassign => Ok(is_asked(now, &errand.input)),
        Work::AddResponders => {
            let asked = now.incidents_responders.iter().filter(|it| by_me(it.requester.as_ref()));
            Ok(asked.filter(|it| it.requested_at.is_none_or(|it| it >= since)).count() > others)
        }
        Work::Annotate => {
            let (notes, text) = (client.notes(&errand.target).await?, words(&errand.input, "note"));
            let mine = notes.iter().filter(|it| by_me(it.user.as_ref()) && it.content.trim() == text.trim());
            Ok(mine.filter(|it| it.created_at.is_none_or(|it| it >= since)).count() > others)
        }
        Work::Escalate | Work::Snooze => {
            let kind = if work == Work::Snooze { LogKind::Snooze } else { LogKind::Escalate };
            let log = client.log(&errand.target).await?;
            let mine = log.iter().filter(|it| it.kind == kind && by_me(it.agent.as_ref()));
            Ok(mine.filter(|it| it.created_at.is_some_and(|it| it >= since)).count() > others)
        }
    }
}

/// The earliest moment, by PagerDuty's clock, at which it may have been done; of whole seconds, as moments of its log are.
pub(super) fn since(errand: &Errand) -> DateTime<Utc> {
    (errand.made_at - SKEW).trunc_subsecs(0)
}

/// Who resolved an incident after it was looked at, while it was open. Moments of the log are of whole seconds, so what was
/// resolved in the second of an earlier change is not taken for that: to resolve what is open is worse.
pub(super) fn resolved_between(log: &[LogEntry], before: &Incident) -> Option<String> {
    let since = before.last_status_change_at.or(before.created_at)?;
    let resolved = log.iter().find(|it| it.kind == LogKind::Resolve && it.created_at.is_some_and(|it| it > since))?;
    let who = resolved.agent.as_ref().and_then(|it| it.summary.clone());
    Some(who.unwrap_or_else(|| "Somebody".into()))
}

/// Whether just those are asked whom a reassignment wants.
pub(super) fn is_asked(now: &Incident, input: &Value) -> bool {
    let (members, policies) = whom(input);
    match policies.first() {
        Some(policy) => now.escalation_policy.as_ref().is_some_and(|it| it.id == *policy),
        None => asked(now) == members.iter().map(String::as_str).collect::<BTreeSet<_>>(),
    }
}

/// The members and the policies that are to be asked, by id.
pub(super) fn whom(input: &Value) -> (Vec<String>, Vec<String>) {
    let all = || input["whom"].as_array().into_iter().flatten();
    let ids = |kind: &str| all().filter(|it| words(it, "kind") == kind).map(|it| words(it, "id").to_string()).collect();
    (ids("member"), ids("policy"))
}

/// Whether it does no harm to send it twice: then it need not be looked for long.
pub(super) fn is_repeatable(work: Work) -> bool {
    match work {
        Work::Acknowledge | Work::Resolve | Work::Reassign => true,
        Work::Escalate | Work::AddResponders | Work::Annotate | Work::Snooze => false,
    }
}

/// A text of what was ordered.
pub(super) fn words<'a>(input: &'a Value, name: &str) -> &'a str {
    input.get(name).and_then(Value::as_str).unwrap_or_default()
}
