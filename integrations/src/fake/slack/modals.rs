//! Views, and the triggers that open them.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Slack;
use super::methods::{Answer, Arguments};

/// <https://docs.slack.dev/interactivity/handling-user-interaction/#modal_responses>
const LIFE: TimeDelta = TimeDelta::seconds(3);

/// <https://docs.slack.dev/reference/views/modal-views/>
const TITLE: usize = 24;

/// <https://docs.slack.dev/reference/views/modal-views/>
const BLOCKS: usize = 100;

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

    /// Lets time pass for all triggers given out so far.
    pub fn age_triggers(&self, by: TimeDelta) {
        self.state().modals.triggers.values_mut().for_each(|it| it.issued -= by);
    }
}

pub(super) fn open(slack: &Slack, arguments: &Arguments<'_>) -> Answer {
    let mut state = slack.state();
    let user = state.modals.spend(arguments.text("trigger_id"), arguments.now)?;
    let modal = Modal { id: format!("V{}", Uuid::new_v4().simple()), user, hash: hash(), view: view(arguments)? };
    state.modals.open.push(modal.clone());
    Ok(json!({ "view": { "id": modal.id, "hash": modal.hash } }))
}

pub(super) fn update(slack: &Slack, arguments: &Arguments<'_>) -> Answer {
    let mut state = slack.state();
    let view = view(arguments)?;
    let modal = state.modals.open.iter_mut().find(|it| it.id == arguments.text("view_id")).ok_or("not_found")?;
    let seen = arguments.text("hash");
    if !seen.is_empty() && seen != modal.hash {
        return Err("hash_conflict".into());
    }
    (modal.view, modal.hash) = (view, hash());
    Ok(json!({ "view": { "id": modal.id, "hash": modal.hash } }))
}

fn view(arguments: &Arguments<'_>) -> Result<Value, String> {
    let view = arguments.json("view").ok_or("invalid_arguments")?;
    let title = view["title"]["text"].as_str().unwrap_or_default().chars().count();
    let blocks = view["blocks"].as_array().map_or(0, Vec::len);
    let good = view["type"] == "modal" && (1..=TITLE).contains(&title) && (1..=BLOCKS).contains(&blocks);
    good.then_some(view).ok_or("invalid_arguments".into())
}

fn hash() -> String {
    Uuid::new_v4().simple().to_string()
}
