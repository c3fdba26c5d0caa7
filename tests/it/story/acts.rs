//! What people do from chat: shown, confirmed, done once, written down.

mod account;
mod alarm;
mod crash;
mod form;
mod inbox;
mod office;
mod preferences;
mod sync;
