//! One file a job.

pub mod catalog;
pub mod ldap;
mod ldap_messages;
mod report;

pub use report::{Mode, Report};
