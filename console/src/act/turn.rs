//! Letting somebody take over a turn.

use std::collections::BTreeMap;

use cards::{Card, Field, FieldKind, Text, Tone};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::PgConnection;
use domain::audit::Receipt;
use domain::incidents::{Involved, Member, OnCall, Schedule, Which};
use serde_json::{Value, json};
use uuid::Uuid;

use super::subject::Acted;
use super::{Asker, Deed, Wrong, moment, order, whom};
use crate::access::{Action, GIVES, MEMBERS, Resource, TAKES};
use crate::{Ctx, Failure, UserError};

/// Longer ones are better made in PagerDuty, where the whole rota is seen.
const LONGEST: TimeDelta = TimeDelta::days(90);

/// Why, in characters.
const MAX_REASON: usize = 300;

/// A schedule, as somebody is about to take over a turn of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rota {
    schedule: Schedule,
    members: Vec<Uuid>,
    owners: Vec<String>,
}

/// What a form asks.
pub(super) fn fields() -> Vec<Field> {
    let field = |name: &str, label: &str, required| Field {
        name: name.into(),
        label: label.into(),
        kind: FieldKind::Line,
        required,
    };
    vec![
        field("from", "From, such as 18:00 or tomorrow 9:00", true),
        field("to", "Until, such as 22:00 or +4h", true),
        field("person", "Login of who takes it; left out, you", false),
        field("reason", "Why", false),
    ]
}

/// The schedule that these words name.
pub async fn schedule(ctx: &Ctx, words: &str) -> Result<Deed, Failure> {
    let found = Schedule::named(&ctx.db, words.trim(), 6).await?;
    let exact = found.iter().find(|it| it.id == words || it.name.eq_ignore_ascii_case(words.trim()));
    match (exact, found.as_slice()) {
        (Some(it), _) | (None, [it]) => Ok(Deed::Override(it.id.clone())),
        (None, []) => {
            let advice = Text::plain("No schedule that we know has this in its name. See them with ");
            Err(UserError::new("There is no such schedule", advice.then(Text::code("oncall"))).into())
        }
        (None, several) => {
            let card = Card::new("Which of these schedules?").tone(Tone::Warn);
            let item = |card: Card, it: &Schedule| card.item(it.name.as_str(), Text::code(&it.id));
            Err(UserError::from(several.iter().fold(card, item).results(0)).into())
        }
    }
}

/// What was entered, as it can be done.
pub(super) async fn read(
    db: &mut PgConnection,
    asker: Asker<'_>,
    schedule: &str,
    answers: &BTreeMap<String, String>,
) -> Result<Result<Value, Vec<Wrong>>, Failure> {
    let answer = |name: &str| answers.get(name).map(|it| it.trim()).unwrap_or_default();
    let (zone, now) = (zone(&mut *db, asker, schedule).await?, Utc::now());
    let Some(from) = moment::read(answer("from"), zone, now) else {
        return Ok(Err(vec![("from", moment::HINT.into())]));
    };
    let Some(until) = moment::read(answer("to"), zone, from) else { return Ok(Err(vec![("to", moment::HINT.into())])) };
    if until <= now || until <= from || until - from > LONGEST {
        let days = LONGEST.num_days();
        return Ok(Err(vec![(
            "to",
            format!("It must end after it begins, in the future, and last at most {days} days."),
        )]));
    }
    let reason: String = answer("reason").chars().filter(|it| !it.is_control()).take(MAX_REASON).collect();
    let words = if answer("person").is_empty() { "me" } else { answer("person") };
    let Some(person) = whom::person(&mut *db, asker, words).await? else {
        return Ok(Err(vec![("person", format!("Nobody has the login “{words}”."))]));
    };
    Ok(match whom::member(db, &person).await? {
        Err(wrong) => Err(vec![("person", wrong)]),
        Ok(it) => Ok(json!({
            // PagerDuty keeps seconds.
            "from": at_second(from), "until": at_second(until), "zone": zone.name(), "reason": reason,
            "member": it.id, "name": it.name, "login": person.name, "person": person.id,
        })),
    })
}

fn at_second(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp(at.timestamp(), 0).unwrap_or(at)
}

/// The zone that the asker means: their own in PagerDuty, else the schedule's.
async fn zone(db: &mut PgConnection, asker: Asker<'_>, schedule: &str) -> Result<Tz, Failure> {
    let ids = Member::of_person(&mut *db, asker.person.id).await?;
    let members = Member::with_ids(&mut *db, &ids).await?;
    let schedules = Schedule::with_ids(&mut *db, &[schedule.to_string()]).await?;
    let named = members.into_iter().filter_map(|it| it.time_zone);
    let mut named = named.chain(schedules.into_iter().filter_map(|it| it.time_zone));
    Ok(named.find_map(|it| it.parse().ok()).unwrap_or(Tz::UTC))
}

/// A moment of what was entered.
fn moment_of(input: &Value, name: &str) -> Option<DateTime<Utc>> {
    input.get(name)?.as_str()?.parse().ok()
}

fn ids(input: &Value, name: &str) -> Vec<Uuid> {
    let all = input.get(name).and_then(Value::as_array).into_iter().flatten();
    all.filter_map(|it| it.as_str()?.parse().ok()).collect()
}

