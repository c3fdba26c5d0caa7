use std::collections::BTreeSet;
use std::time::Duration;

use cards::{Card, Text, Tone};
use chrono::{TimeDelta, Utc};
use domain::incidents::errand::{Errand, State};
use integrations::pagerduty::{Actor, Help, Incident, PagerDutyError, Status};
use serde_json::{Value, json};

use super::carry::{Ended, Later, Step, missed};
use super::settle::{self, whom, words};
use super::{Pager, told};
use crate::Failure;
use crate::act::Work;

/// For so long one looks for what was sent before it is sent again, where a second one would be seen.
pub(super) const LOOKED_FOR: TimeDelta = TimeDelta::seconds(6);

/// Does something about an incident, as far as it still makes sense.
pub(super) async fn carry(parts: &Pager, errand: &Errand, work: Work) -> Result<Step, Failure> {
    let client = &parts.pagerduty;
    let Some((user_id, email)) = errand.member_id.clone().zip(errand.email.clone()) else {
        let card = Card::new("PagerDuty does not know you").tone(Tone::Warn).text("Nothing was done.").results(0);
        return Ok(Ended::new(State::Refused, card, json!({})).into());
    };
    let actor = Actor { user_id, email };
    // Nothing is done blindly: an acknowledge would begin anew what is over.
    let now = match client.incident(&errand.target).await {
        Ok(now) => now,
        Err(error) => return Ok(unread(&error, errand)),
    };
    if let Some(sent_at) = errand.sent_at {
        let others = match settle::is_repeatable(work) {
            true => 0,
            false => errand.done_since(&parts.db, settle::since(errand)).await?,
        };
        let others = usize::try_from(others).unwrap_or_default();
        match settle::done(client, (errand, others), (work, &now, &actor.user_id)).await {
            Ok(true) => return Ok(success(work, errand, now)),
            Ok(false) if settle::is_repeatable(work) || Utc::now() - sent_at > LOOKED_FOR => {}
            Ok(false) => return Ok(look_again()),
            Err(error) => return Ok(unread(&error, errand)),
        }
    }
    if let Some(ended) = sense(work, errand, &now) {
        return Ok(ended.seen(now).into());
    }
    if !errand.sending(&parts.db).await? {
        return Ok(Step::Lost);
    }
    match call(parts, errand, (work, &actor)).await {
        Ok(Some(seen)) if work == Work::Acknowledge => put_back(parts, errand, (&actor, &now), seen).await,
        Ok(Some(seen)) => Ok(success(work, errand, seen)),
        Ok(None) => Ok(success(work, errand, client.incident(&errand.target).await.unwrap_or(now))),
        // Somebody was faster by less than it took to look.
        Err(error) if error.is_already_resolved() || error.is_already_acknowledged() => {
            // Nothing was done, so that what is known from before the call tells nobody how it ended.
            match client.incident(&errand.target).await {
                Ok(seen) => Ok(match sense(work, errand, &seen) {
                    Some(ended) => ended.seen(seen).into(),
                    None => missed(&error, errand),
                }),
                Err(unclear) => Ok(unread(&unclear, errand)),
            }
        }
        Err(error) => Ok(missed(&error, errand)),
    }
}

/// Somebody may have resolved it between our look and our call, which then began it anew: it is put back.
async fn put_back(
    parts: &Pager,
    errand: &Errand,
    (actor, before): (&Actor, &Incident),
    seen: Incident,
) -> Result<Step, Failure> {
    let client = &parts.pagerduty;
    // What cannot be learned now is told by the next event.
    let Ok(log) = client.log(&errand.target).await else { return Ok(success(Work::Acknowledge, errand, seen)) };
    let Some(winner) = settle::resolved_between(&log, before) else {
        return Ok(success(Work::Acknowledge, errand, seen));
    };
    tracing::warn!(errand = %errand.id, "an acknowledge began anew what was just resolved; it is put back");
    match client.resolve(actor, &errand.target).await {
        Ok(seen) => {
            let card = told::now("It is over", Tone::Warn, &seen).text(format!(
                "{winner} resolved it in the same moment. Acknowledging began it anew, so it was resolved again at once."
            ));
            Ok(Ended::new(State::Refused, card, json!({ "put_back": true, "winner": winner })).seen(seen).into())
        }
        Err(error) => {
            let card = told::now("Acknowledged, and open again", Tone::Bad, &seen)
                .text(format!("{winner} resolved it in the same moment, and it began anew. Resolve it: {error}."));
            Ok(Ended::new(State::Done, card, json!({ "began_anew": true, "winner": winner })).seen(seen).into())
        }
    }
}

