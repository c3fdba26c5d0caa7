//! What is asked to act on an incident, by a form or typed.

use std::collections::BTreeMap;

use cards::{Field, FieldKind};
use domain::PgConnection;
use serde_json::{Value, json};

use super::whom::whom;
use super::{Asker, Work, Wrong};
use crate::Failure;

/// For how long a form offers to let an incident wait, in minutes.
const SNOOZES: [(&str, u64); 6] =
    [("15 minutes", 15), ("30 minutes", 30), ("1 hour", 60), ("4 hours", 240), ("8 hours", 480), ("1 day", 1440)];

/// PagerDuty takes longer notes, but nobody reads them in a thread.
const MAX_NOTE: usize = 2_000;

/// What those who are asked to help are told.
const MAX_MESSAGE: usize = 500;

/// Most people that are asked at once.
const MAX_WHOM: usize = 10;

/// What a form asks.
pub(super) fn fields(work: Work) -> Vec<Field> {
    let field = |name: &str, label: &str, kind| Field { name: name.into(), label: label.into(), kind, required: true };
    let who = field("who", "Login of a person, or name of an escalation policy", FieldKind::Line);
    match work {
        Work::Acknowledge | Work::Resolve | Work::Escalate => Vec::new(),
        Work::Reassign => vec![who],
        Work::AddResponders => vec![
            Field { label: "Logins of people, or names of escalation policies, by commas".into(), ..who },
            Field { required: false, ..field("message", "What they are told", FieldKind::Lines) },
        ],
        Work::Annotate => vec![field("note", "Note", FieldKind::Lines)],
        Work::Snooze => {
            let times = SNOOZES.map(|it| it.0.to_string()).to_vec();
            vec![field("for", "For how long", FieldKind::Choice(times))]
        }
    }
}

/// What was entered, as it can be done.
pub(super) async fn read(
    db: &mut PgConnection,
    asker: Asker<'_>,
    work: Work,
    answers: &BTreeMap<String, String>,
) -> Result<Result<Value, Vec<Wrong>>, Failure> {
    let answer = |name: &str| answers.get(name).map(|it| it.trim()).unwrap_or_default();
    Ok(match work {
        Work::Acknowledge | Work::Resolve => Ok(json!({})),
        Work::Escalate => match (answer("level"), answer("level").parse::<u16>()) {
            ("", _) => Ok(json!({})),
            (_, Ok(level)) => Ok(json!({ "level": level })),
            (_, Err(_)) => Err(vec![("level", "Give the number of a level, such as 2.".into())]),
        },
        Work::Annotate => text("note", answer("note"), 1..=MAX_NOTE).map(|it| json!({ "note": it })),
        Work::Snooze => minutes(answer("for")).map(|it| json!({ "minutes": it })).ok_or_else(|| vec![("for", hint())]),
        Work::Reassign | Work::AddResponders => match all(db, asker, answer("who")).await? {
            Err(wrong) => Err(vec![("who", wrong)]),
            Ok(whom) => text("message", answer("message"), 0..=MAX_MESSAGE)
                .map(|message| json!({ "whom": whom, "message": message })),
        },
    })
}

/// Everybody who is named, by commas.
async fn all(db: &mut PgConnection, asker: Asker<'_>, names: &str) -> Result<Result<Vec<Value>, String>, Failure> {
    let names: Vec<&str> = names.split(',').map(str::trim).filter(|it| !it.is_empty()).collect();
    if names.is_empty() || names.len() > MAX_WHOM {
        return Ok(Err(format!("Name one to {MAX_WHOM}, by login or by the name of an escalation policy.")));
    }
    let mut all = Vec::new();
    for name in names {
        match whom(&mut *db, asker, name).await? {
            Ok(it) => all.push(it.stored()),
            Err(wrong) => return Ok(Err(wrong)),
        }
    }
    Ok(Ok(all))
}

fn text(name: &'static str, given: &str, long: std::ops::RangeInclusive<usize>) -> Result<String, Vec<Wrong>> {
    let given: String = given.chars().filter(|it| !it.is_control() || *it == '\n').collect();
    match long.contains(&given.chars().count()) {
        true => Ok(given),
        false => Err(vec![(name, format!("Write {} to {} characters.", long.start(), long.end()))]),
    }
}

fn hint() -> String {
    "Give a time from 1 minute to 7 days, such as 30m, 4h or 2d.".into()
}

/// A time as the form offers it or as people type it.
fn minutes(given: &str) -> Option<u64> {
    if let Some((_, minutes)) = SNOOZES.into_iter().find(|it| it.0.eq_ignore_ascii_case(given)) {
        return Some(minutes);
    }
    let number: String = given.chars().take_while(char::is_ascii_digit).collect();
    let unit = match given[number.len()..].trim().to_lowercase().as_str() {
        "m" | "min" | "minute" | "minutes" => 1,
        "h" | "hour" | "hours" => 60,
        "d" | "day" | "days" => 24 * 60,
        _ => return None,
    };
    let minutes = number.parse::<u64>().ok()?.checked_mul(unit)?;
    (1..=7 * 24 * 60).contains(&minutes).then_some(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_people_type_it() {
        let cases = [("30m", 30), ("4h", 240), ("2 days", 2880), ("7d", 10_080), ("1 hour", 60), ("15 Minutes", 15)];
        for (given, expected) in cases {
            assert_eq!(minutes(given), Some(expected), "{given}");
        }
        for wrong in ["", "0m", "8d", "h", "30", "30s", "-4h", "99999999999999999999d", "4hé", "é"] {
            assert_eq!(minutes(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_form_asks_for_what_is_read() {
        let names = |work| fields(work).into_iter().map(|it| it.name).collect::<Vec<_>>();
        assert_eq!(names(Work::AddResponders), ["who", "message"]);
        assert_eq!(names(Work::Snooze), ["for"]);
        assert_eq!(names(Work::Annotate), ["note"]);
        assert!(SNOOZES.iter().all(|(words, it)| minutes(words) == Some(*it)));
    }
}
