//! Views, and the triggers that open them.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::Slack;
use super::methods::{Answer, Arguments};

/// <https://docs.slack.dev/interactivity/handling-user-interaction/#modal_responses>
const LIFE: TimeDelta = TimeDelta::seconds(3);

/// <https://docs.slack.dev/reference/views/modal-views/>
const TITLE: usize = 24;

/// <https://docs.slack.dev/reference/views/modal-views/>
const BLOCKS: usize = 100;

/// <https://docs.slack.dev/reference/views/modal-views/>
const METADATA: usize = 3_000;

/// A view that is open.
#[derive(Clone, Debug)]
pub struct Modal {
    /// Its id.
    pub id: String,
    /// Who sees it.
    pub user: String,
    /// Its state.
    pub hash: String,
    /// What it shows.
    pub view: Value,
    /// How often that was replaced.
    pub changes: u32,
    /// What the app says is wrong with answers, by the name of the input.
    pub errors: Map<String, Value>,
}

/// The triggers that were given out, and what was opened with them.
#[derive(Default)]
pub(super) struct Modals {
    triggers: HashMap<String, Trigger>,
    open: Vec<Modal>,
}

struct Trigger {
    user: String,
    issued: DateTime<Utc>,
    used: bool,
}

impl Modals {
    /// Gives out a trigger.
    pub(super) fn trigger(&mut self, user: &str, now: DateTime<Utc>) -> String {
        let id = format!("{}.{}.{}", now.timestamp_micros(), now.timestamp_subsec_micros(), Uuid::new_v4().simple());
        self.triggers.retain(|_, it| now - it.issued < LIFE * 100);
        self.triggers.insert(id.clone(), Trigger { user: user.into(), issued: now, used: false });
        id
    }

    /// Takes a view away.
    pub(super) fn shut(&mut self, id: &str) {
        self.open.retain(|it| it.id != id);
    }

    /// Says what is wrong with the answers.
    pub(super) fn wrong(&mut self, id: &str, errors: Map<String, Value>) {
        self.open.iter_mut().filter(|it| it.id == id).for_each(|it| it.errors = errors.clone());
    }

    /// Shows something else in a view.
    pub(super) fn replace(&mut self, id: &str, (view, hash): (Value, String)) {
        for it in self.open.iter_mut().filter(|it| it.id == id) {
            *it = Modal {
                view: view.clone(),
                hash: hash.clone(),
                changes: it.changes + 1,
                errors: Map::new(),
                ..it.clone()
            };
        }
    }

    fn spend(&mut self, id: &str, now: DateTime<Utc>) -> Result<String, &'static str> {
        let trigger = self.triggers.get_mut(id).ok_or("invalid_trigger_id")?;
        if now - trigger.issued > LIFE {
            return Err("expired_trigger_id");
        }
        if std::mem::replace(&mut trigger.used, true) {
            return Err("exchanged_trigger_id");
        }
        Ok(trigger.user.clone())
    }
}

impl Slack {
    /// The views that are open, oldest first.
    pub fn modals(&self) -> Vec<Modal> {
        self.state().modals.open.clone()
    }

    /// A trigger as a press would give it to the app.
    pub fn trigger(&self, user: &str) -> String {
        self.state().modals.trigger(user, Utc::now())
    }

    /// Lets time pass for all triggers given out so far.
    pub fn age_triggers(&self, by: TimeDelta) {
        self.state().modals.triggers.values_mut().for_each(|it| it.issued -= by);
    }
}

pub(super) fn open(slack: &Slack, arguments: &Arguments<'_>) -> Answer {
    slack.tell(|state| {
        let user = state.modals.spend(arguments.text("trigger_id"), arguments.now)?;
        let (id, view) = (format!("V{}", Uuid::new_v4().simple()), view(arguments)?);
        let modal = Modal { id, user, hash: hash(), view, changes: 0, errors: Map::new() };
        state.modals.open.push(modal.clone());
        Ok(json!({ "view": { "id": modal.id, "hash": modal.hash } }))
    })
}

pub(super) fn update(slack: &Slack, arguments: &Arguments<'_>) -> Answer {
    slack.tell(|state| {
        let (view, id, hash) = (view(arguments)?, arguments.text("view_id"), hash());
        let modal = state.modals.open.iter().find(|it| it.id == id).ok_or("not_found")?;
        let seen = arguments.text("hash");
        if !seen.is_empty() && seen != modal.hash {
            return Err("hash_conflict".into());
        }
        state.modals.replace(id, (view, hash.clone()));
        Ok(json!({ "view": { "id": id, "hash": hash } }))
    })
}

fn view(arguments: &Arguments<'_>) -> Result<Value, String> {
    checked(arguments.json("view").ok_or("invalid_arguments")?)
}

/// A view, unless Slack would refuse it.
pub(super) fn checked(view: Value) -> Result<Value, String> {
    let title = view["title"]["text"].as_str().unwrap_or_default().chars().count();
    let blocks = view["blocks"].as_array().map(Vec::as_slice).unwrap_or_default();
    let kinds: Vec<&str> = blocks.iter().filter_map(|it| it["type"].as_str()).collect();
    let buttons = ["submit", "close"].iter().filter_map(|it| view[it]["text"].as_str());
    let good = view["type"] == "modal"
        && (1..=TITLE).contains(&title)
        && (1..=BLOCKS).contains(&blocks.len())
        && buttons.into_iter().all(|it| (1..=TITLE).contains(&it.chars().count()))
        && view["private_metadata"].as_str().unwrap_or_default().len() <= METADATA
        // Only messages take tables: <https://docs.slack.dev/reference/block-kit/blocks/table-block/>.
        && !kinds.contains(&"table")
        && (!kinds.contains(&"input") || view.get("submit").is_some());
    if good { Ok(view) } else { Err("invalid_arguments".into()) }
}

pub(super) fn hash() -> String {
    Uuid::new_v4().simple().to_string()
}
