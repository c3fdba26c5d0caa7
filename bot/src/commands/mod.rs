//! One file a command: its arguments and how it is run.

mod audit;
mod can;
mod catalog;
mod help;
mod link;
mod owns;
mod person;
mod team;
mod whoami;

pub use audit::AuditQuery;
pub use can::Can;
pub use catalog::Catalog;
pub use help::Help;
pub use link::{Link, Place};
pub use owns::Owns;
pub use person::PersonQuery;
pub use team::Team;
pub use whoami::Whoami;