/// A reading that failed did nothing; what was sent before stays open.
pub(super) fn unread(error: &PagerDutyError, errand: &Errand) -> Step {
    match missed(error, errand) {
        Step::Later(it) => Step::Later(Later { unsent: true, ..it }),
        step => step,
    }
}

/// What was sent may show a moment later.
pub(super) fn look_again() -> Step {
    let why = "PagerDuty has not shown yet whether it was done".into();
    Step::Later(Later { wait: Duration::from_secs(1), unsent: false, why })
}

async fn call(
    parts: &Pager,
    errand: &Errand,
    (work, actor): (Work, &Actor),
) -> Result<Option<Incident>, PagerDutyError> {
    let (client, id, input) = (&parts.pagerduty, errand.target.as_str(), &errand.input);
    let (users, policies) = whom(input);
    match work {
        Work::Acknowledge => client.acknowledge(actor, id).await.map(Some),
        Work::Resolve => client.resolve(actor, id).await.map(Some),
        Work::Escalate => client.escalate(actor, id, number(input, "level")).await.map(Some),
        Work::Reassign => match policies.first() {
            Some(policy) => client.move_to_policy(actor, id, policy).await.map(Some),
            None => client.reassign(actor, id, &users).await.map(Some),
        },
        Work::AddResponders => {
            let message = match words(input, "message") {
                "" => "Please help with this incident.",
                message => message,
            };
            let help = Help { users: &users, policies: &policies, message };
            client.add_responders(actor, id, &help).await.map(|()| None)
        }
        Work::Annotate => client.note(actor, id, words(input, "note")).await.map(|_| None),
        Work::Snooze => {
            let time = Duration::from_secs(u64::from(number(input, "minutes")) * 60);
            client.snooze(actor, id, time).await.map(Some)
        }
    }
}

fn number(input: &Value, name: &str) -> u32 {
    input.get(name).and_then(Value::as_u64).and_then(|it| it.try_into().ok()).unwrap_or_default()
}

/// How it ends without being sent: because it is so already, or makes no sense any more.
fn sense(work: Work, errand: &Errand, now: &Incident) -> Option<Ended> {
    let refused = |title: &str, why: Text| {
        let card = told::now(title, Tone::Warn, now).text(why.then(" Nothing was done."));
        Some(Ended::new(State::Refused, card, json!({ "found": now.status })))
    };
    let already = |title: &str| {
        let card = told::now(title, Tone::Good, now);
        let own = now.last_status_change_by.as_ref().is_some_and(|it| Some(&it.id) == errand.member_id.as_ref());
        let who = if own { "You did so yourself elsewhere: " } else { "Somebody was faster: " };
        let card = card.text(Text::plain(who).then(told::winner(now)).then("."));
        Some(Ended::new(State::Done, card, json!({ "already": true })))
    };
    let over = || refused("It is over", Text::plain("It was resolved by ").then(told::winner(now)).then("."));
    match (work, &now.status) {
        (Work::Annotate, _) => None,
        (Work::Resolve, Status::Resolved) => already("It was resolved already"),
        (Work::Resolve, _) => None,
        (_, Status::Resolved) => over(),
        (Work::Acknowledge, Status::Acknowledged) => already("It was acknowledged already"),
        (Work::Acknowledge | Work::AddResponders, _) => None,
        (Work::Snooze, Status::Acknowledged) => None,
        (Work::Snooze, _) => refused("It cannot wait", Text::plain("Nobody works on it now; acknowledge it first.")),
        (Work::Reassign, _) if settle::is_asked(now, &errand.input) => already("They are asked already"),
        (Work::Escalate | Work::Reassign, _) if moved(errand, now) => {
            refused("Somebody else is asked by now", Text::plain("Others are asked than when you were shown it."))
        }
        (Work::Escalate | Work::Reassign, _) => None,
    }
}

/// Whether others are asked than whoever asked was shown.
fn moved(errand: &Errand, now: &Incident) -> bool {
    let before = errand.input["before"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let before: BTreeSet<&str> = before.collect();
    told::asked(now) != before
}

fn success(work: Work, errand: &Errand, seen: Incident) -> Step {
    let card = told::now(told::done(work), Tone::Good, &seen);
    let card = match work {
        Work::Annotate => card.fact("Note", words(&errand.input, "note")),
        Work::Snooze => match seen.pending_actions.iter().find(|it| it.type_ == "unacknowledge") {
            Some(it) => card.fact("Until", it.at.map_or(Text::default(), Text::moment)),
            None => card,
        },
        Work::Acknowledge | Work::Resolve | Work::Escalate | Work::Reassign | Work::AddResponders => card,
    };
    Ended::new(State::Done, card, json!({ "status": seen.status })).seen(seen).into()
}
