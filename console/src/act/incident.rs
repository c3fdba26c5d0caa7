//! Acting on incidents.

use std::collections::HashMap;

use cards::{Act, Action, Card, Emphasis, Form, Text};
use domain::PgConnection;
use domain::audit::Receipt;
use domain::incidents::{Assignee, Bound, Incident, Involved, Policy, Service, Status};
use serde_json::{Value, json};
use uuid::Uuid;

use super::incident_show::{self, Ladder};
use super::order::{self, Actor};
use super::subject::Acted;
use super::{Asker, Deed, Work, button, incident_form};
use crate::access::{ASKED, HELPING, Resource};
use crate::{Asks, Ctx, Failure, Reply, UserError};

/// An incident, as somebody is about to act on it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Case {
    pub(super) work: Work,
    pub(super) incident: Incident,
    pub(super) asked: Vec<Assignee>,
    pub(super) service: Option<Service>,
    involved: Involved,
    pub(super) bound: Vec<Bound>,
}

/// The buttons of an incident's message: what most want at once, and the rest one press away. Their versions are of the state
/// that this incident has.
pub async fn buttons(db: &mut PgConnection, incident: &Incident) -> sqlx::Result<Vec<Action>> {
    Ok(all_buttons(db, &[incident]).await?.pop().unwrap_or_default())
}

/// The same for several, in their order.
pub async fn all_buttons(db: &mut PgConnection, incidents: &[&Incident]) -> sqlx::Result<Vec<Vec<Action>>> {
    let open: Vec<String> =
        incidents.iter().filter(|it| it.status != Status::Resolved).map(|it| it.id.clone()).collect();
    let mut asked: HashMap<String, Vec<Assignee>> = HashMap::new();
    if !open.is_empty() {
        for (incident, it) in Assignee::of_all(&mut *db, &open).await? {
            asked.entry(incident).or_default().push(it);
        }
    }
    let (mut deeds, mut counts) = (Vec::new(), Vec::new());
    for it in incidents {
        let asked = asked.get(&it.id).map_or(&[][..], |it| it);
        let works = works(it.status);
        deeds.extend(works.iter().map(|work| (Deed::Incident(work.1, it.id.clone()), version(work.1, it, asked))));
        counts.push(works);
    }
    let mut acts = super::all_buttons(db, &deeds).await?.into_iter();
    let buttons = incidents.iter().zip(counts).map(|(incident, works)| {
        let acts = works.iter().zip(&mut acts);
        let act = |((label, _, emphasis), act): (&Near, Act)| Action::Act {
            label: (*label).into(),
            act,
            emphasis: *emphasis,
        };
        let mut actions: Vec<Action> = acts.map(act).collect();
        if !actions.is_empty() {
            let ask = Asks::incident_actions(incident.number);
            actions.push(Action::Read { label: "More…".into(), ask, emphasis: Emphasis::Normal });
        }
        actions
    });
    Ok(buttons.collect())
}

/// A button that is near at hand.
type Near = (&'static str, Work, Emphasis);

fn works(status: Status) -> &'static [Near] {
    match status {
        Status::Triggered => &[
            ("Acknowledge", Work::Acknowledge, Emphasis::Primary),
            ("Resolve", Work::Resolve, Emphasis::Normal),
            ("Escalate", Work::Escalate, Emphasis::Normal),
        ],
        Status::Acknowledged => {
            &[("Resolve", Work::Resolve, Emphasis::Primary), ("Escalate", Work::Escalate, Emphasis::Normal)]
        }
        Status::Resolved => &[],
    }
}

/// Everything that can be done about an incident, with its forms.
pub async fn actions(ctx: &Ctx, number: i64) -> Reply {
    let mut db = ctx.db.acquire().await?;
    let incident = numbered(&mut db, number).await?;
    let Some(case) = Case::of(&mut db, Work::Annotate, &incident.id).await? else { return Err(missing(number).into()) };
    let mut card = case.card();
    if incident.status != Status::Resolved {
        let near = buttons(&mut db, &incident).await?;
        card.actions.extend(near.into_iter().filter(|it| matches!(it, Action::Act { .. })));
    }
    let forms = [
        ("Reassign", Work::Reassign),
        ("Add responders", Work::AddResponders),
        ("Snooze", Work::Snooze),
        ("Note", Work::Annotate),
    ];
    for (label, work) in forms {
        let case = Case { work, ..case.clone() };
        if case.is_open() {
            let act = button(&mut db, &Deed::Incident(work, incident.id.clone()), case.version()).await?;
            card = card.form(label, Form { act, fields: incident_form::fields(work) });
        }
    }
    Ok(card)
}

/// The incident with the number that people read.
pub async fn numbered(db: &mut PgConnection, number: i64) -> Result<Incident, Failure> {
    Ok(Incident::numbered(db, number).await?.ok_or_else(|| missing(number))?)
}

fn missing(number: i64) -> UserError {
    let advice = Text::plain("No incident that we know has the number ").then(Text::code(number.to_string()));
    UserError::new(
        "There is no such incident",
        advice.then(". See the open ones with ").then(Text::code("incident list")),
    )
}

/// What policies look at, of an incident that is named in words.
pub(crate) async fn resource(db: &mut PgConnection, number: i64) -> Result<Resource, Failure> {
    let incident = numbered(&mut *db, number).await?;
    let case = Case::of(db, Work::Annotate, &incident.id).await?.ok_or_else(|| missing(number))?;
    Ok(case.resource())
}

