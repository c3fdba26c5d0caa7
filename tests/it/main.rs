//! The whole program, driven from outside against real servers.

mod accounts;
mod audit;
mod common;
mod errands;
mod faults;
mod github;
mod image;
mod incidents;
mod ldap;
mod migrations;
mod oncall;
mod outbox;
mod pings;
mod pulls;
mod schedule;
mod search;
mod story;
mod tidy;
mod waiting;
mod web;
mod webhooks;