impl Rota {
    pub(super) async fn of(db: &mut PgConnection, id: &str) -> sqlx::Result<Option<Self>> {
        let Some(schedule) = Schedule::with_ids(&mut *db, &[id.to_string()]).await?.pop() else { return Ok(None) };
        let members = Involved::turns(&mut *db, id).await?;
        let owners = Involved::owners(&mut *db, id).await?;
        Ok(Some(Self { schedule, members, owners }))
    }

    /// Whose turns would be taken over, by whom; where nothing was entered yet, the asker takes.
    pub(super) fn resource(&self, asker: Uuid, input: &Value) -> Resource {
        let resource = Action::OverrideShift.resource(Some(&self.schedule.name));
        let takes = input.get("person").and_then(Value::as_str).and_then(|it| it.parse().ok()).unwrap_or(asker);
        let resource = Resource { owner: self.owners.first().cloned(), owners: self.owners.clone(), ..resource };
        resource.with(MEMBERS, self.members.clone()).with(GIVES, ids(input, "gives")).with(TAKES, vec![takes])
    }

    pub(super) fn version(&self) -> i64 {
        // Who has which turn is part of what was prepared.
        0
    }

    pub(super) fn card(&self) -> Card {
        let card = Card::new(format!("Schedule {}", self.schedule.name)).results(1);
        card.fact("Zone", self.schedule.time_zone.clone().unwrap_or_default())
    }

    /// With whose turns are taken over.
    pub(super) async fn prepare(
        &self,
        db: &mut PgConnection,
        asker: &Asker<'_>,
        input: &Value,
    ) -> Result<Value, Failure> {
        let (Some(from), Some(until)) = (moment_of(input, "from"), moment_of(input, "until")) else {
            let example = format!("override \"{}\" 18:00 22:00 {}", self.schedule.name, asker.person.name);
            let advice = Text::plain("Say from when until when, for example: ").then(Text::code(example));
            return Err(UserError::new("When?", advice).into());
        };
        let which = Which::Schedule(&self.schedule.id);
        let turns = OnCall::during(db, which, (from, until)).await?;
        let takes = input.get("member").and_then(Value::as_str).unwrap_or_default();
        let others = turns.iter().filter(|it| it.shift.member_id != takes);
        let mut gives: Vec<String> =
            others.clone().map(|it| it.person.as_ref().map(|it| it.0).unwrap_or_default().to_string()).collect();
        let mut replaced: Vec<Value> =
            others.map(|it| json!({ "name": it.name, "login": it.person.as_ref().map(|it| &it.1) })).collect();
        gives.sort_unstable();
        gives.dedup();
        replaced.dedup();
        let mut input = input.clone();
        (input["gives"], input["replaced"]) = (json!(gives), json!(replaced));
        (input["schedule"], input["covered"]) = (json!(self.schedule.name), json!(!turns.is_empty()));
        Ok(input)
    }

    pub(super) fn proposal(&self, input: &Value) -> Result<Card, Failure> {
        let card = Card::new(format!("Change who is on call for {}?", self.schedule.name)).tone(Tone::Warn);
        let said = |name: &str| input.get(name).and_then(Value::as_str).unwrap_or_default().to_string();
        let card = card.fact("Takes it", Text::person(said("login"), said("name")));
        let replaced: Vec<Text> = input["replaced"].as_array().into_iter().flatten().map(person).collect();
        let replaces = match (replaced.is_empty(), input["covered"].as_bool()) {
            (false, _) => Text::joined(replaced, ", "),
            (true, Some(true)) => Text::plain("nobody: it is their own turn already"),
            (true, _) => Text::plain("nobody that we know of is on call then"),
        };
        let card = card.fact("Instead of", replaces);
        let moment = |name| moment_of(input, name).map_or(Text::default(), Text::moment);
        let card = card.fact("From", moment("from")).fact("Until", moment("until")).fact("Why", said("reason"));
        Ok(card.text(format!("Times were read in {}.", said("zone"))))
    }

    pub(super) async fn order(
        &self,
        db: &mut PgConnection,
        asker: &Asker<'_>,
        (input, receipt): (&Value, Receipt),
    ) -> Result<Result<Acted, UserError>, Failure> {
        let fresh = self.prepare(&mut *db, asker, input).await?;
        if fresh != *input {
            let advice = "Somebody else has these turns now than when you were asked. Nothing was done; ask again.";
            return Ok(Err(UserError::new("This has changed since you were asked", advice)));
        }
        order::place(db, asker, (&Deed::Override(self.schedule.id.clone()), input), (None, receipt)).await?;
        Ok(Ok(Acted::Ordered))
    }
}

fn person(it: &Value) -> Text {
    let name = it.get("name").and_then(Value::as_str).unwrap_or_default();
    it.get("login").and_then(Value::as_str).map_or_else(|| Text::plain(name), |login| Text::person(login, name))
}

/// What policies look at, of a schedule that is named in words.
pub(crate) async fn resource(ctx: &Ctx, asker: Uuid, words: &str) -> Result<Resource, Failure> {
    let deed = schedule(ctx, words).await?;
    let rota = Rota::of(&mut *ctx.db.acquire().await?, &deed.target()).await?;
    Ok(rota.map_or_else(|| Action::OverrideShift.resource(Some(words)), |it| it.resource(asker, &Value::Null)))
}
