//! PagerDuty: its events, the few calls that we make, and the objects that both bring.
//!
//! Its objects are read leniently: what is new is passed over, nulls count as missing, and words that are not known are
//! kept as they are, so that no page is lost to a field that nobody here needs.

mod act;
mod actor;
mod address;
mod bridge;
mod client;
#[cfg(test)]
mod client_tests;
mod enqueue;
mod error;
mod event;
mod event_data;
#[cfg(test)]
mod event_tests;
mod history;
mod incident;
mod kind;
mod lenient;
mod policy;
mod read;
mod reference;
mod schedule;
mod service;
mod state;
mod subscription;
mod user;
mod window;

pub use act::LONGEST_SNOOZE;
pub use actor::{Actor, Help};
pub use address::Address;
pub use bridge::Bridge;
pub use client::Client;
pub use enqueue::{Alert, Payload, Severity};
pub use error::PagerDutyError;
pub use event::{Data, Event};
pub use event_data::{EventIncident, NoteAdded, ResponderAsked, ServiceChanged, StatusUpdate};
pub use history::{Channel, LogEntry, LogKind, Note, Priority};
pub use incident::{Acknowledgement, Assignment, Incident, PendingAction, ResolveReason, Responder};
pub use kind::Kind;
pub use lenient::Malformed;
pub use policy::{Policy, Rule};
pub use read::OncallQuery;
pub use reference::Reference;
pub use schedule::{Oncall, Override, Schedule};
pub use service::{Service, ServiceStatus};
pub use state::{Reply, Status, Urgency};
pub use subscription::{DeliveryMethod, Filter, Subscription};
pub use user::User;
pub use window::Window;