/// Another one whenever somebody who wants this should look again: for most only how far it has come, but for what calls
/// others also who is asked now.
fn version(work: Work, incident: &Incident, asked: &[Assignee]) -> i64 {
    let status = match incident.status {
        Status::Triggered => 1,
        Status::Acknowledged => 2,
        Status::Resolved => 3,
    };
    match work {
        Work::Annotate => 0,
        Work::Acknowledge | Work::Resolve | Work::Snooze => status,
        Work::Escalate | Work::Reassign | Work::AddResponders => {
            let mut ids: Vec<&str> = asked.iter().map(|it| it.member_id.as_str()).collect();
            ids.sort_unstable();
            let state = format!("{status} {}", ids.join(" "));
            let (high, _) = Uuid::new_v5(&Uuid::NAMESPACE_OID, state.as_bytes()).as_u64_pair();
            // A positive number is one word wherever it is typed.
            i64::try_from(high >> 1).unwrap_or_default()
        }
    }
}

impl Case {
    pub(super) async fn of(db: &mut PgConnection, work: Work, id: &str) -> sqlx::Result<Option<Self>> {
        let Some(incident) = Incident::with_id(&mut *db, id).await? else { return Ok(None) };
        let asked = Assignee::of(&mut *db, id).await?;
        let involved = Involved::of(&mut *db, id).await?;
        let bound = Bound::of_service(&mut *db, &incident.service_id).await?;
        let service = Service::with_ids(&mut *db, std::slice::from_ref(&incident.service_id)).await?.pop();
        Ok(Some(Self { work, incident, asked, service, involved, bound }))
    }

    pub(super) fn resource(&self) -> Resource {
        let owners: Vec<String> = self.bound.iter().filter_map(|it| it.owner.clone()).collect();
        let resource = self.work.action().resource(Some(&self.incident.number.to_string()));
        let tier = self.bound.iter().find_map(|it| it.tier.clone());
        let resource = Resource { owner: owners.first().cloned(), owners, tier, ..resource };
        resource.with(ASKED, self.involved.asked.clone()).with(HELPING, self.involved.helping.clone())
    }

    pub(super) fn version(&self) -> i64 {
        version(self.work, &self.incident, &self.asked)
    }

    pub(super) fn is_open(&self) -> bool {
        match (self.work, self.incident.status) {
            (Work::Annotate, _) => true,
            (_, Status::Resolved) => false,
            (Work::Acknowledge, status) => status == Status::Triggered,
            (Work::Snooze, status) => status == Status::Acknowledged,
            (Work::Resolve | Work::Escalate | Work::Reassign | Work::AddResponders, _) => true,
        }
    }

    pub(super) fn card(&self) -> Card {
        incident_show::card(self)
    }

    /// What is asked of PagerDuty exactly: to ask the next level is to ask the one that is next now.
    pub(super) async fn prepare(
        &self,
        db: &mut PgConnection,
        asker: &Asker<'_>,
        input: &Value,
    ) -> Result<Value, Failure> {
        if !self.is_open() {
            return Ok(input.clone());
        }
        let before: Vec<&str> = self.asked.iter().map(|it| it.member_id.as_str()).collect();
        Ok(match self.work {
            Work::Acknowledge | Work::Resolve => json!({}),
            Work::Escalate => match input.get("level").and_then(Value::as_u64) {
                Some(level) => json!({ "level": level, "before": before }),
                None => json!({ "level": self.ladder(db).await?.next(&self.asked), "before": before }),
            },
            Work::Reassign | Work::AddResponders => {
                let mut input = input.clone();
                if input.get("whom").is_none() {
                    return Err(nobody(self, asker).into());
                }
                input["before"] = json!(before);
                input
            }
            Work::Annotate | Work::Snooze => input.clone(),
        })
    }

    pub(super) async fn ladder(&self, db: &mut PgConnection) -> Result<Ladder, Failure> {
        let policies: Vec<String> = self.incident.policy_id.iter().cloned().collect();
        let policy = Policy::with_ids(&mut *db, &policies).await?.pop();
        Ok(Ladder::of(db, policy).await?)
    }

    pub(super) async fn proposal(
        &self,
        db: &mut PgConnection,
        asker: &Asker<'_>,
        input: &Value,
    ) -> Result<Card, Failure> {
        if Actor::of(&mut *db, asker.person).await?.is_none() {
            return Err(self.unknown().into());
        }
        match self.work {
            Work::Escalate => incident_show::escalation(self, &self.ladder(db).await?, input),
            Work::Reassign | Work::AddResponders => Ok(incident_show::asking(self, input)),
            Work::Acknowledge | Work::Resolve | Work::Annotate | Work::Snooze => Ok(self.card()),
        }
    }

    pub(super) async fn order(
        &self,
        db: &mut PgConnection,
        asker: &Asker<'_>,
        (input, receipt): (&Value, Receipt),
    ) -> Result<Result<Acted, UserError>, Failure> {
        let Some(actor) = Actor::of(&mut *db, asker.person).await? else { return Ok(Err(self.unknown())) };
        let deed = Deed::Incident(self.work, self.incident.id.clone());
        order::place(db, asker, (&deed, input), (Some(&actor), receipt)).await?;
        Ok(Ok(Acted::Ordered))
    }

    fn unknown(&self) -> UserError {
        let asked: Vec<Text> = self.asked.iter().map(incident_show::assignee).collect();
        let page = self.bound.iter().find(|it| it.pageable).map(|it| it.reference.as_str());
        order::unknown(&asked, page)
    }
}

fn nobody(case: &Case, asker: &Asker<'_>) -> UserError {
    let verb = if case.work == Work::Reassign { "reassign" } else { "add" };
    let example = format!("incident {verb} {} {}", case.incident.number, asker.person.name);
    UserError::new("Whom should PagerDuty ask?", Text::plain("Name them, for example: ").then(Text::code(example)))
}
