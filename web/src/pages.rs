//! The pages, one file each.

mod entity;
mod help;
mod home;
mod incidents;
mod link;
mod oncall;
mod owns;
mod person;
mod pulls;
mod schedule;
mod search;
mod status;
mod team;

pub(crate) use entity::entity;
pub(crate) use help::{help, help_on};
pub(crate) use home::home;
pub(crate) use incidents::{incident, incidents};
pub(crate) use link::link_github;
pub(crate) use oncall::{gaps_page, oncall, oncall_id, oncall_of};
pub(crate) use owns::owns;
pub(crate) use person::person;
pub(crate) use pulls::{pull, pulls};
pub(crate) use schedule::schedule;
pub(crate) use search::search;
pub(crate) use status::status;
pub(crate) use team::team;
