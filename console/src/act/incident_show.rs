//! What somebody who acts on an incident is shown.

use cards::{Card, Text, Tone};
use chrono::Utc;
use domain::PgConnection;
use domain::incidents::{Assignee, Level, OnCall, Policy, Status};
use serde_json::Value;

use super::Work;
use super::incident::Case;
use crate::{Failure, UserError};

/// Who is asked at which level.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ladder {
    pub(super) policy: Option<Policy>,
    levels: Vec<Level>,
    now: Vec<OnCall>,
}

impl Ladder {
    pub(super) async fn of(db: &mut PgConnection, policy: Option<Policy>) -> sqlx::Result<Self> {
        let Some(policy) = policy else { return Ok(Self { policy: None, levels: Vec::new(), now: Vec::new() }) };
        let levels = policy.levels(&mut *db).await?;
        let now = OnCall::at(&mut *db, std::slice::from_ref(&policy.id), Utc::now()).await?;
        Ok(Self { policy: Some(policy), levels, now })
    }

    /// The level after the highest that is asked now.
    pub(super) fn next(&self, asked: &[Assignee]) -> i16 {
        let asks = |it: &&OnCall| asked.iter().any(|asked| asked.member_id == it.shift.member_id);
        let highest = self.now.iter().filter(asks).map(|it| it.shift.level).max();
        // Somebody was named by hand: the levels go on after the first.
        highest.unwrap_or(1) + 1
    }

    fn last(&self) -> i16 {
        self.levels.iter().map(|it| it.level).max().unwrap_or_default()
    }

    /// Who is on call at a level.
    pub(super) fn at(&self, level: i16) -> Vec<Text> {
        let mut seen = Vec::new();
        for it in self.now.iter().filter(|it| it.shift.level == level) {
            let who = on_call(it);
            if !seen.contains(&who) {
                seen.push(who);
            }
        }
        seen
    }
}

/// Somebody on call, as a person of the directory where they are one.
pub(super) fn on_call(it: &OnCall) -> Text {
    named(it.person.as_ref().map(|it| it.1.as_str()), &it.name)
}

/// Somebody who is asked.
pub(super) fn assignee(it: &Assignee) -> Text {
    named(it.person.as_ref().map(|it| it.1.as_str()), &it.name)
}

fn named(login: Option<&str>, name: &str) -> Text {
    login.map_or_else(|| Text::plain(name), |login| Text::person(login, name))
}

/// The incident as it is now, and where it cannot be acted upon, why.
pub(super) fn card(case: &Case) -> Card {
    let card = facts(Card::new(title(case)).tone(tone(case)), case);
    match blocked(case) {
        Some(why) => card.text(why),
        None => card,
    }
}

pub(super) fn title(case: &Case) -> String {
    format!("#{} {}", case.incident.number, case.incident.title)
}

fn tone(case: &Case) -> Tone {
    match case.incident.status {
        Status::Triggered => Tone::Bad,
        Status::Acknowledged => Tone::Warn,
        Status::Resolved => Tone::Good,
    }
}

fn facts(card: Card, case: &Case) -> Card {
    let status = match (&case.incident.changed_by, case.incident.status) {
        (Some(who), Status::Acknowledged | Status::Resolved) => format!("{} by {who}", case.incident.status.as_str()),
        _ => case.incident.status.as_str().to_string(),
    };
    let service = case.service.as_ref().map(|it| it.name.clone()).unwrap_or_default();
    let asked = Text::joined(case.asked.iter().map(assignee), ", ");
    let card = card.fact("Status", status).fact("Service", service).fact("Asked now", asked);
    let card = card.fact("Since", Text::ago(case.incident.created_at)).results(1);
    match &case.incident.url {
        Some(url) => card.fact("In PagerDuty", Text::site("open it there", url)),
        None => card,
    }
}

fn blocked(case: &Case) -> Option<Text> {
    if case.is_open() {
        return None;
    }
    let number = case.incident.number;
    Some(match (case.work, case.incident.status) {
        (_, Status::Resolved) => Text::plain("It is over, so nothing was done."),
        (Work::Acknowledge, _) => Text::plain("Somebody works on it already, so nothing was done."),
        (Work::Snooze, _) => Text::plain("Only what somebody works on can wait. Acknowledge it first: ")
            .then(Text::code(format!("incident ack {number}"))),
        _ => Text::plain("Nothing was done."),
    })
}

/// What escalating would do.
pub(super) fn escalation(case: &Case, ladder: &Ladder, input: &Value) -> Result<Card, Failure> {
    let level = input.get("level").and_then(Value::as_i64).unwrap_or_default();
    let level = i16::try_from(level).unwrap_or(i16::MAX);
    if !(1..=ladder.last()).contains(&level) {
        return Err(top(case, ladder).into());
    }
    let who = ladder.at(level);
    let asked = if who.is_empty() { Text::plain("nobody is on call there") } else { Text::joined(who, ", ") };
    let policy = ladder.policy.as_ref().map(|it| it.name.clone()).unwrap_or_default();
    let card = facts(Card::new(format!("Escalate #{}?", case.incident.number)).tone(Tone::Warn), case);
    let card = card.fact("Title", case.incident.title.as_str()).fact("Policy", policy);
    Ok(card.fact(format!("Asked next (level {level})"), asked).text("They are called at once, whatever the hour."))
}

fn top(case: &Case, ladder: &Ladder) -> UserError {
    let number = case.incident.number;
    let has = match ladder.last() {
        0 => "We do not know the levels of its escalation policy.".to_string(),
        last => format!("Its escalation policy has {last} levels, and there is none above."),
    };
    let advice = Text::plain(format!("{has} Ask somebody in particular with "))
        .then(Text::code(format!("incident reassign {number} <person>")));
    UserError::new(
        "There is no next level",
        advice.then(", or name a level with ").then(Text::code("--level 1")).then("."),
    )
}

/// What asking somebody would do.
pub(super) fn asking(case: &Case, input: &Value) -> Card {
    let number = case.incident.number;
    let whom = |it: &Value| it.get("name").and_then(Value::as_str).unwrap_or_default().to_string();
    let names: Vec<String> = input["whom"].as_array().into_iter().flatten().map(whom).collect();
    let (title, label, text) = match case.work {
        Work::Reassign => (
            format!("Reassign #{number}?"),
            "Asked instead",
            "They are called at once, and whoever is asked now no longer is.",
        ),
        _ => (format!("Ask others to help with #{number}?"), "Asked to help", "They are called at once."),
    };
    let card = facts(Card::new(title).tone(Tone::Warn), case);
    let card = card.fact("Title", case.incident.title.as_str()).fact(label, names.join(", "));
    let message = input.get("message").and_then(Value::as_str).unwrap_or_default();
    card.fact("Message", message).text(text)
}
