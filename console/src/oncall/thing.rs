//! What a question about on-call can be about.

use cards::Ask;
use domain::incidents::{Policy, Schedule, Service};
use domain::person::Person;
use domain::reference::EntityRef;

use crate::Asks;

/// Something that somebody is on call for, or somebody.
#[derive(Clone, Debug, PartialEq)]
pub enum Thing {
    /// A service of PagerDuty.
    Service(Service),
    /// An escalation policy.
    Policy(Policy),
    /// A schedule.
    Schedule(Schedule),
    /// An entity of the catalog, with what people call it.
    Entity(EntityRef, String),
    /// A group of the directory, with what people call it.
    Group(EntityRef, String),
    /// A repository, `owner/name`, with the entities that lie in it.
    Repository(String, Vec<String>),
    /// A path within a repository, with the entities of the deepest folder that contains it, and that folder.
    Path(String, Vec<String>, String),
    /// A person.
    Person(Person),
}

impl Thing {
    /// What people call it.
    pub fn label(&self) -> String {
        match self {
            Self::Service(it) => it.name.clone(),
            Self::Policy(it) => it.name.clone(),
            Self::Schedule(it) => it.name.clone(),
            Self::Entity(_, title) | Self::Group(_, title) => title.clone(),
            Self::Repository(name, _) => name.clone(),
            Self::Path(path, ..) => path.clone(),
            Self::Person(it) => it.display_name.clone(),
        }
    }

    /// What kind of thing it is.
    pub fn kind(&self) -> String {
        match self {
            Self::Service(_) => "PagerDuty service".into(),
            Self::Policy(_) => "escalation policy".into(),
            Self::Schedule(_) => "schedule".into(),
            Self::Entity(reference, _) => reference.kind().into(),
            Self::Group(..) => "team".into(),
            Self::Repository(..) => "repository".into(),
            Self::Path(..) => "path".into(),
            Self::Person(_) => "person".into(),
        }
    }

    /// The words that mean this and nothing else.
    pub fn words(&self) -> String {
        match self {
            Self::Service(it) => format!("service:{}", it.id),
            Self::Policy(it) => format!("policy:{}", it.id),
            Self::Schedule(it) => format!("schedule:{}", it.id),
            Self::Entity(it, _) => it.to_string(),
            Self::Group(it, _) => format!("group:{}", it.name()),
            Self::Repository(it, _) | Self::Path(it, ..) => it.clone(),
            Self::Person(it) => format!("user:{}", it.name),
        }
    }

    /// The question who is on call for it.
    pub fn ask(&self) -> Ask {
        match self {
            Self::Service(it) => Asks::oncall_id("service", &it.id),
            Self::Policy(it) => Asks::oncall_id("policy", &it.id),
            Self::Schedule(it) => Asks::oncall_id("schedule", &it.id),
            Self::Entity(it, _) => Asks::oncall_of(it),
            Self::Group(it, _) => Asks::oncall_of(it),
            Self::Repository(it, _) | Self::Path(it, ..) => Asks::on_call_for(it),
            Self::Person(it) => match EntityRef::user(&it.name) {
                Ok(reference) => Asks::oncall_of(&reference),
                Err(_) => Asks::on_call_for(&it.name),
            },
        }
    }
}
