//! The pages, one file each.

mod entity;
mod help;
mod home;
mod owns;
mod person;
mod search;
mod status;
mod team;

pub(crate) use entity::entity;
pub(crate) use help::{help, help_on};
pub(crate) use home::home;
pub(crate) use owns::owns;
pub(crate) use person::person;
pub(crate) use search::search;
pub(crate) use status::status;
pub(crate) use team::team;
