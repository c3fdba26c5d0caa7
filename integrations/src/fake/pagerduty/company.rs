use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::PagerDuty;

/// Everything in an account but its incidents; may come from a file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Company {
    /// Who has an account.
    pub users: Vec<PagerUser>,
    /// Who is on call when.
    pub schedules: Vec<PagerSchedule>,
    /// Who is asked, and who next.
    pub policies: Vec<PagerPolicy>,
    /// About what people are asked.
    pub services: Vec<PagerService>,
    /// How much incidents may matter, the most first.
    pub priorities: Vec<PagerPriority>,
}

/// Somebody who has an account.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PagerUser {
    /// Its id.
    pub id: String,
    /// What they are called.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// Their time zone.
    #[serde(default = "utc")]
    pub time_zone: String,
}

/// A service.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PagerService {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Id of its escalation policy.
    pub policy: String,
    /// Key by which the Events API reaches it: 32 characters.
    #[serde(default)]
    pub integration_key: Option<String>,
}

/// An escalation policy.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PagerPolicy {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its levels, the first one first.
    pub levels: Vec<Level>,
}

/// One level of an escalation policy.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Level {
    /// Ids of users who are always asked.
    pub users: Vec<String>,
    /// Ids of schedules that say who is asked.
    pub schedules: Vec<String>,
    /// How long these have, in minutes.
    pub minutes: u32,
}

/// A schedule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PagerSchedule {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its time zone.
    #[serde(default = "utc")]
    pub time_zone: String,
    /// Who takes turns.
    #[serde(default)]
    pub rotation: Option<Rotation>,
    /// Further shifts, which no rotation makes.
    #[serde(default)]
    pub shifts: Vec<Shift>,
    /// Who takes the place of others, by the override's id.
    #[serde(skip)]
    pub overrides: BTreeMap<String, Shift>,
}

/// People who take turns, for ever.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// When the first turn began.
    pub start: DateTime<Utc>,
    /// How long a turn is.
    pub hours: i64,
    /// Ids of users, in their order.
    pub users: Vec<String>,
}

/// Somebody for some time.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// From when.
    pub start: DateTime<Utc>,
    /// Until when.
    pub end: DateTime<Utc>,
    /// Id of the user.
    pub user: String,
}

/// How much an incident may matter.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PagerPriority {
    /// Its id.
    pub id: String,
    /// Its name, such as `P1`.
    pub name: String,
}

fn utc() -> String {
    "UTC".into()
}

impl Company {
    /// Reads a company from YAML.
    pub fn parse(yaml: &str) -> anyhow::Result<Self> {
        Ok(serde_saphyr::from_str(yaml)?)
    }
}

impl PagerUser {
    /// Somebody in the zone UTC.
    pub fn new(id: &str, name: &str, email: &str) -> Self {
        Self { id: id.into(), name: name.into(), email: email.into(), time_zone: utc() }
    }
}

impl PagerService {
    /// A service that no key reaches.
    pub fn new(id: &str, name: &str, policy: &str) -> Self {
        Self { id: id.into(), name: name.into(), policy: policy.into(), integration_key: None }
    }
}

impl PagerPolicy {
    /// A policy of these levels.
    pub fn new(id: &str, name: &str, levels: Vec<Level>) -> Self {
        Self { id: id.into(), name: name.into(), levels }
    }
}

impl Level {
    /// A level that always asks these users.
    pub fn users(ids: &[&str]) -> Self {
        Self { users: ids.iter().map(|it| it.to_string()).collect(), schedules: vec![], minutes: 30 }
    }

    /// A level that asks whoever these schedules say.
    pub fn schedules(ids: &[&str]) -> Self {
        Self { schedules: ids.iter().map(|it| it.to_string()).collect(), users: vec![], minutes: 30 }
    }
}

impl PagerSchedule {
    /// A schedule on which nobody is on call yet.
    pub fn new(id: &str, name: &str) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            time_zone: utc(),
            rotation: None,
            shifts: vec![],
            overrides: BTreeMap::new(),
        }
    }

    /// The same schedule with a further shift.
    pub fn shift(mut self, start: DateTime<Utc>, hours: i64, user: &str) -> Self {
        self.shifts.push(Shift { start, end: start + TimeDelta::hours(hours), user: user.into() });
        self
    }
}

impl PagerDuty {
    /// Adds or changes all of this.
    pub fn load(&self, company: Company) {
        company.users.into_iter().for_each(|it| self.user(it));
        company.schedules.into_iter().for_each(|it| self.schedule(it));
        company.policies.into_iter().for_each(|it| self.policy(it));
        company.services.into_iter().for_each(|it| self.service(it));
        self.tell(|state| state.priorities.extend(company.priorities));
    }

    /// Adds or changes a user.
    pub fn user(&self, user: PagerUser) {
        self.tell(|state| state.users.insert(user.id.clone(), user));
    }

    /// Adds or changes a schedule.
    pub fn schedule(&self, schedule: PagerSchedule) {
        self.tell(|state| state.schedules.insert(schedule.id.clone(), schedule));
    }

    /// Adds or changes an escalation policy.
    pub fn policy(&self, policy: PagerPolicy) {
        self.tell(|state| state.policies.insert(policy.id.clone(), policy));
    }

    /// Adds or changes a service.
    pub fn service(&self, service: PagerService) {
        self.tell(|state| state.services.insert(service.id.clone(), service));
    }

    /// Adds a priority that matters less than those before.
    pub fn priority(&self, id: &str, name: &str) {
        self.tell(|state| state.priorities.push(PagerPriority { id: id.into(), name: name.into() }));
    }
}
