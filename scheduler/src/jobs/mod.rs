//! One file a job.

pub mod catalog;
pub mod ldap;
mod report;

pub use report::{Mode, Report};
