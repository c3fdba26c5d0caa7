//! One file a command: its arguments and how it is run.

mod account;
mod audit;
mod can;
mod catalog;
mod confirm;
mod help;
mod inbox;
mod incident;
mod link;
mod oncall;
mod outbox;
mod owns;
mod person;
mod press;
mod sync;
mod team;
mod whoami;

pub use account::{AccountCommand, AccountVerb};
pub use audit::AuditQuery;
pub use can::Can;
pub use catalog::Catalog;
pub use confirm::Code;
pub use help::Help;
pub use inbox::{Inbox, InboxVerb};
pub use incident::{IncidentList, IncidentLog, IncidentNumber, IncidentQuery, IncidentVerb};
pub use link::{Link, Place};
pub use oncall::{Oncall, OncallGaps, OncallSchedule, OncallVerb};
pub use outbox::{Outbox, OutboxVerb};
pub use owns::Owns;
pub use person::PersonQuery;
pub(crate) use press::drawn;
pub use press::{Drawn, Press};
pub use sync::{Sync, SyncVerb};
pub use team::Team;
pub use whoami::Whoami;
