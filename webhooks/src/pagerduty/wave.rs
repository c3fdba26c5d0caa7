//! Events that are applied together, each about another incident: by statements over all of them, since PagerDuty tells of a storm
//! by the hundred.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use console::Ctx;
use console::notify::incident::{Change, tell};
use console::pagerduty::{State, service};
use domain::PgConnection;
use domain::incidents::{Assignee, Incident, LogEntry, Origin, Service, Telling, Written};
use integrations::pagerduty::{Kind, ServiceChanged};

use super::change::{after, noted};
use super::event::Told;
use super::matter::{Beside, Happened, Matter};
use super::state;
use crate::apply::Applied;
use crate::failing::told_by;

/// What the events of a wave share.
pub(super) struct Wave {
    /// The incidents that were known before it, held.
    known: HashMap<String, Incident>,
    /// What became of the states that it told, by incident.
    written: HashMap<String, Written>,
    /// Ids of the lines of logs that are new.
    logged: HashSet<String>,
}

/// What one event has come to: written are its state and its lines, once all of the wave are.
enum Step<'a> {
    Stated(&'a Told<'a>, &'a str),
    Read(&'a str),
    Happened(&'a Happened),
    Done(Applied),
}

impl Wave {
    /// Applies events.
    pub(super) async fn apply(
        ctx: &Ctx,
        db: &mut PgConnection,
        matters: &[Matter<'_>],
    ) -> anyhow::Result<Vec<Applied>> {
        let ids: Vec<String> = matters.iter().filter_map(Matter::incident).map(String::from).collect();
        let known = if ids.is_empty() { HashMap::new() } else { Incident::hold(&mut *db, &ids).await? };
        let mut wave = Self { known, written: HashMap::new(), logged: HashSet::new() };
        let asked = wave.asked(&mut *db, matters).await?;
        let (mut steps, mut states) = (Vec::new(), Vec::new());
        for it in matters {
            steps.push(wave.step(&mut *db, it, &asked, &mut states).await?);
        }
        wave.write(&mut *db, states, &steps).await?;
        let (mut applied, mut changes) = (Vec::new(), Vec::new());
        for it in steps {
            let (outcome, change) = wave.outcome(it);
            applied.push(outcome);
            changes.extend(change);
        }
        told_by(tell(db, &ctx.rules, &changes).await)?;
        Ok(applied)
    }

    /// Who is asked now by the incidents that were read: only that tells whether anything is otherwise.
    async fn asked(&self, db: &mut PgConnection, matters: &[Matter<'_>]) -> sqlx::Result<HashMap<String, Vec<String>>> {
        let read = matters.iter().filter(|it| matches!(it, Matter::Read(..))).filter_map(Matter::incident);
        let read: Vec<String> = read.filter(|it| self.known.contains_key(*it)).map(String::from).collect();
        let mut asked: HashMap<String, Vec<String>> = HashMap::new();
        if !read.is_empty() {
            for (incident, it) in Assignee::of_all(db, &read).await? {
                asked.entry(incident).or_default().push(it.member_id);
            }
        }
        Ok(asked)
    }

    /// What an event comes to; its state, where it tells one that may be newer, is added to those to be written.
    async fn step<'a>(
        &mut self,
        db: &mut PgConnection,
        matter: &'a Matter<'a>,
        asked: &HashMap<String, Vec<String>>,
        states: &mut Vec<Telling>,
    ) -> anyhow::Result<Step<'a>> {
        Ok(match matter {
            Matter::State(told, kind, it) => match state::of_event(told, (kind, it), self.known.get(&it.id)) {
                Ok(state) => {
                    states.push(self.telling(state));
                    Step::Stated(told, &it.id)
                }
                Err(why) => Step::Done(Applied::Unparsed(why)),
            },
            Matter::Read(id, moment, it) => match State::read(it, *moment, id) {
                Ok(state) => {
                    let none = Vec::new();
                    // Events may have come since it was read, so it is weighed again.
                    let stale = self.known.get(&it.id).is_some_and(|known| {
                        !moment.decides(known.source_at) || state.same(known, asked.get(&it.id).unwrap_or(&none))
                    });
                    if stale {
                        return Ok(Step::Done(Applied::Ignored));
                    }
                    states.push(self.telling(state));
                    Step::Read(&it.id)
                }
                Err(why) => Step::Done(Applied::Unparsed(why)),
            },
            Matter::Happened(it) => {
                self.beside(db, it).await?;
                Step::Happened(it)
            }
            Matter::Service(kind, it, at) => {
                changed(db, kind, it, *at).await?;
                Step::Done(Applied::Done)
            }
            Matter::ReadService(it, at) => {
                let changed = service(it).write(db, *at).await?;
                Step::Done(if changed { Applied::Done } else { Applied::Ignored })
            }
            Matter::Nothing => Step::Done(Applied::Ignored),
            Matter::Unclear(why) => Step::Done(Applied::Unparsed(why.clone())),
        })
    }

    fn telling(&self, State { incident, asked }: State) -> Telling {
        let before = self.known.get(&incident.id).map(|it| it.status);
        Telling { incident, before, asked }
    }

    /// Keeps what an event says beside an incident's state.
    async fn beside(&mut self, db: &mut PgConnection, it: &Happened) -> sqlx::Result<()> {
        match &it.beside {
            None => {}
            Some((Beside::Help(responder), at)) => {
                responder.write(db, &it.incident, *at).await?;
            }
            Some((Beside::Bridge(url), at)) => {
                let changed = Incident::meet(db, &it.incident, url.as_deref(), *at).await?;
                if let Some(known) = self.known.get_mut(&it.incident).filter(|_| changed) {
                    known.bridge_url.clone_from(url);
                    known.revision += 1;
                }
            }
        }
        Ok(())
    }

    /// Writes the states, and the lines of the logs.
    async fn write(&mut self, db: &mut PgConnection, states: Vec<Telling>, steps: &[Step<'_>]) -> sqlx::Result<()> {
        let written = Telling::write(&mut *db, &states).await?;
        self.written = states.into_iter().map(|it| it.incident.id).zip(written).collect();
        let stated = steps.iter().filter_map(|it| match it {
            Step::Stated(told, id) => Some((*id, told.entry(String::new()))),
            Step::Read(_) | Step::Happened(_) | Step::Done(_) => None,
        });
        let stated: Vec<(&str, LogEntry)> = stated.collect();
        let (mut events, mut readings) = (Vec::new(), Vec::new());
        events.extend(stated.iter().map(|(id, entry)| (*id, entry)));
        for it in steps {
            let Step::Happened(it) = it else { continue };
            let log = it.log.iter().map(|(entry, _)| (it.incident.as_str(), entry));
            match it.origin {
                Origin::Event => events.extend(log),
                Origin::Reading => readings.extend(log),
            }
        }
        self.logged = LogEntry::add(&mut *db, &events, Origin::Event).await?;
        self.logged.extend(LogEntry::add(db, &readings, Origin::Reading).await?);
        Ok(())
    }

    /// What came of an event, and what people may want to know of it.
    fn outcome(&mut self, step: Step<'_>) -> (Applied, Option<Change>) {
        match step {
            Step::Done(applied) => (applied, None),
            Step::Stated(told, id) => {
                let entry = Some(told.entry(String::new())).filter(|it| self.logged.contains(&it.id));
                let change = match self.written.remove(id) {
                    Some(Written::Newest { before, asked, incident }) => Some(after(*incident, (before, asked), entry)),
                    // A line of the past is kept, and nobody is told.
                    Some(Written::Older) | None => {
                        let log = entry.into_iter().map(|it| (it, false)).collect();
                        self.known.get(id).and_then(|known| noted(known, log))
                    }
                };
                (Applied::Done, change)
            }
            Step::Read(id) => match self.written.remove(id) {
                Some(Written::Newest { before, asked, incident }) => {
                    (Applied::Done, Some(after(*incident, (before, asked), None)))
                }
                Some(Written::Older) | None => (Applied::Ignored, None),
            },
            Step::Happened(it) => {
                let new = it.log.iter().filter(|(entry, _)| self.logged.contains(&entry.id)).cloned();
                let new: Vec<(LogEntry, bool)> = new.collect();
                let applied = match it.origin {
                    Origin::Reading if new.is_empty() => Applied::Ignored,
                    Origin::Event | Origin::Reading => Applied::Done,
                };
                // Of an incident that is not known yet nobody can be told.
                (applied, self.known.get(&it.incident).and_then(|known| noted(known, new)))
            }
        }
    }
}

/// A service came, changed or went.
async fn changed(db: &mut PgConnection, kind: &Kind, it: &ServiceChanged, at: DateTime<Utc>) -> sqlx::Result<bool> {
    if *kind == Kind::ServiceDeleted {
        return Service::remove(db, &it.id, at).await;
    }
    let name = it.summary.as_deref().unwrap_or(&it.id);
    Service::rename(db, (&it.id, name, it.html_url.as_deref()), at).await
}
