//! What PinConsole knows, one file per table or view: the model and its queries. The only SQL of the program lies here.

pub mod account;
mod account_change;
pub mod audit;
pub mod audit_chain;
pub mod audit_list;
pub mod brake;
pub mod braked;
pub mod catalog_apply;
pub mod catalog_plan;
pub mod claims;
pub mod clash;
pub mod confirmation;
pub mod correction;
pub mod delivery;
pub mod directory;
pub mod document;
pub mod entity;
mod fold;
pub mod generation;
pub mod github;
pub mod group;
pub mod home;
pub mod incidents;
pub mod intent;
pub mod org_apply;
pub mod org_plan;
#[cfg(test)]
mod org_plan_tests;
mod org_plan_text;
mod org_terms;
pub mod outbox;
pub mod outbox_bundle;
pub mod outbox_claim;
pub mod outbox_list;
pub mod outbox_many;
mod outbox_record;
pub mod outbox_why;
pub mod pace;
pub mod person;
pub mod pool;
pub mod preference;
pub mod problem;
pub mod readiness;
pub mod reference;
pub mod relation;
pub mod request;
pub mod run;
pub mod search;
pub mod standing;
pub mod statistics;
pub mod stranger;
pub mod subject;
mod term;
pub mod tick;
pub mod tick_history;
pub mod timetable;
pub mod token;
pub mod usage;
pub mod working;
pub mod zoned;

pub use fold::fold;
pub use sqlx::{PgConnection, PgPool};

/// Every change of the database's shape so far, in order.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../migrations");
