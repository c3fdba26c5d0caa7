//! The whole program, driven from outside against real servers.

mod common;
mod ldap;
mod migrations;
mod outbox;
mod search;
mod story;
mod tidy;
mod web;
