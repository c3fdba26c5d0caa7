//! What people do from chat: shown, confirmed, done once, written down.

mod account;
mod crash;
mod office;
mod sync;
