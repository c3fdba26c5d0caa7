//! The whole program, driven from outside against real servers.

mod audit;
mod common;
mod ldap;
mod migrations;
mod search;
mod story;
mod tidy;
mod web;
