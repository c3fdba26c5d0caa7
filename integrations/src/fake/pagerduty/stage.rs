//! What somebody plays in the demo: where it cannot happen any more, nothing does.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::deed::{Agent, Deed};
use super::{PagerDuty, PagerService, PagerUser, Shift};

/// What can be done to an incident by whoever plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scene {
    /// A user takes it.
    Acknowledge,
    /// A user writes a note.
    Note,
    /// A user says that it is over.
    Resolve,
    /// Nobody answered, so that the next level is asked.
    Escalate,
    /// The service's monitoring says that it is over.
    Recover,
}

/// What is wrong with the account for longer than a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ailing {
    /// How long each call takes.
    pub delay: Duration,
    /// Whether its events get lost.
    pub losing: bool,
}

impl PagerDuty {
    /// Counts from here on as an account in which much has happened before, so that whoever knew an earlier one does not take
    /// a new incident for one of those.
    pub fn after_others(&self, at: DateTime<Utc>) {
        let (ids, numbers) = (at.timestamp_millis(), (at.timestamp() - NUMBERED_SINCE) / 5);
        self.tell(|state| {
            state.count_from(u64::try_from(ids).unwrap_or_default());
            state.numbers = u64::try_from(numbers).unwrap_or_default();
        });
    }

    /// Somebody takes the place of others on a schedule.
    pub fn stand_in(&self, schedule: &str, id: &str, shift: Shift) {
        self.tell(|state| {
            let schedule = state.schedules.get_mut(schedule).expect("a schedule");
            schedule.overrides.insert(id.into(), shift);
        });
    }

    /// Does this in the name of a user, where it can be done.
    pub fn stage(&self, incident: &str, scene: Scene, user: &str) -> bool {
        let found = self.state().incidents.get(incident).map(|it| (it.service.clone(), it.level));
        let Some((service, level)) = found else { return false };
        let user = Agent::User(user.into());
        let (deed, agent) = match scene {
            Scene::Acknowledge => (Deed::Acknowledge, user),
            Scene::Note => (Deed::Note("A deploy of this morning looks guilty; rolling it back.".into()), user),
            Scene::Resolve => (Deed::Resolve, user),
            Scene::Escalate => (Deed::Escalate(level + 1), Agent::PagerDuty),
            Scene::Recover => (Deed::Resolve, Agent::Service(service)),
        };
        self.act(|state| {
            // Whoever acknowledges what is over lets it begin anew, which nobody means who pressed too late.
            let over = state.incidents.get(incident).is_none_or(|it| it.resolved_at.is_some());
            !over && state.perform(incident, deed, agent, Utc::now()).is_ok()
        })
    }

    /// Lets everything recover that is still wrong, and waits until that was told.
    pub async fn end(&self) {
        for id in self.incidents() {
            self.stage(&id, Scene::Recover, "");
        }
        self.settled().await;
    }

    /// The users.
    pub fn users(&self) -> Vec<PagerUser> {
        self.state().users.values().cloned().collect()
    }

    /// A service by its id.
    pub fn service_of(&self, id: &str) -> Option<PagerService> {
        self.state().services.get(id).cloned()
    }

    /// What is wrong.
    pub fn ailing(&self) -> Ailing {
        let state = self.state();
        Ailing { delay: state.faults.delay, losing: state.pushes.loses() }
    }
}

/// 2026-01-01, in seconds since 1970: numbers stay short, and whoever plays begins no two accounts within five seconds.
const NUMBERED_SINCE: i64 = 1_767_225_600;
